"""Names and titles from outside, whatever they hold, on every part of the People screen."""

import pytest
from textual.pilot import Pilot

from nimble_tui.core.text import clean
from tests.tui import people_bench
from tests.tui.bench import Bench, play, seen, settled, told, until_on
from tests.tui.people_bench import ADMIN, made_up, page, press, tell

NAMES = (
    "[/oops]",
    "[link=https://evil.example]x",
    "proj[v2]",
    "[bold red]shout[/]",
    "\x1b]52;c;ZXZpbA==\x07\x1b[2J",
    "\u202etxet desrever",
    "日本語の名前 の とても長い 名前" * 4,
    "é" + "́" * 60,
    "$x {braces} %s",
    "",
)


# Taken through every dialog: what could be read as markup and is long always, each in a long run.
ALL_AT_ONCE = "[/oops] $x {braces} %s " + "日本語の名前 の とても長い 名前" * 4


@pytest.mark.parametrize(
    "name",
    [ALL_AT_ONCE, *(pytest.param(name, marks=pytest.mark.slow) for name in NAMES)],
    ids=[f"name {number}" for number in range(len(NAMES) + 1)],
)
def test_a_name_only_ever_shows_itself(bench: Bench, name: str) -> None:
    bench.name = ADMIN
    shown = clean(name) or "no name"
    people = made_up([shown, f"{shown} too", "Myself"], [f"{shown} profile", "Comp"])

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        await tell(pilot, people)
        people_bench.rows(pilot).select("person-000001")
        for keys in (
            ("m", "right", "left"),
            ("m",),
            ("a", "escape"),
            ("x", "enter", "escape"),
            ("A", "escape"),
            ("v", "down", "enter", "escape"),
            ("z", "escape"),
            ("f", *"x", "enter", "escape"),
            ("n", "space", "enter", "up", "down", "escape"),
            ("o", "up", "down", "escape"),
            ("question_mark", "escape"),
        ):
            await press(pilot, bench, *keys)
            everything = seen(pilot.app) + told(pilot.app)
            assert "\x1b" not in everything
            assert "\u202e" not in everything
            pilot.app.clear_notifications()
            await tell(pilot, people)
        await settled(pilot)
        await until_on(pilot, opened)

    play(bench, scenario)
