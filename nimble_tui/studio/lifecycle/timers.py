"""When a workstation is stopped or deleted by itself.

Source: the AWS API reference, StreamConfigurationCreate, members maxSessionLengthInMinutes,
maxStoppedSessionLengthInMinutes, sessionPersistenceMode and automaticTerminationMode;
StreamingSession, members stopAt and terminateAt. Modes are those the session was made with,
lengths those of its launch profile as it is now.
"""

from datetime import datetime, timedelta
from typing import Final

from nimble_tui.studio.store.records import Document, stamp, time_of

DEFAULT_MAX_SESSION_LENGTH: Final = 690
"""Minutes; eleven and a half hours."""

LENGTHS: Final = ("maxSessionLengthInMinutes", "maxStoppedSessionLengthInMinutes")
"""The members of a launch profile's stream configuration that set deadlines."""

_TIMED_STATES: Final = frozenset({"READY", "STOPPED", "STOP_FAILED"})


def can_be_stopped(session: Document, stream_configuration: Document) -> bool:
    """Return whether a stop keeps the workstation; elsewhere it fails."""
    length = stream_configuration.get("maxStoppedSessionLengthInMinutes", 0)
    mode = session.get("sessionPersistenceMode")
    if mode is None:  # a launch profile from before there were modes
        return bool(length)
    return mode == "ACTIVATED" and (_kept_until_deleted(session) or bool(length))


def set_timers(session: Document, stream_configuration: Document, at: datetime) -> None:
    """Write the deadlines of the state that the session just entered."""
    state = session["state"]
    if state == "READY":
        minutes = stream_configuration.get("maxSessionLengthInMinutes", DEFAULT_MAX_SESSION_LENGTH)
        name = "stopAt" if can_be_stopped(session, stream_configuration) else "terminateAt"
        session[name] = stamp(at + timedelta(minutes=minutes))
    elif state == "STOPPED" and not _kept_until_deleted(session):
        minutes = stream_configuration.get("maxStoppedSessionLengthInMinutes", 0)
        stopped_at = time_of(session, "stoppedAt")
        if minutes and stopped_at:
            session["terminateAt"] = stamp(stopped_at + timedelta(minutes=minutes))


def clear_timers(session: Document) -> None:
    """Remove the deadlines: their time no longer runs."""
    session.pop("stopAt", None)
    session.pop("terminateAt", None)


def deadline_of(session: Document) -> datetime | None:
    """Return when the next deadline of a session falls, if it is in a state that has any."""
    if session["state"] not in _TIMED_STATES:
        return None
    times = (time_of(session, "stopAt"), time_of(session, "terminateAt"))
    return min((time for time in times if time), default=None)


def _kept_until_deleted(session: Document) -> bool:
    return (
        session.get("sessionPersistenceMode") == "ACTIVATED"
        and session.get("automaticTerminationMode", "DEACTIVATED") == "DEACTIVATED"
    )
