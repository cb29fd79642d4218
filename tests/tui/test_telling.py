"""The screens that tell more: everything, history, running times and backups."""

import json
from datetime import datetime, timedelta
from typing import cast

import pytest
from textual.pilot import Pilot
from textual.widgets import Button

from nimble_tui.config.settings import Settings
from nimble_tui.core.actions import BY_ID, SCREENS
from nimble_tui.core.history import Event
from nimble_tui.core.model import SessionAction
from nimble_tui.core.prices import Prices
from nimble_tui.tui.dialogs.bring_back import BringBackDialog
from nimble_tui.tui.dialogs.confirm import StopDialog
from nimble_tui.tui.pages.backups import BackupsPage
from nimble_tui.tui.pages.history import HistoryPage
from nimble_tui.tui.pages.page import Page
from nimble_tui.tui.pages.show import ShowPage
from nimble_tui.tui.pages.usage import UsagePage
from nimble_tui.tui.people.page import PeoplePage
from nimble_tui.tui.screens.main import MainScreen
from nimble_tui.tui.widgets.tick import Tick
from tests.studio.world import client_of
from tests.tui.bench import (
    Bench,
    live,
    play,
    seen,
    settled,
    shown,
    until,
    until_on,
    until_seen,
    until_told,
)

RUNNING = "sq042 lighting"
SLEEPING = "sq007 plates"


async def go_to(pilot: Pilot[None], screen: MainScreen, title: str) -> str:
    """Put the cursor on a workstation; return its id."""
    row = next(row for row in screen.workstations.rows if row.title.startswith(title))
    screen.workstations.select(row.key)
    await pilot.pause()
    return row.key


async def page(pilot: Pilot[None], key: str, kind: type[Page]) -> Page:
    """Open a page by its key; return it once it is on the screen and settled."""
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))
    await settled(pilot)
    found = pilot.app.screen
    assert isinstance(found, kind)
    return found


def assert_registered(opened: Page) -> None:
    """A screen offers and binds what the registry says it does, where clashes are looked for."""
    wanted = set(SCREENS[opened.PAGE])
    offered = {offer.action.id for offer in opened.offers()} | {opened.PAGE}
    assert offered - {"back", "from_backup"} == wanted | {opened.PAGE}
    bound = {key: one.binding.action for key, one in opened.active_bindings.items()}
    assert {name: bound.get(BY_ID[name].key) for name in wanted} == {name: name for name in wanted}


def clipped(pilot: Pilot[None]) -> str:
    return pilot.app.clipboard


# Everything.


