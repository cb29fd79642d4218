"""Details of launch profiles beyond the list, each read once, when it is shown."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from nimble_tui.core.service import StudioError

if TYPE_CHECKING:
    from nimble_tui.core.service import StudioService
    from nimble_tui.workspace.connection import Connection
    from nimble_tui.workspace.context import Context
    from nimble_tui.workspace.store import Store
    from nimble_tui.workspace.tasks import Tasks


class Details:
    """Reads launch profiles with their images."""

    def __init__(
        self, context: Context, store: Store, tasks: Tasks, connection: Connection
    ) -> None:
        self._context = context
        self._store = store
        self._tasks = tasks
        self._connection = connection
        self._requested: set[str] = set()

    def request(self, launch_profile_id: str) -> None:
        """Read a launch profile's images once; after a failure, again."""
        service = self._connection.service
        if service is None or launch_profile_id in self._requested:
            return
        self._requested.add(launch_profile_id)
        self._tasks.start("read a launch profile's images", self._read(service, launch_profile_id))

    async def _read(self, service: StudioService, launch_profile_id: str) -> None:
        read = service.get_launch_profile_details
        try:
            details = await self._context.call(read, launch_profile_id)
        except StudioError:
            self._requested.discard(launch_profile_id)
            return
        known = self._store.snapshot.details
        self._store.change(details=MappingProxyType({**known, launch_profile_id: details}))
