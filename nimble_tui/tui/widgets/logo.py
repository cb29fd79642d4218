"""The app's name in large letters."""

from __future__ import annotations

from textual.color import Color, Gradient
from textual.content import Content
from textual.widget import Widget

_DRAWN = (
    "        ██              ██      ██        ",
    "▄▄▄▄▄   ▄▄  ▄▄▄▄▄▄▄▄▄   ██▄▄▄   ██   ▄▄▄▄ ",
    "██  ██  ██  ██  ██  ██  ██  ██  ██  ██▄▄██",
    "██  ██  ██  ██  ██  ██  ██▄▄█▀  ██  ▀█▄▄▄▄",
)
_COLOURS = ("accent", "moving", "ready")


class Logo(Widget):
    """`nimble` in block letters, with a gradient of the theme's colours."""

    def render(self) -> Content:
        """Return the logo in the current theme's colours."""
        colours = self.app.theme_variables
        gradient = Gradient.from_colors(*(Color.parse(colours[name]) for name in _COLOURS))
        width = len(_DRAWN[0])
        hues = [gradient.get_color(place / width).hex for place in range(width)]
        lines = (Content.assemble(*zip(line, hues, strict=True)) for line in _DRAWN)
        return Content("\n").join(lines)
