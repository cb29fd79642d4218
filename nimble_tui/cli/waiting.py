"""Polling until a workstation has finished its transition."""

import math
import random
import time
from argparse import Namespace
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from nimble_tui.cli import exit_codes, preload
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.progress import Progress
from nimble_tui.config.settings import Settings
from nimble_tui.core.cadence import Intervals, PollState, seconds_to_next_poll
from nimble_tui.core.clock import Clock, SystemClock
from nimble_tui.core.durations import in_words
from nimble_tui.core.model import FAILED_STATES, SessionState, StreamingSession
from nimble_tui.core.service import ErrorKind, StudioError, StudioService
from nimble_tui.core.text import clean, clean_id
from nimble_tui.core.usual_durations import Change, changes

_REMEMBERED = timedelta(days=90)

# Errors that the next poll may not have; any other is final.
TEMPORARY = frozenset(
    {
        ErrorKind.UNREACHABLE,
        ErrorKind.THROTTLED,
        ErrorKind.TROUBLE,
        ErrorKind.NOT_UNDERSTOOD,
        ErrorKind.UNCERTAIN,
    }
)
_SETTLED = FAILED_STATES | {SessionState.READY, SessionState.STOPPED, SessionState.DELETED}
_DELETING = SessionState.DELETE_IN_PROGRESS
_BELIEVED = 3


@dataclass
class WaitOptions:
    """Options of a wait: the poll interval, and how many seconds of failed polls to tolerate.

    `known` is how long changes took before, `timeout` after how many seconds to give up.
    """

    intervals: Intervals
    name: str
    retry_for: float = 300.0
    clock: Clock = field(default_factory=SystemClock)
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    known: tuple[Change, ...] = ()
    timeout: float | None = None
    ends_at: float | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if self.timeout is not None:
            self.ends_at = self.clock.monotonic() + self.timeout

    @property
    def left(self) -> float:
        """The seconds that are left, infinite without a time-out."""
        return math.inf if self.ends_at is None else self.ends_at - self.clock.monotonic()

    def check_time(self, latest: StreamingSession) -> None:
        """Raise TimedOut if no time is left; `latest` is the workstation's latest state."""
        if self.left <= 0:
            raise TimedOut(latest, self)


class TimedOut(Stop):
    """Ends a wait at its time-out; `latest` is the workstation's latest state."""

    def __init__(self, latest: StreamingSession, options: WaitOptions) -> None:
        length = in_words(timedelta(seconds=options.timeout or 0.0), seconds=True)
        super().__init__(
            exit_codes.TIMED_OUT,
            f"{options.name}: still {_state(latest)} after {length} (--timeout). The studio "
            "continues. Check with nimble-tui sessions.",
        )
        self.latest = latest


def check_timeout(args: Namespace, *, waits: bool, needed: str = "--wait") -> None:
    """Stop where --timeout is given and nothing is waited for."""
    if args.timeout is not None and not waits:
        raise Stop(exit_codes.USAGE, f"--timeout limits a wait; add {needed}.")


def wait(
    service: StudioService,
    latest: StreamingSession,
    settings: Settings,
    name: str,
    timeout: float | None = None,
) -> tuple[StreamingSession, bool]:
    """Wait until the workstation is no longer in transition, as `wait_until_settled` does."""
    return wait_until_settled(
        service, latest, wait_options(service, latest, settings, name, timeout)
    )


def wait_options(
    service: StudioService,
    latest: StreamingSession,
    settings: Settings,
    name: str,
    timeout: float | None = None,
) -> WaitOptions:
    """Return how to wait for a workstation; say which other ones Keep has still to stop.

    `timeout` is in seconds from now; without one there is no end.
    """
    known: tuple[Change, ...] = ()
    with suppress(StudioError):  # a journal that cannot be read ends no wait
        for session_id in sorted(service.keeping() - {latest.session_id}):
            end = clean_id(session_id)[-4:]
            say(
                f"Keep is not finished for workstation {end}. The app stops it again, or run: "
                f"nimble-tui keep {end} --wait"
            )
        known = changes(service.history(SystemClock().now() - _REMEMBERED))
    return WaitOptions(settings.refresh, name, known=known, timeout=timeout)


def wait_until_settled(
    service: StudioService,
    latest: StreamingSession,
    options: WaitOptions,
    *,
    at_least_once: bool = False,
) -> tuple[StreamingSession, bool]:
    """Poll until the workstation is no longer in transition; return its latest state.

    The request is already accepted, so one bad reply ends nothing: a poll with a temporary error or
    an unknown state is repeated for as long as `options` allows, any other error is final at the
    third time in a row. The second value says that the workstation was being deleted and no longer
    exists. Raises StudioError, and TimedOut at the time-out of `options`.
    """
    preload.for_commands()
    progress = Progress(options.name, options.clock, options.sleep, options.known)
    bad = _Bad(options)
    try:
        while at_least_once or latest.state not in _SETTLED:
            fetch_lists = PollState(options.clock.now(), in_transition=True, failures=bad.count)
            wait = seconds_to_next_poll(fetch_lists, options.intervals, options.chance())
            options.check_time(latest)
            progress.rest(latest, min(max(wait, bad.retry_after), options.left))
            try:
                latest = service.get_streaming_session(latest.session_id)
            except StudioError as error:
                if error.kind == ErrorKind.NOT_FOUND and latest.state == _DELETING:
                    return latest, True
                if bad.is_final(error):
                    raise _unknown_end(options.name, latest, error) from None
                sentence = error.message
            else:
                if latest.in_transition or latest.state in _SETTLED:
                    at_least_once = False
                    bad = _Bad(options)
                    continue
                if bad.is_final(None):
                    break
                sentence = f"{options.name} is in an unknown state, {_state(latest)}."
            if bad.count == 1:
                progress.end()
                say(f"{sentence} Still waiting.")
    except KeyboardInterrupt:
        progress.end()
        say(
            f"{options.name}: {latest.state}. The studio continues. Check with nimble-tui sessions."
        )
        raise
    finally:
        progress.end()
    return latest, False


class _Bad:
    """The bad replies that came in a row."""

    def __init__(self, options: WaitOptions) -> None:
        self._options = options
        self._since = 0.0
        self._lasting = 0
        self.count = 0
        self.retry_after = 0.0

    def is_final(self, error: StudioError | None) -> bool:
        """Count a bad poll, and return whether it is final; None is an unknown state."""
        now = self._options.clock.monotonic()
        self._since = self._since if self.count else now
        self.count += 1
        self.retry_after = error.retry_after if error else 0.0
        if error is not None and error.kind not in TEMPORARY:
            self._lasting += 1
            return self._lasting >= _BELIEVED
        self._lasting = 0
        return now - self._since > self._options.retry_for


def _unknown_end(name: str, latest: StreamingSession, error: StudioError) -> StudioError:
    """Return the error of a wait that ended without a known result."""
    why = error.message[0].lower() + error.message[1:]
    # It is not what was requested that is refused.
    is_temporary = error.kind in TEMPORARY or error.kind == ErrorKind.NOT_SIGNED_IN
    return StudioError(
        error.kind if is_temporary else ErrorKind.UNCERTAIN,
        f"{name} was last seen {_state(latest)}, as requested, but the result is unknown: {why}",
    )


def _state(latest: StreamingSession) -> str:
    return clean(latest.state or "UNKNOWN")
