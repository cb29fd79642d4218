"""Looking again and again, until a workstation has done what it was told."""

import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from nimble_tui.cli.errors import say
from nimble_tui.core.cadence import Intervals, Seen, seconds_to_next_look
from nimble_tui.core.clock import Clock, SystemClock
from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.core.service import ErrorKind, StudioError, StudioService

# What may be over the next time one looks; anything else stays as it is.
_PASSING = {
    ErrorKind.UNREACHABLE,
    ErrorKind.THROTTLED,
    ErrorKind.TROUBLE,
    ErrorKind.NOT_UNDERSTOOD,
    ErrorKind.UNCERTAIN,
}


@dataclass
class Patience:
    """How to wait: how often to look, and for how many seconds to bear a studio that is away."""

    intervals: Intervals
    name: str
    bear: float = 300.0
    clock: Clock = field(default_factory=SystemClock)
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


def until_settled(
    service: StudioService, seen: StreamingSession, patience: Patience
) -> tuple[StreamingSession, bool]:
    """Look until the workstation is no longer in transition; return it as seen last.

    The second value says that it was being deleted and then was gone. StudioError when a look
    fails for good.
    """
    progress = _Progress(patience)
    failures, since, asked = 0, 0.0, 0.0
    try:
        while seen.in_transition:
            look = Seen(patience.clock.now(), in_transition=True, failures=failures)
            wait = seconds_to_next_look(look, patience.intervals, patience.chance())
            progress.show(seen)
            patience.sleep(max(wait, asked))
            try:
                seen, failures, asked = service.get_streaming_session(seen.session_id), 0, 0.0
            except StudioError as error:
                deleting = seen.state == SessionState.DELETE_IN_PROGRESS
                if error.kind == ErrorKind.NOT_FOUND and deleting:
                    return seen, True
                since = since if failures else patience.clock.monotonic()
                if error.kind not in _PASSING or (
                    patience.clock.monotonic() - since > patience.bear
                ):
                    raise
                if not failures:
                    progress.end()
                    say(f"{error.message} Still waiting.")
                failures, asked = failures + 1, error.retry_after
    finally:
        progress.end()
    return seen, False


class _Progress:
    """One line on stderr that says what is going on, where somebody sees it."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._began = patience.clock.monotonic()
        self._shown = False

    def show(self, seen: StreamingSession) -> None:
        """Write the line anew."""
        if not sys.stderr.isatty():
            return
        seconds = int(self._patience.clock.monotonic() - self._began)
        line = f"{self._patience.name}: {seen.state} {seconds // 60}:{seconds % 60:02}"
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
        self._shown = True

    def end(self) -> None:
        """Clear the line."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._shown = False
