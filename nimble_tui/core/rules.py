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


READ_ONLY = Refused("This studio is set to look only; change read_only in the settings to act.")


class Ending(StrEnum):
    """What a deadline does."""

    STOP = "stop"
    DELETE = "delete"


class Urgency(IntEnum):
    """How near a deadline is; WARNED_AT says from when on."""

    NONE = 0
    HOUR = 1
    QUARTER = 2
    LAST = 3


WARNED_AT = {
    Urgency.HOUR: timedelta(minutes=60),
    Urgency.QUARTER: timedelta(minutes=15),
    Urgency.LAST: timedelta(minutes=5),
}
"""The time left at which a person is warned, once for each; the furthest comes first."""


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
        return max((one for one, at in WARNED_AT.items() if left <= at), default=Urgency.NONE)


@dataclass(frozen=True, slots=True)
class StartRisk:
    """What a start leads to where the workstation cannot be stopped afterwards.

    `certain` is False where only a launch profile that cannot be read could tell; `runs_for` is
    how long it is READY before it is deleted, None where that is unknown.
    """

    certain: bool
    runs_for: timedelta | None

    def deleted_at(self, now: datetime) -> datetime | None:
        """Return when it is deleted if it is READY at `now`; it is never deleted earlier."""
        return None if self.runs_for is None else _later(now, self.runs_for)


def can_be_stopped(session: StreamingSession, launch_profile: LaunchProfile | None) -> bool | None:
    """Return whether a stop keeps the workstation; None when that cannot be known.

    Modes are the session's own, the length is the launch profile's as it is now. Where that cannot
    be read (None), facts of the session's own may still suffice: its modes, or a stopAt, which only
    a workstation has that the studio is going to stop by itself.
    """
    if session.session_persistence_mode not in {None, Mode.ACTIVATED}:
        return False
    if is_kept_until_deleted(session):
        return True
    if launch_profile is not None:
        return _stopped_length(launch_profile) > timedelta()
    is_to_stop = session.state == SessionState.READY and session.stop_at is not None
    return True if is_to_stop and session.terminate_at is None else None


def is_read(launch_profile: LaunchProfile | None) -> bool:
    """Return whether a launch profile is as the studio shows it now, not as it was last seen."""
    return launch_profile is not None and not launch_profile.is_last_seen


def kept_for(session: StreamingSession, launch_profile: LaunchProfile | None) -> timedelta | None:
    """Return how long a stopped workstation is kept; None when until a person deletes it.

    None too where only a launch profile that cannot be read could tell (`is_kept_until_deleted`).
    """
    if is_kept_until_deleted(session) or launch_profile is None:
        return None
    return _stopped_length(launch_profile)


def is_kept_until_deleted(session: StreamingSession) -> bool:
    """Return whether its own modes say that nothing but a person deletes it once it is stopped."""
    never_deleted = session.automatic_termination_mode in {None, Mode.DEACTIVATED}
    return session.session_persistence_mode == Mode.ACTIVATED and never_deleted


def risk_of_start(
    session: StreamingSession, launch_profile: LaunchProfile | None
) -> StartRisk | None:
    """Return what a start risks; None where the workstation can be stopped again."""
    stoppable = can_be_stopped(session, launch_profile)
    if stoppable:
        return None
    runs_for = longest_run(launch_profile) if launch_profile is not None else None
    return StartRisk(certain=stoppable is not None, runs_for=runs_for)


def is_disk_kept(session: StreamingSession) -> bool | None:
    """Return whether the last stop kept the disk; None for a retention mode new to this app.

    Source: the AWS API reference, StreamingSession, member volumeRetentionMode; a studio from
    before there was one keeps the disk.
    """
    known = {None: True, "RETAIN": True, "DELETE": False}
    return known.get(session.volume_retention_mode)


def has_backups(session: StreamingSession) -> bool:
    """Return whether each stop makes a backup of the disk."""
    return session.backup_mode == "AUTOMATIC" and session.max_backups_to_retain != 0


def _stopped_length(launch_profile: LaunchProfile) -> timedelta:
    configuration = launch_profile.stream_configuration
    return timedelta(minutes=configuration.max_stopped_session_length_in_minutes or 0)


def longest_run(launch_profile: LaunchProfile) -> timedelta:
    """Return for how long workstations of a launch profile run at most."""
    configuration = launch_profile.stream_configuration
    minutes = configuration.max_session_length_in_minutes or DEFAULT_MAX_SESSION_LENGTH
    return timedelta(minutes=minutes)


