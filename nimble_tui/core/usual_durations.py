"""How long changes of a workstation usually take, from what this computer remembers."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from nimble_tui.core.history import BEGINS, Event, EventKind
from nimble_tui.core.model import SessionState, StreamingSession

_LATEST = 5
# What took longer was not watched to its end, or was no ordinary case.
_LONGEST = timedelta(hours=1)

_ENDS = {
    SessionState.CREATE_IN_PROGRESS: SessionState.READY,
    SessionState.START_IN_PROGRESS: SessionState.READY,
    SessionState.STOP_IN_PROGRESS: SessionState.STOPPED,
    SessionState.DELETE_IN_PROGRESS: SessionState.DELETED,
}


class Change(NamedTuple):
    """One change that came to its good end: through which `state`, of what, how long it took."""

    state: SessionState
    took: timedelta
    launch_profile_id: str | None = None
    ec2_instance_type: str | None = None


def changes(events: Iterable[Event]) -> tuple[Change, ...]:
    """Return the changes that came to their good end, oldest first; `events` are oldest first."""
    begun: dict[str, tuple[SessionState, datetime, Event]] = {}
    done: list[Change] = []
    for event in events:
        state = _begins(event)
        before = begun.get(event.session_id)
        if state is not None:
            if before is None or before[0] != state:
                begun[event.session_id] = (state, event.at, event)
        elif before is not None and (event.kind == EventKind.OBSERVED or event.what in BEGINS):
            del begun[event.session_id]
            moving, since, first = before
            took = event.at - since
            if event.what == _ENDS[moving] and timedelta() < took <= _LONGEST:
                profile = event.launch_profile_id or first.launch_profile_id
                machine = event.ec2_instance_type or first.ec2_instance_type
                done.append(Change(moving, took, profile, machine))
    return tuple(done)


def usual_duration(known: Iterable[Change], session: StreamingSession) -> timedelta | None:
    """Return how long the change that a workstation is in usually takes; None when not known.

    The median of the latest few of the same launch profile and type, else of the same launch
    profile, else of any.
    """
    same = [one for one in known if one.state == session.state]
    of_profile = [one for one in same if one.launch_profile_id == session.launch_profile_id]
    of_type = [one for one in of_profile if one.ec2_instance_type == session.ec2_instance_type]
    nearest = of_type or of_profile or same
    if not nearest:
        return None
    lengths = sorted(one.took for one in nearest[-_LATEST:])
    # The two in the middle, which are one and the same where their number is odd.
    middle = (lengths[(len(lengths) - 1) // 2] + lengths[len(lengths) // 2]) / 2
    return timedelta(seconds=round(middle.total_seconds()))


def _begins(event: Event) -> SessionState | None:
    """Return the state in which a change begins with this event, if one does."""
    if event.kind == EventKind.REQUESTED:
        return BEGINS.get(event.what) if event.done is not False else None
    return next((state for state in _ENDS if state == event.what), None)
