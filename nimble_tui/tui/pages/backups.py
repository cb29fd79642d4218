"""The backups of one workstation, and restoring one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.content import Content
from textual.widgets import Static

from nimble_tui.core.action_checks import check_restore
from nimble_tui.core.actions import Action
from nimble_tui.core.backups import of_session
from nimble_tui.core.model import SessionState
from nimble_tui.core.rules import Refused
from nimble_tui.tui.pages.page import Page
from nimble_tui.tui.widgets.line import pad
from nimble_tui.tui.widgets.reading_list import Reading, ReadingList
from nimble_tui.view import glossary, notices, times
from nimble_tui.view.facts import backups_made, shown_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget

    from nimble_tui.core.backups import StreamingSessionBackup
    from nimble_tui.core.model import StreamingSession
    from nimble_tui.view.session_rows import SessionRow
    from nimble_tui.workspace.permissions import Target
    from nimble_tui.workspace.workspace import Workspace

_START = Action("from_backup", "Restore", "Restore this backup", "enter")


class BackupsPage(Page):
    """The backups of a workstation's disk, any of which can be restored."""

    PAGE = "backups"
    OWN = (_START,)
    AUTO_FOCUS = "ReadingList"
    BINDINGS: ClassVar[list[BindingType]] = []

    lines = getters.query_one(ReadingList)

    def __init__(self, workspace: Workspace, target: Target) -> None:
        super().__init__(workspace, target)
        self._session_id = target.session_id
        workspace.backups.request(self._session_id, fresh=True)

    @property
    def about(self) -> str:
        """The id of the workstation."""
        return self._session_id

    def body(self) -> Iterable[Widget]:
        """Return the list of backups, and a note on when they are created."""
        yield ReadingList("backups")
        yield Static(id="note", markup=False)

    @property
    def _row(self) -> SessionRow | None:
        return self.workspace.snapshot.row(self._session_id)

    @property
    def _backups(self) -> tuple[StreamingSessionBackup, ...]:
        return of_session(self.workspace.snapshot.backups.items, self._session_id)

    def draw(self) -> None:
        """Show the last read backups; read them again if they might have changed."""
        row = self._row
        title = row.title if row else "a deleted workstation"
        self.head(Content(f"Backups of {title}"))
        self.workspace.backups.request(self._session_id)
        self.lines.show([self._reading(one) for one in self._backups])
        self.query_one("#note", Static).update(Content(self._note(row)))

    def action_refresh(self) -> None:
        """Read the lists and the backups again now."""
        super().action_refresh()
        self.workspace.backups.request(self._session_id, fresh=True)

    def moves(self) -> Iterable[tuple[str, str]]:
        """Return the navigation keys."""
        return (("↑ ↓", "Choose a backup"),)

    def refusal_reason(self, action: str) -> str | None:
        """Return why an action would be refused now; None if it would not."""
        if action != _START.id:
            return super().refusal_reason(action)
        row, backup = self._row, self._selected
        if row is None:
            return "This workstation and its backups were deleted."
        if backup is None:
            return "No backup selected."
        result = check_restore(
            backup,
            row.session,
            read_only=self.workspace.snapshot.info.read_only,
            stuck=self.workspace.permissions.is_stuck(row),
        )
        return result.reason if isinstance(result, Refused) else None

    @property
    def _selected(self) -> StreamingSessionBackup | None:
        reading = self.lines.reading
        key = reading.key if reading else None
        return next((one for one in self._backups if one.backup_id == key), None)

    @on(ReadingList.Chosen)
    def action_from_backup(self) -> None:
        """Ask for confirmation, then restore the selected backup."""
        row, backup = self._row, self._selected
        if (reason := self.refusal_reason(_START.id)) is not None or row is None or backup is None:
            self.nimble.show_toast(notices.of_refusal(_START, reason or ""))
        else:
            made = self._made(backup)
            navigation = self.nimble.navigation
            navigation.ask_to_start_from(self.workspace, row, backup, made, self._started)

    def _started(self) -> None:
        self.dismiss(None)

    @on(ReadingList.OptionHighlighted)
    def _moved(self) -> None:
        self.show_keys()

    # Texts.

    def _note(self, row: SessionRow | None) -> str:
        known = self.workspace.snapshot.backups
        if known.problem:
            return known.problem
        if not known.is_known:
            return "Loading backups…"
        if row is None:
            return "This workstation and its backups were deleted."
        session = row.session
        made = backups_made(session.backup_mode, session.max_backups_to_retain)
        if self._backups:
            return f"{made}. {self._hint(session)}"
        if made.startswith("None"):
            return f"No backups{made.removeprefix('None')}."
        return f"No backups yet. {made}."

    def _hint(self, session: StreamingSession) -> str:
        if session.state == SessionState.READY:
            return "Stop the workstation before restoring a backup."
        if session.state in {SessionState.STOPPED, SessionState.START_FAILED}:
            return "Press enter to restore the selected one."
        return ""

    def _made(self, backup: StreamingSessionBackup) -> str:
        if backup.created_at is None:
            return "an unknown time"
        now = self.workspace.now
        at = times.local_time(backup.created_at, now, self.nimble.tz)
        return f"{at}, {times.ago(now - backup.created_at)}"

    def _reading(self, backup: StreamingSessionBackup) -> Reading:
        symbol, style = _symbol(backup)
        made = self._made(backup)
        row = self._row
        came = row is not None and row.session.started_from_backup_id == backup.backup_id
        state = "can be restored · READY" if backup.usable else glossary.state(backup.state)
        said = f"   {backup.status_message}" if backup.status_message and not backup.usable else ""
        mark = "   last restored" if came else ""
        shown = Content.assemble(
            (f" {symbol} ", f"${style}"),
            (pad(made, 30), "bold"),
            (state, f"${style}"),
            (mark, "$near"),
            (f"\n   {shown_id(backup.backup_id)}{said}\n", "$muted"),
        )
        return Reading(backup.backup_id, shown, shown_id(backup.backup_id))


def _symbol(backup: StreamingSessionBackup) -> tuple[str, str]:
    state = backup.state or ""
    if backup.usable:
        return "●", "ready"
    if state.endswith("_IN_PROGRESS"):
        return "◐", "moving"
    return ("✕", "failed") if state.endswith("_FAILED") else ("◇", "stopped")
