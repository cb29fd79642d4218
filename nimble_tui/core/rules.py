"""The rules of workstations: allowed actions, reasons for refusals, and deadlines.

Sources: the AWS API reference. StreamConfiguration, members maxSessionLengthInMinutes (default
690), maxStoppedSessionLengthInMinutes (default 0), sessionPersistenceMode and
automaticTerminationMode; StopStreamingSession, StartStreamingSession, DeleteStreamingSession;
StreamingSession, members stopAt and terminateAt.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from nimble_tui.core import unclear_steps
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
    """The action is safe to request; `note` says in one sentence what it will do."""

    note: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The action is not sent; `reason` says why and what to do instead, in full sentences."""

    reason: str


READ_ONLY = Refused("This studio is read-only. Change read_only in the settings.")


class Ending(StrEnum):
    """The effect of a deadline."""

    STOP = "stop"
    DELETE = "delete"


class Urgency(IntEnum):
    """The level of a deadline's nearness; WARNED_AT holds when each one begins."""

    NONE = 0
    HOUR = 1
    QUARTER = 2
    LAST = 3


WARNED_AT = {
    Urgency.HOUR: timedelta(minutes=60),
    Urgency.QUARTER: timedelta(minutes=15),
    Urgency.LAST: timedelta(minutes=5),
}
"""The time left at which each warning is given; the earliest warning comes first."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The studio's next automatic action and its time; `computed` if we calculated it."""

    ending: Ending
    at: datetime
    since: datetime | None
    computed: bool

    def left(self, now: datetime) -> timedelta:
        """Return the time left, never below zero."""
        return max(self.at - now, timedelta())

    def passed(self, now: datetime) -> float | None:
        """Return the used part of the time, 0 to 1; None if its beginning is unknown."""
        if self.since is None or self.at <= self.since:
            return None
        return min(max((now - self.since) / (self.at - self.since), 0.0), 1.0)

    def urgency(self, now: datetime) -> Urgency:
        """Return the level of its nearness."""
        left = self.left(now)
        return max((one for one, at in WARNED_AT.items() if left <= at), default=Urgency.NONE)


@dataclass(frozen=True, slots=True)
class StartRisk:
    """The consequence of a start if the workstation cannot be stopped afterwards.

    `certain` is False if only an unreadable launch profile could confirm it; `runs_for` is the
    time from READY to its deletion, None if unknown.
    """

    certain: bool
    runs_for: timedelta | None

    def deleted_at(self, now: datetime) -> datetime | None:
        """Return the time of its deletion if it is READY at `now`; it is never earlier."""
        return None if self.runs_for is None else _later(now, self.runs_for)


def can_be_stopped(session: StreamingSession, launch_profile: LaunchProfile | None) -> bool | None:
    """Return whether a stop keeps the workstation; None if that cannot be known.

    The modes are the session's own, the length is the launch profile's current one. If that cannot
    be read (None), the session's own data may still suffice: its modes, or a stopAt, which only a
    workstation has that the studio will stop.
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
    """Return whether a launch profile is the studio's current one, not a last seen one."""
    return launch_profile is not None and not launch_profile.is_last_seen


def kept_for(session: StreamingSession, launch_profile: LaunchProfile | None) -> timedelta | None:
    """Return how long a stopped workstation is kept; None if until a person deletes it.

    Also None if only an unreadable launch profile holds that (see `is_kept_until_deleted`).
    """
    if is_kept_until_deleted(session) or launch_profile is None:
        return None
    return _stopped_length(launch_profile)


def is_kept_until_deleted(session: StreamingSession) -> bool:
    """Return whether, by its own modes, only a person deletes it once it is stopped."""
    never_deleted = session.automatic_termination_mode in {None, Mode.DEACTIVATED}
    return session.session_persistence_mode == Mode.ACTIVATED and never_deleted


def risk_of_start(
    session: StreamingSession, launch_profile: LaunchProfile | None
) -> StartRisk | None:
    """Return the risk of a start; None if the workstation can be stopped again."""
    stoppable = can_be_stopped(session, launch_profile)
    if stoppable:
        return None
    runs_for = longest_run(launch_profile) if launch_profile is not None else None
    return StartRisk(certain=stoppable is not None, runs_for=runs_for)


def is_disk_kept(session: StreamingSession) -> bool | None:
    """Return whether the last stop kept the disk; None for a retention mode new to this app.

    Source: the AWS API reference, StreamingSession, member volumeRetentionMode; a studio without
    it keeps the disk.
    """
    known = {None: True, "RETAIN": True, "DELETE": False}
    return known.get(session.volume_retention_mode)


def has_backups(session: StreamingSession) -> bool:
    """Return whether each stop creates a backup of the disk."""
    return session.backup_mode == "AUTOMATIC" and session.max_backups_to_retain != 0


def _stopped_length(launch_profile: LaunchProfile) -> timedelta:
    configuration = launch_profile.stream_configuration
    return timedelta(minutes=configuration.max_stopped_session_length_in_minutes or 0)


