"""What is known of one studio, as one value that is replaced and never changed."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from nimble_tui.core.launching import same_launch
from nimble_tui.view.health import Health
from nimble_tui.view.sorting import NEEDS, Order
from nimble_tui.view.timeline import EventLog
from nimble_tui.workspace.people_snapshot import PeopleSnapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from nimble_tui.core.backups import StreamingSessionBackup
    from nimble_tui.core.launching import LaunchRequest, UnresolvedLaunch
    from nimble_tui.core.model import LaunchProfile, LaunchProfileDetails, StreamingSession
    from nimble_tui.core.service import StudioInfo
    from nimble_tui.core.usual_durations import Change
    from nimble_tui.view.session_rows import Pending, SessionRow

_NONE: frozenset[str] = frozenset()


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


class KnownBackups(NamedTuple):
    """The backups of all workstations as they were read last; `problem` says what is missing."""

    items: tuple[StreamingSessionBackup, ...] = ()
    is_known: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Everything that is shown of one studio.

    `is_live` once the studio answered in this run; until then the lists may be those of the last
    run (`is_cached`). `has_gaps` says that the last list of workstations was incomplete, `unread`
    names those from before that it did not hold. `last_seen` are launch profiles of workstations
    that are no longer listed. `sorted_at` is the time that the order of the rows goes by. `pending`
    holds the requests that were not answered yet by session id, `launching` the launches by client
    token; `successors` says which row takes the place of one that is gone, by key. `keeping` are
    the workstations that are started only to be stopped again, `connect_when_ready` those to
    connect to once they are READY, `connecting` those whose screen is being opened. `unresolved`
    are launches whose outcome was never reported, `has_unresolved` says that requests have to be
    read back. `details` are by launch profile id, `names` by principal id.
    """

    info: StudioInfo
    studio_name: str = ""
    is_open: bool = False
    health: Health = field(default_factory=Health)
    launch_profiles: tuple[LaunchProfile, ...] = ()
    sessions: tuple[StreamingSession, ...] = ()
    rows: tuple[SessionRow, ...] = ()
    is_live: bool = False
    is_cached: bool = False
    has_gaps: bool = False
    unread: frozenset[str] = _NONE
    last_seen: tuple[LaunchProfile, ...] = ()
    order: Order = NEEDS
    sorted_at: datetime | None = None
    pending: Mapping[str, Pending] = field(default_factory=_nothing)
    launching: Mapping[str, StreamingSession] = field(default_factory=_nothing)
    successors: Mapping[str, str] = field(default_factory=_nothing)
    keeping: frozenset[str] = _NONE
    connect_when_ready: frozenset[str] = _NONE
    connecting: frozenset[str] = _NONE
    unresolved: tuple[UnresolvedLaunch, ...] = ()
    has_unresolved: bool = False
    details: Mapping[str, LaunchProfileDetails] = field(default_factory=_nothing)
    history: EventLog = field(default_factory=EventLog)
    durations: tuple[Change, ...] = ()
    names: Mapping[str, str] = field(default_factory=_nothing)
    backups: KnownBackups = field(default_factory=KnownBackups)
    people: PeopleSnapshot = field(default_factory=PeopleSnapshot)

    @property
    def known_profiles(self) -> tuple[LaunchProfile, ...]:
        """All launch profiles that are known, those that may be launched from and others."""
        return (*self.last_seen, *self.launch_profiles)

    def session(self, session_id: str) -> StreamingSession | None:
        """Return a workstation as the studio said it is, without what is pending."""
        return next((one for one in self.sessions if one.session_id == session_id), None)

    def row(self, key: str) -> SessionRow | None:
        """Return the row of a workstation."""
        return next((row for row in self.rows if row.key == key), None)

    def unresolved_launch(self, request: LaunchRequest) -> UnresolvedLaunch | None:
        """Return the last launch of the very same whose outcome was never reported."""
        return same_launch(request, self.unresolved)

    def is_same(self, other: Snapshot) -> bool:
        """Return whether it holds the very same values; nothing is looked into, however long."""
        return all(getattr(self, name) is getattr(other, name) for name in _MEMBERS)

    def is_fresher(self, other: Snapshot) -> bool:
        """Return whether it says the very same of the studio: at most its health differs."""
        return self.is_same(replace(other, health=self.health))


_MEMBERS = tuple(one.name for one in fields(Snapshot))


class Store:
    """Holds the snapshot, and calls its listeners after it was replaced by one that differs.

    `report` takes what a listener raises, which never reaches what changed the snapshot.
    """

    def __init__(self, snapshot: Snapshot, report: Callable[[str, Exception], None]) -> None:
        self.snapshot = snapshot
        self._report = report
        self._listeners: dict[object, Callable[[], None]] = {}

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each change; return what ends that."""
        mark = object()
        self._listeners[mark] = listener
        return lambda: self._listeners.pop(mark, None) and None

    def change(self, **members: Any) -> None:
        """Replace members of the snapshot."""
        self.replace(replace(self.snapshot, **members))

    def change_people(self, **members: Any) -> None:
        """Replace members of what is known of the people."""
        people = self.snapshot.people
        if any(getattr(people, name) is not value for name, value in members.items()):
            self.change(people=people._replace(**members))

    def replace(self, snapshot: Snapshot) -> None:
        """Replace the snapshot; nothing happens where it holds the very same values."""
        if snapshot.is_same(self.snapshot):
            return
        self.snapshot = snapshot
        for mark, listener in tuple(self._listeners.items()):
            if self.snapshot is not snapshot:
                return  # a listener replaced it again, which all of them heard of
            if mark in self._listeners:
                self._call(listener)

    def _call(self, listener: Callable[[], None]) -> None:
        try:
            listener()
        except Exception as error:  # noqa: BLE001 - the others are called all the same
            self._report("show what changed", error)
