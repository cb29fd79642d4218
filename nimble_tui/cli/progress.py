"""Progress of a wait: a moving line on a terminal, else one line per change."""

import shutil
import sys
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Self

from nimble_tui.cli.errors import say
from nimble_tui.cli.output import cut, is_dumb, width_of
from nimble_tui.core.clock import Clock
from nimble_tui.core.durations import in_words
from nimble_tui.core.model import StreamingSession
from nimble_tui.core.people.model import MOST_AT_ONCE
from nimble_tui.core.usual_durations import Change, usual_duration

_BAR = 20
_TICK = 1.0
_LONG = timedelta(minutes=15)
"""Longer than any change takes, for changes of unknown duration."""

_CLEARED = "\r\x1b[K"


def is_terminal() -> bool:
    """Return whether a line can be drawn again and a person sees it."""
    return sys.stderr.isatty() and not is_dumb()


def draw_line(line: str) -> None:
    """Draw a line over the previous one, cut to one row."""
    room = shutil.get_terminal_size().columns - 1
    print(f"{_CLEARED}{cut(line, room)}", end="", file=sys.stderr, flush=True)


def clear_line() -> None:
    """Clear the drawn line."""
    if is_terminal():
        print(_CLEARED, end="", file=sys.stderr, flush=True)


class Count:
    """Reports on stderr how much of a list is done, if it takes more than one request."""

    def __init__(self, items: str) -> None:
        self._items = items
        self._drawn = False

    def update(self, done: int, total: int) -> None:
        """Report how many are done, and of how many."""
        if total <= MOST_AT_ONCE:
            return
        line = f"{done} of {total} {self._items}"
        if is_terminal():
            draw_line(line)
            self._drawn = True
        else:
            say(f"{line}.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawn:
            clear_line()


class Progress:
    """Reports the progress of a workstation on stderr."""

    def __init__(
        self,
        name: str,
        clock: Clock,
        sleep: Callable[[float], None],
        known: Iterable[Change] = (),
    ) -> None:
        self._name = name
        self._clock = clock
        self._sleep = sleep
        self._known = tuple(known)
        self._began = clock.monotonic()
        self._reported: str | None = None
        self._drawn = False
        self._since = self._began
        self._next = _LONG

    def rest(self, latest: StreamingSession, seconds: float) -> None:
        """Wait for some seconds, and report the progress."""
        state = latest.state or "UNKNOWN"
        if not is_terminal():
            self._report(latest, state)
            self._sleep(seconds)
            return
        while seconds > 0:
            self._draw(latest, state)
            self._sleep(min(seconds, _TICK))
            seconds -= _TICK

    def _report(self, latest: StreamingSession, state: str) -> None:
        """Report each state once, then each time its duration has doubled beyond the usual."""
        now = self._clock.monotonic()
        if state != self._reported:
            say(f"{self._name}: {state}.")
            self._reported, self._since = state, now
            self._next = usual_duration(self._known, latest) or _LONG
            return
        passed = timedelta(seconds=now - self._since)
        if passed > self._next:
            say(f"{self._name}: {state} for {in_words(passed)}, longer than usual.")
            self._next = 2 * passed

    def end(self) -> None:
        """Clear the line."""
        if self._drawn:
            clear_line()
            self._drawn = False

    def _draw(self, latest: StreamingSession, state: str) -> None:
        passed = timedelta(seconds=self._clock.monotonic() - self._began)
        tail = f"{state} {in_words(passed, seconds=True)}"
        length = usual_duration(self._known, latest)
        if not length and passed > _LONG:
            tail += " longer than usual"
        if length:
            filled = round(min(passed / length, 1.0) * _BAR)
            about = "longer than usual" if passed > length else f"usually {in_words(length)}"
            tail += f" {'█' * filled}{'░' * (_BAR - filled)} {about}"
        room = shutil.get_terminal_size().columns - 1
        name = cut(self._name, max(room - width_of(tail) - 2, 4))
        draw_line(f"{name}: {tail}")
        self._drawn = True
