"""Copying with ctrl+c: the selected text, or nothing."""

import pytest
from textual.pilot import Pilot

from nimble_tui.desktop import clipboard
from tests.tui import acts
from tests.tui.bench import Bench, play, settled, until, until_told
from tests.tui.people_bench import ADMIN


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts sent to the terminal's clipboard."""
    found: list[str] = []

    def through(sequence: str, _: object) -> str:
        found.append(sequence)
        return ""

    monkeypatch.setattr(clipboard, "through", through)
    return found


@pytest.mark.parametrize("key", ["", "v", "u", "p"])
def test_a_press_that_slips_on_a_list_copies_nothing(
    bench: Bench, written: list[str], key: str
) -> None:
    bench.name = ADMIN if key.startswith("p") else ""

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press(*key)
        await settled(pilot)
        lists = pilot.app.screen.focus_chain
        assert lists
        for one in lists:
            await pilot.mouse_down(one, offset=(3, 0))
            await pilot.hover(one, offset=(4, 0))
            await pilot.mouse_up(one, offset=(4, 0))
            await pilot.press("ctrl+c")
            await until_told(pilot, "to quit")
            pilot.app.clear_notifications()
        assert written == []

    play(bench, scenario)


def test_an_empty_selection_of_a_field_copies_nothing(bench: Bench, written: list[str]) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("slash", "a", "ctrl+c", "ctrl+x")
        await pilot.pause()
        assert written == []
        await pilot.press("shift+left", "ctrl+c")
        await until(pilot, lambda: written == [clipboard.osc52("a")])

    play(bench, scenario)
