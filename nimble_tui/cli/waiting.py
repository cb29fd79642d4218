"""Looking again and again, until a workstation has done what it was told."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from nimble_tui.cli.errors import say
from nimble_tui.cli.progress import Progress
from nimble_tui.config.settings import Settings
from nimble_tui.core.cadence import Intervals, Seen, seconds_to_next_look
from nimble_tui.core.clock import Clock, SystemClock
from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.core.service import ErrorKind, StudioError, StudioService
from nimble_tui.core.usual import Change, changes

_REMEMBERED = timedelta(days=90)

# What may be over the next time one looks; anything else stays as it is.
PASSING = frozenset(
    {
        ErrorKind.UNREACHABLE,
        ErrorKind.THROTTLED,
        ErrorKind.TROUBLE,
        ErrorKind.NOT_UNDERSTOOD,
        ErrorKind.UNCERTAIN,
    }
)


@dataclass
class Patience:
    """How to wait: how often to look, and for how many seconds to bear a studio that is away.

    `known` is how long changes took before.
    """

    intervals: Intervals
    name: str
    bear: float = 300.0
    clock: Clock = field(default_factory=SystemClock)
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    known: tuple[Change, ...] = ()


def wait(
    service: StudioService, seen: StreamingSession, settings: Settings, name: str
) -> tuple[StreamingSession, bool]:
    """Look until the workstation is no longer in transition, as `until_settled` does."""
    since = SystemClock().now() - _REMEMBERED
    known = changes(service.history(since))
    return until_settled(service, seen, Patience(settings.refresh, name, known=known))


def until_settled(
    service: StudioService, seen: StreamingSession, patience: Patience
) -> tuple[StreamingSession, bool]:
    """Look until the workstation is no longer in transition; return it as seen last.

    The second value says that it was being deleted and then was gone. StudioError when a look
    fails for good.
    """
    progress = Progress(patience.name, patience.clock, patience.sleep, patience.known)
    failures, since, asked = 0, 0.0, 0.0
    try:
        while seen.in_transition:
            look = Seen(patience.clock.now(), in_transition=True, failures=failures)
            wait = seconds_to_next_look(look, patience.intervals, patience.chance())
            progress.rest(seen, max(wait, asked))
            try:
                seen, failures, asked = service.get_streaming_session(seen.session_id), 0, 0.0
            except StudioError as error:
                deleting = seen.state == SessionState.DELETE_IN_PROGRESS
                if error.kind == ErrorKind.NOT_FOUND and deleting:
                    return seen, True
                since = since if failures else patience.clock.monotonic()
                if error.kind not in PASSING or (
                    patience.clock.monotonic() - since > patience.bear
                ):
                    raise
                if not failures:
                    progress.end()
                    say(f"{error.message} Still waiting.")
                failures, asked = failures + 1, error.retry_after
    except KeyboardInterrupt:
        progress.end()
        say(
            f"{patience.name}: {seen.state}. The studio goes on with it without you; "
            "nimble-tui sessions tells how it is."
        )
        raise
    finally:
        progress.end()
    return seen, False
