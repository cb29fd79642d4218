"""Which workstations are started only to be stopped again, as this computer remembers it."""

from collections.abc import Iterable
from datetime import timedelta

from nimble_tui.core.history import Event, EventKind
from nimble_tui.core.model import SessionState

LONGEST = timedelta(days=1)
"""How far back it is worth looking: keeping takes minutes."""

_OWN = frozenset({"start", "delete", "connect"})
_OVER = frozenset({SessionState.STOPPED, SessionState.DELETED})


def still_kept(events: Iterable[Event]) -> frozenset[str]:
    """Return the workstations that were asked to be kept and have not been stopped again since.

    One that somebody started, connected to or deleted themselves is no longer stopped for them.
    """
    kept: set[str] = set()
    for event in events:
        if event.kind == EventKind.SEEN:
            if event.what in _OVER:
                kept.discard(event.session_id)
        elif event.what == "keep" and event.done is not False:
            kept.add(event.session_id)
        elif event.what in _OWN and event.done is not False:
            kept.discard(event.session_id)
    return frozenset(kept)
