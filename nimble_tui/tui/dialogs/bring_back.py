"""The question before a workstation is started from a backup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.widgets import Static

from nimble_tui.core.model import SessionAction
from nimble_tui.core.offers import can_start_from
from nimble_tui.core.rules import Allowed, Refused
from nimble_tui.tui.dialogs.confirm import SessionDialog

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from nimble_tui.core.backups import StreamingSessionBackup
    from nimble_tui.core.clock import Clock
    from nimble_tui.view.session_rows import SessionRow


class BringBackDialog(SessionDialog):
    """Asks once before a disk becomes what it was.

    `made` says when that was, `risk` warns where no stop may be possible afterwards.
    """

    ACTION = SessionAction.START
    DOES = "starts it"
    LEFT = "Nothing was started."

    def __init__(
        self, entry: SessionRow, backup: StreamingSessionBackup, made: str, risk: str, clock: Clock
    ) -> None:
        answer = can_start_from(backup, entry.session)
        note = answer.note if isinstance(answer, Allowed) else ""
        super().__init__(entry, f"{risk} {note}".strip(), clock)
        self._backup = backup
        self._made = made

    def compose(self) -> ComposeResult:
        """Say what it is about and what is lost."""
        with Vertical(classes="dialog -danger", id="box") as box:
            box.border_title = "Start from this backup?"
            yield from self.subject()
            yield Static(f"Backup of {self._made}", markup=False)
            yield Static(self._note, markup=False, classes="loss")
            yield from self.buttons("Start from it")

    def verdict(self, entry: SessionRow) -> Allowed | Refused:
        """Return whether it can still be started from that backup."""
        return can_start_from(self._backup, entry.session)
