"""The recorded history: events of workstations, and durations of transitions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from nimble_tui.core.service import StudioError
from nimble_tui.core.usual_durations import changes
from nimble_tui.view.timeline import EventLog
from nimble_tui.workspace.tasks import MISTAKE

if TYPE_CHECKING:
    from datetime import datetime

    from nimble_tui.core.service import StudioService
    from nimble_tui.core.usual_durations import Change
    from nimble_tui.workspace.connection import Connection
    from nimble_tui.workspace.context import Context
    from nimble_tui.workspace.store import Store
    from nimble_tui.workspace.tasks import Tasks

_SHOWN = timedelta(days=30)
"""The age of the oldest event shown."""


class History:
    """Reads the history; a request during a read is served after it.

    `is_due` says that a read is still due, at the latest after the next refresh.
    """

    def __init__(
        self, context: Context, store: Store, tasks: Tasks, connection: Connection
    ) -> None:
        self._context = context
        self._store = store
        self._tasks = tasks
        self._connection = connection
        self._is_reading = False
        self.is_due = False

    def read(self) -> None:
        """Read the history, if the studio is open."""
        if self._connection.service is None:
            return
        self.is_due = True
        if not self._is_reading:
            self._is_reading = True
            self._tasks.start("read the history", self._run(), self._broke)

    def _broke(self) -> None:
        self.is_due = True
        self._store.change(history=EventLog(known=True, problem=MISTAKE))

    async def _run(self) -> None:
        try:
            while self.is_due and (service := self._connection.service) is not None:
                self.is_due = False
                since = self._context.clock.now() - _SHOWN
                known = self._store.snapshot.history
                history, durations = await self._context.call(_read, service, since, known)
                if service is not self._connection.service:
                    self.is_due = True  # the service was closed meanwhile; possibly the cause
                    continue
                if durations is None:
                    durations = self._store.snapshot.durations
                if history is not known:
                    self._store.change(history=history, durations=durations)
        finally:
            self._is_reading = False


def _read(
    service: StudioService, since: datetime, known: EventLog
) -> tuple[EventLog, tuple[Change, ...] | None]:
    """Return the history, and the durations of transitions; None if it cannot be read.

    An unchanged history is the known one.
    """
    durations = None
    try:
        events = service.history(since)
    except StudioError as error:
        history = EventLog(known=True, problem=error.message)
    else:
        history, durations = EventLog.of(events), changes(events)
    return known if history.is_same(known) else history, durations
