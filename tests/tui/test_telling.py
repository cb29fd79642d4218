"""The screens that tell more: everything, history, running times and backups."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from nimble_tui.config.settings import Settings
from nimble_tui.core.actions import BY_ID, SCREENS
from nimble_tui.core.history import Event
from nimble_tui.core.model import SessionAction
from nimble_tui.core.prices import Prices
from nimble_tui.tui.widgets.tick import Tick
from tests.studio.world import client_of
from tests.tui import acts
from tests.tui.bench import (
    Bench,
    play,
    seen,
    settled,
    until,
    until_on,
    until_seen,
    until_told,
)

RUNNING = "sq042 lighting"
SLEEPING = "sq007 plates"


def assert_registered(pilot: Pilot[None]) -> None:
    """A screen offers and binds what the registry says it does, where clashes are looked for."""
    page = acts.page_of(pilot)
    wanted = set(SCREENS[page])
    assert acts.offered(pilot) - {"back", "from_backup", page} == wanted - {page}
    bindings = pilot.app.screen.active_bindings
    bound = {key: one.binding.id for key, one in bindings.items()}
    assert {name: bound.get(BY_ID[name].key) for name in wanted} == {name: name for name in wanted}


def clipped(pilot: Pilot[None]) -> str:
    return pilot.app.clipboard


# Everything.


def test_everything_is_told_in_words_with_the_apis_word_beside(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        key = await acts.go_to(pilot, RUNNING)
        await acts.page(pilot, "v", "show")
        text = seen(pilot.app)
        for words in (
            "running · READY",
            "ready · STREAMING_SESSION_READY",
            "8 CPUs, 32 GB, 1 NVIDIA A10G (24 GB) · g5.2xlarge",
            "possible, keeps its disk",
            "You can copy and paste between your computer and this workstation",
            "Projects · FSx for Lustre",
            "Licence server",
            "by you",
            key,
            "arn:aws:nimble:",
        ):
            assert words in text, words
        assert acts.studio(pilot).principal_id not in text

    play(bench, scenario, size=(120, 90))


def test_a_launch_profile_is_told_too(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("shift+tab")
        await acts.page(pilot, "v", "show")
        text = seen(pilot.app)
        assert "Compositing on Windows" in text
        assert "available · READY" in text
        assert "16 CPUs, 64 GB, 1 NVIDIA T4 (16 GB)" in text
        await until_seen(pilot, "by Pat Okafor · ")
        await pilot.press("j")
        await pilot.pause()
        shown = json.loads("\n".join(lines(pilot)))
        assert {*shown} == {"launchProfile", "streamingImages", "studioComponentSummaries"}

    play(bench, scenario, size=(120, 120))


def lines(pilot: Pilot[None]) -> list[str]:
    return [reading.shown.plain for reading in acts.lines(pilot).readings]


def test_it_follows_what_changes_and_stays_when_it_is_gone(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        key = await acts.go_to(pilot, RUNNING)
        await acts.page(pilot, "v", "show")
        service = bench.service()
        service.act(SessionAction.STOP, key)
        await pilot.press("r")
        await until_seen(pilot, "shutting down · STOP_IN_PROGRESS")
        bench.clock.advance(60)
        await pilot.press("r")
        await until_seen(pilot, "stopped, its disk is kept · STOPPED")
        service.act(SessionAction.DELETE, key)
        bench.clock.advance(60)
        await pilot.press("r")
        await until_seen(pilot, f"{RUNNING} · deleted")
        await until_seen(pilot, key)

    play(bench, scenario, size=(100, 80))


def test_the_cursor_stays_on_its_line_while_others_change(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        key = await acts.go_to(pilot, RUNNING)
        await acts.page(pilot, "v", "show")
        await pilot.press("end", "up")
        reading = acts.lines(pilot).reading
        assert reading is not None
        bench.service().act(SessionAction.STOP, key)
        await pilot.press("r")
        await until(pilot, lambda: acts.selected(pilot).session.in_transition)
        await pilot.pause()
        again = acts.lines(pilot).reading
        assert again is not None
        assert again.copied == reading.copied
        assert acts.lines(pilot).scroll_offset.y > 0

    play(bench, scenario)


def test_a_line_or_all_of_it_is_copied_and_nothing_more_is_claimed(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        key = await acts.go_to(pilot, RUNNING)
        await acts.page(pilot, "v", "show")
        await pilot.press("down", "c")
        assert clipped(pilot) == "running · READY"
        await until_told(pilot, "“running · READY” is copied, if your terminal allows it")
        await pilot.press("end", "up", "up", "up", "enter")
        assert clipped(pilot) == key
        await until_seen(pilot, "j JSON")
        await pilot.press("j")
        await until_seen(pilot, "j Text")
        await pilot.press("down", "c")
        assert json.loads(f"{{{clipped(pilot).rstrip(',')}}}")
        await pilot.press("a")
        members = json.loads(clipped(pilot))
        assert members["sessionId"] == key
        assert members["createdAt"] == "2026-11-21T10:14:00+00:00"

    play(bench, scenario)


def test_keys_lead_from_page_to_page_and_back(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, SLEEPING)
        for key, name in (
            ("v", "show"),
            ("h", "history"),
            ("u", "usage"),
            ("b", "backups"),
        ):
            await acts.page(pilot, key, name)
            assert len(pilot.app.screen_stack) == 2
            assert_registered(pilot)
        await pilot.press("b")
        await acts.until_on_main(pilot)
        await acts.page(pilot, "u", "usage")
        await pilot.press("question_mark")
        await until_seen(pilot, "Back to workstations")
        assert "full means 24 h" in seen(pilot.app)
        assert "the row says why" not in seen(pilot.app)
        await pilot.press("escape", "escape")
        await acts.until_on_main(pilot)
        await pilot.press("p")
        await until(pilot, lambda: acts.page_of(pilot) == "people")
        assert_registered(pilot)

    play(bench, scenario)


def test_the_keys_of_a_page_can_be_changed_too(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, SLEEPING)
        await acts.page(pilot, "v", "show")
        await until_seen(pilot, "f6 JSON")
        await pilot.press("j", "f6")
        await until_seen(pilot, '"sessionId"')
        await acts.page(pilot, "c", "history")

    play(bench, scenario, settings=Settings(keys={"raw": "f6", "copy": "y", "history": "c"}))


def test_pages_go_on_with_what_is_under_their_own_cursor(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, SLEEPING)
        await acts.page(pilot, "u", "usage")
        usage = acts.usage_list(pilot)
        assert usage.selected is not None
        assert usage.selected.title == SLEEPING
        usage.select(next(row.key for row in usage.rows if row.title == RUNNING))
        await acts.page(pilot, "enter", "show")
        await until_seen(pilot, f"─ {RUNNING} ─")
        await acts.page(pilot, "h", "history")
        await until_seen(pilot, f"History of {RUNNING}")
        await pilot.press("a")
        await until_seen(pilot, "History of all workstations")
        await pilot.press("end")  # the oldest line is about the one that slept longest
        await acts.page(pilot, "v", "show")
        await until_seen(pilot, f"─ {SLEEPING} ─")
        await pilot.press("escape")
        await acts.until_on_main(pilot)
        assert acts.selected(pilot).title == SLEEPING
        await pilot.press("tab")
        await acts.page(pilot, "h", "history")
        await pilot.press("end", "a")
        await until_seen(pilot, f"History of {SLEEPING}")

    play(bench, scenario)


def test_without_any_workstation_it_says_so(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.until_live(pilot)
        for key, why in (("v", "Nothing selected"), ("b", "No workstation selected")):
            await pilot.press(key)
            await until_told(pilot, why)
            await acts.until_on_main(pilot)
        pilot.app.clear_notifications()
        await acts.page(pilot, "u", "usage")
        await until_seen(pilot, "No running times recorded")
        await acts.page(pilot, "h", "history")
        await until_seen(pilot, "No history yet")

    service = bench.service()
    for _ in range(2):  # one of them is starting, the first time
        for session in service.list_streaming_sessions().items:
            if not session.in_transition and session.state != "DELETED":
                service.act(SessionAction.DELETE, session.session_id)
        bench.clock.advance(60)
    bench.clock.advance(40 * 86_400)
    play(bench, scenario)


def test_backups_are_asked_for_again_once_the_studio_answers(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, "sq007 plates")
        bench.gate.open = False
        await acts.page(pilot, "b", "backups")
        await until_seen(pilot, "closed the connection")
        bench.gate.open = True
        bench.clock.advance(10)
        await acts.refresh_in_background(pilot)
        acts.redraw_page(pilot)
        await until_seen(pilot, "can be restored")

    play(bench, scenario)


# History.


def test_what_is_remembered_is_read_once_when_a_change_ends(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        read, history = [], acts.service(pilot).history

        def counted(since: datetime) -> tuple[Event, ...]:
            read.append(since)
            return history(since)

        monkeypatch.setattr(acts.service(pilot), "history", counted)
        assert acts.usual_durations(pilot) == ()
        bench.clock.advance(30)
        await pilot.press("r")
        await until(pilot, lambda: acts.usual_durations(pilot))
        await settled(pilot)
        assert len(read) == 1

    play(bench, scenario)


def test_history_tells_what_i_did_and_what_the_studio_did(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        key = await acts.go_to(pilot, RUNNING)
        await pilot.press("s")
        await acts.dialog_of(pilot, acts.STOP)
        bench.clock.advance(1)
        await pilot.press("enter")
        await until(pilot, lambda: b"/stop" in b"".join(bench.gate.calls))
        await acts.answered(pilot)
        bench.clock.advance(30)
        await pilot.press("r")
        await until_told(pilot, "is STOPPED")
        pilot.app.clear_notifications()
        await acts.go_to(pilot, RUNNING)
        await acts.page(pilot, "h", "history")
        text = seen(pilot.app)
        assert f"History of {RUNNING}" in text
        assert "Today, Saturday, 21 November" in text
        assert text.index("STOPPED after ") < text.index("You stopped it")
        assert SLEEPING not in text
        assert "Recorded by this computer and by the studio since" in text
        assert "You launched it" in text
        await until_seen(pilot, "a All  c Copy")
        await pilot.press("a")
        await until_seen(pilot, SLEEPING)
        await until_seen(pilot, "Sunday, 1 November")
        await until_seen(pilot, "a Only this one  c Copy")
        # It is local: no network is needed.
        bench.gate.open = False
        await pilot.press("h")
        await acts.until_on_main(pilot)
        await acts.go_to(pilot, RUNNING)
        assert acts.selected(pilot).key == key
        await acts.page(pilot, "h", "history")
        await until_seen(pilot, "You stopped it")

    play(bench, scenario, size=(100, 40))


def test_what_the_studio_stops_by_itself_is_its_own_doing(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        bench.clock.advance(9 * 3600)
        await pilot.press("r")
        await until(
            pilot,
            lambda: any(
                one.title == RUNNING and one.session.state == "STOPPED"
                for one in acts.all_rows(pilot)
            ),
        )
        await acts.go_to(pilot, RUNNING)
        await acts.page(pilot, "h", "history")
        await until_seen(pilot, "The studio stopped it")

    play(bench, scenario)


def test_whoever_else_stopped_it_is_named_once_a_page_wants_to_know(bench: Bench) -> None:
    directory = b"POST / HTTP"

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        key = await acts.go_to(pilot, RUNNING)
        invite = next(one for role, one in bench.demo.others if role == "admin")
        admin = client_of(invite.endpoint_url, invite.access_key_id, invite.secret_access_key)
        admin.stop_streaming_session(studioId=acts.studio(pilot).studio_id, sessionId=key)
        admin.close()
        await pilot.press("r")
        await until(pilot, lambda: acts.selected(pilot).session.stopped_by)
        assert not any(line.startswith(directory) for line in bench.gate.calls)
        # Nothing waits for a directory that is slow: ids do meanwhile.
        told = bench.gate.hold(directory)
        await pilot.press("h")
        await until(pilot, lambda: acts.page_of(pilot) == "history")
        await until_seen(pilot, f"{invite.principal_id} stopped it")
        told.set()
        await until_seen(pilot, "Inês Cardoso stopped it")
        await pilot.press("v")
        await until(pilot, lambda: acts.page_of(pilot) == "show")
        await until_seen(pilot, "by Inês Cardoso · ")

    play(bench, scenario, size=(100, 60))


# Running times.


def test_running_times_add_up_with_and_without_prices(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, RUNNING)
        await until_seen(pilot, "ran 3 h 11 min, ≈ $3.87")
        await acts.page(pilot, "u", "usage")
        text = seen(pilot.app)
        assert "≈ $3.87" in text
        assert "no price" in text
        assert "No price set for" in text
        bench.clock.advance(3600)
        await pilot.press("r")
        await until_seen(pilot, "4 h 11 min")

    prices = Prices("$", {"g5.2xlarge": 1.212})
    play(bench, scenario, settings=Settings(prices=prices), size=(100, 30))


def test_without_prices_no_money_is_shown(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.page(pilot, "u", "usage")
        await until_seen(pilot, "3 h 11 min")
        assert "≈" not in seen(pilot.app)
        await until_seen(pilot, "under [prices] in the settings")

    play(bench, scenario)


def test_a_deleted_one_still_counts_for_seven_days(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        key = await acts.go_to(pilot, RUNNING)
        bench.service().act(SessionAction.DELETE, key)
        bench.clock.advance(60)
        await pilot.press("r")
        await until(pilot, lambda: all(one.key != key for one in acts.all_rows(pilot)))
        await acts.page(pilot, "u", "usage")
        row = next(row for row in acts.usage_list(pilot).rows if row.key == key)
        assert timedelta(hours=3, minutes=11) <= row.week <= timedelta(hours=3, minutes=13)
        acts.usage_list(pilot).select(key)
        await pilot.press("b")
        await until_told(pilot, "and its backups were deleted")
        await until_seen(pilot, f"{RUNNING} · deleted")
        pilot.app.clear_notifications()  # they would cover the title
        await acts.page(pilot, "v", "show")
        await until_seen(pilot, f"─ {RUNNING} · deleted ─")
        await until_seen(pilot, "deleted · DELETED")

    play(bench, scenario)


# Backups.


async def backups(pilot: Pilot[None], title: str) -> Screen[Any]:
    """Open the backups of a workstation; return the page once they are loaded."""
    await acts.go_to(pilot, title)
    found = await acts.page(pilot, "b", "backups")
    await until(pilot, lambda: "Loading backups" not in seen(pilot.app))
    return found


def test_a_workstation_is_brought_back_from_a_backup(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await backups(pilot, SLEEPING)
        await pilot.press("down")
        reading = acts.lines(pilot).reading
        assert reading is not None
        await pilot.press("enter")
        await acts.listening(pilot, acts.BACKUP)
        session_id = acts.subject(pilot)
        assert acts.focused_button(pilot) == "cancel"
        assert "Everything saved on it since then is lost" in " ".join(
            seen(pilot.app).replace("│", "").split()
        )
        await pilot.press("right", "enter")
        await acts.until_on_main(pilot)
        await acts.answered(pilot)
        bench.clock.advance(60)
        session = bench.service().get_streaming_session(session_id)
        assert session.state == "READY"
        assert session.started_from_backup_id == reading.key
        await pilot.press("r")
        await until_told(pilot, "is READY")
        pilot.app.clear_notifications()
        await acts.go_to(pilot, SLEEPING)
        await until_seen(pilot, f"from backup …{reading.key[-4:]}")
        await acts.page(pilot, "v", "show")
        await until_seen(pilot, f"backup {reading.key}")

    play(bench, scenario, size=(100, 40))


def test_cancel_brings_nothing_back(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        found = await backups(pilot, SLEEPING)
        await pilot.press("enter")
        await acts.dialog_of(pilot, acts.BACKUP)
        bench.clock.advance(1)
        await pilot.press("enter")
        await until_on(pilot, found)
        assert not [line for line in bench.gate.calls if not line.startswith(b"GET")]

    play(bench, scenario)


def test_the_question_goes_away_when_its_workstation_changed(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        found = await backups(pilot, SLEEPING)
        await pilot.press("enter")
        await acts.dialog_of(pilot, acts.BACKUP)
        bench.service().act(SessionAction.START, acts.subject(pilot))
        acts.start_refresh(pilot)
        await until_on(pilot, found)
        await until_told(pilot, "No changes made")
        bench.clock.advance(2)
        await pilot.press("enter")
        await until_on(pilot, found)
        await until_told(pilot, "It is starting.")

    play(bench, scenario)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Review", "No backups: this launch profile doesn't create any"),
        (RUNNING, "No backups: this launch profile"),
    ],
)
def test_where_there_are_no_backups_it_says_why(bench: Bench, title: str, said: str) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await backups(pilot, title)
        await until_seen(pilot, said)
        await pilot.press("r")
        await settled(pilot)
        await until_seen(pilot, said)

    play(bench, scenario)


def test_a_studio_that_does_not_answer_is_told_and_asked_again(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        bench.gate.open = False
        await backups(pilot, SLEEPING)
        await until_seen(pilot, "closed the connection without a response")
        bench.gate.open = True
        await pilot.press("r")
        await until_seen(pilot, "can be restored · READY")

    play(bench, scenario)


# The disk, at a stop.


def test_a_stop_keeps_the_disk_unless_it_is_given_up_on_purpose(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        session_id = await acts.ask(pilot, RUNNING, "s")
        dialog = pilot.app.screen
        tick = dialog.query_one(Tick)
        assert not tick.value
        assert acts.focused_button(pilot) == "sure"
        await pilot.press("up", "up", "space")
        await pilot.pause()
        await until_seen(pilot, "[x] Delete the disk too")
        await until_seen(pilot, "deleted permanently")
        await until_seen(pilot, "Stop and delete disk")
        await pilot.press("up", "space")
        await pilot.pause()
        await until_seen(pilot, "[ ] Delete the disk too")
        await until_seen(pilot, "Kept with its disk for 4 days")
        await pilot.press("space", *session_id[-4:], "enter")
        await until(pilot, lambda: pilot.app.screen is not dialog)
        await until(pilot, lambda: b"/stop" in b"".join(bench.gate.calls))
        await settled(pilot)
        session = bench.service().get_streaming_session(session_id)
        assert session.volume_retention_mode == "DELETE"

    play(bench, scenario)


def test_a_plain_stop_keeps_the_disk(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        session_id = await acts.ask(pilot, RUNNING, "s")
        await pilot.press("enter")
        await until(pilot, lambda: b"/stop" in b"".join(bench.gate.calls))
        await settled(pilot)
        session = bench.service().get_streaming_session(session_id)
        assert session.volume_retention_mode == "RETAIN"

    play(bench, scenario)


def test_quick_hands_do_not_give_up_the_disk(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, RUNNING)
        await pilot.press("s", "shift+tab", "shift+tab", "space")
        await pilot.pause()
        assert acts.is_open(pilot, acts.STOP)
        assert not pilot.app.screen.query_one(Tick).value
        assert "Kept with its disk for 4 days" in seen(pilot.app)
        assert "Delete the disk too" in seen(pilot.app)

    play(bench, scenario)


@pytest.mark.parametrize("first", ["show", "usage"])
def test_from_a_page_about_a_launch_profile_the_history_is_that_of_all(
    bench: Bench, first: str
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("shift+tab")
        await acts.page(pilot, BY_ID[first].key, first)
        if first == "usage":
            acts.usage_list(pilot).show(())
        await acts.page(pilot, "h", "history")
        assert "History of all workstations" in seen(pilot.app)

    play(bench, scenario)
