"""The line that is left on the terminal: what still runs, and until when."""

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


def farewell(entries: Sequence[SessionRow], now: datetime, tz: tzinfo | None) -> str:
    """Return one line about what goes on without the app."""
    entries = sorting.ENDING.arrange(entries, now)
    running = [entry for entry in entries if entry.session.state in _RUNNING]
    ending = [
        entry for entry in entries if entry.session.state not in _RUNNING and _ends_soon(entry, now)
    ]
    parts = []
    if running:
        count = len(running)
        named = [_with_end(entry, now, tz) for entry in running[:_NAMED]]
        more = [f"and {count - _NAMED} more"] if count > _NAMED else []
        verb = "1 workstation still runs" if count == 1 else f"{count} workstations still run"
        parts.append(f"{verb}: {', '.join(named + more)}.")
    elif entries:
        parts.append("No workstation is running.")
    if ending:
        parts.append(f"{_with_end(ending[0], now, tz)} unless it is started.")
    if kept := [entry.title for entry in entries if entry.keeping]:
        parts.append(
            f"Keeping {' and '.join(kept[:_NAMED])} is not finished: "
            "start nimble-tui again, which stops what was only started for that."
        )
    return " ".join(parts)


def _ends_soon(entry: SessionRow, now: datetime) -> bool:
    deadline = entry.deadline
    return (
        deadline is not None
        and deadline.ending == Ending.DELETE
        and deadline.urgency(now) > Urgency.NONE
        and not entry.session.in_transition
    )


def _with_end(entry: SessionRow, now: datetime, tz: tzinfo | None) -> str:
    deadline = entry.deadline
    if deadline is None:
        return entry.title
    at = times.local_time(deadline.at, now, tz)
    about = "about " if deadline.computed else ""
    what = "stops" if deadline.ending == Ending.STOP else "will be deleted"
    return f"{entry.title} {what} at {about}{at}"
