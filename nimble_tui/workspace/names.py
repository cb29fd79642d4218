"""People's names by principal id, looked up when something shown contains their id."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nimble_tui.core.service import StudioService
    from nimble_tui.workspace.connection import Connection
    from nimble_tui.workspace.context import Context
    from nimble_tui.workspace.store import Store
    from nimble_tui.workspace.tasks import Tasks


class Names:
    """Looks up names; an id without a known name is shown itself."""

    def __init__(
        self, context: Context, store: Store, tasks: Tasks, connection: Connection
    ) -> None:
        self._context = context
        self._store = store
        self._tasks = tasks
        self._connection = connection
        self._requested: set[str] = set()
        self._is_reading = False
        self._is_complete = True

    def request(self, principal_ids: Iterable[str | None]) -> None:
        """Look up the names of people who were not looked up yet."""
        info = self._store.snapshot.info
        ids = {one for one in principal_ids if one} - {info.principal_id, info.studio_id}
        if self._connection.service is None or ids <= self._requested:
            return
        self._requested |= ids
        if not self._is_reading:
            self._is_reading = True
            self._tasks.start("look up names", self._run(), self._broke)

    def renew(self) -> None:
        """Look failed names up again, the next time they are needed."""
        if not self._is_complete:
            self._requested.clear()
            self._is_complete = True

    def _broke(self) -> None:
        self._is_complete = False

    async def _run(self) -> None:
        try:
            read: list[str] = []
            while (requested := sorted(self._requested)) and requested != read:
                service = self._connection.service
                if service is None:
                    self._is_complete = False
                    return
                names, self._is_complete = await self._context.call(_read, service, requested)
                known, read = self._store.snapshot.names, requested
                if any(known.get(one) != name for one, name in names.items()):
                    self._store.change(names=MappingProxyType({**known, **names}))
        finally:
            self._is_reading = False


def _read(service: StudioService, principal_ids: list[str]) -> tuple[Mapping[str, str], bool]:
    """Return names by id, and True if all could be looked up."""
    from nimble_tui.core.people.joining import called

    found = service.people.identities(principal_ids)
    return called(principal_ids, found.items), found.problem is None
