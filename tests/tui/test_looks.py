"""The three looks: every text can be read on everything it may stand on."""

import pytest
from textual.color import Color
from textual.theme import Theme

from nimble_tui.tui import theme

TEXTS = (
    "muted",
    "ready",
    "moving",
    "stopped",
    "failed",
    "near",
    "nearer",
    "last",
    "edge-focus",
)
GROUNDS = ("background", "surface", "panel", "cursor", "cursor-blur", "hover")


def contrast(one: Color, other: Color) -> float:
    """Return the contrast of two colours, 1 to 21.

    Source: WCAG 2.2, relative luminance and contrast ratio.
    """

    def luminance(colour: Color) -> float:
        parts = (channel / 255 for channel in colour.rgb)
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def colour(look: Theme, name: str) -> Color:
    found = look.variables.get(name) or getattr(look, name)
    assert isinstance(found, str)
    return Color.parse(found)


PAIRS = [
    *((text, ground) for text in (*TEXTS, "foreground") for ground in GROUNDS),
    ("on-loud", "last"),
    ("on-demo", "demo"),
    ("on-demo", "muted"),
    ("background", "accent"),
]


@pytest.mark.parametrize("look", theme.THEMES, ids=lambda look: look.name)
def test_every_text_can_be_read(look: Theme) -> None:
    least = 7.0 if look is theme.HIGH_CONTRAST else 4.5
    found = {(text, on): contrast(colour(look, text), colour(look, on)) for text, on in PAIRS}
    assert {pair: ratio for pair, ratio in found.items() if ratio < least} == {}


@pytest.mark.parametrize("look", theme.THEMES, ids=lambda look: look.name)
def test_bars_and_edges_can_be_told_from_what_they_stand_on(look: Theme) -> None:
    for name in ("calm", "edge-focus", "moving", "last"):
        assert contrast(colour(look, name), colour(look, "background")) >= 3


@pytest.mark.parametrize("look", theme.THEMES, ids=lambda look: look.name)
def test_every_look_names_every_colour(look: Theme) -> None:
    assert set(look.variables) == set(theme.NAMES)


def test_a_theme_is_known_by_its_short_name_too_and_a_wrong_one_is_the_first() -> None:
    assert theme.full_name("light") == "nimble-light"
    assert theme.full_name("nimble-high-contrast") == "nimble-high-contrast"
    assert theme.full_name("dracula") == "nimble-dark"
    assert theme.following("dracula") == "nimble-dark"
