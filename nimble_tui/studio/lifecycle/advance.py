"""Advances records to a moment: steps that ended, deadlines that fell, what is forgotten."""

from datetime import datetime

from nimble_tui.studio.lifecycle import catalogue, records, streams
from nimble_tui.studio.store.bad_records import FAULTS, note_bad_record
from nimble_tui.studio.store.records import Due, Kind
from nimble_tui.studio.store.transaction import Transaction


def advance(tx: Transaction, now: datetime, studio_id: str, *, replay: bool) -> None:
    """Do all that is due by `now`, in order.

    With `replay` each happens at its own time, with the times that it would have had; else a
    deadline that was missed falls now, since nothing could enforce it then. Doing it twice is
    doing it once. A record that fails is left as it is, set aside and logged, and the others are
    advanced without it.
    """
    while (due := tx.first_due()) is not None and due.at <= now:
        try:
            with tx.all_or_nothing():
                _advance_one(tx, due, due.at if replay else now, studio_id)
        except FAULTS as error:
            note_bad_record(due.kind, due.id, error)
            tx.set_aside(due)


def _advance_one(tx: Transaction, due: Due, at: datetime, studio_id: str) -> None:
    resource = tx.resource(Kind(due.kind), due.id)
    if resource is None:
        raise LookupError(due.id)
    if resource.state == "DELETED":
        tx.forget(resource)
    elif resource.kind == Kind.STREAMING_SESSION:
        records.go_on(tx, resource, at if resource.step is None else due.at, studio_id)
    elif resource.kind == Kind.STREAMING_SESSION_STREAM:
        streams.go_on(tx, resource, due.at)
    else:
        catalogue.go_on(tx, resource, due.at)
