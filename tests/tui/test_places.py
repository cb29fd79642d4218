"""The places of toasts, and of dialogs in a low window."""

from functools import partial
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Button
from textual.widgets._toast import Toast

from nimble_tui.core.text import in_lines
from nimble_tui.view.notices import Notice
from tests.tui import acts
from tests.tui.bench import Bench, play, seen, settled, told, until, until_told

SIZES = [(80, 24), (80, 12), (200, 60)]


def drawn(screen: Screen[Any]) -> bool:
    """Return whether all three toasts have their place."""
    toasts = screen.query(Toast)
    return len(toasts) == 3 and all(one.region.height for one in toasts)


@pytest.mark.parametrize("size", SIZES)
def test_a_toast_covers_no_reason_and_no_button(bench: Bench, size: tuple[int, int]) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await acts.live(pilot)
        app = pilot.app
        for number in range(3):
            app.notify("word " * 30, title=f"Something to be read {number}", timeout=60)
        await until(pilot, lambda: drawn(screen))
        pane = acts.detail_pane(pilot).region
        if screen.has_class("-very-wide"):
            pane = pane.crop_size((pane.width, pane.height // 2))
        for toast in screen.query(Toast):
            covered = screen.find_widget(toast).visible_region
            assert not (acts.detail_pane(pilot).display and covered.overlaps(pane))
        for key in ("d", "e", "n"):
            bench.clock.advance(1)
            await pilot.press(key)
            await settled(pilot)
            dialog = app.screen
            assert dialog is not screen
            await until(pilot, partial(drawn, dialog))
            for toast in dialog.query(Toast):
                covered = dialog.find_widget(toast).visible_region
                assert not any(covered.overlaps(one.region) for one in dialog.query(Button))
            await pilot.press("escape")

    play(bench, scenario, size=size)


def test_a_toast_that_repeats_the_details_leaves_with_the_next_key_once_it_could_be_read(
    bench: Bench,
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        bench.clock.advance(4)
        acts.notify(pilot, Notice("It covers the first row.", "Read", seconds=60, about="one"))
        acts.notify(pilot, Notice("Nothing repeats it.", "Only here", seconds=60))
        await until_told(pilot, "Only here")
        await pilot.press("down")
        assert "Read: " in told(pilot.app)
        bench.clock.advance(4)
        await pilot.press("down")
        await until(pilot, lambda: "Read: " not in told(pilot.app))
        assert "Only here: " in told(pilot.app)

    play(bench, scenario)


@pytest.mark.parametrize("size", [(80, 12), (60, 10)])
def test_a_dialog_fits_a_low_window(bench: Bench, size: tuple[int, int]) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        for key, word in (("d", "Delete"), ("e", "Rename")):
            bench.clock.advance(1)
            await pilot.press(key)
            await settled(pilot)
            box = pilot.app.screen.query_one(".dialog").region
            assert pilot.app.screen.region.contains_region(box)
            assert word in seen(pilot.app)
            await pilot.press("escape")

    play(bench, scenario, size=size)


def test_what_is_about_to_be_deleted_offers_keep(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        assert acts.selected(pilot) is acts.rows(pilot)[0]
        assert [one.action.id for one in acts.key_bar(pilot) if one.refusal_reason is None][
            2:4
        ] == [
            "keep",
            "start",
        ]
        assert (
            next(one.action for one in acts.detail_pane(pilot).detail.options if one.allowed)
            == "keep"
        )
        await pilot.press("end")
        assert "keep" not in {one.action.id for one in acts.key_bar(pilot)}

    play(bench, scenario)


def test_a_sentence_breaks_between_words() -> None:
    text = "sq042 lighting stops at 15:30, Comp · qs2y and an address:https://example.com/a"
    lines = in_lines(text, 20).split("\n")
    assert " ".join(lines) == text
    assert max(map(len, lines[:-1])) <= 20
    assert in_lines("  set back a little", 12) == "  set back a\n  little"
    assert in_lines("字字字字 字字", 10) == "字字字字\n字字"
    assert in_lines("", 10) == ""
