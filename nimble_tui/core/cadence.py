"""The time until the next refresh, as a pure function of the last one's result."""

from datetime import datetime
from typing import NamedTuple

_FIRST_RETRY = 2.0
_LONGEST_RETRY = 120.0
_MOST_AT_ONCE = 10
_SHORTEST_WAIT = 0.25


class Intervals(NamedTuple):
    """Seconds between two refreshes: while something changes, otherwise, and without focus."""

    busy: float = 3.0
    idle: float = 30.0
    unfocused: float = 120.0


class PollState(NamedTuple):
    """The result of the last refresh.

    `failures` counts failed refreshes in a row; `answered` says that the last one did get a
    response, but not one that could be parsed; `retry_after` is the studio's own, in seconds;
    `next_deadline` is the nearest deadline of a workstation.
    """

    now: datetime
    in_transition: bool = False
    focused: bool = True
    failures: int = 0
    retry_after: float = 0.0
    next_deadline: datetime | None = None
    answered: bool = False


def seconds_to_next_poll(state: PollState, intervals: Intervals, jitter: float) -> float:
    """Return the time to wait, in seconds; `jitter` is 0 to 1, a new random number each time.

    After failures the wait grows and is drawn from the whole range (full jitter), so that not all
    clients return to a recovering studio at the same moment. A studio that responds is up and not
    overloaded: after a response that could not be parsed the wait is at most the normal one.
    Without failures a deadline that comes first ends the wait.
    """
    if state.failures and state.answered:
        usual = intervals.busy if state.failures <= _MOST_AT_ONCE else intervals.idle
        ceiling = min(_FIRST_RETRY * 2.0 ** min(state.failures, 10), usual)
        return max(jitter * ceiling, state.retry_after, 1.0)
    if state.failures:
        ceiling = min(_FIRST_RETRY * 2.0 ** min(state.failures, 10), _LONGEST_RETRY)
        return max(jitter * ceiling, state.retry_after, 1.0)
    if not state.focused:
        # Without focus, changes are still checked now and then: one may need a person.
        wait = (
            min(intervals.idle, intervals.unfocused) if state.in_transition else intervals.unfocused
        )
    else:
        wait = intervals.busy if state.in_transition else intervals.idle
    if state.next_deadline is not None and state.next_deadline > state.now:
        wait = min(wait, (state.next_deadline - state.now).total_seconds())
    return max(wait, _SHORTEST_WAIT)
