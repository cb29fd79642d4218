"""Lines to choose one of, as pieces of text with their styles."""

from typing import NamedTuple


class Piece(NamedTuple):
    """A text and its style; with a `width`, it takes exactly that many terminal cells."""

    text: str
    style: str = ""
    width: int = 0


class Choosable(NamedTuple):
    """One line to choose: its key, and its pieces."""

    key: str
    pieces: tuple[Piece, ...]
