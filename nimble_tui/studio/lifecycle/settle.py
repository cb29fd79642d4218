"""Brings everything up to a moment: steps that ended, deadlines that fell, what is forgotten."""

from datetime import datetime

from nimble_tui.studio.lifecycle import catalogue, streams
from nimble_tui.studio.lifecycle.sessions import Sessions
from nimble_tui.studio.store.records import Kind, Resource
from nimble_tui.studio.store.transaction import Transaction


def settle(tx: Transaction, sessions: Sessions, now: datetime, studio_id: str) -> None:
    """Do all that is due by `now`, each at its own time and in order.

    Several steps of one resource that were all missed are played one after the other, with the
    times they would have had. Doing it twice is doing it once.
    """
    while (resource := tx.first_due()) is not None:
        at = resource.due_at
        if at is None or at > now:
            return
        _go_on(tx, sessions, resource, at, studio_id)


def _go_on(
    tx: Transaction, sessions: Sessions, resource: Resource, at: datetime, studio_id: str
) -> None:
    if resource.state == "DELETED":
        tx.forget(resource)
    elif resource.kind == Kind.STREAMING_SESSION:
        sessions.go_on(tx, resource, at, studio_id)
    elif resource.kind == Kind.STREAMING_SESSION_STREAM:
        streams.go_on(tx, resource, at)
    else:
        catalogue.go_on(tx, resource, at)
