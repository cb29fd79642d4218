"""The history that this computer records: requests, and observed states of workstations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from nimble_tui.core.model import SessionState, StreamingSession

# Services report whole seconds.
_SECOND = timedelta(seconds=1)


class EventKind(StrEnum):
    """The source of an event: requested here, observed here, or reported by the studio later."""

    REQUESTED = "asked"
    OBSERVED = "seen"
    REPORTED = "told"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a workstation.

    `what` is the requested action (`launch`, `start`, `stop`, `delete`, `give up`, `keep`,
    `rename`, `connect`) or the observed state (`READY`, …); `done` of a request is True once it
    was accepted, False if it was refused, None while that is unknown; `note` is a sentence about
    it.

    Of a change of people, `what` is `people add`, `people remove`, `people persona`,
    `people promote`, `people demote`, `people profile` or `people status`; it has `principal_ids`
    instead of a `session_id`, and `value` is the persona or the status that was requested.
    """

    at: datetime
    session_id: str
    kind: EventKind
    what: str
    done: bool | None = None
    note: str = ""
    launch_profile_id: str | None = None
    ec2_instance_type: str | None = None
    principal_ids: tuple[str, ...] = ()
    value: str = ""


BEGINS: Mapping[str, SessionState] = MappingProxyType(
    {
        "launch": SessionState.CREATE_IN_PROGRESS,
        "start": SessionState.START_IN_PROGRESS,
        "keep": SessionState.START_IN_PROGRESS,
        "stop": SessionState.STOP_IN_PROGRESS,
        "delete": SessionState.DELETE_IN_PROGRESS,
    }
)
"""The state that follows an action once the studio has accepted it."""


def done_by(event: Event, session: StreamingSession | None) -> str | None:
    """Return the principal id of the person behind an event, or None if it is not reported.

    A workstation reports only the authors of its last start, last stop and last change.
    """
    if session is None or event.kind == EventKind.REQUESTED:
        return None
    match event.what:
        case SessionState.CREATE_IN_PROGRESS:
            at, who = session.created_at, session.created_by
        case SessionState.START_IN_PROGRESS:
            at, who = session.started_at, session.started_by
        case SessionState.STOP_IN_PROGRESS | SessionState.STOPPED:
            at, who = session.stopped_at, session.stopped_by
        case SessionState.DELETE_IN_PROGRESS | SessionState.DELETED:
            at, who = session.updated_at, session.updated_by
        case _:
            return None
    if at is None or at > event.at + _SECOND:
        return None
    return who or None
