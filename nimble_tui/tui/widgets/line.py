"""One line of a list, built from pieces and measured in terminal cells."""

from collections.abc import Callable

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip


def fit(text: str, width: int) -> str:
    """Return `text` in at most `width` cells, shortened with an ellipsis if needed."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…"


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return `text` in exactly `width` cells, at the left or at the `right`."""
    text = fit(text, width)
    blank = " " * (width - cell_len(text))
    return blank + text if right else text + blank


class Line:
    """A line that is filled from the left; each piece names its style."""

    def __init__(self, width: int) -> None:
        self._left = width
        self._width = width
        self._pieces: list[tuple[str, str]] = []

    @property
    def left(self) -> int:
        """The number of free cells."""
        return self._left

    def add(self, text: str, style: str = "") -> "Line":
        """Add a piece, cut to the free cells."""
        text = fit(text, self._left)
        if text:
            self._pieces.append((text, style))
            self._left -= cell_len(text)
        return self

    def skip_to(self, free: int) -> "Line":
        """Add blanks until only `free` cells are left."""
        return self.add(" " * (self._left - free))

    def pieces(self, ground: str = "") -> list[tuple[str, str]]:
        """Return the pieces, filled up with blanks, each with its style on a `ground`."""
        self.skip_to(0)
        return [(text, f"{style}{ground}".strip()) for text, style in self._pieces]

    def strip(self, style_of: Callable[[str], Style]) -> Strip:
        """Return the line as Textual draws it, filled up with blanks."""
        self.skip_to(0)
        return Strip([Segment(text, style_of(name)) for text, name in self._pieces], self._width)
