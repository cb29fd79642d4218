"""The question before a workstation is started from a backup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.widgets import Static

from nimble_tui.core.model import SessionAction
from nimble_tui.core.offers import can_start_from
from nimble_tui.core.rules import Allowed, Refused
from nimble_tui.tui.screens.confirm import SessionDialog

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from nimble_tui.core.backups import StreamingSessionBackup
    from nimble_tui.core.clock import Clock
    from nimble_tui.tui.entries import Entry


class BringBackDialog(SessionDialog):
    """Asks once before a disk becomes what it was; `made` says when that was."""

    ACTION = SessionAction.START

    def __init__(
        self, entry: Entry, backup: StreamingSessionBackup, made: str, clock: Clock
    ) -> None:
        answer = can_start_from(backup, entry.session)
        super().__init__(entry, answer.note if isinstance(answer, Allowed) else "", clock)
        self._backup = backup
        self._made = made

    def compose(self) -> ComposeResult:
        """Say what it is about and what is lost."""
        with Vertical(classes="dialog -danger") as box:
            box.border_title = "Start from this backup?"
            yield from self.subject()
            yield Static(f"Backup of {self._made}", markup=False)
            yield Static(self._note, markup=False, classes="loss")
            yield from self._buttons("Start from it")

    def verdict(self, entry: Entry) -> Allowed | Refused:
        """Return whether it can still be started from that backup."""
        return can_start_from(self._backup, entry.session)
