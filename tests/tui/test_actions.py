"""Stopping, starting and deleting: guarded, asked about, done once, and told."""

import sys
from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Button

from nimble_tui.client.nimble import NimbleService
from nimble_tui.config.settings import Settings
from nimble_tui.core import rules
from nimble_tui.core.actions import ACTIONS
from nimble_tui.core.history import Event
from nimble_tui.core.model import SessionAction, StreamingSession
from nimble_tui.tui.dialogs.confirm import DeleteDialog, SessionDialog, StopDialog
from nimble_tui.tui.screens.main import MainScreen
from tests.tui.bench import (
    NAME,
    Bench,
    live,
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


async def go_to(pilot: Pilot[None], screen: MainScreen, title: str) -> str:
    """Put the cursor on a workstation; return its id."""
    row = next(row for row in screen.workstations.rows if row.title.startswith(title))
    screen.workstations.select(row.key)
    await pilot.pause()
    return row.key


async def ask(pilot: Pilot[None], screen: MainScreen, title: str, key: str) -> SessionDialog:
    """Press an action's key on a workstation; return the dialog once it listens."""
    await go_to(pilot, screen, title)
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, SessionDialog))
    dialog = pilot.app.screen
    assert isinstance(dialog, SessionDialog)
    await until(pilot, lambda: dialog.focused is not None)
    screen.nimble.clock.advance(1)  # type: ignore[attr-defined]
    return dialog


def state_of(bench: Bench, session_id: str) -> str | None:
    return bench.service().get_streaming_session(session_id).state


def posts(bench: Bench) -> list[bytes]:
    return [line for line in bench.gate.calls if not line.startswith(b"GET")]


