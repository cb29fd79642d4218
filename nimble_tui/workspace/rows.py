"""The rows of the list, made from a snapshot: all of them, or the one that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.view import session_rows

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from nimble_tui.core.model import StreamingSession
    from nimble_tui.view.session_rows import SessionRow
    from nimble_tui.workspace.store import Snapshot


def built(snapshot: Snapshot, now: datetime, tz: tzinfo | None) -> tuple[SessionRow, ...]:
    """Return all rows, those of the snapshot where they are the same; any thread may call it."""
    return session_rows.build(
        snapshot.sessions,
        snapshot.known_profiles,
        now,
        asked=snapshot.pending,
        coming=snapshot.launching,
        known=snapshot.rows,
        keeping=snapshot.keeping,
        unread=snapshot.unread,
        order=snapshot.order,
        tz=tz,
    )


def patched(
    snapshot: Snapshot, session: StreamingSession, now: datetime, tz: tzinfo | None
) -> tuple[SessionRow, ...]:
    """Return the snapshot's rows with that of one workstation made again."""
    return session_rows.patch(
        snapshot.rows,
        session,
        snapshot.known_profiles,
        now,
        request=snapshot.pending.get(session.session_id),
        keeping=session.session_id in snapshot.keeping,
        unread=session.session_id in snapshot.unread,
        order=snapshot.order,
        tz=tz,
    )


def replaced(
    sessions: tuple[StreamingSession, ...], session: StreamingSession
) -> tuple[StreamingSession, ...]:
    """Return the workstations with this one as it is now, or added."""
    for place, one in enumerate(sessions):
        if one.session_id == session.session_id:
            return (*sessions[:place], session, *sessions[place + 1 :])
    return (*sessions, session)
