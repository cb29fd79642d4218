"""The people of the studio: read while they are shown, changed once confirmed."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from nimble_tui.core.people.changes import ChangeKind
from nimble_tui.core.people.persona_history import BEGINNING, PersonaDates
from nimble_tui.core.sending import send_change
from nimble_tui.core.service import StudioError
from nimble_tui.view.notices import Notice
from nimble_tui.view.people import changes, person_rows
from nimble_tui.workspace.people_snapshot import KnownProfile
from nimble_tui.workspace.permissions import UNANSWERED
from nimble_tui.workspace.tasks import MISTAKE, mistake

if TYPE_CHECKING:
    from nimble_tui.core.clock import Clock
    from nimble_tui.core.people.changes import PersonChange
    from nimble_tui.core.people.model import People, UserProfile
    from nimble_tui.core.service import StudioService
    from nimble_tui.workspace.connection import Connection
    from nimble_tui.workspace.context import Context
    from nimble_tui.workspace.people_snapshot import PeopleSnapshot
    from nimble_tui.workspace.store import Store
    from nimble_tui.workspace.tasks import Tasks

_LONG = 12.0
_PENDING = "A change is already in progress. Try again in a moment."


class Directory:
    """Reads the people, and sends changes, one at a time of each subject."""

    def __init__(
        self, context: Context, store: Store, tasks: Tasks, connection: Connection
    ) -> None:
        self._context = context
        self._store = store
        self._tasks = tasks
        self._connection = connection
        self._is_reading = False
        self._is_wanted = False
        self._is_fresh = False
        self._deleted: frozenset[str] = frozenset()

    @property
    def is_refreshing(self) -> bool:
        """True while the people are being read."""
        return self._is_reading

    def refresh(self, *, fresh: bool = False) -> None:
        """Read the people, where the studio is open; while they are read, once more after that.

        `fresh` reads their names again too, which are stored for a while otherwise.
        """
        if self._connection.service is None:
            return
        self._is_wanted = True
        self._is_fresh = self._is_fresh or fresh
        if not self._is_reading:
            self._is_reading = True
            on_mistake = partial(self._store.change_people, problem=MISTAKE)
            self._tasks.start("read the people", self._run(), on_mistake)

    def refresh_after_change(self, deleted: str = "") -> None:
        """Read the people again because something was done: what was read before is outdated.

        `deleted` is the id of a workstation whose deletion was answered.
        """
        self._deleted |= {deleted} if deleted else set()
        self._tasks.touch()
        self.refresh()

    def read_personas(self) -> None:
        """Read which personas there are, and since when members have theirs."""
        service = self._connection.service
        if service is not None:
            self._tasks.start("read personas", self._read_personas(service))

    async def _read_personas(self, service: StudioService) -> None:
        try:
            personas, dates = await self._context.call(_personas, service)
        except StudioError:
            return  # the dates stay unknown
        if service is self._connection.service:
            self._store.change_people(personas=personas, persona_dates=dates)

    async def _run(self) -> None:
        try:
            while self._is_wanted and (service := self._connection.service) is not None:
                await self._read(service)
        finally:
            self._is_reading = False

    async def _read(self, service: StudioService) -> None:
        fresh = self._is_fresh
        self._is_wanted = self._is_fresh = False
        epoch, before = self._tasks.epoch, self._store.snapshot.people
        clock = self._context.clock
        try:
            reading = await self._context.call(_read, service, clock, before, fresh=fresh)
        except StudioError as error:
            if service is self._connection.service:
                self._store.change_people(problem=error.message)
            return
        if service is not self._connection.service:
            return  # it was closed meanwhile
        if epoch != self._tasks.epoch:
            self._is_wanted = True  # it shows how things were before something was done
            return
        self._apply(reading, before)

    def _apply(self, reading: PeopleSnapshot, before: PeopleSnapshot) -> None:
        known, people, rows = self._store.snapshot.people, reading.people, reading.rows
        if people is not None and known.pending is not before.pending:
            rows = person_rows.rows_of(people, known.rows, known.pending)
        self._store.change_people(
            people=people,
            rows=rows,
            plans=reading.plans,
            updated_at=reading.updated_at,
            problem="",
            deleting=known.deleting - self._deleted,
        )
        self._deleted = frozenset()

    # Changes.

    def send(self, change: PersonChange) -> None:
        """Send a confirmed change; the row shows at once that it is pending."""
        service, known = self._connection.service, self._store.snapshot.people
        if service is None:
            self._context.notify(Notice(UNANSWERED, severity="warning"))
            return
        if change.about in known.pending:
            self._context.notify(Notice(_PENDING, severity="warning"))
            return
        self._show(change, known.people, known.pending | {change.about})
        self._tasks.start(
            "change a person",
            self._send(service, change),
            lambda: self._failed(service, change, mistake()),
        )

    async def _send(self, service: StudioService, change: PersonChange) -> None:
        try:
            user_profile = await self._context.call(send_change, service, change)
        except StudioError as error:
            self._failed(service, change, error)
        else:
            self._succeeded(service, change, user_profile)

    def _succeeded(
        self, service: StudioService, change: PersonChange, user_profile: UserProfile | None
    ) -> None:
        known = self._store.snapshot.people
        people = known.people
        if people is not None and service is self._connection.service:
            people = change.done(people, user_profile)
        if user_profile is not None:
            profiles = {**known.profiles, change.person.principal_id: KnownProfile(user_profile)}
            self._store.change_people(profiles=MappingProxyType(profiles))
        if change.kind == ChangeKind.SET_PERSONA:
            self.read_personas()
        self._answered(service, change, people, Notice(changes.sentences(change).done))

    def _failed(self, service: StudioService, change: PersonChange, error: StudioError) -> None:
        people, title = self._store.snapshot.people.people, changes.sentences(change).heading
        self._answered(service, change, people, Notice(error.message, title, "error", _LONG))

    def _answered(
        self, service: StudioService, change: PersonChange, people: People | None, notice: Notice
    ) -> None:
        self._show(change, people, self._store.snapshot.people.pending - {change.about})
        if service is self._connection.service:
            self._context.notify(notice)
            self.refresh_after_change()

    def _show(
        self, change: PersonChange, people: People | None, pending: frozenset[tuple[str, str]]
    ) -> None:
        """Show the people with one of them changed."""
        rows = self._store.snapshot.people.rows
        if people is not None:
            rows = person_rows.patched(people, rows, change.person.principal_id, pending)
        self._store.change_people(people=people, rows=rows, pending=pending)


def _personas(service: StudioService) -> tuple[tuple[str, ...], PersonaDates]:
    return service.people.membership.personas, PersonaDates.of(service.history(BEGINNING))


def _read(
    service: StudioService, clock: Clock, before: PeopleSnapshot, *, fresh: bool
) -> PeopleSnapshot:
    """Read the people and their plans, and build the rows; raises StudioError."""
    at = clock.now()
    people = service.people.look(fresh=fresh)
    return before._replace(
        people=people,
        rows=person_rows.rows_of(people, before.rows, before.pending),
        plans=service.people.open_plans(people),
        updated_at=at,
    )
