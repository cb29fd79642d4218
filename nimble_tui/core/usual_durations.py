"""The usual duration of a workstation's transitions, from the recorded history."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from nimble_tui.core.history import BEGINS, Event, EventKind
from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.core.turns import in_turns

_LATEST = 5
# Anything longer was not observed to its end, or was not an ordinary case.
_LONGEST = timedelta(hours=1)

_ENDS = {
    SessionState.CREATE_IN_PROGRESS: SessionState.READY,
    SessionState.START_IN_PROGRESS: SessionState.READY,
    SessionState.STOP_IN_PROGRESS: SessionState.STOPPED,
    SessionState.DELETE_IN_PROGRESS: SessionState.DELETED,
}


class Change(NamedTuple):
    """One successful transition: its `state`, its workstation's type, and its duration."""

    state: SessionState
    took: timedelta
    launch_profile_id: str | None = None
    ec2_instance_type: str | None = None


def changes(events: Iterable[Event]) -> tuple[Change, ...]:
    """Return the successful transitions, oldest first; `events` are oldest first."""
    begun: dict[str, tuple[SessionState, datetime, Event]] = {}
    done: list[Change] = []
    for event in in_turns(events):
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
    """Return the usual duration of a workstation's current transition; None if unknown.

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
    # The two in the middle, which are the same one if their number is odd.
    middle = (lengths[(len(lengths) - 1) // 2] + lengths[len(lengths) // 2]) / 2
    return timedelta(seconds=round(middle.total_seconds()))


def _begins(event: Event) -> SessionState | None:
    """Return the state of the transition that this event begins, if it begins one."""
    if event.kind == EventKind.REQUESTED:
        return BEGINS.get(event.what) if event.done is not False else None
    return next((state for state in _ENDS if state == event.what), None)
