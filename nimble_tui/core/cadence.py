"""When to look at the studio again, from what was seen last: a pure function."""

from datetime import datetime
from typing import NamedTuple

_FIRST_RETRY = 2.0
_LONGEST_RETRY = 120.0
_MOST_AT_ONCE = 10
_SHORTEST_WAIT = 0.25


class Intervals(NamedTuple):
    """Seconds between two looks: while something changes, otherwise, and when nobody watches."""

    busy: float = 3.0
    idle: float = 30.0
    unfocused: float = 120.0


class PollState(NamedTuple):
    """What the last look found.

    `failures` counts failed looks in a row; `answered` says that the last of them did get an
    answer, if one that was not understood; `retry_after` is what the studio asked for, in
    seconds; `next_deadline` is the nearest time at which a workstation changes by itself.
    """

    now: datetime
    in_transition: bool = False
    focused: bool = True
    failures: int = 0
    retry_after: float = 0.0
    next_deadline: datetime | None = None
    answered: bool = False


def seconds_to_next_poll(state: PollState, intervals: Intervals, jitter: float) -> float:
    """Return how long to wait, in seconds; `jitter` is 0 to 1, drawn anew for each wait.

    After failures the wait grows and is drawn from the whole range (full jitter), so that a
    studio that comes back is not met by everybody at once. A studio that answers is there and not
    overloaded: an answer that was not understood puts off the next look no further than a normal
    one is. Otherwise a deadline that comes first is looked at when it comes.
    """
    if state.failures and state.answered:
        usual = intervals.busy if state.failures <= _MOST_AT_ONCE else intervals.idle
        ceiling = min(_FIRST_RETRY * 2.0 ** min(state.failures, 10), usual)
        return max(jitter * ceiling, state.retry_after, 1.0)
    if state.failures:
        ceiling = min(_FIRST_RETRY * 2.0 ** min(state.failures, 10), _LONGEST_RETRY)
        return max(jitter * ceiling, state.retry_after, 1.0)
    if not state.focused:
        # Something that changes is still worth a look now and then: it may need a person.
        wait = (
            min(intervals.idle, intervals.unfocused) if state.in_transition else intervals.unfocused
        )
    else:
        wait = intervals.busy if state.in_transition else intervals.idle
    if state.next_deadline is not None and state.next_deadline > state.now:
        wait = min(wait, (state.next_deadline - state.now).total_seconds())
    return max(wait, _SHORTEST_WAIT)
