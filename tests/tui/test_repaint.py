"""Repaints: only changes are drawn, from the current snapshot."""

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from nimble_tui.core.actions import BY_ID
from nimble_tui.core.model import SessionState
from nimble_tui.tui.widgets.session_list import SessionList
from nimble_tui.view.session_rows import SessionRow
from tests.tui import acts
from tests.tui.bench import Bench, play, seen, settled, until

RUNNING = "sq042 lighting"


@pytest.mark.parametrize(
    ("page", "function"),
    [
        ("", "nimble_tui.tui.widgets.profile_list.profile_rows"),
        ("", "nimble_tui.view.filtering.SessionFilter.apply"),
        ("usage", "nimble_tui.tui.pages.usage.week_of"),
    ],
)
def test_how_fresh_the_lists_are_is_shown_without_going_through_them(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, page: str, function: str
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        if page:
            await acts.page(pilot, BY_ID[page].key, page)
        await settled(pilot)
        calls = acts.calls_of(monkeypatch, function)
        store = acts.workspace(pilot).store
        store.change(health=replace(store.snapshot.health, notice="Some could not be read."))
        await until(pilot, lambda: "Some could not be read." in seen(pilot.app))
        assert not calls
        known = store.snapshot
        store.change(rows=known.rows[1:], sessions=known.sessions[1:])
        await until(pilot, lambda: calls)

    play(bench, scenario)


def test_a_key_acts_on_what_is_known_when_it_is_pressed(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("shift+tab")
        acts.workspace(pilot).store.change(launch_profiles=())
        await acts.run(pilot, "new")
        await settled(pilot)
        assert acts.on_main(pilot)
        assert "No launch profile is available to you" in acts.refusal_reason(pilot, "new")

    play(bench, scenario)


def test_one_stop_paints_its_row_once_as_it_is_sent_and_never_back(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    states: list[str] = []
    paint = SessionList.paint

    def painted(self: SessionList, row: SessionRow, width: int) -> object:
        if row.title.startswith(RUNNING):
            states.append(str(row.session.state))
        return paint(self, row, width)

    monkeypatch.setattr(SessionList, "paint", painted)

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.ask(pilot, RUNNING, "s")
        await settled(pilot)
        answer = bench.gate.hold(b"/stop")
        states.clear()
        await pilot.press("enter")
        await until(pilot, lambda: bench.gate.holding)
        await until(pilot, lambda: states)
        await settled(pilot)
        answer.set()
        await acts.answered(pilot)
        await acts.refreshed(pilot)
        await settled(pilot)
        changes = [now for now, before in zip(states, ["", *states], strict=False) if now != before]
        assert changes == [SessionState.STOP_IN_PROGRESS]

    play(bench, scenario)
