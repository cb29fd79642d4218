"""The states of a stream: it is made, is READY until its time is up or its session leaves READY.

Source: the AWS API reference, StreamingSessionStream, members state, statusCode and expiresAt.
"""

from datetime import datetime
from typing import Final

from nimble_tui.studio.lifecycle.transitions import KEPT_DELETED
from nimble_tui.studio.store.records import Document, Kind, Resource, Step, time_of
from nimble_tui.studio.store.transaction import Transaction

LIVE: Final = ("CREATE_IN_PROGRESS", "READY")
"""The states of a stream whose address works, or soon will."""


def was_revoked(stream: Resource) -> bool:
    """Return whether a stream ended before it expired."""
    expires_at = time_of(stream.document, "expiresAt")
    if stream.state != "DELETED" or stream.due_at is None or expires_at is None:
        return False
    return stream.due_at - KEPT_DELETED < expires_at


def begin(tx: Transaction, document: Document, step: Step) -> Resource:
    """Make a stream out of a document that lacks nothing but its state."""
    stream = Resource(Kind.STREAMING_SESSION_STREAM, document["streamId"], document)
    stream.step, stream.due_at = step, step.due_at
    _enter(stream, "CREATE_IN_PROGRESS", "STREAM_CREATE_IN_PROGRESS")
    tx.put(stream)
    return stream


def go_on(tx: Transaction, stream: Resource, at: datetime) -> None:
    """Do what is due: end its step, or its time is up."""
    step = stream.step
    if step is None:
        _end(stream, at)
    else:
        stream.step = None
        expires_at = time_of(stream.document, "expiresAt")
        if expires_at is None:
            raise ValueError("no time at which it expires")
        stream.due_at = max(expires_at, at)
        if step.failure:
            _enter(stream, "CREATE_FAILED", step.failure.status_code)
        else:
            _enter(stream, "READY", "STREAM_READY")
    tx.put(stream)


def end_all(tx: Transaction, session_id: str, at: datetime) -> None:
    """End the streams of a session, whose screen is no longer shown."""
    streams = tx.page(Kind.STREAMING_SESSION_STREAM, session_id=session_id)
    live = [one for one in streams if one.state != "DELETED"]
    for stream in live:
        _end(stream, at)
    tx.put_all(live)


def count_live(tx: Transaction, session_id: str, limit: int) -> int:
    """Return how many streams of a session have not ended, up to `limit`."""
    found = tx.page(Kind.STREAMING_SESSION_STREAM, session_id=session_id, states=LIVE, limit=limit)
    return len(found)


def end_of_person(
    tx: Transaction, principal_id: str, at: datetime, *, only_of_others: bool = False
) -> None:
    """End the streams that a person opened, or those to the workstations of others alone."""
    live = tx.page(Kind.STREAMING_SESSION_STREAM, created_by=principal_id, states=LIVE)
    if only_of_others:
        live = [stream for stream in live if stream.document["ownedBy"] != principal_id]
    for stream in live:
        _end(stream, at)
    tx.put_all(live)


def _end(stream: Resource, at: datetime) -> None:
    stream.step, stream.due_at = None, at + KEPT_DELETED
    _enter(stream, "DELETED", "STREAM_DELETED")


def _enter(stream: Resource, state: str, status_code: str) -> None:
    stream.document.update(state=state, statusCode=status_code)
