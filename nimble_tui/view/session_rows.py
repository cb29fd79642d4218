"""The rows of the list of workstations, sorted."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import NamedTuple

from nimble_tui.core import rules, unclear_steps
from nimble_tui.core.launching import LAUNCH_TAG, OWN_TAGS
from nimble_tui.core.lookup import folded
from nimble_tui.core.model import (
    FAILED_STATES,
    LaunchProfile,
    SessionAction,
    SessionState,
    StreamingSession,
)
from nimble_tui.core.text import clean_id
from nimble_tui.core.turns import in_turns
from nimble_tui.view import labels
from nimble_tui.view.list_diff import same
from nimble_tui.view.sorting import NEEDS, Order

_NO_IMAGES: Mapping[str, str] = MappingProxyType({})

_BEING_KEPT = frozenset(
    {SessionState.START_IN_PROGRESS, SessionState.READY, SessionState.STOP_IN_PROGRESS}
)

UNDER_WAY = {
    SessionAction.STOP: SessionState.STOP_IN_PROGRESS,
    SessionAction.START: SessionState.START_IN_PROGRESS,
    SessionAction.DELETE: SessionState.DELETE_IN_PROGRESS,
}


@dataclass(frozen=True, slots=True)
class PendingAction:
    """A confirmed action that the studio has not answered yet.

    `backup_id` is the backup that a start restores, `volume_retention_mode` the handling of the
    disk at a stop.
    """

    action: SessionAction
    at: datetime
    backup_id: str | None = None
    volume_retention_mode: str | None = None

    def shown(self, session: StreamingSession) -> StreamingSession:
        """Return the workstation as it will be once the studio has accepted the action."""
        if self.action == SessionAction.DELETE and unclear_steps.can_be_given_up(session):
            return replace(session, status_message=unclear_steps.BEING_GIVEN_UP)
        taken = replace(session, state=UNDER_WAY[self.action], updated_at=self.at)
        match self.action:
            case SessionAction.STOP:
                # A stop that does not say so retains the disk.
                return replace(taken, volume_retention_mode=self.volume_retention_mode or "RETAIN")
            case SessionAction.START:
                return replace(taken, started_from_backup_id=self.backup_id)
            case _:
                return taken


@dataclass(frozen=True, slots=True)
class PendingName:
    """A new name that the studio has not answered yet; "" removes the old one."""

    name: str

    def shown(self, session: StreamingSession) -> StreamingSession:
        """Return the workstation with its new name."""
        others = {key: value for key, value in session.tags.items() if key != "Name"}
        named = {"Name": self.name} if self.name else {}
        return replace(session, tags=MappingProxyType(others | named))


Pending = PendingAction | PendingName
"""A pending request about a workstation, shown immediately."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A workstation with its launch profile, title and deadline.

    `keeping` says that Keep started it and will stop it again; `haystack` is the text that a
    filter searches, in lower case. `unread` says that an incomplete list did not include it, so
    this is its state from before.
    """

    session: StreamingSession
    launch_profile: LaunchProfile | None
    title: str
    deadline: rules.Deadline | None
    haystack: str
    keeping: bool = False
    unread: bool = False

    @property
    def key(self) -> str:
        """The id that identifies it through every refresh."""
        return self.session.session_id

    def is_of(
        self,
        session: StreamingSession,
        launch_profile: LaunchProfile | None,
        *,
        keeping: bool,
        unread: bool,
    ) -> bool:
        """Return whether a new row from these would be equal.

        An unchanged workstation is the same object. Equal but different objects are not compared;
        the old one is released.
        """
        return (
            self.session is session
            and (self.launch_profile is launch_profile or self.launch_profile == launch_profile)
            and self.keeping == keeping
            and self.unread == unread
        )

    @property
    def times_unread(self) -> str:
        """A text if its next deadline could not be read; else empty."""
        unread = rules.are_times_unread(self.session, self.deadline)
        return labels.TIMES_UNREAD if unread else ""

    @classmethod
    def of(
        cls,
        session: StreamingSession,
        launch_profile: LaunchProfile | None,
        tz: tzinfo | None = None,
        *,
        keeping: bool = False,
        unread: bool = False,
    ) -> "SessionRow":
        """Return the row of a workstation."""
        title = session.title(launch_profile)
        deadline = rules.deadline(session, launch_profile)
        found = (
            title,
            session.state,
            labels.state_label(session).text,
            session.ec2_instance_type,
            launch_profile.title if launch_profile else None,
            clean_id(session.session_id),
            _next(session, deadline, tz),
            "keeping" if keeping else None,
            labels.UNREAD if unread else None,
            *(f"{k}={v}" for k, v in session.tags.items() if not k.startswith(OWN_TAGS)),
        )
        haystack = folded(" ".join(word for word in found if word))
        return cls(session, launch_profile, title, deadline, haystack, keeping, unread)


def build(
    sessions: Iterable[StreamingSession],
    launch_profiles: Iterable[LaunchProfile],
    now: datetime,
    *,
    pending: Mapping[str, Pending] | None = None,
    launching: Mapping[str, StreamingSession] | None = None,
    known: tuple[SessionRow, ...] = (),
    keeping: Collection[str] = (),
    unread: Collection[str] = (),
    order: Order = NEEDS,
    tz: tzinfo | None = None,
) -> tuple[SessionRow, ...]:
    """Return the sorted rows; unchanged ones of `known` are reused.

    `pending` are the requests about them, by session id; `launching` the launches that are not
    listed yet, by client token; `keeping` the ids of those that Keep will stop again, `unread` of
    those that an incomplete list did not include. DELETED ones are left out.
    """
    pending = pending or {}
    profiles = {one.launch_profile_id: one for one in launch_profiles}
    before = {row.key: row for row in known}
    rows: dict[str, SessionRow] = {}
    for session in in_turns(with_launching(sessions, launching or {})):
        if session.state == SessionState.DELETED:
            continue
        key = session.session_id
        request = pending.get(key)
        shown = request.shown(session) if request else session
        profile = profiles.get(session.launch_profile_id or "")
        old = before.get(key)
        kept = key in keeping and shown.state in _BEING_KEPT
        stale = key in unread
        if old is not None and old.is_of(shown, profile, keeping=kept, unread=stale):
            rows[key] = old
        else:
            rows[key] = SessionRow.of(shown, profile, tz, keeping=kept, unread=stale)
    # A nearly sorted list is sorted much faster.
    first = [rows.pop(key) for key in before if key in rows]
    arranged = order.arrange([*first, *rows.values()], now)
    return known if same(arranged, known) else arranged


class Patched(NamedTuple):
    """The rows after a change of one, and that row before and after; None for no row."""

    rows: tuple[SessionRow, ...]
    before: SessionRow | None
    after: SessionRow | None


def patch(
    rows: tuple[SessionRow, ...],
    session: StreamingSession,
    launch_profiles: Iterable[LaunchProfile],
    now: datetime,
    *,
    request: Pending | None = None,
    keeping: bool = False,
    unread: bool = False,
    order: Order = NEEDS,
    tz: tzinfo | None = None,
) -> Patched:
    """Return the rows with that of one workstation rebuilt, in its sorted place.

    A DELETED one is left out. `request` is its pending request, the others are as for `build`.
    """
    others, before, _ = gone = without(rows, session.session_id)
    if session.state == SessionState.DELETED:
        return gone
    shown = request.shown(session) if request else session
    mine = (one for one in launch_profiles if one.launch_profile_id == session.launch_profile_id)
    kept = keeping and shown.state in _BEING_KEPT
    row = SessionRow.of(shown, next(mine, None), tz, keeping=kept, unread=unread)
    place = bisect_left(others, order.key(row, now), key=lambda one: order.key(one, now))
    return Patched((*others[:place], row, *others[place:]), before, row)


def without(rows: tuple[SessionRow, ...], key: str) -> Patched:
    """Return the rows without that of one workstation."""
    for place, row in enumerate(rows):
        if row.session.session_id == key:
            return Patched((*rows[:place], *rows[place + 1 :]), row, None)
    return Patched(rows, None, None)


def with_launching(
    sessions: Iterable[StreamingSession], launching: Mapping[str, StreamingSession]
) -> tuple[StreamingSession, ...]:
    """Return the workstations, followed by pending launches that are not among them yet.

    `launching` holds the latter by their client token.
    """
    listed = tuple(sessions)
    there = {one.tags.get(LAUNCH_TAG) for one in listed} if launching else set()
    return (*listed, *(one for token, one in launching.items() if token not in there))


def matching(
    rows: tuple[SessionRow, ...], wanted: str, images: Mapping[str, str] = _NO_IMAGES
) -> tuple[SessionRow, ...]:
    """Return the rows that contain every word of `wanted`.

    `images` are the names of the known images by id, in lower case.
    """
    for word in folded(wanted).split():
        named = {image for image, name in images.items() if word in name}
        if named:
            found = [
                row
                for row in rows
                if word in row.haystack or row.session.streaming_image_id in named
            ]
        else:
            found = [row for row in rows if word in row.haystack]
        rows = tuple(found)
    return rows


def _next(session: StreamingSession, deadline: rules.Deadline | None, tz: tzinfo | None) -> str:
    """Return the searchable text of a workstation's second line, without relative times."""
    said = []
    if session.in_transition:
        said.append(labels.transition_text(session))
    if session.state in FAILED_STATES:
        said.append(labels.reason_of(session))
    if deadline is not None:
        said.append("stops" if deadline.ending == rules.Ending.STOP else "deleted")
        try:
            said.append(f"{deadline.at.astimezone(tz):%H:%M %a %d %b}")
        except (OverflowError, OSError, ValueError):
            said.append("far away")
    elif session.state == SessionState.STOPPED and not rules.are_times_unread(session, None):
        said.append("kept until you delete it")
    if rules.are_times_unread(session, deadline):
        said.append(labels.TIMES_UNREAD)
    return " ".join(said)