def longest_run(launch_profile: LaunchProfile) -> timedelta:
    """Return the maximum running time of a launch profile's workstations."""
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
    """Return whether `action` is allowed now, with a note or a reason.

    `stuck` says that it has been in transition for too long, see `transitions.is_stuck`. A delete
    is allowed in transition where it only gives up an unclear step, see `unclear_steps`.
    """
    if read_only:
        return READ_ONLY
    if not is_plain_id(session.session_id):
        return Refused("Its id contains unsafe characters. Ask your admin.")
    if action == SessionAction.DELETE and unclear_steps.can_be_given_up(session):
        return Allowed(unclear_steps.outcome_of(session.state))
    if session.in_transition:
        return Refused(_busy(session, stuck=stuck))
    if session.state not in _STATES:
        return Refused(f"This app does not know its state, {session.state or 'unknown'}.")
    if session.state in GONE:
        return Refused("It was deleted.")
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
    """Return the next automatic action on the workstation, if there is one."""
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
    """Return whether the next deadline is unknown because times could not be read.

    `nearest` is its deadline as far as it could be read: another one may be earlier.
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
    # The last possible day, less one: every time zone can show it.
    end = datetime.max.replace(tzinfo=since.tzinfo) - timedelta(days=1)
    return since + min(max(length, timedelta()), end - since)


def _since(session: StreamingSession) -> datetime | None:
    if session.state == SessionState.STOPPED:
        return session.stopped_at
    times = [at for at in (session.created_at, session.started_at) if at is not None]
    return max(times, default=None)


def _stop(session: StreamingSession, launch_profile: LaunchProfile | None) -> Allowed | Refused:
    if session.state == SessionState.STOPPED:
        return Refused("It is already stopped. Start it to work on it.")
    if session.state != SessionState.READY:
        return Refused(f"Only a READY workstation can be stopped; it is {session.state}.")
    stoppable = can_be_stopped(session, launch_profile)
    if stoppable is None:
        return Refused(
            "Its launch profile can't be read, so a stop might make it unusable. "
            "Save your work elsewhere and ask your admin."
        )
    if not stoppable and not is_read(launch_profile):
        return Refused(
            "It can't be stopped: a stop would make it unusable. Its launch profile can't be read. "
            "Save your work elsewhere and ask your admin."
        )
    if not stoppable:
        return Refused(
            "This workstation can't be stopped: a stop would make it unusable. "
            "Save your work elsewhere, then delete the workstation."
        )
    return Allowed(_kept_after_stop(session, launch_profile))


def _kept_after_stop(session: StreamingSession, launch_profile: LaunchProfile | None) -> str:
    kept = kept_for(session, launch_profile)
    if kept is not None:
        known = "" if is_read(launch_profile) else " (as its launch profile was last seen)"
        return f"Kept with its disk for {in_words(kept)}{known}, then deleted unless started."
    if is_kept_until_deleted(session):
        return "Its disk is kept until you delete it."
    return "Its disk is kept; for how long is unknown, as its launch profile can't be read."


def _start(session: StreamingSession) -> Allowed | Refused:
    if session.state in {SessionState.STOPPED, SessionState.START_FAILED}:
        return Allowed(_comes_back(session))
    if session.state == SessionState.READY:
        return Refused("It is already running.")
    return Refused(f"Only a STOPPED workstation can be started; it is {session.state}.")


def _comes_back(session: StreamingSession) -> str:
    kept = is_disk_kept(session)
    if kept is None:
        mode = session.volume_retention_mode
        return f"It starts; whether its disk was kept is unknown ({mode})."
    if kept:
        return "Starts it with its disk as you left it."
    instead = " unless you restore a backup" if has_backups(session) else ""
    return f"Its disk was deleted at its last stop. It starts with a new disk{instead}."


def _delete(session: StreamingSession) -> Allowed | Refused:
    if session.state not in DELETABLE:
        return Refused(f"A workstation that is {session.state} can't be deleted.")
    if session.state == SessionState.STOPPED and is_disk_kept(session) is False:
        return Allowed("Deletes it permanently. Its disk was deleted at its last stop.")
    return Allowed("Deletes it and its disk permanently.")


def activity(session: StreamingSession) -> str | None:
    """Return the change in progress, as a participle for "it is …"; None if there is none."""
    doing = {
        SessionState.CREATE_IN_PROGRESS: "being created",
        SessionState.START_IN_PROGRESS: "starting",
        SessionState.STOP_IN_PROGRESS: "stopping",
        SessionState.DELETE_IN_PROGRESS: "being deleted",
    }
    found = next((words for state, words in doing.items() if state == session.state), None)
    return found or ("busy" if session.in_transition else None)


def _busy(session: StreamingSession, *, stuck: bool) -> str:
    if unclear_steps.is_unclear(session):
        unclear = f"It is {activity(session)}, without a clear answer."
        if unclear_steps.can_be_given_up(session):
            return f"{unclear} Delete it to give up."
        return f"{unclear} You can give up after {in_words(unclear_steps.GIVE_UP_AFTER)}."
    if stuck:
        return f"It has been {activity(session)} for too long. Ask your admin."
    return f"It is {activity(session)}. Wait until that is finished."
