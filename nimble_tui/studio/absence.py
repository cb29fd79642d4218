"""Keeps a demo as it was while nobody served it: its times move forward by the gap."""

from datetime import datetime, timedelta
from typing import Final

from nimble_tui.studio.store.bad_records import log_bad_record
from nimble_tui.studio.store.records import Kind, Step, shift, stamp
from nimble_tui.studio.store.transaction import Transaction

LONGEST: Final = timedelta(hours=1)
HEARTBEAT: Final = timedelta(seconds=60)

_SERVED_AT: Final = "served_at"


def served_at(tx: Transaction) -> datetime | None:
    """Return when the studio was last known to be served."""
    value = tx.fact(_SERVED_AT)
    return datetime.fromisoformat(value) if value else None


def note_served(tx: Transaction, now: datetime) -> None:
    """Keep that the studio is served."""
    tx.note(_SERVED_AT, stamp(now))


def make_up_for(tx: Transaction, now: datetime) -> None:
    """Move all times forward, if the studio was unserved for longer than `LONGEST`."""
    last = served_at(tx)
    gap = timedelta(seconds=(now - last) // timedelta(seconds=1)) if last else timedelta()
    if gap <= LONGEST:
        return
    # A stream's time is up meanwhile: nobody's way to a screen comes back to life.
    everything = [one for one in tx.everything() if one.kind != Kind.STREAMING_SESSION_STREAM]
    for resource in everything:
        with log_bad_record(resource.kind, resource.id):
            shift(resource.document, gap)
            if resource.step:
                resource.step = Step(resource.step.due_at + gap, resource.step.failure)
            if resource.due_at:
                resource.due_at += gap
            tx.put(resource)
    tx.shift_client_tokens(gap)
