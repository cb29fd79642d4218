"""Puts a copy of a store in charge of the machines, such as a backup that was restored."""

from datetime import datetime
from typing import NamedTuple

from nimble_tui.studio import clock_shift, endpoints
from nimble_tui.studio.audit import record_command
from nimble_tui.studio.lifecycle import patrols
from nimble_tui.studio.store.database import Store


class TakenOver(NamedTuple):
    """The result of a takeover: how many requests are read back; None if none was needed."""

    requests: int | None


def take_over(store: Store, now: datetime) -> TakenOver:
    """Put a store in charge of its machines; `now` is the studio's time.

    Requests that were under way are read back from the machines, never sent: the store that this
    is a copy of may have sent them, and others since. Deadlines wait until all machines were
    looked at, and deletions that fell due meanwhile for an hour more.
    """
    with store.read() as tx:
        if not store.is_held(tx):
            return TakenOver(None)
    with store.take_over() as tx:
        count = tx.machines.read_back(now)
        patrols.look_first(tx)
        endpoints.forget(tx)
        clock_shift.note_returned(tx, now)
        record_command(tx, "TakeOver", now, requests=count)
    return TakenOver(count)