def test_what_cannot_be_stopped_is_refused_with_its_reason_and_nothing_is_sent(
    bench: Bench,
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        await go_to(pilot, screen, UNSTOPPABLE)
        await pilot.press("s")
        await until_on(pilot, screen)
        await until_told(pilot, "Stop: not now")
        await until_told(pilot, "cannot be stopped")
        await settled(pilot)
        await until_seen(pilot, "a stop")
        assert posts(bench) == []

    play(bench, scenario)


def test_a_stop_asks_once_shows_at_once_and_tells_its_end(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        dialog = await ask(pilot, screen, STOPPABLE, "s")
        assert isinstance(dialog.focused, Button)
        assert dialog.focused.id == "sure"
        text = seen(pilot.app)
        assert STOPPABLE in text
        assert dialog.session_id in text
        assert "Its disk is kept for 4 days" in text
        answer = bench.gate.hold(b"/stop")
        await pilot.press("enter")
        await until_on(pilot, screen)
        # The studio has not answered, but the row says what was asked for.
        assert screen.selected is not None
        assert screen.selected.session.state == "STOP_IN_PROGRESS"
        await until_seen(pilot, "STOPPING…")
        answer.set()
        await until(pilot, lambda: not screen.asked)
        bench.clock.advance(20)
        await pilot.press("r")
        await until_told(pilot, "is STOPPED")
        assert state_of(bench, dialog.session_id) == "STOPPED"
        assert len(posts(bench)) == 1

    play(bench, scenario)


def test_one_stop_applies_each_rule_once_and_reads_the_history_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks: list[tuple[SessionAction, StreamingSession]] = []
    reads: list[datetime] = []
    verdict, history = rules.verdict, NimbleService.history

    def check(
        action: SessionAction, session: StreamingSession, *args: Any, **options: Any
    ) -> rules.Allowed | rules.Refused:
        checks.append((action, session))
        return verdict(action, session, *args, **options)

    def read(service: NimbleService, since: datetime) -> tuple[Event, ...]:
        reads.append(since)
        return history(service, since)

    for module in [one for name, one in sys.modules.items() if name.startswith("nimble_tui.")]:
        if getattr(module, "verdict", None) is verdict:
            monkeypatch.setattr(module, "verdict", check)
    monkeypatch.setattr(NimbleService, "history", read)

    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        await go_to(pilot, screen, STOPPABLE)
        await settled(pilot)
        assert checks
        assert reads
        checks.clear()
        reads.clear()
        await ask(pilot, screen, STOPPABLE, "s")
        await pilot.press("enter")
        await until_on(pilot, screen)
        await until(pilot, lambda: not screen.asked and not screen.looking)
        await settled(pilot)
        assert posts(bench)
        stops = [one.state for action, one in checks if action == SessionAction.STOP]
        assert sorted(str(one) for one in stops) == [
            "READY",
            "STOP_IN_PROGRESS",
            "STOP_IN_PROGRESS",
        ]
        times = Counter((action, id(session)) for action, session in checks)
        assert set(times.values()) == {1}
        assert len(reads) == 1

    play(bench, scenario)


def test_a_start_needs_no_question(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        key = await go_to(pilot, screen, SLEEPING)
        await pilot.press("t")
        await until_on(pilot, screen)
        await until_seen(pilot, "STARTING…")
        await until(pilot, lambda: not screen.asked)
        assert state_of(bench, key) == "START_IN_PROGRESS"

    play(bench, scenario)


def test_a_delete_needs_the_last_four_characters_of_the_id(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        dialog = await ask(pilot, screen, SLEEPING, "d")
        assert isinstance(dialog, DeleteDialog)
        assert isinstance(dialog.focused, Button)
        assert dialog.focused.id == "cancel"
        code = dialog.session_id[-4:]
        await until_seen(pilot, code)
        assert dialog.sure.disabled
        await pilot.press(*code[:3], "#")
        assert dialog.sure.disabled
        await until_seen(pilot, "not the same")
        await pilot.press("backspace", code[3])
        assert not dialog.sure.disabled
        await pilot.press("enter")
        await until_on(pilot, screen)
        await until(pilot, lambda: not screen.asked)
        assert state_of(bench, dialog.session_id) == "DELETE_IN_PROGRESS"
        bench.clock.advance(20)
        await pilot.press("r")
        await until_told(pilot, f"{SLEEPING} is deleted.")
        assert len(screen.workstations.rows) == 5

    play(bench, scenario)


def test_capital_letters_count_in_the_code(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        dialog = await ask(pilot, screen, SLEEPING, "d")
        assert isinstance(dialog, DeleteDialog)
        for letter in dialog.session_id[-4:]:
            await pilot.press(letter.upper())
        assert dialog.sure.disabled
        await until_seen(pilot, "capital and small letters count")

    play(bench, scenario)


@pytest.mark.parametrize("way", ["escape", "left and enter", "click"])
def test_a_dialog_is_left_without_doing_anything(bench: Bench, way: str) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        await ask(pilot, screen, STOPPABLE, "s")
        if way == "click":
            await pilot.click("#cancel")
        else:
            await pilot.press(*way.split(" and "))
        await until_on(pilot, screen)
        assert posts(bench) == []

    play(bench, scenario)


def test_a_new_dialog_is_deaf_for_a_moment(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        await go_to(pilot, screen, STOPPABLE)
        # All in one go, as a held key or a paste without brackets sends it.
        await pilot.press("s", "s", "enter", "y", "s")
        assert isinstance(pilot.app.screen, StopDialog)
        assert posts(bench) == []
        dialog = pilot.app.screen
        await until(pilot, lambda: not dialog.sure.has_class("-active"))
        bench.clock.advance(1)
        await pilot.press("enter")
        await until(pilot, lambda: posts(bench))
        await until(pilot, lambda: not screen.asked)

    play(bench, scenario)


def test_neither_a_paste_nor_a_held_key_types_the_code(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        key = await go_to(pilot, screen, SLEEPING)
        await pilot.press("d", *key[-4:], "enter")
        dialog = pilot.app.screen
        assert isinstance(dialog, DeleteDialog)
        assert dialog.slots.typed == ""
        bench.clock.advance(1)
        pilot.app.post_message(events.Paste(f"{key[-4:]}\n"))
        await pilot.pause()
        assert dialog.slots.typed == ""
        assert dialog.sure.disabled
        assert posts(bench) == []

    play(bench, scenario)


@pytest.mark.parametrize("opener", ["s", "d"])
def test_a_dialog_closes_when_its_workstation_changed_underneath(bench: Bench, opener: str) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        dialog = await ask(pilot, screen, STOPPABLE, opener)
        bench.service().act(SessionAction.STOP, dialog.session_id)
        screen.look()
        await until_on(pilot, screen)
        await until_told(pilot, "STOP_IN_PROGRESS now; nothing was done.")
        assert posts(bench) == []

    play(bench, scenario)


def test_a_dialog_stays_when_only_another_workstation_changed(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        dialog = await ask(pilot, screen, STOPPABLE, "s")
        other = next(row for row in screen.workstations.rows if row.title == SLEEPING)
        bench.service().act(SessionAction.START, other.key)
        before = screen.health.seen_at
        screen.look()
        await until(pilot, lambda: screen.health.seen_at != before)
        await until_on(pilot, dialog)

    play(bench, scenario)


def test_an_action_that_fails_goes_back_and_says_why(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        await go_to(pilot, screen, SLEEPING)
        bench.gate.open = False
        await pilot.press("t")
        await until_told(pilot, "Start sq007 plates")
        assert screen.selected is not None
        assert screen.selected.session.state == "STOPPED"
        bench.gate.open = True

    play(bench, scenario)


def test_a_lost_reply_is_looked_into(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        key = await go_to(pilot, screen, SLEEPING)
        bench.gate.lose(b"/start")
        await pilot.press("t")
        await until(pilot, lambda: not screen.asked)
        await until(pilot, lambda: screen.selected and screen.selected.session.in_transition)
        assert state_of(bench, key) == "START_IN_PROGRESS"

    play(bench, scenario)


def test_an_answer_from_before_an_action_does_not_undo_what_the_row_shows(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        await go_to(pilot, screen, SLEEPING)
        late = bench.gate.hold(b"GET /2020-08-01/studios/")
        await pilot.press("r")
        await until(pilot, lambda: bench.gate.holding)
        bench.gate.hold_no_more()
        states: list[str | None] = []
        screen.watch(
            screen,
            "sight",
            lambda sight: states.extend(
                entry.session.state for entry in sight.entries if entry.title == SLEEPING
            ),
            init=False,
        )
        await pilot.press("t")
        await until(pilot, lambda: not screen.asked)
        late.set()
        await until(pilot, lambda: screen.sight.live and not screen.looking)
        assert set(states) == {"START_IN_PROGRESS"}

    play(bench, scenario)


def test_a_studio_set_to_look_only_does_nothing(bench: Bench) -> None:
    bench.studios.read_only = True

    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        await until_seen(pilot, "LOOK ONLY")
        for title, key in ((STOPPABLE, "s"), (SLEEPING, "t"), (SLEEPING, "d")):
            await go_to(pilot, screen, title)
            await pilot.press(key)
            await until_on(pilot, screen)
            await until_told(pilot, "look only")
            pilot.app.clear_notifications()
        assert posts(bench) == []

    play(bench, scenario, studio=NAME)


def test_keys_can_be_changed(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        await until_seen(pilot, "x Stop")
        await go_to(pilot, screen, STOPPABLE)
        await pilot.press("s")
        await until_on(pilot, screen)
        await pilot.press("x")
        assert isinstance(pilot.app.screen, StopDialog)

    play(bench, scenario, settings=Settings(keys={"stop": "x", "quit": "z"}))


def test_every_key_of_the_registry_can_be_changed(bench: Bench) -> None:
    keys = {action.id: f"f{number}" for number, action in enumerate(ACTIONS, 1)}

    async def scenario(pilot: Pilot[None]) -> None:
        await live(pilot)
        bound = {key: one.binding.action for key, one in pilot.app.screen.active_bindings.items()}
        assert {action: key for key, action in bound.items() if key in keys.values()} == keys

    play(bench, scenario, settings=Settings(keys=keys))


def test_ctrl_q_leaves_whatever_q_became(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await live(pilot)
        await pilot.press("q")
        assert pilot.app.is_running
        await pilot.press("ctrl+q")
        await until(pilot, lambda: not pilot.app.is_running)

    play(bench, scenario, settings=Settings(keys={"quit": "z"}))


def test_the_palette_runs_an_action_and_says_why_another_would_not(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        await go_to(pilot, screen, UNSTOPPABLE)
        await pilot.press("ctrl+p")
        await until_seen(pilot, "not now: Workstations of this")
        assert "Screenshot" not in seen(pilot.app)
        await pilot.press(*"delete a")
        await until(pilot, lambda: "Look at the studio" not in seen(pilot.app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, DeleteDialog))

    play(bench, scenario)


def test_help_is_about_this_screen(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        await pilot.press("question_mark")
        for words in ("Stop a workstation", "ctrl+p"):
            await until_seen(pilot, words)
        await pilot.press("end")
        for words in ("READY", "worked out by this app"):
            await until_seen(pilot, words)
        await pilot.press("escape")
        await until_on(pilot, screen)

    play(bench, scenario)


def test_the_theme_changes_by_key(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await live(pilot)
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
