"""Actions on one workstation: sent, shown in its row immediately, and with their outcome."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from nimble_tui.core.model import SessionAction, SessionState
from nimble_tui.core.service import ErrorKind, StudioError, UnconfirmedStartError
from nimble_tui.view import notices
from nimble_tui.view.session_rows import PendingAction, PendingName
from nimble_tui.workspace.permissions import UNANSWERED
from nimble_tui.workspace.rows import patched, replaced
from nimble_tui.workspace.tasks import mistake

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nimble_tui.core.model import LaunchProfile, StreamingSession
    from nimble_tui.core.service import StudioService
    from nimble_tui.view.session_rows import Pending, SessionRow
    from nimble_tui.workspace.connection import Connection
    from nimble_tui.workspace.context import Context
    from nimble_tui.workspace.polling import Polling
    from nimble_tui.workspace.store import Snapshot, Store
    from nimble_tui.workspace.tasks import Tasks

Request: TypeAlias = "Callable[[StudioService], StreamingSession]"

_NONE: frozenset[str] = frozenset()


class SessionActions:
    """Sends confirmed requests about workstations.

    `unconfirmed` is called for a start that was not sent because a stop might not be possible after
    it: it gets the row and the request, and returns whether the person is asked to confirm it.
    """

    def __init__(
        self,
        context: Context,
        store: Store,
        tasks: Tasks,
        connection: Connection,
        polling: Polling,
    ) -> None:
        self._context = context
        self._store = store
        self._tasks = tasks
        self._connection = connection
        self._polling = polling
        self.unconfirmed: Callable[[SessionRow, PendingAction], bool] = lambda *_: False

    def act(
        self,
        action: SessionAction,
        row: SessionRow,
        *,
        backup_id: str | None = None,
        volume_retention_mode: str | None = None,
        may_not_stop: bool = False,
        gives_up: bool = False,
    ) -> None:
        """Send a confirmed action; the arguments are those of StudioService.act."""

        def request(service: StudioService) -> StreamingSession:
            return service.act(
                action,
                row.key,
                backup_id=backup_id,
                volume_retention_mode=volume_retention_mode,
                may_not_stop=may_not_stop,
                gives_up=gives_up,
            )

        now = self._context.clock.now()
        pending = PendingAction(action, now, backup_id, volume_retention_mode)
        self._send(action, row, pending, request)

    def keep(self, row: SessionRow) -> None:
        """Start a workstation and stop it again, to postpone its deletion."""
        pending = PendingAction(SessionAction.START, self._context.clock.now())
        self._send("keep", row, pending, partial(_keep, row.key), keeping=frozenset({row.key}))

    def rename(self, row: SessionRow, name: str) -> None:
        """Rename a workstation; an empty name removes its name."""
        request = partial(_rename, row.key, name)
        self._send("rename", row, PendingName(name), request)

    def connect_when_ready(self, key: str, *, enabled: bool = True) -> None:
        """Note that the person wants to connect once a workstation is READY, or no longer does."""
        before = self._store.snapshot.connect_when_ready
        self._store.change(connect_when_ready=before | {key} if enabled else before - {key})

    def take_ready(self) -> list[SessionRow]:
        """Return and drop those to connect to that are READY; also drop deleted ones."""
        snapshot = self._store.snapshot
        found = [(key, snapshot.row(key)) for key in snapshot.connect_when_ready]
        settled = {key: row for key, row in found if row is None or not row.session.in_transition}
        self._store.change(connect_when_ready=snapshot.connect_when_ready - settled.keys())
        rows = (row for row in settled.values() if row is not None)
        return [row for row in rows if row.session.state == SessionState.READY]

    def connecting(self, *keys: str) -> None:
        """Note the workstations whose desktop is being opened: Keep does not stop these."""
        left = self._store.snapshot.connect_when_ready - frozenset(keys)
        self._store.change(connecting=frozenset(keys), connect_when_ready=left)

    # Sending.

    def _send(
        self,
        name: str,
        row: SessionRow,
        pending: Pending,
        request: Request,
        *,
        keeping: frozenset[str] = _NONE,
    ) -> None:
        service = self._connection.service
        if service is None:
            self._context.notify(notices.Notice(UNANSWERED, severity="warning"))
            return
        self._tasks.touch()
        snapshot = self._store.snapshot
        after = replace(
            snapshot,
            pending=MappingProxyType({**snapshot.pending, row.key: pending}),
            keeping=snapshot.keeping | keeping,
        )
        self._show(after, row.key)
        self._tasks.start(
            f"{name} a workstation",
            self._run(service, name, row.key, request),
            lambda: self._failed(service, name, row.key, mistake(ErrorKind.UNCERTAIN)),
        )

    async def _run(
        self, service: StudioService, name: str, session_id: str, request: Request
    ) -> None:
        try:
            session = await self._context.call(request, service)
        except StudioError as error:
            self._failed(service, name, session_id, error)
        else:
            self._answered(session_id, session)

    def _answered(self, key: str, session: StreamingSession) -> None:
        self._tasks.touch()
        snapshot = self._store.snapshot
        after = replace(snapshot, pending=_without(snapshot.pending, key))
        if session.session_id == key:  # the refresh handles an answer about another one
            after = replace(
                after,
                sessions=replaced(snapshot.sessions, session),
                unread=snapshot.unread - {key} if key in snapshot.unread else snapshot.unread,
            )
        self._show(after, key)
        self._polling.refresh()

    def _failed(
        self, service: StudioService, name: str, session_id: str, error: StudioError
    ) -> None:
        self._tasks.touch()
        snapshot = self._store.snapshot
        pending = snapshot.pending.get(session_id)
        after = replace(snapshot, pending=_without(snapshot.pending, session_id))
        if name == "keep":
            after = replace(after, keeping=after.keeping - {session_id})
        if isinstance(error, UnconfirmedStartError) and error.launch_profile is not None:
            after = _with_profile(after, error.launch_profile)
        self._show(after, session_id)  # the refresh shows the launch profile in the other rows
        if not self._is_asked_again(session_id, pending, error):
            row = self._store.snapshot.row(session_id)
            self._context.notify(notices.of_failure(name, row, error))
        self._polling.action_failed(service, error)

    def _is_asked_again(self, session_id: str, pending: Pending | None, error: StudioError) -> bool:
        """Return whether an unconfirmed start leads to a question instead of an error."""
        row = self._store.snapshot.row(session_id)
        if not isinstance(error, UnconfirmedStartError) or row is None:
            return False
        if not isinstance(pending, PendingAction):
            return False
        return self.unconfirmed(replace(row, launch_profile=error.launch_profile), pending)

    def _show(self, after: Snapshot, session_id: str) -> None:
        """Show a snapshot whose rows differ in one workstation only."""
        session = after.session(session_id)
        if session is not None:
            now = self._context.clock.now()
            after = patched(after, session, now, self._context.tz)
        self._store.replace(after)


def _keep(session_id: str, service: StudioService) -> StreamingSession:
    return service.keep(session_id)


def _rename(session_id: str, name: str, service: StudioService) -> StreamingSession:
    return service.rename(session_id, name)


def _with_profile(snapshot: Snapshot, launch_profile: LaunchProfile) -> Snapshot:
    """Return the snapshot with a launch profile as it was just read."""
    key = launch_profile.launch_profile_id
    profiles = tuple(
        launch_profile if one.launch_profile_id == key else one for one in snapshot.launch_profiles
    )
    return replace(snapshot, launch_profiles=profiles)


def _without(pending: Mapping[str, Pending], key: str) -> Mapping[str, Pending]:
    return MappingProxyType({one: request for one, request in pending.items() if one != key})
