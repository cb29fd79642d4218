"""What may be done to a workstation, what happens to it by itself, and why not.

Sources: the AWS API reference. StreamConfiguration, members maxSessionLengthInMinutes (default
690), maxStoppedSessionLengthInMinutes (default 0), sessionPersistenceMode and
automaticTerminationMode; StopStreamingSession, StartStreamingSession, DeleteStreamingSession;
StreamingSession, members stopAt and terminateAt.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from nimble_tui.core.durations import in_words
from nimble_tui.core.model import (
    FAILED_STATES,
    LaunchProfile,
    Mode,
    SessionAction,
    SessionState,
    StreamingSession,
)
from nimble_tui.core.text import is_plain_id

DEFAULT_MAX_SESSION_LENGTH = 690
DELETABLE = FAILED_STATES | {SessionState.READY, SessionState.STOPPED}
_STATES = frozenset(SessionState)
GONE = frozenset({SessionState.DELETED, SessionState.DELETE_IN_PROGRESS})


@dataclass(frozen=True, slots=True)
class Allowed:
    """The action is safe to ask for; `note` says in one sentence what it will do."""

    note: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The action is not sent; `reason` says why and what to do instead, in full sentences."""

    reason: str


class Ending(StrEnum):
    """What a deadline does."""

    STOP = "stop"
    DELETE = "delete"


class Urgency(IntEnum):
    """How near a deadline is: further than an hour, then within 60, 15 and 5 minutes."""

    NONE = 0
    HOUR = 1
    QUARTER = 2
    LAST = 3


@dataclass(frozen=True, slots=True)
class Deadline:
    """What the studio does by itself and when; `computed` when we worked it out ourselves."""

    ending: Ending
    at: datetime
    since: datetime | None
    computed: bool

    def left(self, now: datetime) -> timedelta:
        """Return the time left, never below zero."""
        return max(self.at - now, timedelta())

    def passed(self, now: datetime) -> float | None:
        """Return how much of the time is used up, 0 to 1; None when its beginning is unknown."""
        if self.since is None or self.at <= self.since:
            return None
        return min(max((now - self.since) / (self.at - self.since), 0.0), 1.0)

    def urgency(self, now: datetime) -> Urgency:
        """Return how loud to be about it."""
        left = self.left(now)
        for minutes, urgency in ((5, Urgency.LAST), (15, Urgency.QUARTER), (60, Urgency.HOUR)):
            if left <= timedelta(minutes=minutes):
                return urgency
        return Urgency.NONE


def can_be_stopped(session: StreamingSession, launch_profile: LaunchProfile | None) -> bool:
    """Return whether a stop keeps the workstation; a profile that cannot be read keeps nothing."""
    if launch_profile is None:
        return False
    length = launch_profile.stream_configuration.max_stopped_session_length_in_minutes or 0
    match session.session_persistence_mode:
        case None:
            return length > 0
        case Mode.ACTIVATED:
            return session.automatic_termination_mode in {None, Mode.DEACTIVATED} or length > 0
        case _:
            return False


def kept_for(session: StreamingSession, launch_profile: LaunchProfile) -> timedelta | None:
    """Return how long a stopped workstation is kept; None when until somebody deletes it."""
    until_deleted = session.automatic_termination_mode in {None, Mode.DEACTIVATED}
    if session.session_persistence_mode == Mode.ACTIVATED and until_deleted:
        return None
    length = launch_profile.stream_configuration.max_stopped_session_length_in_minutes or 0
    return timedelta(minutes=length)


def verdict(
    action: SessionAction,
    session: StreamingSession,
    launch_profile: LaunchProfile | None,
    *,
    read_only: bool = False,
) -> Allowed | Refused:
    """Return whether `action` may be asked for now, and why or why not in words."""
    if read_only:
        return Refused("This studio is set to look only; change read_only in the settings to act.")
    if not is_plain_id(session.session_id):
        return Refused("Its id holds characters that cannot be shown safely; ask your admin.")
    if session.in_transition:
        return Refused(_busy(session))
    if session.state not in _STATES:
        return Refused(f"Its state, {session.state or 'unknown'}, is new to this app; look only.")
    if session.state in GONE:
        return Refused("It is deleted; nothing more can be done with it.")
    if action == SessionAction.STOP:
        return _stop(session, launch_profile)
    if action == SessionAction.START:
        return _start(session)
    return _delete(session)


