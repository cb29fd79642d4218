"""Questions to the person at the terminal."""

import getpass
import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

from nimble_tui.cli import exit_codes
from nimble_tui.cli.exit_codes import Stop

LONGEST = 64 * 1024
# A paste of several lines comes in one go; what follows a line this soon belongs to it.
_PASTE_GAP = 0.2


def can_ask() -> bool:
    """Return whether a person can answer at a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def need_terminal(instead: str) -> None:
    """End the command if there is no terminal; `instead` says what to do then."""
    if not can_ask():
        raise Stop(exit_codes.USAGE, f"A prompt needs a terminal; {instead}")


def ask(question: str) -> str:
    """Return a line as it was typed, without blanks around it."""
    print(question, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        print(file=sys.stderr)
        raise Stop(exit_codes.FAILED, "No changes made.")
    return line.strip()


def agree(question: str, instead: str = "add --yes to confirm.") -> None:
    """Prompt for a yes; Stop on any other answer, and without a terminal (`instead`)."""
    need_terminal(instead)
    if ask(f"{question} [y/N] ").casefold() not in {"y", "yes"}:
        raise Stop(exit_codes.FAILED, "No changes made.")


def ask_hidden(question: str) -> str:
    """Return the hidden input, typed or pasted, without surrounding blanks.

    A paste may be longer than the lines that a terminal collects by itself (1,024 bytes on macOS,
    4,095 on Linux) and hold line breaks: all of it is taken.
    """
    if os.name == "posix":
        try:
            return _read_unseen(question, sys.stdin.fileno()).strip()
        finally:
            print(file=sys.stderr, flush=True)
    return getpass.getpass(question, stream=sys.stderr).strip()


def _read_unseen(question: str, terminal: int) -> str:
    typed = bytearray()
    with _unseen(terminal):
        # Only now, because the answer may be pasted as soon as the question is visible.
        print(question, end="", file=sys.stderr, flush=True)
        while len(typed) < LONGEST:
            piece = os.read(terminal, 4096)
            typed += piece
            if not piece or b"\x04" in piece:
                break
            ended = piece[-1:] in {b"\r", b"\n"}
            if ended and not select.select([terminal], [], [], _PASTE_GAP)[0]:
                break
    return _as_meant(typed.decode(errors="replace"))


def _as_meant(typed: str) -> str:
    """Return the input with corrections applied and bracketed-paste marks removed."""
    meant: list[str] = []
    for character in typed.replace("\x1b[200~", "").replace("\x1b[201~", ""):
        if character in {"\x7f", "\b"}:
            del meant[-1:]
        elif character == "\x15":
            meant.clear()
        elif character != "\x04":
            meant.append(character)
    return "".join(meant)


@contextmanager
def _unseen(terminal: int) -> Iterator[None]:
    """Turn off echo and line buffering; ctrl+c still interrupts."""
    import termios

    with restored(terminal):
        quiet = termios.tcgetattr(terminal)
        quiet[3] &= ~(termios.ECHO | termios.ICANON)
        quiet[6][termios.VMIN] = 1
        quiet[6][termios.VTIME] = 0
        termios.tcsetattr(terminal, termios.TCSADRAIN, quiet)
        yield


@contextmanager
def restored(terminal: int) -> Iterator[None]:
    """Leave the terminal as it was, also where a signal ends the program; POSIX only."""
    import termios

    attributes = termios.tcgetattr(terminal)
    # One that is ignored, as under nohup, stays so.
    handlers = {
        number: signal.signal(number, _end)
        for number in (signal.SIGTERM, signal.SIGHUP)
        if signal.getsignal(number) == signal.SIG_DFL
    }
    try:
        yield
    finally:
        # The other end of a terminal may be gone.
        with suppress(termios.error):
            termios.tcsetattr(terminal, termios.TCSAFLUSH, attributes)
        for number, handler in handlers.items():
            signal.signal(number, handler)


def _end(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
