"""One open studio, composed from its parts."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from nimble_tui.config import cache
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.view import usage
from nimble_tui.view.health import Health
from nimble_tui.view.sorting import named
from nimble_tui.workspace.backups import Backups
from nimble_tui.workspace.connection import Connection
from nimble_tui.workspace.details import Details
from nimble_tui.workspace.history import History
from nimble_tui.workspace.launching import Launching
from nimble_tui.workspace.names import Names
from nimble_tui.workspace.permissions import UNANSWERED, Permissions
from nimble_tui.workspace.polling import Polling
from nimble_tui.workspace.reconciliation import Reconciliation
from nimble_tui.workspace.rows import built
from nimble_tui.workspace.session_actions import SessionActions
from nimble_tui.workspace.sorting import Sorting
from nimble_tui.workspace.store import Snapshot, Store
from nimble_tui.workspace.tasks import Tasks

if TYPE_CHECKING:
    from datetime import datetime

    from nimble_tui.core.service import StudioInfo, StudioService
    from nimble_tui.view.facts import Fact
    from nimble_tui.view.session_rows import SessionRow
    from nimble_tui.workspace.context import Context, WorkspaceSettings
    from nimble_tui.workspace.people.directory import Directory
    from nimble_tui.workspace.people.domain_users import DomainUsers
    from nimble_tui.workspace.people.plans import Plans

POLLING = "refresh the lists"
"""The name of the coroutine that runs for as long as the workspace is open."""


class Workspace:
    """The state of one studio and the actions on it; everything runs on one event loop.

    It shows the lists of the last run until `start`, and sends nothing after `close`.
    """

    def __init__(self, context: Context, info: StudioInfo) -> None:
        self.context = context
        self.store = Store(_cached(context, info), context.report)
        self.tasks = Tasks(context)
        self.permissions = Permissions(context, self.store)
        parts = (context, self.store, self.tasks)
        self.connection = Connection(*parts)
        self.reconciliation = Reconciliation(*parts)
        self.polling = Polling(*parts, self.connection, self.reconciliation)
        self.actions = SessionActions(*parts, self.connection, self.polling)
        self.launching = Launching(*parts, self.connection, self.polling)
        self.sorting = Sorting(*parts)
        self.details = Details(*parts, self.connection)
        self.backups = Backups(*parts, self.connection)
        self.history = History(*parts, self.connection)
        self.names = Names(*parts, self.connection)
        self.polling.refreshed.append(self._refreshed)
        self.reconciliation.resolved.append(self.polling.plan)

    @cached_property
    def people(self) -> Directory:
        """The people of the studio; loaded when they are shown."""
        from nimble_tui.workspace.people.directory import Directory

        return Directory(self.context, self.store, self.tasks, self.connection)

    @cached_property
    def domain_users(self) -> DomainUsers:
        """The users of the studio's DataZone domain; loaded when they are shown."""
        from nimble_tui.workspace.people.domain_users import DomainUsers

        return DomainUsers(self.context, self.store, self.tasks, self.connection)

    @cached_property
    def plans(self) -> Plans:
        """The plans about people; loaded when they are shown."""
        from nimble_tui.workspace.people.plans import Plans

        return Plans(self.context, self.store, self.tasks, self.connection, self.people)

    @property
    def snapshot(self) -> Snapshot:
        """The current snapshot."""
        return self.store.snapshot

    @property
    def service(self) -> StudioService | None:
        """The studio, while it is open."""
        return self.connection.service

    def require_service(self) -> StudioService:
        """Return the studio; raises StudioError while it is not open."""
        if self.connection.service is None:
            raise StudioError(ErrorKind.UNREACHABLE, UNANSWERED)
        return self.connection.service

    @property
    def now(self) -> datetime:
        """The time of day."""
        return self.context.clock.now()

    @property
    def is_busy(self) -> bool:
        """True while an answer is pending that must not get lost."""
        snapshot = self.snapshot
        people = snapshot.people
        runs = any(run.is_running for run in people.runs.values())
        return bool(snapshot.pending or snapshot.launching or people.pending or runs)

    def start(self) -> None:
        """Open the studio and refresh from now on."""
        self.tasks.start(POLLING, self.polling.run())

    def check_clock(self) -> None:
        """Do everything that is due; called every few seconds at most."""
        self.polling.check_clock()
        if self.connection.is_outdated and not self.polling.is_refreshing and not self.is_busy:
            self.connection.is_outdated = False
            self.connection.close()
            self.polling.refresh()

    def settings_changed(self, before: WorkspaceSettings) -> None:
        """Apply the current settings; `before` are the previous ones."""
        self.connection.settings_changed()
        if self.context.settings().refresh != before.refresh:
            self.polling.plan()

    def ran_today(self, row: SessionRow) -> Fact:
        """Return a workstation's running time of today."""
        return usage.ran_today(
            row.session,
            row.launch_profile,
            self.snapshot.history.by_session.get(row.key, ()),
            prices=self.context.settings().prices,
            now=self.now,
            tz=self.context.tz,
        )

    def close(self) -> None:
        """Cancel everything and close the studio."""
        self.tasks.close()
        self.connection.leave()

    def _refreshed(self, before: Snapshot, after: Snapshot) -> None:
        is_new = before.sessions is not after.sessions or not after.history.known
        if is_new or self.history.is_due:
            self.history.read()


def _cached(context: Context, info: StudioInfo) -> Snapshot:
    """Return the snapshot of a studio that the last run cached."""
    order = named(context.ui_state.state.sort)
    cached = cache.read(info)
    if cached is None:
        return Snapshot(info, order=order)
    snapshot = Snapshot(
        info,
        launch_profiles=cached.launch_profiles,
        sessions=cached.sessions,
        last_seen=cached.last_seen,
        order=order,
        is_cached=bool(cached.sessions),
        health=Health(updated_at=cached.updated_at),
    )
    return built(snapshot, context.clock.now(), context.tz)