def test_everything_is_told_in_words_with_the_apis_word_beside(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        key = await go_to(pilot, screen, RUNNING)
        await page(pilot, "v", ShowPage)
        text = seen(pilot.app)
        for words in (
            "running · READY",
            "all is well · STREAMING_SESSION_READY",
            "8 CPUs, 32 GB, 1 NVIDIA A10G (24 GB) · g5.2xlarge",
            "a stop can keep its disk · ACTIVATED",
            "You can copy and paste between your computer and this workstation",
            "Projects · FSx for Lustre",
            "Licence server",
            "by you",
            key,
            "arn:aws:nimble:",
        ):
            assert words in text, words
        assert screen.info.principal_id not in text

    play(bench, scenario, size=(120, 90))


def test_a_launch_profile_is_told_too(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await live(pilot)
        await pilot.press("shift+tab")
        await page(pilot, "v", ShowPage)
        text = seen(pilot.app)
        assert "Compositing on Windows" in text
        assert "can be used · READY" in text
        assert "16 CPUs, 64 GB, 1 NVIDIA T4 (16 GB)" in text
        await until_seen(pilot, "by Pat Okafor · ")
        await pilot.press("j")
        await pilot.pause()
        shown = json.loads("\n".join(lines(pilot)))
        assert {*shown} == {"launchProfile", "streamingImages", "studioComponentSummaries"}

    play(bench, scenario, size=(120, 120))


def lines(pilot: Pilot[None]) -> list[str]:
    found = pilot.app.screen
    assert isinstance(found, ShowPage)
    return [reading.shown.plain for reading in found.lines.readings]


def test_it_follows_what_changes_and_stays_when_it_is_gone(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        key = await go_to(pilot, screen, RUNNING)
        await page(pilot, "v", ShowPage)
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
        await until_seen(pilot, f"{RUNNING} · gone")
        await until_seen(pilot, key)

    play(bench, scenario, size=(100, 80))


def test_the_cursor_stays_on_its_line_while_others_change(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        key = await go_to(pilot, screen, RUNNING)
        found = await page(pilot, "v", ShowPage)
        assert isinstance(found, ShowPage)
        await pilot.press("end", "up")
        reading = found.lines.reading
        assert reading is not None
        bench.service().act(SessionAction.STOP, key)
        await pilot.press("r")
        await until(pilot, lambda: screen.selected and screen.selected.session.in_transition)
        await pilot.pause()
        again = found.lines.reading
        assert again is not None
        assert again.copied == reading.copied
        assert found.lines.scroll_offset.y > 0

    play(bench, scenario)


def test_a_line_or_all_of_it_is_copied_and_nothing_more_is_claimed(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        key = await go_to(pilot, screen, RUNNING)
        await page(pilot, "v", ShowPage)
        await pilot.press("down", "c")
        assert clipped(pilot) == "running · READY"
        await until_told(pilot, "“running · READY” is copied, if your terminal allows it")
        await pilot.press("end", "up", "up", "up", "enter")
        assert clipped(pilot) == key
        await until_seen(pilot, "j JSON")
        await pilot.press("j")
        await until_seen(pilot, "j In words")
        await pilot.press("down", "c")
        assert json.loads(f"{{{clipped(pilot).rstrip(',')}}}")
        await pilot.press("a")
        members = json.loads(clipped(pilot))
        assert members["sessionId"] == key
        assert members["createdAt"] == "2026-11-21T10:14:00+00:00"

    play(bench, scenario)


def test_keys_lead_from_page_to_page_and_back(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        await go_to(pilot, screen, SLEEPING)
        for key, kind in (
            ("v", ShowPage),
            ("h", HistoryPage),
            ("u", UsagePage),
            ("b", BackupsPage),
        ):
            opened = await page(pilot, key, kind)
            assert len(pilot.app.screen_stack) == 2
            assert_registered(opened)
        await pilot.press("b")
        await until_on(pilot, screen)
        await page(pilot, "u", UsagePage)
        await pilot.press("question_mark")
        await until_seen(pilot, "Go back to the workstations")
        assert "full are 24 hours" in seen(pilot.app)
        assert "the row says why" not in seen(pilot.app)
        await pilot.press("escape", "escape")
        await until_on(pilot, screen)
        await pilot.press("p")
        await until(pilot, lambda: isinstance(pilot.app.screen, PeoplePage))
        assert_registered(cast("PeoplePage", pilot.app.screen))

    play(bench, scenario)


def test_the_keys_of_a_page_can_be_changed_too(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        await go_to(pilot, screen, SLEEPING)
        await page(pilot, "v", ShowPage)
        await until_seen(pilot, "f6 JSON")
        await pilot.press("j", "f6")
        await until_seen(pilot, '"sessionId"')
        await page(pilot, "c", HistoryPage)

    play(bench, scenario, settings=Settings(keys={"raw": "f6", "copy": "y", "history": "c"}))


def test_pages_go_on_with_what_is_under_their_own_cursor(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        await go_to(pilot, screen, SLEEPING)
        usage = await page(pilot, "u", UsagePage)
        assert isinstance(usage, UsagePage)
        assert usage.rows.selected is not None
        assert usage.rows.selected.title == SLEEPING
        usage.rows.select(next(row.key for row in usage.rows.rows if row.title == RUNNING))
        await page(pilot, "enter", ShowPage)
        await until_seen(pilot, f"─ {RUNNING} ─")
        history = await page(pilot, "h", HistoryPage)
        assert isinstance(history, HistoryPage)
        await until_seen(pilot, f"What happened to {RUNNING}")
        await pilot.press("a")
        await until_seen(pilot, "What happened to all workstations")
        await pilot.press("end")  # the oldest line is about the one that slept longest
        await page(pilot, "v", ShowPage)
        await until_seen(pilot, f"─ {SLEEPING} ─")
        await pilot.press("escape")
        await until_on(pilot, screen)
        assert screen.selected is not None
        assert screen.selected.title == SLEEPING
        await pilot.press("tab")
        await page(pilot, "h", HistoryPage)
        await pilot.press("end", "a")
        await until_seen(pilot, f"What happened to {SLEEPING}")

    play(bench, scenario)


def test_without_any_workstation_it_says_so(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await shown(pilot)
        await until(pilot, lambda: screen.sight.live)
        for key, why in (("v", "There is nothing to show"), ("b", "There is no workstation")):
            await pilot.press(key)
            await until_told(pilot, why)
            await until_on(pilot, screen)
        pilot.app.clear_notifications()
        await page(pilot, "u", UsagePage)
        await until_seen(pilot, "Nothing ran in the last seven days")
        await page(pilot, "h", HistoryPage)
        await until_seen(pilot, "Nothing is remembered yet")

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
        screen = await live(pilot)
        await go_to(pilot, screen, "sq007 plates")
        bench.gate.open = False
        opened = await page(pilot, "b", BackupsPage)
        await until_seen(pilot, "closed the connection")
        bench.gate.open = True
        bench.clock.advance(10)
        before = screen.health.seen_at
        screen.look()
        await until(pilot, lambda: screen.health.seen_at != before)
        opened.retell()
        await until_seen(pilot, "can be used")

    play(bench, scenario)


# History.


def test_what_is_remembered_is_read_once_when_a_change_ends(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        assert screen.service is not None
        read, history = [], screen.service.history

        def counted(since: datetime) -> tuple[Event, ...]:
            read.append(since)
            return history(since)

        monkeypatch.setattr(screen.service, "history", counted)
        assert screen.taken == ()
        bench.clock.advance(30)
        await pilot.press("r")
        await until(pilot, lambda: screen.taken)
        await settled(pilot)
        assert len(read) == 1

    play(bench, scenario)


def test_history_tells_what_i_did_and_what_the_studio_did(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        key = await go_to(pilot, screen, RUNNING)
        await pilot.press("s")
        await until(pilot, lambda: isinstance(pilot.app.screen, StopDialog))
        bench.clock.advance(1)
        await pilot.press("enter")
        await until(pilot, lambda: not screen.asked and screen.request)
        bench.clock.advance(30)
        await pilot.press("r")
        await until_told(pilot, "is STOPPED")
        pilot.app.clear_notifications()
        await go_to(pilot, screen, RUNNING)
        await page(pilot, "h", HistoryPage)
        text = seen(pilot.app)
        assert f"What happened to {RUNNING}" in text
        assert "Today, Saturday, 21 November" in text
        assert text.index("It was STOPPED after ") < text.index("You asked to stop it · accepted")
        assert SLEEPING not in text
        assert "Seen here and told by the studio since" in text
        assert "You launched it" in text
        await pilot.press("a")
        await until_seen(pilot, SLEEPING)
        await until_seen(pilot, "Sunday, 1 November")
        # It is local: no network is needed.
        bench.gate.open = False
        await pilot.press("h")
        await until_on(pilot, screen)
        await go_to(pilot, screen, RUNNING)
        assert screen.selected is not None
        assert screen.selected.key == key
        await page(pilot, "h", HistoryPage)
        await until_seen(pilot, "You asked to stop it · accepted")

    play(bench, scenario, size=(100, 40))


def test_what_the_studio_stops_by_itself_is_its_own_doing(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        bench.clock.advance(9 * 3600)
        await pilot.press("r")
        await until(
            pilot,
            lambda: any(
                one.title == RUNNING and one.session.state == "STOPPED"
                for one in screen.sight.entries
            ),
        )
        await go_to(pilot, screen, RUNNING)
        await page(pilot, "h", HistoryPage)
        await until_seen(pilot, "The studio stopped it by itself")

    play(bench, scenario)


def test_whoever_else_stopped_it_is_named_once_a_page_wants_to_know(bench: Bench) -> None:
    directory = b"POST / HTTP"

    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        key = await go_to(pilot, screen, RUNNING)
        invite = next(one for role, one in bench.demo.others if role == "admin")
        admin = client_of(invite.endpoint_url, invite.access_key_id, invite.secret_access_key)
        admin.stop_streaming_session(studioId=screen.info.studio_id, sessionId=key)
        admin.close()
        await pilot.press("r")
        await until(pilot, lambda: screen.selected and screen.selected.session.stopped_by)
        assert not any(line.startswith(directory) for line in bench.gate.calls)
        # Nothing waits for a directory that is slow: ids do meanwhile.
        told = bench.gate.hold(directory)
        await pilot.press("h")
        await until(pilot, lambda: isinstance(pilot.app.screen, HistoryPage))
        await until_seen(pilot, f"{invite.principal_id} stopped it")
        told.set()
        await until_seen(pilot, "Inês Cardoso stopped it")
        await pilot.press("v")
        await until(pilot, lambda: isinstance(pilot.app.screen, ShowPage))
        await until_seen(pilot, "by Inês Cardoso · ")

    play(bench, scenario, size=(100, 60))


# Running times.


def test_running_times_add_up_with_and_without_prices(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        await go_to(pilot, screen, RUNNING)
        await until_seen(pilot, "ran 3 h 11 min, ≈ $3.87")
        await page(pilot, "u", UsagePage)
        text = seen(pilot.app)
        assert "≈ $3.87" in text
        assert "no price" in text
        assert "No price is set for" in text
        bench.clock.advance(3600)
        await pilot.press("r")
        await until_seen(pilot, "4 h 11 min")

    prices = Prices("$", {"g5.2xlarge": 1.212})
    play(bench, scenario, settings=Settings(prices=prices), size=(100, 30))


def test_without_prices_no_money_is_shown(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await live(pilot)
        await page(pilot, "u", UsagePage)
        await until_seen(pilot, "3 h 11 min")
        assert "≈" not in seen(pilot.app)
        await until_seen(pilot, "under [prices] in the settings")

    play(bench, scenario)


def test_a_deleted_one_still_counts_this_week(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        key = await go_to(pilot, screen, RUNNING)
        bench.service().act(SessionAction.DELETE, key)
        bench.clock.advance(60)
        await pilot.press("r")
        await until(pilot, lambda: all(one.key != key for one in screen.sight.entries))
        found = await page(pilot, "u", UsagePage)
        assert isinstance(found, UsagePage)
        row = next(row for row in found.rows.rows if row.key == key)
        assert timedelta(hours=3, minutes=11) <= row.week <= timedelta(hours=3, minutes=13)
        found.rows.select(key)
        await pilot.press("b")
        await until_told(pilot, "gone, and its backups with it")
        await until_seen(pilot, f"{RUNNING} · gone")
        pilot.app.clear_notifications()  # they would cover the title
        await page(pilot, "v", ShowPage)
        await until_seen(pilot, f"─ {RUNNING} · gone ─")
        await until_seen(pilot, "deleted · DELETED")

    play(bench, scenario)


# Backups.


async def backups(pilot: Pilot[None], screen: MainScreen, title: str) -> BackupsPage:
    """Open the backups of a workstation; return them once they were told."""
    await go_to(pilot, screen, title)
    found = await page(pilot, "b", BackupsPage)
    await until(pilot, lambda: "Asking the studio" not in seen(pilot.app))
    assert isinstance(found, BackupsPage)
    return found


def test_a_workstation_is_brought_back_from_a_backup(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        found = await backups(pilot, screen, SLEEPING)
        await pilot.press("down")
        reading = found.lines.reading
        assert reading is not None
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BringBackDialog))
        dialog = pilot.app.screen
        assert isinstance(dialog, BringBackDialog)
        await until(pilot, lambda: dialog.focused is not None)
        assert isinstance(dialog.focused, Button)
        assert dialog.focused.id == "cancel"
        assert "what was saved on it since then is gone" in " ".join(
            seen(pilot.app).replace("│", "").split()
        )
        bench.clock.advance(1)
        await pilot.press("right", "enter")
        await until_on(pilot, screen)
        await until(pilot, lambda: not screen.asked)
        bench.clock.advance(60)
        session = bench.service().get_streaming_session(dialog.session_id)
        assert session.state == "READY"
        assert session.started_from_backup_id == reading.key
        await pilot.press("r")
        await until_told(pilot, "is READY")
        pilot.app.clear_notifications()
        await go_to(pilot, screen, SLEEPING)
        await until_seen(pilot, f"from backup …{reading.key[-4:]}")
        await page(pilot, "v", ShowPage)
        await until_seen(pilot, f"backup {reading.key}")

    play(bench, scenario, size=(100, 40))


def test_cancel_brings_nothing_back(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        found = await backups(pilot, screen, SLEEPING)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BringBackDialog))
        bench.clock.advance(1)
        await pilot.press("enter")
        await until_on(pilot, found)
        assert not [line for line in bench.gate.calls if not line.startswith(b"GET")]

    play(bench, scenario)


def test_the_question_goes_away_when_its_workstation_changed(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        found = await backups(pilot, screen, SLEEPING)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BringBackDialog))
        dialog = pilot.app.screen
        assert isinstance(dialog, BringBackDialog)
        bench.service().act(SessionAction.START, dialog.session_id)
        screen.look()
        await until_on(pilot, found)
        await until_told(pilot, "nothing was done")
        bench.clock.advance(2)
        await pilot.press("enter")
        await until_on(pilot, found)
        await until_told(pilot, "It is starting right now")

    play(bench, scenario)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Review", "None are made of this kind of workstation"),
        (RUNNING, "No backups."),
    ],
)
def test_where_there_are_no_backups_it_says_why(bench: Bench, title: str, said: str) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        await backups(pilot, screen, title)
        await until_seen(pilot, said)
        await pilot.press("r")
        await settled(pilot)
        await until_seen(pilot, said)

    play(bench, scenario)


def test_a_studio_that_does_not_answer_is_told_and_asked_again(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        bench.gate.open = False
        await backups(pilot, screen, SLEEPING)
        await until_seen(pilot, "closed the connection without an answer")
        bench.gate.open = True
        await pilot.press("r")
        await until_seen(pilot, "can be used · READY")

    play(bench, scenario)


# The disk, at a stop.


async def stop_dialog(pilot: Pilot[None], bench: Bench, title: str) -> StopDialog:
    screen = await live(pilot)
    await go_to(pilot, screen, title)
    await pilot.press("s")
    await until(pilot, lambda: isinstance(pilot.app.screen, StopDialog))
    dialog = pilot.app.screen
    assert isinstance(dialog, StopDialog)
    await until(pilot, lambda: dialog.focused is not None)
    bench.clock.advance(1)
    return dialog


def test_a_stop_keeps_the_disk_unless_it_is_given_up_on_purpose(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        dialog = await stop_dialog(pilot, bench, RUNNING)
        tick = dialog.query_one(Tick)
        assert not tick.value
        assert isinstance(dialog.focused, Button)
        await pilot.press("up", "up", "space")
        await pilot.pause()
        await until_seen(pilot, "[x] Throw its disk away too")
        await until_seen(pilot, "thrown away for good")
        await until_seen(pilot, "Stop, lose the disk")
        await pilot.press("up", "space")
        await pilot.pause()
        await until_seen(pilot, "[ ] Throw its disk away too")
        await until_seen(pilot, "Its disk is kept for 4 days")
        await pilot.press("space", *dialog.session_id[-4:], "enter")
        await until(pilot, lambda: pilot.app.screen is not dialog)
        await until(pilot, lambda: b"/stop" in b"".join(bench.gate.calls))
        await settled(pilot)
        session = bench.service().get_streaming_session(dialog.session_id)
        assert session.volume_retention_mode == "DELETE"

    play(bench, scenario)


def test_a_plain_stop_keeps_the_disk(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        dialog = await stop_dialog(pilot, bench, RUNNING)
        await pilot.press("enter")
        await until(pilot, lambda: b"/stop" in b"".join(bench.gate.calls))
        await settled(pilot)
        session = bench.service().get_streaming_session(dialog.session_id)
        assert session.volume_retention_mode == "RETAIN"

    play(bench, scenario)


def test_quick_hands_do_not_give_up_the_disk(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        await go_to(pilot, screen, RUNNING)
        await pilot.press("s", "shift+tab", "shift+tab", "space")
        await pilot.pause()
        dialog = pilot.app.screen
        assert isinstance(dialog, StopDialog)
        assert not dialog.query_one(Tick).value
        assert dialog.volume_retention_mode is None

    play(bench, scenario)
