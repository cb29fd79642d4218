"""The snapshot of one studio: an immutable value that is replaced as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from nimble_tui.core.launching import same_launch
from nimble_tui.view.health import Health
from nimble_tui.view.sorting import NEEDS, Order
from nimble_tui.view.timeline import EventLog
from nimble_tui.view.totals import Totals
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
    """The backups of all workstations from the last read; `problem` says what is missing."""

    items: tuple[StreamingSessionBackup, ...] = ()
    is_known: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """All data shown about one studio.

    `is_live` once the studio answered in this run; until then the lists may be those of the last
    run (`is_cached`). `has_gaps` says that the last list of workstations was incomplete, `unread`
    are the ids of earlier ones that it did not include. `last_seen` are the workstations' launch
    profiles that are no longer listed. `totals` are those of the rows, `sorted_at` is the time at
    which the rows were sorted. `pending` holds unanswered requests by session id, `launching` the
    launches by client token; `successors` maps the key of a removed row to the one that takes its
    place. `keeping` are the workstations that Keep will stop again, `connect_when_ready` those to
    connect to once they are READY, `connecting` those whose screen is being opened. `unresolved`
    are launches whose outcome was never reported, `has_unresolved` says that unresolved requests
    exist. `details` are by launch profile id, `names` by principal id.
    """

    info: StudioInfo
    studio_name: str = ""
    is_open: bool = False
    health: Health = field(default_factory=Health)
    launch_profiles: tuple[LaunchProfile, ...] = ()
    sessions: tuple[StreamingSession, ...] = ()
    rows: tuple[SessionRow, ...] = ()
    totals: Totals = field(default_factory=Totals)
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
        """All known launch profiles, listed and last seen."""
        return (*self.last_seen, *self.launch_profiles)

    def session(self, session_id: str) -> StreamingSession | None:
        """Return a workstation as the studio reported it, without pending changes."""
        return next((one for one in self.sessions if one.session_id == session_id), None)

    def row(self, key: str) -> SessionRow | None:
        """Return the row of a workstation."""
        return next((row for row in self.rows if row.key == key), None)

    def unresolved_launch(self, request: LaunchRequest) -> UnresolvedLaunch | None:
        """Return the last unresolved launch with the same parameters."""
        return same_launch(request, self.unresolved)

    def is_same(self, other: Snapshot) -> bool:
        """Compare by identity of the values (constant time)."""
        return all(getattr(self, name) is getattr(other, name) for name in _MEMBERS)

    def is_fresher(self, other: Snapshot) -> bool:
        """Return whether at most the health differs."""
        return self.is_same(replace(other, health=self.health))


_MEMBERS = tuple(one.name for one in fields(Snapshot))


class Store:
    """Holds the snapshot, and calls its listeners after each change.

    `report` takes a listener's exception, which never reaches the code that changed the snapshot.
    """

    def __init__(self, snapshot: Snapshot, report: Callable[[str, Exception], None]) -> None:
        self.snapshot = snapshot
        self._report = report
        self._listeners: dict[object, Callable[[], None]] = {}

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each change; return a function that unsubscribes it."""
        mark = object()
        self._listeners[mark] = listener
        return lambda: self._listeners.pop(mark, None) and None

    def change(self, **members: Any) -> None:
        """Replace members of the snapshot."""
        self.replace(replace(self.snapshot, **members))

    def change_people(self, **members: Any) -> None:
        """Replace members of the people's snapshot."""
        people = self.snapshot.people
        if any(getattr(people, name) is not value for name, value in members.items()):
            self.change(people=people._replace(**members))

    def replace(self, snapshot: Snapshot) -> None:
        """Replace the snapshot, unless it holds the same values."""
        if snapshot.is_same(self.snapshot):
            return
        self.snapshot = snapshot
        for mark, listener in tuple(self._listeners.items()):
            if self.snapshot is not snapshot:
                return  # a listener replaced it again, and all of them were called for that
            if mark in self._listeners:
                self._call(listener)

    def _call(self, listener: Callable[[], None]) -> None:
        try:
            listener()
        except Exception as error:  # noqa: BLE001 - the others are called nevertheless
            self._report("show what changed", error)
