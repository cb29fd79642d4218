"""The output of commands: tables and lines for people, JSON for programs."""

import json
import os
import select
import shutil
import sys
import time
import unicodedata
from collections.abc import Container, Sequence

from nimble_tui.core.model import SessionState, StreamingSession

_COLOURS = {"ready": "32", "moving": "33", "failed": "31", "quiet": "2", "loud": "1;31"}
_GAP = "  "
_NARROWEST = 12
_QUIET = {SessionState.STOPPED, SessionState.DELETED}


def version() -> str:
    """Return the version of the package, as it is installed."""
    from importlib import metadata

    return metadata.version("nimble-tui")


def print_json(answer: dict[str, object]) -> None:
    """Print an answer as JSON in visible ASCII; what could steer a terminal is escaped."""
    print(json.dumps(answer, indent=2, ensure_ascii=True))


def is_for_people() -> bool:
    """Return whether stdout is a terminal."""
    return sys.stdout.isatty()


def is_dumb() -> bool:
    """Return whether the terminal can neither colour nor move its cursor."""
    return os.environ.get("TERM") in {"dumb", "unknown"}


def coloured(text: str, style: str) -> str:
    """Return `text` in the colour of a style, where the terminal shows colours."""
    plain = os.environ.get("NO_COLOR") or is_dumb()
    code = _COLOURS.get(style)
    return text if plain or not code or not is_for_people() else f"\x1b[{code}m{text}\x1b[0m"


def style_of(session: StreamingSession) -> str:
    """Return the style of a workstation's state."""
    if session.in_transition:
        return "moving"
    if session.state in _QUIET:
        return "quiet"
    return "ready" if session.state == SessionState.READY else "failed"


Cell = str | tuple[str, str]


def print_table(
    heads: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    for_programs: Container[str] = (),
    giving_way: Sequence[str] = (),
) -> None:
    """Print columns; a cell is its text, or its text and its style.

    In a terminal the columns `for_programs` are left out, and where a row would not fit those
    `giving_way` are cut, one after the other; else the first. On a pipe all is whole.
    """
    shown = [n for n, head in enumerate(heads) if not (is_for_people() and head in for_programs)]
    table = [
        [(heads[n], "quiet") for n in shown],
        *([_styled(row[n]) for n in shown] for row in rows),
    ]
    widths = {heads[n]: max(width_of(row[at][0]) for row in table) for at, n in enumerate(shown)}
    if is_for_people():
        _fit(widths, giving_way or heads[:1])
    for row in table:
        cells = [
            (cut(text, width), style, width)
            for (text, style), width in zip(row, widths.values(), strict=True)
        ]
        padded = [
            coloured(text, style) + " " * (width - width_of(text)) for text, style, width in cells
        ]
        print(_GAP.join(padded).rstrip())


def _fit(widths: dict[str, int], giving_way: Sequence[str]) -> None:
    """Make columns narrower until a row fits in the terminal, as far as possible."""
    room = shutil.get_terminal_size().columns - len(_GAP) * (len(widths) - 1)
    for head in filter(widths.__contains__, giving_way):
        over = max(sum(widths.values()) - room, 0)
        widths[head] = min(widths[head], max(widths[head] - over, _NARROWEST))


def print_pairs(pairs: Sequence[tuple[str, str]]) -> None:
    """Print names and what they stand for, one a line."""
    widest = max(width_of(name) for name, _ in pairs)
    for name, value in pairs:
        print(f"{name}{' ' * (widest - width_of(name))}  {value}")


def width_of(text: str) -> int:
    """Return how many columns a terminal gives to a text that is safe to show."""
    return sum(_columns(character) for character in text)


def cut(text: str, width: int) -> str:
    """Return a text cut to a width, with an ellipsis where something is missing."""
    if width_of(text) <= width:
        return text
    kept = ""
    for character in text:
        if width_of(kept + character) >= width:
            break
        kept += character
    return f"{kept}…"


def _styled(cell: Cell) -> tuple[str, str]:
    return (cell, "") if isinstance(cell, str) else cell


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pause(seconds: float) -> None:
    """Wait; BrokenPipeError as soon as stdout is closed by its reader, where poll can detect it."""
    try:
        answer = select.poll()
        answer.register(sys.stdout.fileno(), 0)  # errors are always polled for
    except (AttributeError, OSError):
        time.sleep(seconds)
        return
    if answer.poll(seconds * 1000):
        raise BrokenPipeError
