"""The backups of the artist's workstations, read while a page shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.core.service import StudioError
from nimble_tui.workspace.store import KnownBackups
from nimble_tui.workspace.tasks import MISTAKE

if TYPE_CHECKING:
    from datetime import datetime

    from nimble_tui.core.backups import StreamingSessionBackup
    from nimble_tui.core.listing import Listing
    from nimble_tui.core.service import StudioService
    from nimble_tui.workspace.connection import Connection
    from nimble_tui.workspace.context import Context
    from nimble_tui.workspace.store import Store
    from nimble_tui.workspace.tasks import Tasks

_EVERY = 5.0


class Backups:
    """Reads the backups when they might have changed, every few seconds at most."""

    def __init__(
        self, context: Context, store: Store, tasks: Tasks, connection: Connection
    ) -> None:
        self._context = context
        self._store = store
        self._tasks = tasks
        self._connection = connection
        self._request = 0
        self._read_at: datetime | None = None
        self._state: str | None = None

    def request(self, session_id: str, *, fresh: bool = False) -> None:
        """Read the backups if a workstation's might have changed, or always if `fresh`."""
        service, snapshot = self._connection.service, self._store.snapshot
        if fresh:
            self._read_at = None
        row, now = snapshot.row(session_id), self._context.clock.now()
        state = row.session.state if row else None
        if service is None or (self._read_at and not self._is_due(session_id, state)):
            return
        if self._read_at and (now - self._read_at).total_seconds() < _EVERY:
            return
        self._read_at, self._state = now, state
        self._request += 1
        request = self._request
        self._tasks.start(
            "read the backups",
            self._read(service, request),
            lambda: self._failed(request, MISTAKE),
        )

    def _is_due(self, session_id: str, state: str | None) -> bool:
        known, updated_at = self._store.snapshot.backups, self._store.snapshot.health.updated_at
        # After a failure, a new answer to any other request is reason enough to read again.
        can_retry = (
            updated_at is not None and self._read_at is not None and updated_at > self._read_at
        )
        mine = (one for one in known.items if one.session_id == session_id)
        is_moving = any((one.state or "").endswith("_IN_PROGRESS") for one in mine)
        return state != self._state or (bool(known.problem) and can_retry) or is_moving

    async def _read(self, service: StudioService, request: int) -> None:
        try:
            listing = await self._context.call(service.list_streaming_session_backups)
        except StudioError as error:
            self._failed(request, error.message)
        else:
            if request == self._request:
                self._show(listing)

    def _show(self, listing: Listing[StreamingSessionBackup]) -> None:
        before = self._store.snapshot.backups.items if listing.problem else ()
        # A backup from before may be among those that could not be read.
        listed = {one.backup_id for one in listing.items}
        others = (one for one in before if one.backup_id not in listed)
        items = (*others, *listing.items)
        self._store.change(backups=KnownBackups(items, True, listing.problem or ""))

    def _failed(self, request: int, problem: str) -> None:
        if request == self._request:
            before = self._store.snapshot.backups
            self._store.change(backups=KnownBackups(before.items, True, problem))
