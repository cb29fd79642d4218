"""Brings everything up to a moment: steps that ended, deadlines that fell, what is forgotten."""

from datetime import datetime

from nimble_tui.studio.lifecycle import catalogue, streams
from nimble_tui.studio.lifecycle.sessions import Sessions
from nimble_tui.studio.store.bad_records import FAULTS, note_bad_record
from nimble_tui.studio.store.records import Due, Kind
from nimble_tui.studio.store.transaction import Transaction


def settle(tx: Transaction, sessions: Sessions, now: datetime, studio_id: str) -> None:
    """Do all that is due by `now`, each at its own time and in order.

    Several steps of one resource that were all missed are played one after the other, with the
    times they would have had. Doing it twice is doing it once. A record that fails is left as it
    is, set aside and logged, and the others are settled without it.
    """
    while (due := tx.first_due()) is not None and due.at <= now:
        try:
            with tx.all_or_nothing():
                _settle_one(tx, sessions, due, studio_id)
        except FAULTS as error:
            note_bad_record(due.kind, due.id, error)
            tx.set_aside(due)


def _settle_one(tx: Transaction, sessions: Sessions, due: Due, studio_id: str) -> None:
    resource = tx.resource(Kind(due.kind), due.id)
    if resource is None:
        raise LookupError(due.id)
    if resource.state == "DELETED":
        tx.forget(resource)
    elif resource.kind == Kind.STREAMING_SESSION:
        sessions.go_on(tx, resource, due.at, studio_id)
    elif resource.kind == Kind.STREAMING_SESSION_STREAM:
        streams.go_on(tx, resource, due.at)
    else:
        catalogue.go_on(tx, resource, due.at)
