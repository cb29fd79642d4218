"""Steps that every kind of resource goes through: begun, under way, over."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from nimble_tui.studio.store.records import Failure, Kind, Resource, Step, stamp

KEPT_DELETED: Final = timedelta(hours=1)
"""How long something DELETED can still be read, so that whoever waits for it sees it happen."""


class Change(StrEnum):
    """A change under way, as states and status codes name it."""

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    START = "START"
    STOP = "STOP"
    DELETE = "DELETE"


class Words(NamedTuple):
    """What a state is called: status code and sentence."""

    status_code: str
    message: str


_RESULT: Final = {
    Change.CREATE: "READY",
    Change.UPDATE: "READY",
    Change.START: "READY",
    Change.STOP: "STOPPED",
    Change.DELETE: "DELETED",
}
_UNDER_WAY: Final = {
    Kind.STUDIO: {Change.UPDATE: Words("STUDIO_UPDATE_IN_PROGRESS", "It is being changed.")},
    Kind.STREAMING_SESSION: {
        Change.CREATE: Words("STREAMING_SESSION_CREATE_IN_PROGRESS", "It is being made."),
        Change.START: Words("STREAMING_SESSION_START_IN_PROGRESS", "It is starting."),
        Change.STOP: Words("STREAMING_SESSION_STOP_IN_PROGRESS", "It is stopping."),
        Change.DELETE: Words("STREAMING_SESSION_DELETE_IN_PROGRESS", "It is being deleted."),
    },
    Kind.LAUNCH_PROFILE: {
        Change.CREATE: Words("LAUNCH_PROFILE_CREATE_IN_PROGRESS", "It is being made."),
        Change.UPDATE: Words("LAUNCH_PROFILE_UPDATE_IN_PROGRESS", "It is being changed."),
        Change.DELETE: Words("LAUNCH_PROFILE_DELETE_IN_PROGRESS", "It is being deleted."),
    },
    Kind.STREAMING_IMAGE: {
        Change.CREATE: Words("STREAMING_IMAGE_CREATE_IN_PROGRESS", "It is being made."),
        Change.UPDATE: Words("STREAMING_IMAGE_UPDATE_IN_PROGRESS", "It is being changed."),
        Change.DELETE: Words("STREAMING_IMAGE_DELETE_IN_PROGRESS", "It is being deleted."),
    },
    Kind.STUDIO_COMPONENT: {
        Change.CREATE: Words("STUDIO_COMPONENT_CREATE_IN_PROGRESS", "It is being made."),
        Change.UPDATE: Words("STUDIO_COMPONENT_UPDATE_IN_PROGRESS", "It is being changed."),
        Change.DELETE: Words("STUDIO_COMPONENT_DELETE_IN_PROGRESS", "It is being deleted."),
    },
}
_DONE: Final = {
    Kind.STUDIO: {Change.UPDATE: Words("STUDIO_UPDATED", "It is ready.")},
    Kind.STREAMING_SESSION: {
        Change.CREATE: Words("STREAMING_SESSION_READY", "It is ready."),
        Change.START: Words("STREAMING_SESSION_STARTED", "It is ready."),
        Change.STOP: Words("STREAMING_SESSION_STOPPED", "It is stopped."),
        Change.DELETE: Words("STREAMING_SESSION_DELETED", "It is deleted."),
    },
    Kind.LAUNCH_PROFILE: {
        Change.CREATE: Words("LAUNCH_PROFILE_CREATED", "It is ready."),
        Change.UPDATE: Words("LAUNCH_PROFILE_UPDATED", "It is ready."),
        Change.DELETE: Words("LAUNCH_PROFILE_DELETED", "It is deleted."),
    },
    Kind.STREAMING_IMAGE: {
        Change.CREATE: Words("STREAMING_IMAGE_READY", "It is ready."),
        Change.UPDATE: Words("STREAMING_IMAGE_READY", "It is ready."),
        Change.DELETE: Words("STREAMING_IMAGE_DELETED", "It is deleted."),
    },
    Kind.STUDIO_COMPONENT: {
        Change.CREATE: Words("STUDIO_COMPONENT_CREATED", "It is ready."),
        Change.UPDATE: Words("STUDIO_COMPONENT_UPDATED", "It is ready."),
        Change.DELETE: Words("STUDIO_COMPONENT_DELETED", "It is deleted."),
    },
}


def begin(resource: Resource, change: Change, step: Step, at: datetime, by: str) -> None:
    """Put a resource into the state that says what is being done to it."""
    _enter(resource, f"{change}_IN_PROGRESS", _UNDER_WAY[resource.kind][change], at)
    if resource.kind not in {Kind.STREAMING_IMAGE, Kind.STUDIO}:  # of those the API names nobody
        resource.document["updatedBy"] = by
    resource.step = step
    resource.due_at = step.due_at


def finish(resource: Resource, failure: Failure | None, at: datetime) -> Change:
    """Put a resource into the state that its step ended in; return what that step was."""
    change = Change(resource.state.removesuffix("_IN_PROGRESS"))
    if failure:
        words = Words(failure.status_code, failure.message)
        _enter(resource, f"{change}_FAILED", words, at)
    else:
        _enter(resource, _RESULT[change], _DONE[resource.kind][change], at)
    resource.step = None
    resource.due_at = at + KEPT_DELETED if resource.state == "DELETED" else None
    return change


def _enter(resource: Resource, state: str, words: Words, at: datetime) -> None:
    resource.document.update(state=state, statusCode=words.status_code, statusMessage=words.message)
    if resource.kind != Kind.STREAMING_IMAGE:  # the API gives images no times
        resource.document["updatedAt"] = stamp(at)