def deadline(session: StreamingSession, launch_profile: LaunchProfile | None) -> Deadline | None:
    """Return what happens to the workstation by itself next, if anything does."""
    if session.state in GONE:
        return None
    sent = [
        Deadline(ending, at, _since(session), computed=False)
        for ending, at in (
            (Ending.STOP, session.stop_at if session.state != SessionState.STOPPED else None),
            (Ending.DELETE, session.terminate_at),
        )
        if at is not None
    ]
    if sent:
        return min(sent, key=lambda one: one.at)
    if launch_profile is None:
        return None
    return _computed(session, launch_profile)


def _computed(session: StreamingSession, launch_profile: LaunchProfile) -> Deadline | None:
    since = _since(session)
    if since is None:
        return None
    if session.state == SessionState.READY:
        configuration = launch_profile.stream_configuration
        minutes = configuration.max_session_length_in_minutes or DEFAULT_MAX_SESSION_LENGTH
        keeps = can_be_stopped(session, launch_profile)
        ending = Ending.STOP if keeps else Ending.DELETE
        return Deadline(ending, _later(since, timedelta(minutes=minutes)), since, computed=True)
    if session.state == SessionState.STOPPED:
        kept = kept_for(session, launch_profile)
        if kept:
            return Deadline(Ending.DELETE, _later(since, kept), since, computed=True)
    return None


def _later(since: datetime, length: timedelta) -> datetime:
    # The last day there is, less one: every time zone can show it.
    end = datetime.max.replace(tzinfo=since.tzinfo) - timedelta(days=1)
    return since + min(max(length, timedelta()), end - since)


def _since(session: StreamingSession) -> datetime | None:
    if session.state == SessionState.STOPPED:
        return session.stopped_at
    times = [at for at in (session.created_at, session.started_at) if at is not None]
    return max(times, default=None)


def _stop(session: StreamingSession, launch_profile: LaunchProfile | None) -> Allowed | Refused:
    if session.state == SessionState.STOPPED:
        return Refused("It is stopped already; start it to work on it.")
    if session.state != SessionState.READY:
        return Refused(f"Only a READY workstation can be stopped, and it is {session.state}.")
    if launch_profile is None:
        return Refused(
            "Its launch profile cannot be read, so a stop might break it; "
            "save your work and delete it when you are done, or ask your admin."
        )
    if not can_be_stopped(session, launch_profile):
        return Refused(
            "Workstations of this launch profile cannot be stopped: a stop would break it. "
            "Save your work elsewhere and delete it when you are done."
        )
    kept = kept_for(session, launch_profile)
    if kept is None:
        return Allowed("Its disk is kept until you delete it.")
    return Allowed(f"Its disk is kept for {in_words(kept)}, then it is deleted unless started.")


def _start(session: StreamingSession) -> Allowed | Refused:
    if session.state in {SessionState.STOPPED, SessionState.START_FAILED}:
        return Allowed("It comes back with its disk as you left it.")
    if session.state == SessionState.READY:
        return Refused("It is running already.")
    return Refused(f"Only a STOPPED workstation can be started, and it is {session.state}.")


def _delete(session: StreamingSession) -> Allowed | Refused:
    if session.state in DELETABLE:
        return Allowed("It and its disk are gone for good.")
    return Refused(f"A workstation that is {session.state} cannot be deleted.")


def under_way(session: StreamingSession) -> str | None:
    """Return what is being done with a workstation, after "it is"; None when nothing is."""
    doing = {
        SessionState.CREATE_IN_PROGRESS: "being made",
        SessionState.START_IN_PROGRESS: "starting",
        SessionState.STOP_IN_PROGRESS: "stopping",
        SessionState.DELETE_IN_PROGRESS: "being deleted",
    }
    found = next((words for state, words in doing.items() if state == session.state), None)
    return found or ("busy" if session.in_transition else None)


def _busy(session: StreamingSession) -> str:
    return f"It is {under_way(session)} right now; wait until that is done."
