"""The stack of screens: only the one on top acts, and closes only itself."""

import pytest
from textual.pilot import Pilot

from nimble_tui.core.model import SessionAction, SessionState
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.view.questions import Answer
from tests.tui import acts
from tests.tui.bench import Bench, play, settled, told, until, until_seen
from tests.tui.test_bursts import post
from tests.tui.test_connect import wished

STOPPED = "sq007 plates"
RUNNING = "sq042 lighting"


@pytest.mark.parametrize("key", ["d", "n", "v"])
def test_what_was_waited_for_opens_over_nothing(bench: Bench, key: str) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        session_id = await wished(pilot, STOPPED)
        await acts.until_on_main(pilot)
        await acts.go_to(pilot, RUNNING)
        acts.later(pilot)
        await pilot.press(key)
        await until(pilot, lambda: not acts.on_main(pilot))
        await settled(pilot)
        top = pilot.app.screen
        bench.clock.advance(600)
        await acts.refresh_in_background(pilot)
        await until(pilot, lambda: not acts.waiting_to_connect(pilot))
        row = next(row for row in acts.all_rows(pilot) if row.key == session_id)
        assert row.session.state == SessionState.READY
        await settled(pilot)
        assert pilot.app.screen is top

    play(bench, scenario)


@pytest.mark.parametrize("key", ["d", "v"])
def test_a_sign_in_is_offered_over_nothing(bench: Bench, key: str) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, RUNNING)
        await pilot.press(key)
        await until(pilot, lambda: not acts.on_main(pilot))
        await settled(pilot)
        top = pilot.app.screen
        error = StudioError(ErrorKind.NOT_SIGNED_IN, "Your keys are not taken any more.")
        acts.workspace(pilot).polling.fail(error)
        await settled(pilot)
        assert pilot.app.screen is top
        await pilot.press("escape")
        await until_seen(pilot, "Your keys are not taken any more.")

    play(bench, scenario, studio="northwind")


@pytest.mark.parametrize("keys", [["h", "u"], ["escape", "u"]])
def test_pages_asked_for_in_one_read_leave_no_page_below(bench: Bench, keys: list[str]) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, RUNNING)
        await acts.page(pilot, "v", "show")
        post(pilot.app, keys)
        await settled(pilot)
        assert len(pilot.app.screen_stack) <= 2
        await pilot.press("escape")
        await acts.until_on_main(pilot)

    play(bench, scenario)


def test_a_screen_below_another_does_not_take_that_away(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.ask(pilot, RUNNING, "d")
        below = pilot.app.screen
        acts.nimble(pilot).navigation.ask_for_invite()
        await acts.listening(pilot, acts.INVITE)
        below.dismiss(None)
        await settled(pilot)
        assert acts.is_open(pilot, acts.INVITE)
        assert below in pilot.app.screen_stack

    play(bench, scenario)


def test_what_became_outdated_below_another_screen_is_not_confirmed(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        key = await acts.ask(pilot, RUNNING, "s")
        below = pilot.app.screen
        acts.nimble(pilot).navigation.ask_for_invite()
        await acts.listening(pilot, acts.INVITE)
        bench.service().act(SessionAction.STOP, key)
        await acts.refresh_in_background(pilot)
        assert below in pilot.app.screen_stack
        await pilot.press("escape")
        await acts.until_on_main(pilot)
        assert "No changes made" in told(pilot.app)

    play(bench, scenario)


def test_a_confirmation_that_crosses_with_a_change_does_nothing(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        key = await acts.ask(pilot, RUNNING, "s")
        store = acts.workspace(pilot).store
        gone = tuple(row for row in store.snapshot.rows if row.key != key)
        pilot.app.screen.dismiss(Answer())
        store.change(rows=gone)
        await acts.until_on_main(pilot)
        assert not acts.pending(pilot)
        assert "No changes made" in told(pilot.app)

    play(bench, scenario)
