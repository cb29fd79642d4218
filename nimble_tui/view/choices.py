"""Lines of a list of choices, as pieces of text with their styles."""

from typing import NamedTuple


class Piece(NamedTuple):
    """A text and its style; with a `width`, it is exactly that many terminal cells wide."""

    text: str
    style: str = ""
    width: int = 0


class Choosable(NamedTuple):
    """One line of a list of choices: its key and its pieces."""

    key: str
    pieces: tuple[Piece, ...]
