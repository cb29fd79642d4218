"""Text fields take effect key by key, in the order typed, also for keys that come in one read."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui import acts, people_bench
from tests.tui.bench import Bench, play, settled, until
from tests.tui.people_bench import ADMIN, page

BACKSPACE, CLEAR, LEFT = "backspace", "ctrl+u", "left"
SEED = 6605


def post(app: App[None], *keys: str) -> None:
    """Hand keys to the app as one read of the terminal does: none waits for the one before."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


@dataclass
class Line:
    """The expected content of a text field."""

    text: str = ""
    at: int = 0

    def press(self, key: str) -> None:
        before, after = self.text[: self.at], self.text[self.at :]
        match key:
            case "backspace":
                before = before[:-1]
            case "delete":
                after = after[1:]
            case "ctrl+u":
                before = ""
            case "ctrl+k":
                after = ""
            case "home" | "ctrl+a":
                before, after = "", before + after
            case "end" | "ctrl+e":
                before, after = before + after, ""
            case "left":
                before, after = before[:-1], before[-1:] + after
            case "right":
                before, after = before + after[:1], after[1:]
            case _:
                before += key
        self.text, self.at = before + after, len(before)


EDITS = (
    "backspace",
    "delete",
    "ctrl+u",
    "ctrl+k",
    "home",
    "ctrl+a",
    "end",
    "ctrl+e",
    "left",
    "right",
)
TYPED = (*"abc123é ", *EDITS)


async def renaming(pilot: Pilot[None]) -> Input:
    """Open the dialog that gives a workstation a name."""
    await acts.live(pilot)
    await pilot.press("e")
    await until(pilot, lambda: isinstance(pilot.app.focused, Input))
    return pilot.app.screen.query_one(Input)


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ((*"sq04", BACKSPACE, "3"), "sq03"),
        ((*"old", CLEAR, *"ab"), "ab"),
        ((*"maya", LEFT, LEFT, "x"), "maxya"),
    ],
)
def test_a_name_is_as_it_was_typed(bench: Bench, keys: Sequence[str], text: str) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        field = await renaming(pilot)
        post(pilot.app, *keys)
        await pilot.pause()
        assert field.value == text
        post(pilot.app, "end", "!", "enter", "?")
        await until(pilot, lambda: not acts.is_open(pilot, acts.RENAME))
        await until(pilot, lambda: any(one.title == f"{text}!" for one in acts.all_rows(pilot)))

    play(bench, scenario)


def test_any_keys_do_what_they_do_one_by_one(bench: Bench) -> None:
    chance = random.Random(SEED)  # noqa: S311

    async def scenario(pilot: Pilot[None]) -> None:
        field = await renaming(pilot)
        for _ in range(25):
            keys = chance.choices(TYPED, k=chance.randint(2, 14))
            line = Line()
            for key in keys:
                line.press(key)
            field.value = ""
            post(pilot.app, *keys)
            await pilot.pause()
            assert (field.value, field.cursor_position) == (line.text, line.at), keys

    play(bench, scenario)


def test_a_filter_is_as_it_was_typed(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await acts.live(pilot)
        await pilot.press("slash")
        post(pilot.app, *"sq04", BACKSPACE, "1", "8", "enter", "e")
        await acts.dialog_of(pilot, acts.RENAME)
        assert acts.filter_text(pilot) == "sq018"
        await pilot.press("escape", "slash")
        post(pilot.app, *"ab", "escape", "slash", *"cd", BACKSPACE)
        await pilot.pause()
        assert acts.filter_text(pilot) == screen.query_one("#filter", Input).value == "c"

    play(bench, scenario)


def test_the_filter_of_people_is_as_it_was_typed(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        await pilot.press("slash")
        post(pilot.app, *"maxr", BACKSPACE, BACKSPACE, "r", "a", "enter")
        await until(pilot, lambda: pilot.app.focused is people_bench.person_list(pilot))
        assert people_bench.filter_text(pilot) == "mara"

    play(bench, scenario)


def test_the_name_of_a_launch_is_as_it_was_typed(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("n")
        await acts.dialog_of(pilot, acts.LAUNCH)
        field = pilot.app.screen.query_one("#name", Input)
        pilot.app.screen.set_focus(field)
        post(pilot.app, *"maya", LEFT, LEFT, "x", "home", "delete", "M")
        await pilot.pause()
        assert field.value == "Maxya"

    play(bench, scenario)


def test_tab_and_enter_take_what_follows_to_another_field(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: pilot.app.focused is not None)
        await pilot.press("3")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        await settled(pilot)
        post(
            pilot.app,
            *"http:",
            BACKSPACE,
            "tab",
            *"use",
            BACKSPACE,
            "tab",
            "shift+tab",
            "x",
            "enter",
        )
        post(pilot.app, *"st", LEFT, "o")
        await pilot.pause()
        fields = [field.value for field in pilot.app.screen.query(Input)]
        assert fields[:3] == ["http", "usx", "sot"]

    play(bench, scenario, studio=None)


def test_a_secret_is_as_it_was_typed_and_pasted(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: pilot.app.focused is not None)
        await pilot.press("2")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        field = pilot.app.screen.query_one(Input)
        post(pilot.app, "a", "b")
        pilot.app.post_message(events.Paste("c\nd"))
        post(pilot.app, BACKSPACE, "e", LEFT, "f")
        await pilot.pause()
        assert field.value == "abc fe"

    play(bench, scenario, studio=None)


def test_the_palette_searches_what_was_typed(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        field = pilot.app.screen.query_one(Input)
        post(pilot.app, *"stpo", BACKSPACE, BACKSPACE, *"op")
        await pilot.pause()
        assert field.value == "stop"

    play(bench, scenario)
