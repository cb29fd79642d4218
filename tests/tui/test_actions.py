"""Stopping, starting and deleting: guarded, confirmed, sent once, and reported."""

import sys
from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from nimble_tui.client.nimble import NimbleService
from nimble_tui.config.settings import Settings
from nimble_tui.core import rules
from nimble_tui.core.actions import ACTIONS
from nimble_tui.core.history import Event
from nimble_tui.core.model import SessionAction, StreamingSession
from tests.tui import acts
from tests.tui.bench import (
    NAME,
    Bench,
    play,
    seen,
    settled,
    until,
    until_on,
    until_seen,
    until_told,
)

STOPPABLE = "sq042 lighting"
UNSTOPPABLE = "Review"
SLEEPING = "sq007 plates"


def state_of(bench: Bench, session_id: str) -> str | None:
    return bench.service().get_streaming_session(session_id).state


def posts(bench: Bench) -> list[bytes]:
    return [line for line in bench.gate.calls if not line.startswith(b"GET")]


def test_what_cannot_be_stopped_is_refused_with_its_reason_and_nothing_is_sent(
    bench: Bench,
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, UNSTOPPABLE)
        await pilot.press("s")
        await acts.until_on_main(pilot)
        await until_told(pilot, "Stop: unavailable")
        await until_told(pilot, "can't be stopped")
        await settled(pilot)
        await until_seen(pilot, "a stop")
        assert posts(bench) == []

    play(bench, scenario)


def test_a_stop_asks_once_shows_at_once_and_tells_its_end(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        session_id = await acts.ask(pilot, STOPPABLE, "s")
        assert acts.focused_button(pilot) == "sure"
        text = seen(pilot.app)
        assert STOPPABLE in text
        assert session_id in text
        assert "Kept with its disk for 4 days" in text
        answer = bench.gate.hold(b"/stop")
        await pilot.press("enter")
        await acts.until_on_main(pilot)
        # The studio has not answered, but the row says what was asked for.
        assert acts.selected(pilot).session.state == "STOP_IN_PROGRESS"
        await until_seen(pilot, "STOPPING…")
        answer.set()
        await acts.answered(pilot)
        bench.clock.advance(20)
        await pilot.press("r")
        await until_told(pilot, "is STOPPED")
        assert state_of(bench, session_id) == "STOPPED"
        assert len(posts(bench)) == 1

    play(bench, scenario)


def test_one_stop_applies_no_rule_without_need_and_reads_the_history_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks: list[tuple[SessionAction, StreamingSession]] = []
    reads: list[datetime] = []
    check_action, history = rules.check_action, NimbleService.history

    def check(
        action: SessionAction, session: StreamingSession, *args: Any, **options: Any
    ) -> rules.Allowed | rules.Refused:
        checks.append((action, session))
        return check_action(action, session, *args, **options)

    def read(service: NimbleService, since: datetime) -> tuple[Event, ...]:
        reads.append(since)
        return history(service, since)

    for module in [one for name, one in sys.modules.items() if name.startswith("nimble_tui.")]:
        if getattr(module, "check_action", None) is check_action:
            monkeypatch.setattr(module, "check_action", check)
    monkeypatch.setattr(NimbleService, "history", read)

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, STOPPABLE)
        await settled(pilot)
        assert checks
        assert reads
        checks.clear()
        reads.clear()
        await acts.ask(pilot, STOPPABLE, "s")
        await pilot.press("enter")
        await acts.until_on_main(pilot)
        await acts.answered(pilot)
        await acts.refreshed(pilot)
        await settled(pilot)
        assert posts(bench)
        stops = [one.state for action, one in checks if action == SessionAction.STOP]
        assert sorted(str(one) for one in stops) == [
            "READY",  # once it is confirmed: it may have changed meanwhile
            "READY",
            "STOP_IN_PROGRESS",
            "STOP_IN_PROGRESS",
        ]
        times = Counter((action, id(session)) for action, session in checks)
        assert max(times.values()) <= 2
        assert len(reads) == 1

    play(bench, scenario)


