"""The line left on the terminal at the end: the running workstations and their deadlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.core.model import SessionState
from nimble_tui.core.rules import Ending, Urgency
from nimble_tui.view import sorting, times

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from nimble_tui.view.session_rows import SessionRow

_RUNNING = {
    SessionState.READY,
    SessionState.CREATE_IN_PROGRESS,
    SessionState.START_IN_PROGRESS,
    SessionState.STOP_FAILED,
}
_NAMED = 3


def farewell(rows: Sequence[SessionRow], now: datetime, tz: tzinfo | None) -> str:
    """Return one line about the workstations that keep running without the app."""
    rows = sorting.ENDING.arrange(rows, now)
    running = [row for row in rows if row.session.state in _RUNNING]
    ending = [row for row in rows if row.session.state not in _RUNNING and _ends_soon(row, now)]
    parts = []
    if running:
        count = len(running)
        named = [_with_end(row, now, tz) for row in running[:_NAMED]]
        more = [f"and {count - _NAMED} more"] if count > _NAMED else []
        verb = (
            "1 workstation is still running"
            if count == 1
            else f"{count} workstations are still running"
        )
        parts.append(f"{verb}: {', '.join(named + more)}.")
    elif rows:
        parts.append("No workstation is running.")
    if ending:
        parts.append(f"{_with_end(ending[0], now, tz)} unless it is started.")
    if kept := [row.title for row in rows if row.keeping]:
        parts.append(
            f"Keep is not finished for {' and '.join(kept[:_NAMED])}. "
            f"Start nimble-tui again to stop {'it' if len(kept) == 1 else 'them'}."
        )
    return " ".join(parts)


def _ends_soon(row: SessionRow, now: datetime) -> bool:
    deadline = row.deadline
    return (
        deadline is not None
        and deadline.ending == Ending.DELETE
        and deadline.urgency(now) > Urgency.NONE
        and not row.session.in_transition
    )


def _with_end(row: SessionRow, now: datetime, tz: tzinfo | None) -> str:
    deadline = row.deadline
    if deadline is None:
        return row.title
    at = times.local_time(deadline.at, now, tz)
    about = "about " if deadline.computed else ""
    what = "stops" if deadline.ending == Ending.STOP else "will be deleted"
    return f"{row.title} {what} at {about}{at}"
