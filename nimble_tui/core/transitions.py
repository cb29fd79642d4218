"""The time a workstation has been in transition, and the limit after which it is stuck."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from nimble_tui.core.model import SessionState

if TYPE_CHECKING:
    from datetime import datetime

    from nimble_tui.core.model import StreamingSession

_LONG_WAIT = timedelta(minutes=15)


def moving_since(session: StreamingSession) -> datetime | None:
    """Return when the current transition began, if the studio reports it."""
    match session.state:
        case SessionState.CREATE_IN_PROGRESS:
            return session.created_at
        case SessionState.START_IN_PROGRESS:
            times = (session.started_at, session.updated_at)
        case SessionState.STOP_IN_PROGRESS:
            times = (session.stopped_at, session.updated_at)
        case _:
            times = (session.updated_at, None)
    return max((at for at in times if at is not None), default=None)


def is_stuck(session: StreamingSession, now: datetime, usually: timedelta | None = None) -> bool:
    """Return whether a transition takes too long for "wait" to be good advice.

    `usually` is its usual duration, if known.
    """
    since = moving_since(session)
    if not session.in_transition or since is None:
        return False
    return now - since > max(_LONG_WAIT, 2 * (usually or timedelta()))
