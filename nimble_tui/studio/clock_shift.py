"""Shifts times: a demo's by the gap in which it was not served, others when the clock was set."""

from datetime import datetime, timedelta
from typing import Final

from nimble_tui.studio import endpoints
from nimble_tui.studio.store.bad_records import log_bad_record
from nimble_tui.studio.store.records import Kind, Resource, Step, shift, stamp, time_of
from nimble_tui.studio.store.transaction import Transaction

LONGEST: Final = timedelta(hours=1)
HEARTBEAT: Final = timedelta(seconds=60)

GRACE: Final = timedelta(hours=1)
"""The delay after the studio's return of deletions that fell due while it was away."""

_SERVED_AT: Final = "served_at"
_RETURNED_AT: Final = "returned_at"
_MISSED: Final = 2 * HEARTBEAT
"""Without a sign of life for so long, a process that did not end in order serves it no longer."""


def served_at(tx: Transaction) -> datetime | None:
    """Return when the studio was last known to be served."""
    value = tx.fact(_SERVED_AT)
    return datetime.fromisoformat(value) if value else None


def note_served(tx: Transaction, now: datetime) -> None:
    """Note that the studio is being served."""
    tx.note(_SERVED_AT, stamp(now))


def returned_at(tx: Transaction) -> datetime | None:
    """Return when the studio was last served again after it was away, if that is known."""
    value = tx.fact(_RETURNED_AT)
    return datetime.fromisoformat(value) if value else None


def note_return(tx: Transaction, now: datetime) -> None:
    """Note that the studio is served again, if it was not being served."""
    last = served_at(tx)
    if last is not None and (not endpoints.is_served(tx) or now - last > _MISSED):
        note_returned(tx, now)


def note_returned(tx: Transaction, now: datetime) -> None:
    """Note that the studio was not being served until now."""
    tx.note(_RETURNED_AT, now.isoformat())


def make_up_for(tx: Transaction, now: datetime) -> None:
    """Move all times forward, if the studio was unserved for longer than `LONGEST`."""
    last = served_at(tx)
    gap = timedelta(seconds=(now - last) // timedelta(seconds=1)) if last else timedelta()
    if gap > LONGEST:
        move_everything(tx, gap)


def move_everything(tx: Transaction, by: timedelta) -> None:
    """Move all times by whole seconds."""
    gap = timedelta(seconds=by // timedelta(seconds=1))
    # A stream has expired meanwhile: no access to a screen comes back to life.
    everything = [one for one in tx.everything() if one.kind != Kind.STREAMING_SESSION_STREAM]
    for resource in everything:
        with log_bad_record(resource.kind, resource.id):
            shift(resource.document, gap)
            _move_due(resource, gap)
            tx.put(resource)
    tx.shift_client_tokens(gap)
    tx.machines.shift(gap)
    _move_served(tx, gap)


def move_with_clock(tx: Transaction, by: timedelta) -> None:
    """Move what lasts a while from its beginning, when the studio's time was set by `by`.

    Steps under way, streams, and how long something DELETED or a client token is remembered: else
    they would end at once, or last longer by as much. Deadlines of sessions are times of day, which
    people were promised; they stay.
    """
    for resource in tx.due_within():
        with log_bad_record(resource.kind, resource.id):
            if is_deadline(resource):
                continue
            expires_at = time_of(resource.document, "expiresAt")
            if expires_at:
                resource.document["expiresAt"] = stamp(expires_at + by)
            _move_due(resource, by)
            tx.put(resource)
    tx.shift_client_tokens(by)
    tx.machines.shift(by)
    _move_served(tx, by)


def _move_served(tx: Transaction, by: timedelta) -> None:
    last, returned = served_at(tx), returned_at(tx)
    if last:
        note_served(tx, last + by)
    if returned:
        note_returned(tx, returned + by)


def is_deadline(resource: Resource) -> bool:
    """Return whether what is due is a session's deadline, not the end of anything under way."""
    return (
        resource.kind == Kind.STREAMING_SESSION
        and resource.step is None
        and resource.state != "DELETED"
    )


def _move_due(resource: Resource, by: timedelta) -> None:
    if resource.step:
        resource.step = Step(resource.step.due_at + by, resource.step.failure)
    if resource.due_at:
        resource.due_at += by
