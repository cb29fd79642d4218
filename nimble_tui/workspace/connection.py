"""The connection to one studio, reopened when its settings change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nimble_tui.core.service import StudioError

if TYPE_CHECKING:
    from nimble_tui.core.service import StudioInfo, StudioService
    from nimble_tui.workspace.context import Context
    from nimble_tui.workspace.store import Store
    from nimble_tui.workspace.tasks import Tasks


class Connection:
    """Owner of the studio's service; `service` is None while it is not open."""

    def __init__(self, context: Context, store: Store, tasks: Tasks) -> None:
        self._context = context
        self._store = store
        self._tasks = tasks
        self._settings = store.snapshot.info
        self._opened: StudioService | None = None
        self._is_left = False
        self.service: StudioService | None = None
        self.is_outdated = False

    @property
    def name(self) -> str:
        """The studio's name in the settings."""
        return self._store.snapshot.info.name

    async def open(self) -> StudioService:
        """Open the studio; raises StudioError."""
        settings = self._settings
        service = await self._context.call(self._open)
        while service is not self._opened:  # it was closed meanwhile
            service = await self._context.call(self._open)
        self.service = service
        # The settings may have changed since it was opened.
        info = service.info if self._settings is settings else self._settings
        if not info.demo:
            self._context.ui_state.change(studio=info.name)
        self._store.change(info=info, is_open=True)
        self._tasks.start("read the studio's name", self._read_name(service))
        return service

    def _open(self) -> StudioService:
        service = self._context.studios.open(self.name)
        self._opened = service
        if self._is_left:  # no coroutine is left that would close it
            service.close()
        return service

    async def _read_name(self, service: StudioService) -> None:
        try:
            studio = await self._context.call(service.get_studio)
        except StudioError:
            return  # the refresh reports the problem, with the next try
        if service is self.service:
            self._store.change(studio_name=studio.display_name or studio.studio_name or "")

    def close(self) -> None:
        """Close the studio's service."""
        for service in {id(one): one for one in (self.service, self._opened) if one}.values():
            self._context.close_service(service)
        self.service = self._opened = None
        self._store.change(is_open=False)

    def leave(self) -> None:
        """Close permanently: a service that is still opening is closed as soon as it is open."""
        self._is_left = True
        self.close()

    async def sign_out(self) -> None:
        """Remove the keys of this studio; raises StudioError."""
        await self._context.call(self._context.studios.sign_out, self.name)

    def keys_changed(self) -> bool:
        """Return whether the files of the AWS profile changed, which other programs renew."""
        return self._context.studios.keys_changed(self.name)

    def settings_changed(self) -> None:
        """Apply the new settings of this studio; without any it stays as it is."""
        if self._store.snapshot.info.demo:
            return
        try:
            info = self._context.studios.info(self.name)
        except StudioError:
            return
        if info != self._settings:
            self.is_outdated = self.is_outdated or _reach(info) != _reach(self._settings)
            self._settings = info
            self._store.change(info=info)


def _reach(info: StudioInfo) -> StudioInfo:
    """Return the part of a description that affects the connection, not its look."""
    return replace(info, display_name="", accent=None)
