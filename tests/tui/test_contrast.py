"""The contrast of every text in every theme, by WCAG 2.1."""

import re
from itertools import product
from pathlib import Path

import pytest
from rich._palettes import STANDARD_PALETTE
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.pilot import Pilot
from textual.theme import Theme
from textual.widgets import Input

from nimble_tui import tui
from nimble_tui.config.settings import Settings
from nimble_tui.tui.sixteen_colours import THEME, NoBoldBlack
from nimble_tui.tui.theme import THEMES
from tests.tui import acts
from tests.tui.bench import Bench, play

LEAST = 4.5
"""The ratio that WCAG 2.1 asks of text (success criterion 1.4.3)."""
STYLES = next(Path(tui.__file__).parent.rglob("main.tcss"))
XTERM = (
    *("#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5"),
    *("#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff"),
)
"""The default sixteen colours of an xterm."""
DIMMED = int(re.findall(r"opacity: (\d+)%", STYLES.read_text())[0]) / 100
"""The opacity of lists that are not live."""
GROUNDS = ("background", "surface", "panel", "cursor", "cursor-blur", "hover")
TEXTS = (
    *("foreground", "muted", "accent", "ready", "moving", "stopped", "failed", "calm"),
    *("near", "nearer", "last"),
)
PLATES = (
    *(("on-loud", "last"), ("on-demo", "demo"), ("on-demo", "muted")),
    ("background", "accent"),
)
"""Text on a plate of its own: an alarm, a badge, the button under the cursor."""


def colours(theme: Theme) -> dict[str, Color]:
    named = {
        "foreground": theme.foreground,
        "background": theme.background,
        "surface": theme.surface,
        "panel": theme.panel,
        "accent": theme.accent,
        **theme.variables,
    }
    return {name: Color.parse(value) for name, value in named.items() if value}


def luminance(colour: Color) -> float:
    """Return the relative luminance of a colour, as WCAG 2.1 defines it."""
    parts = [part / 255 for part in (colour.r, colour.g, colour.b)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_text_can_be_read(theme: Theme) -> None:
    named = colours(theme)
    pairs = [*product(TEXTS, GROUNDS), *PLATES]
    named |= {f"dimmed {text}": named["background"].blend(named[text], DIMMED) for text in TEXTS}
    pairs += [(f"dimmed {text}", "background") for text in TEXTS]
    ratios = {(text, on): contrast(named[text], named[on]) for text, on in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < LEAST} == {}


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_a_hint_in_an_empty_field_can_be_read(bench: Bench, theme: Theme) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("slash")
        field = pilot.app.screen.query_one("#filter", Input)
        style = field.get_component_rich_style("input--placeholder")
        assert style.color is not None
        assert style.bgcolor is not None
        text, ground = (Color.from_rich_color(one) for one in (style.color, style.bgcolor))
        assert contrast(text, ground) >= LEAST

    play(bench, scenario, settings=Settings(theme=theme.name))


def in_xterm(colour: Color, *, bold: bool = False) -> Color:
    """Return a colour as a plain xterm shows it, which takes bold for bright."""
    number = colour.rich_color.downgrade(ColorSystem.STANDARD).number
    assert number is not None
    return Color.parse(XTERM[number + 8 if bold and number < 8 else number])


def test_sixteen_colours_are_the_terminals_own_and_urgent_is_the_most_legible() -> None:
    named = colours(THEME)
    shown = {name: in_xterm(colour) for name, colour in named.items()}
    bold = {name: in_xterm(colour, bold=True) for name, colour in named.items()}
    ratios = {pair: contrast(shown[pair[0]], shown[pair[1]]) for pair in product(TEXTS, GROUNDS)}
    in_bold = {pair: contrast(bold[pair[0]], shown[pair[1]]) for pair in product(TEXTS, GROUNDS)}
    plates = {pair: contrast(shown[pair[0]], shown[pair[1]]) for pair in PLATES}
    every = {**ratios, **plates}
    for colour in named.values():
        triplet = colour.rich_color.get_truecolor()
        assert STANDARD_PALETTE[STANDARD_PALETTE.match(triplet)] == triplet
    assert {pair: one for pair, one in every.items() if one < LEAST} == {}
    assert {pair: one for pair, one in in_bold.items() if one < LEAST} == {}
    assert plates["on-loud", "last"] == max(every.values())
    for ground in GROUNDS:
        others = [ratios[text, ground] for text in TEXTS if text != "last"]
        assert ratios["last", ground] > max(others)


def test_black_text_is_not_bold_in_sixteen_colours() -> None:
    line = [
        Segment("loud", Style.parse("bold #000000 on #ffff55")),
        Segment("name", Style(bold=True)),
    ]
    loud, name = NoBoldBlack().apply(line, Color.parse("black"))
    assert loud.style == Style.parse("not bold #000000 on #ffff55")
    assert name == line[1]


def test_without_colours_the_most_urgent_name_is_no_dimmer_than_the_others(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        rows = acts.session_list(pilot)
        styles = [
            style
            for row in (rows.rows[0], rows.rows[-1])
            for text, style in rows.paint(row, 60)[0].pieces()
            if row.title in text
        ]
        assert styles == ["bold underline", "bold"]

    play(bench, scenario)
