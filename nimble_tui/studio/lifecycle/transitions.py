"""Steps that every kind of resource goes through: begun, under way, over."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from nimble_tui.studio.store.records import Failure, Kind, Resource, Step, stamp

KEPT_DELETED: Final = timedelta(hours=1)
"""The time for which something DELETED can still be read, for those who wait for it."""


class Change(StrEnum):
    """A change under way, as states and status codes name it, after the name of the kind.

    Source of the codes: the AWS API reference, the members statusCode of each kind.
    """

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    START = "START"
    STOP = "STOP"
    DELETE = "DELETE"


_UNDER_WAY: Final = {
    Change.CREATE: "It is being created.",
    Change.UPDATE: "It is being changed.",
    Change.START: "It is starting.",
    Change.STOP: "It is stopping.",
    Change.DELETE: "It is being deleted.",
}
_RESULT: Final = {
    Change.CREATE: "READY",
    Change.UPDATE: "READY",
    Change.START: "READY",
    Change.STOP: "STOPPED",
    Change.DELETE: "DELETED",
}
_DONE: Final = {"READY": "It is ready.", "STOPPED": "It is stopped.", "DELETED": "It is deleted."}
_PAST: Final = {
    Change.CREATE: "CREATED",
    Change.UPDATE: "UPDATED",
    Change.START: "STARTED",
    Change.STOP: "STOPPED",
    Change.DELETE: "DELETED",
}
_CODED_BY_STATE: Final = frozenset(
    {
        (Kind.STREAMING_SESSION, Change.CREATE),
        (Kind.STREAMING_IMAGE, Change.CREATE),
        (Kind.STREAMING_IMAGE, Change.UPDATE),
    }
)
"""The changes whose end the API gives the status code of the state, not one of the change."""


def begin(resource: Resource, change: Change, step: Step | None, at: datetime, by: str) -> None:
    """Put a resource into the state that says what is being done to it.

    Without a `step` the end is not known beforehand: it is observed.
    """
    state = f"{change}_IN_PROGRESS"
    enter(resource, state, f"{resource.kind.name}_{state}", _UNDER_WAY[change], at)
    if resource.kind not in {
        Kind.STREAMING_IMAGE,
        Kind.STUDIO,
    }:  # for those the API has no such member
        resource.document["updatedBy"] = by
    resource.step = step
    resource.due_at = step.due_at if step else None


def finish(resource: Resource, failure: Failure | None, at: datetime) -> Change:
    """Put a resource into the state that its step ended in; return what that step was."""
    change = Change(resource.state.removesuffix("_IN_PROGRESS"))
    if failure:
        enter(resource, f"{change}_FAILED", failure.status_code, failure.message, at)
    else:
        state = _RESULT[change]
        event = state if (resource.kind, change) in _CODED_BY_STATE else _PAST[change]
        enter(resource, state, f"{resource.kind.name}_{event}", _DONE[state], at)
    resource.step = None
    # A deleted studio stays readable, as the store around it does.
    is_forgotten = resource.state == "DELETED" and resource.kind != Kind.STUDIO
    resource.due_at = at + KEPT_DELETED if is_forgotten else None
    return change


def under_way(resource: Resource) -> str:
    """Return the sentence about the step under way."""
    return _UNDER_WAY[Change(resource.state.removesuffix("_IN_PROGRESS"))]


def enter(resource: Resource, state: str, status_code: str, message: str, at: datetime) -> None:
    """Put a resource into a state, whatever it was in."""
    resource.document.update(state=state, statusCode=status_code, statusMessage=message)
    if resource.kind != Kind.STREAMING_IMAGE:  # the API gives images no times
        resource.document["updatedAt"] = stamp(at)
