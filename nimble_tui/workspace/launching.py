"""Launching workstations: shown immediately, and never launched twice."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from nimble_tui.config import state
from nimble_tui.core.launching import (
    LAUNCH_TAG,
    LastLaunch,
    UnresolvedLaunch,
    launch_token,
)
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.view import notices
from nimble_tui.workspace.permissions import UNANSWERED, launchable
from nimble_tui.workspace.rows import patched, replaced, without
from nimble_tui.workspace.tasks import mistake

if TYPE_CHECKING:
    from nimble_tui.core.launching import LaunchRequest
    from nimble_tui.core.model import StreamingSession
    from nimble_tui.core.service import StudioService
    from nimble_tui.view.launches import Known, LaunchChoice
    from nimble_tui.workspace.connection import Connection
    from nimble_tui.workspace.context import Context
    from nimble_tui.workspace.polling import Polling
    from nimble_tui.workspace.store import Snapshot, Store
    from nimble_tui.workspace.tasks import Tasks


class Launching:
    """Sends launches, and provides the data of the launch dialog."""

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
        self._came_from: dict[str, str] = {}

    def known(self) -> Known:
        """Return the data of the launch dialog."""
        from nimble_tui.view import launches

        snapshot, now = self._store.snapshot, self._context.clock.now()
        here = state.choice_key(snapshot.info, "")
        choices = state.read_state().choices.items()
        return launches.Known(
            now=now,
            tz=self._context.tz,
            details=snapshot.details,
            choices={key.removeprefix(here): x for key, x in choices if key.startswith(here)},
            not_free=launches.not_free(snapshot.rows, now),
            prices=self._context.settings().prices,
            changes=snapshot.durations,
        )

    def launch(self, choice: LaunchChoice, came_from: str = "") -> str:
        """Launch the choice, and return the key of its row; "" if that is not possible.

        The row `came_from` is the successor of that row if the launch fails.
        """
        from nimble_tui.view.launches import placeholder

        request, service, snapshot = choice.request, self._connection.service, self._store.snapshot
        known = {one.launch_profile_id for one in launchable(snapshot)}
        if service is None or request.launch_profile_id not in known:
            self._context.notify(notices.Notice(UNANSWERED, "Launch: unavailable", "warning"))
            return ""
        now, earlier = self._context.clock.now(), choice.earlier
        if earlier is None and not choice.another:
            earlier = snapshot.unresolved_launch(request)
            if earlier is not None:
                tz = self._context.tz
                self._context.notify(notices.of_continued_launch(earlier, now, tz))
        token = earlier.client_token if earlier else launch_token()
        coming = placeholder(request, {LAUNCH_TAG: token}, now)
        if token in snapshot.launching:
            return coming.session_id
        self._tasks.touch()
        others = (one for one in snapshot.unresolved if one.client_token != token)
        after = replace(
            snapshot,
            unresolved=(UnresolvedLaunch(request, token, now), *others),
            launching=MappingProxyType({**snapshot.launching, token: coming}),
        )
        self._came_from[token] = came_from
        if not any(one.tags.get(LAUNCH_TAG) == token for one in snapshot.sessions):
            after = self._patched(after, coming)
        self._store.replace(after)
        self._tasks.start(
            "launch a workstation",
            self._run(service, request, token, is_new=earlier is None),
            lambda: self._failed(service, token, mistake(ErrorKind.UNCERTAIN)),
        )
        made = earlier.session if earlier else None
        return (made or coming).session_id

    async def _run(
        self, service: StudioService, request: LaunchRequest, token: str, *, is_new: bool
    ) -> None:
        try:
            session = await self._context.call(_launch, service, request, token, is_new=is_new)
        except StudioError as error:
            self._failed(service, token, error)
        else:
            self._launched(token, session)

    def _launched(self, token: str, session: StreamingSession) -> None:
        self._tasks.touch()
        self._came_from.pop(token, None)
        snapshot = self._store.snapshot
        key, before = session.session_id, snapshot.launching[token].session_id
        wanted = snapshot.connect_when_ready
        after = replace(
            _without(snapshot, token),
            unresolved=tuple(x for x in snapshot.unresolved if x.client_token != token),
            sessions=replaced(snapshot.sessions, session),
            successors=MappingProxyType({**snapshot.successors, before: key}),
            connect_when_ready=wanted - {before} | {key} if before in wanted else wanted,
        )
        self._store.replace(self._patched(after, session))
        self._polling.refresh()

    def _failed(self, service: StudioService, token: str, error: StudioError) -> None:
        self._tasks.touch()
        snapshot = self._store.snapshot
        coming = snapshot.launching[token].session_id
        before = self._came_from.pop(token, "")
        after = replace(
            _without(snapshot, token),
            successors=MappingProxyType({**snapshot.successors, coming: before}),
            connect_when_ready=snapshot.connect_when_ready - {coming},
        )
        if error.kind == ErrorKind.UNCERTAIN:
            text, title = f"{error.message} Checking…", "Launch unconfirmed"
        else:
            unresolved = tuple(x for x in snapshot.unresolved if x.client_token != token)
            after = replace(after, unresolved=unresolved)
            text, title = error.message, "Launch failed"
        self._store.replace(after)
        self._context.notify(notices.Notice(text, title, "error", 12))
        self._polling.action_failed(service, error, for_me=True)

    def _patched(self, snapshot: Snapshot, session: StreamingSession) -> Snapshot:
        return patched(snapshot, session, self._context.clock.now(), self._context.tz)


def _launch(
    service: StudioService, request: LaunchRequest, token: str, *, is_new: bool
) -> StreamingSession:
    choice = LastLaunch(request.ec2_instance_type, request.streaming_image_id)
    state.choose(service.info, request.launch_profile_id, choice)
    return service.launch(request, client_token=token, is_new=is_new)


def _without(snapshot: Snapshot, token: str) -> Snapshot:
    """Return the snapshot without a finished launch and its row."""
    others = MappingProxyType({k: x for k, x in snapshot.launching.items() if k != token})
    gone = snapshot.launching[token].session_id
    return without(replace(snapshot, launching=others), gone)
