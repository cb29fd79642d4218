"""What commands print: tables and lines for people, JSON for programs."""

import json
import os
import sys
import unicodedata
from collections.abc import Sequence

_COLOURS = {"ready": "32", "moving": "33", "failed": "31", "quiet": "2", "loud": "1;31"}
_WIDEST = 40


def version() -> str:
    """Return the version of the package, as it is installed."""
    from importlib import metadata

    return metadata.version("nimble-tui")


def print_json(answer: dict[str, object]) -> None:
    """Print an answer as JSON in ASCII; what could steer a terminal is escaped."""
    # DEL is the one such character that JSON lets through, and it is never outside a text.
    print(json.dumps(answer, indent=2).replace("\x7f", "\\u007f"))


def is_for_people() -> bool:
    """Return whether stdout is a terminal."""
    return sys.stdout.isatty()


def coloured(text: str, style: str) -> str:
    """Return `text` in the colour of a style, where the terminal shows colours."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    code = _COLOURS.get(style)
    return text if plain or not code or not is_for_people() else f"\x1b[{code}m{text}\x1b[0m"


Cell = str | tuple[str, str]


def print_table(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Print columns; a cell is its text, or its text and its style.

    In a terminal long texts are cut; on a pipe they are whole. The columns are the same.
    """
    longest = _WIDEST if is_for_people() else None
    cells = [[_cell(cell, longest) for cell in row] for row in rows]
    heads_row = [(head, "quiet") for head in heads]
    widths = [
        max(width_of(row[column][0]) for row in [heads_row, *cells]) for column in range(len(heads))
    ]
    for row in [heads_row, *cells]:
        padded = [
            coloured(text, style) + " " * (width - width_of(text))
            for (text, style), width in zip(row, widths, strict=True)
        ]
        print("  ".join(padded).rstrip())


def print_pairs(pairs: Sequence[tuple[str, str]]) -> None:
    """Print names and what they stand for, one a line."""
    widest = max(width_of(name) for name, _ in pairs)
    for name, value in pairs:
        print(f"{name}{' ' * (widest - width_of(name))}  {value}")


def width_of(text: str) -> int:
    """Return how many columns a terminal gives to a text that is safe to show."""
    return sum(_columns(character) for character in text)


def _cell(cell: Cell, longest: int | None) -> tuple[str, str]:
    text, style = (cell, "") if isinstance(cell, str) else cell
    if longest is None or width_of(text) <= longest:
        return text, style
    kept = ""
    for character in text:
        if width_of(kept + character) > longest - 1:
            break
        kept += character
    return f"{kept}…", style


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