def check_action(
    action: SessionAction,
    session: StreamingSession,
    launch_profile: LaunchProfile | None,
    *,
    read_only: bool = False,
    stuck: bool = False,
) -> Allowed | Refused:
    """Return whether `action` may be asked for now, and why or why not in words.

    `stuck` says that it is in transition for too long, see `transitions.is_stuck`.
    """
    if read_only:
        return READ_ONLY
    if not is_plain_id(session.session_id):
        return Refused("Its id holds characters that cannot be shown safely; ask your admin.")
    if session.in_transition:
        return Refused(_busy(session, stuck=stuck))
    if session.state not in _STATES:
        return Refused(f"Its state, {session.state or 'unknown'}, is new to this app; look only.")
    if session.state in GONE:
        return Refused("It is deleted; nothing more can be done with it.")
    if action == SessionAction.STOP:
        return _stop(session, launch_profile)
    if action == SessionAction.START:
        return _start(session)
    return _delete(session)


def check_actions(
    session: StreamingSession,
    launch_profile: LaunchProfile | None,
    *,
    read_only: bool = False,
    stuck: bool = False,
) -> dict[SessionAction, Allowed | Refused]:
    """Return `check_action` for every action."""
    return {
        action: check_action(action, session, launch_profile, read_only=read_only, stuck=stuck)
        for action in SessionAction
    }


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


def are_times_unread(session: StreamingSession, nearest: Deadline | None) -> bool:
    """Return whether times could not be read without which it is not known what happens next.

    `nearest` is its deadline as far as it could be read: another one may come before it.
    """
    if "stopAt" in session.unread_times or "terminateAt" in session.unread_times:
        return True
    return nearest is None and _is_since_unread(session)


def _is_since_unread(session: StreamingSession) -> bool:
    unread = session.unread_times
    if session.state == SessionState.READY:
        return "createdAt" in unread or "startedAt" in unread
    stays = is_kept_until_deleted(session)
    return session.state == SessionState.STOPPED and "stoppedAt" in unread and not stays


def _computed(session: StreamingSession, launch_profile: LaunchProfile) -> Deadline | None:
    since = _since(session)
    if since is None or _is_since_unread(session):
        return None
    if session.state == SessionState.READY:
        keeps = can_be_stopped(session, launch_profile)
        ending = Ending.STOP if keeps else Ending.DELETE
        return Deadline(ending, _later(since, longest_run(launch_profile)), since, computed=True)
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
    stoppable = can_be_stopped(session, launch_profile)
    if stoppable is None:
        return Refused(
            "Its launch profile cannot be read, so a stop might break it; "
            "save your work elsewhere and ask your admin."
        )
    if not stoppable and not is_read(launch_profile):
        return Refused(
            "It cannot be stopped: a stop would break it. Its launch profile cannot be read; "
            "save your work elsewhere and ask your admin."
        )
    if not stoppable:
        return Refused(
            "Workstations of this launch profile cannot be stopped: a stop would break it. "
            "Save your work elsewhere and delete it when you are done."
        )
    return Allowed(_kept_after_stop(session, launch_profile))


def _kept_after_stop(session: StreamingSession, launch_profile: LaunchProfile | None) -> str:
    kept = kept_for(session, launch_profile)
    if kept is not None:
        known = "" if is_read(launch_profile) else ", as its launch profile was last seen"
        return f"Its disk is kept for {in_words(kept)}, then it is deleted unless started{known}."
    if is_kept_until_deleted(session):
        return "Its disk is kept until you delete it."
    return "Its disk is kept, for how long is not known: its launch profile cannot be read."


def _start(session: StreamingSession) -> Allowed | Refused:
    if session.state in {SessionState.STOPPED, SessionState.START_FAILED}:
        return Allowed(_comes_back(session))
    if session.state == SessionState.READY:
        return Refused("It is running already.")
    return Refused(f"Only a STOPPED workstation can be started, and it is {session.state}.")


def _comes_back(session: StreamingSession) -> str:
    kept = is_disk_kept(session)
    if kept is None:
        mode = session.volume_retention_mode
        return f"It comes back; what became of its disk ({mode}) is not known."
    if kept:
        return "It comes back with its disk as you left it."
    instead = ", unless you start it from a backup" if has_backups(session) else ""
    return f"Its disk was thrown away at its last stop: it comes back as new{instead}."


def _delete(session: StreamingSession) -> Allowed | Refused:
    if session.state not in DELETABLE:
        return Refused(f"A workstation that is {session.state} cannot be deleted.")
    if session.state == SessionState.STOPPED and is_disk_kept(session) is False:
        return Allowed("It is gone for good; its disk was thrown away at its last stop.")
    return Allowed("It and its disk are gone for good.")


def activity(session: StreamingSession) -> str | None:
    """Return what is being done with a workstation, after "it is"; None when nothing is."""
    doing = {
        SessionState.CREATE_IN_PROGRESS: "being made",
        SessionState.START_IN_PROGRESS: "starting",
        SessionState.STOP_IN_PROGRESS: "stopping",
        SessionState.DELETE_IN_PROGRESS: "being deleted",
    }
    found = next((words for state, words in doing.items() if state == session.state), None)
    return found or ("busy" if session.in_transition else None)


def _busy(session: StreamingSession, *, stuck: bool) -> str:
    if stuck:
        return f"It is {activity(session)} for too long; tell your admin."
    return f"It is {activity(session)} right now; wait until that is done."
