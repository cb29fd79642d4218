"""The theme for terminals of sixteen colours, which uses the terminal's own."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter
from textual.theme import Theme

if TYPE_CHECKING:
    from textual.color import Color

# By these values rich finds the number of a colour; the terminal decides how it shows that
# number. Only these colours are light enough to be readable on its blue.
_BLACK, _BROWN, _BLUE, _CYAN = "#000000", "#aa5500", "#0000aa", "#00aaaa"
_LIGHT_GREY, _GREY = "#aaaaaa", "#555555"
_GREEN, _YELLOW, _BRIGHT_CYAN = "#55ff55", "#ffff55", "#55ffff"

THEME = Theme(
    name="nimble-16-colours",
    dark=True,
    primary=_BRIGHT_CYAN,
    secondary=_CYAN,
    accent=_BRIGHT_CYAN,
    success=_GREEN,
    warning=_BROWN,
    error=_BROWN,
    foreground=_LIGHT_GREY,
    background=_BLACK,
    surface=_BLACK,
    panel=_BLUE,
    variables={
        "edge": _GREY,
        "edge-focus": _BRIGHT_CYAN,
        "muted": _LIGHT_GREY,
        "faint": _GREY,
        "cursor": _BLUE,
        "cursor-blur": _BLUE,
        "hover": _BLACK,
        "ready": _GREEN,
        "moving": _BRIGHT_CYAN,
        "stopped": _LIGHT_GREY,
        "failed": _BROWN,
        "calm": _CYAN,
        "near": _BROWN,
        "nearer": _BROWN,
        "last": _YELLOW,
        "on-loud": _BLACK,
        "demo": _BRIGHT_CYAN,
        "on-demo": _BLACK,
    },
)


class NoBoldBlack(LineFilter):
    """Removes bold from black text, which such terminals show as grey."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return the segments of a line in a readable style."""
        return [
            Segment(text, style and _readable(style), control) for text, style, control in segments
        ]


@lru_cache(1024)
def _readable(style: Style) -> Style:
    black = style.color is not None and style.color.triplet == (0, 0, 0)
    return style + Style(bold=False) if style.bold and black else style
