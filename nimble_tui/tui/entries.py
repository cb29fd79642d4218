"""The workstations as the list shows them: each with what belongs to it, in their order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from nimble_tui.core import rules
from nimble_tui.core.model import (
    FAILED_STATES,
    LaunchProfile,
    SessionAction,
    SessionState,
    StreamingSession,
)

_FAR = datetime.max.replace(tzinfo=UTC)
_SOON = timedelta(hours=1)

UNDER_WAY = {
    SessionAction.STOP: SessionState.STOP_IN_PROGRESS,
    SessionAction.START: SessionState.START_IN_PROGRESS,
    SessionAction.DELETE: SessionState.DELETE_IN_PROGRESS,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """An action that was confirmed and has not been answered yet."""

    action: SessionAction
    at: datetime

    def shown(self, session: StreamingSession) -> StreamingSession:
        """Return the workstation as it will be once the studio has taken the action."""
        return replace(session, state=UNDER_WAY[self.action], updated_at=self.at)


@dataclass(frozen=True, slots=True)
class Entry:
    """A workstation with its launch profile, its name, and what happens to it by itself."""

    session: StreamingSession
    launch_profile: LaunchProfile | None
    title: str
    deadline: rules.Deadline | None
    haystack: str

    @property
    def key(self) -> str:
        """What it is known by through every refresh."""
        return self.session.session_id

    @classmethod
    def of(cls, session: StreamingSession, launch_profile: LaunchProfile | None) -> "Entry":
        """Return the entry of a workstation."""
        title = session.title(launch_profile)
        words = (
            title,
            session.state,
            session.ec2_instance_type,
            launch_profile.title if launch_profile else None,
            session.short_id,
        )
        return cls(
            session,
            launch_profile,
            title,
            rules.deadline(session, launch_profile),
            " ".join(word for word in words if word).casefold(),
        )


def build(
    sessions: Iterable[StreamingSession],
    launch_profiles: Iterable[LaunchProfile],
    now: datetime,
    *,
    asked: Mapping[str, Asked] | None = None,
    known: Iterable[Entry] = (),
) -> tuple[Entry, ...]:
    """Return the workstations in their order; an entry that is the same as in `known` is kept.

    What is about to be deleted comes first, then what changes, what runs, what failed, what is
    stopped; among equals, what ends first. DELETED ones are left out.
    """
    asked = asked or {}
    profiles = {one.launch_profile_id: one for one in launch_profiles}
    before = {entry.key: entry for entry in known}
    entries: dict[str, Entry] = {}
    for session in sessions:
        if session.state == SessionState.DELETED:
            continue
        request = asked.get(session.session_id)
        shown = request.shown(session) if request else session
        profile = profiles.get(session.launch_profile_id or "")
        old = before.get(session.session_id)
        if old and old.session == shown and old.launch_profile == profile:
            entries[old.key] = old
        else:
            entries[session.session_id] = Entry.of(shown, profile)
    return tuple(sorted(entries.values(), key=lambda entry: _order(entry, now)))


def matching(entries: tuple[Entry, ...], wanted: str) -> tuple[Entry, ...]:
    """Return the entries in which every word of `wanted` is found."""
    words = wanted.casefold().split()
    if not words:
        return entries
    return tuple(entry for entry in entries if all(word in entry.haystack for word in words))


def next_deadline(entries: Iterable[Entry], now: datetime) -> datetime | None:
    """Return the nearest time at which a workstation changes by itself."""
    times = (entry.deadline.at for entry in entries if entry.deadline)
    return min((at for at in times if at > now), default=None)


def _order(entry: Entry, now: datetime) -> tuple[int, datetime, float, str]:
    session, deadline = entry.session, entry.deadline
    ends = deadline.at if deadline else _FAR
    age = -session.created_at.timestamp() if session.created_at else 0.0
    return _rank(session, deadline, now), ends, age, session.session_id


def _rank(session: StreamingSession, deadline: rules.Deadline | None, now: datetime) -> int:
    if deadline and deadline.ending == rules.Ending.DELETE and deadline.at - now <= _SOON:
        return 0
    if session.in_transition:
        return 1
    if session.state == SessionState.READY:
        return 2
    if session.state in FAILED_STATES:
        return 3
    return 4 if session.state == SessionState.STOPPED else 5