def test_a_start_needs_no_question(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        key = await acts.go_to(pilot, SLEEPING)
        await pilot.press("t")
        await acts.until_on_main(pilot)
        await until_seen(pilot, "STARTING…")
        await acts.answered(pilot)
        assert state_of(bench, key) == "START_IN_PROGRESS"

    play(bench, scenario)


def test_a_delete_needs_the_last_four_characters_of_the_id(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        session_id = await acts.ask(pilot, SLEEPING, "d")
        assert acts.focused_button(pilot) == "cancel"
        code = session_id[-4:]
        await until_seen(pilot, code)
        assert acts.sure(pilot).disabled
        await pilot.press(*code[:3], "#")
        assert acts.sure(pilot).disabled
        await until_seen(pilot, "doesn't match")
        await pilot.press("backspace", code[3])
        assert not acts.sure(pilot).disabled
        await pilot.press("enter")
        await acts.until_on_main(pilot)
        await acts.answered(pilot)
        assert state_of(bench, session_id) == "DELETE_IN_PROGRESS"
        bench.clock.advance(20)
        await pilot.press("r")
        await until_told(pilot, f"{SLEEPING} was deleted.")
        assert len(acts.rows(pilot)) == 5

    play(bench, scenario)


def test_capital_letters_count_in_the_code(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        session_id = await acts.ask(pilot, SLEEPING, "d")
        for letter in session_id[-4:]:
            await pilot.press(letter.upper())
        assert acts.sure(pilot).disabled
        await until_seen(pilot, "upper and lower case matter")

    play(bench, scenario)


@pytest.mark.parametrize("way", ["escape", "left and enter", "click"])
def test_a_dialog_is_left_without_doing_anything(bench: Bench, way: str) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.ask(pilot, STOPPABLE, "s")
        if way == "click":
            await pilot.click("#cancel")
        else:
            await pilot.press(*way.split(" and "))
        await acts.until_on_main(pilot)
        assert posts(bench) == []

    play(bench, scenario)


def test_a_new_dialog_is_deaf_for_a_moment(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, STOPPABLE)
        # All in one go, as a held key or a paste without brackets sends it.
        await pilot.press("s", "s", "enter", "y", "s")
        assert acts.is_open(pilot, acts.STOP)
        assert posts(bench) == []
        await until(pilot, lambda: not acts.sure(pilot).has_class("-active"))
        bench.clock.advance(1)
        await pilot.press("enter")
        await until(pilot, lambda: posts(bench))
        await acts.answered(pilot)

    play(bench, scenario)


def test_neither_a_paste_nor_a_held_key_types_the_code(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        key = await acts.go_to(pilot, SLEEPING)
        await pilot.press("d", *key[-4:], "enter")
        assert acts.typed_code(pilot) == ""
        bench.clock.advance(1)
        pilot.app.post_message(events.Paste(f"{key[-4:]}\n"))
        await pilot.pause()
        assert acts.typed_code(pilot) == ""
        assert acts.sure(pilot).disabled
        assert posts(bench) == []

    play(bench, scenario)


@pytest.mark.parametrize("opener", ["s", "d"])
def test_a_dialog_closes_when_its_workstation_changed_underneath(bench: Bench, opener: str) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        session_id = await acts.ask(pilot, STOPPABLE, opener)
        bench.service().act(SessionAction.STOP, session_id)
        acts.start_refresh(pilot)
        await acts.until_on_main(pilot)
        await until_told(pilot, "STOP_IN_PROGRESS. No changes made.")
        assert posts(bench) == []

    play(bench, scenario)


def test_a_dialog_stays_when_only_another_workstation_changed(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.ask(pilot, STOPPABLE, "s")
        dialog = pilot.app.screen
        other = acts.row(pilot, SLEEPING)
        bench.service().act(SessionAction.START, other.key)
        await acts.refresh_in_background(pilot)
        await until_on(pilot, dialog)

    play(bench, scenario)


def test_an_action_that_fails_goes_back_and_says_why(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, SLEEPING)
        bench.gate.open = False
        await pilot.press("t")
        await until_told(pilot, "Start failed: sq007 plates")
        assert acts.selected(pilot).session.state == "STOPPED"
        bench.gate.open = True

    play(bench, scenario)


def test_a_lost_reply_is_looked_into(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        key = await acts.go_to(pilot, SLEEPING)
        bench.gate.lose(b"/start")
        await pilot.press("t")
        await acts.answered(pilot)
        await until(pilot, lambda: acts.selected(pilot).session.in_transition)
        assert state_of(bench, key) == "START_IN_PROGRESS"

    play(bench, scenario)


def test_an_answer_from_before_an_action_does_not_undo_what_the_row_shows(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, SLEEPING)
        late = bench.gate.hold(b"GET /2020-08-01/studios/")
        await pilot.press("r")
        await until(pilot, lambda: bench.gate.holding)
        bench.gate.hold_no_more()
        rows = acts.later_rows(pilot)
        await pilot.press("t")
        await acts.answered(pilot)
        late.set()
        await until(pilot, lambda: acts.is_live(pilot) and not acts.refreshing(pilot))
        states = {row.session.state for row in rows if row.title == SLEEPING}
        assert states == {"START_IN_PROGRESS"}

    play(bench, scenario)


def test_a_studio_set_to_look_only_does_nothing(bench: Bench) -> None:
    bench.studios.read_only = True

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await until_seen(pilot, "READ-ONLY")
        for title, key in ((STOPPABLE, "s"), (SLEEPING, "t"), (SLEEPING, "d")):
            await acts.go_to(pilot, title)
            await pilot.press(key)
            await acts.until_on_main(pilot)
            await until_told(pilot, "read-only")
            pilot.app.clear_notifications()
        assert posts(bench) == []

    play(bench, scenario, studio=NAME)


def test_keys_can_be_changed(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await until_seen(pilot, "x Stop")
        await acts.go_to(pilot, STOPPABLE)
        await pilot.press("s")
        await acts.until_on_main(pilot)
        await pilot.press("x")
        assert acts.is_open(pilot, acts.STOP)

    play(bench, scenario, settings=Settings(keys={"stop": "x", "quit": "z"}))


def test_every_key_of_the_registry_can_be_changed(bench: Bench) -> None:
    keys = {action.id: f"f{number}" for number, action in enumerate(ACTIONS, 1)}

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        bound = {key: one.binding.id for key, one in pilot.app.screen.active_bindings.items()}
        assert {action: key for key, action in bound.items() if key in keys.values()} == keys

    play(bench, scenario, settings=Settings(keys=keys))


def test_ctrl_q_leaves_whatever_q_became(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("q")
        assert pilot.app.is_running
        await pilot.press("ctrl+q")
        await until(pilot, lambda: not pilot.app.is_running)

    play(bench, scenario, settings=Settings(keys={"quit": "z"}))


def test_the_palette_runs_an_action_and_says_why_another_would_not(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, UNSTOPPABLE)
        await pilot.press("ctrl+p")
        await until_seen(pilot, "unavailable: This workstation can")
        assert "Screenshot" not in seen(pilot.app)
        await pilot.press(*"delete a")
        await until(pilot, lambda: "Refresh now" not in seen(pilot.app))
        await pilot.press("enter")
        await acts.dialog_of(pilot, acts.DELETE)

    play(bench, scenario)


def test_help_is_about_this_screen(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("question_mark")
        for words in ("Stop a workstation", "ctrl+p"):
            await until_seen(pilot, words)
        await pilot.press("end")
        for words in ("READY", "calculated by this app"):
            await until_seen(pilot, words)
        await pilot.press("escape")
        await acts.until_on_main(pilot)

    play(bench, scenario)


def test_the_theme_changes_by_key(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        seen_themes = [pilot.app.theme]
        for _ in range(3):
            await pilot.press("ctrl+t")
            seen_themes.append(pilot.app.theme)
        assert seen_themes == [
            "nimble-dark",
            "nimble-light",
            "nimble-high-contrast",
            "nimble-dark",
        ]

    play(bench, scenario)
