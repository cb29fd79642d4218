"""The rows of the list, built from a snapshot: all of them, or a changed one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nimble_tui.view import session_rows
from nimble_tui.view.totals import Totals

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from nimble_tui.core.model import StreamingSession
    from nimble_tui.workspace.store import Snapshot


def built(snapshot: Snapshot, now: datetime, tz: tzinfo | None) -> Snapshot:
    """Return the snapshot with all rows rebuilt and sorted; callable from any thread.

    Unchanged rows are the same objects.
    """
    rows = session_rows.build(
        snapshot.sessions,
        snapshot.known_profiles,
        now,
        pending=snapshot.pending,
        launching=snapshot.launching,
        known=snapshot.rows,
        keeping=snapshot.keeping,
        unread=snapshot.unread,
        order=snapshot.order,
        tz=tz,
    )
    totals = snapshot.totals if rows is snapshot.rows else Totals.of(rows)
    return replace(snapshot, rows=rows, totals=totals, sorted_at=now)


def patched(
    snapshot: Snapshot, session: StreamingSession, now: datetime, tz: tzinfo | None
) -> Snapshot:
    """Return the snapshot with the row of one workstation rebuilt.

    Its place is for the time at which the others were sorted: by now some might have to move.
    """
    patch = session_rows.patch(
        snapshot.rows,
        session,
        snapshot.known_profiles,
        snapshot.sorted_at or now,
        request=snapshot.pending.get(session.session_id),
        keeping=session.session_id in snapshot.keeping,
        unread=session.session_id in snapshot.unread,
        order=snapshot.order,
        tz=tz,
    )
    return _with(snapshot, patch)


def without(snapshot: Snapshot, key: str) -> Snapshot:
    """Return the snapshot without the row of one workstation."""
    return _with(snapshot, session_rows.without(snapshot.rows, key))


def _with(snapshot: Snapshot, patch: session_rows.Patched) -> Snapshot:
    totals = snapshot.totals.patched(patch.before, patch.after)
    return replace(snapshot, rows=patch.rows, totals=totals)


def replaced(
    sessions: tuple[StreamingSession, ...], session: StreamingSession
) -> tuple[StreamingSession, ...]:
    """Return the workstations with this one as it is now, or added."""
    for place, one in enumerate(sessions):
        if one.session_id == session.session_id:
            return (*sessions[:place], session, *sessions[place + 1 :])
    return (*sessions, session)
