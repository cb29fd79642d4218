"""The question before a stopped workstation is started and stopped again to keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.widgets import Static

from nimble_tui.core.offers import can_keep
from nimble_tui.core.rules import is_disk_kept
from nimble_tui.tui.dialogs.confirm import SessionDialog

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from nimble_tui.core.rules import Allowed, Refused
    from nimble_tui.view.session_rows import SessionRow


class KeepDialog(SessionDialog):
    """Asks once, and says how keeping works."""

    DOES = "keeps it"
    LEFT = "Nothing was done to keep it."

    def verdict(self, entry: SessionRow) -> Allowed | Refused:
        """Return whether it can still be kept."""
        return can_keep(entry.session, entry.launch_profile)

    def compose(self) -> ComposeResult:
        """Say what it is about, what happens to it otherwise, and what keeping does."""
        with Vertical(classes="dialog", id="box") as box:
            box.border_title = "Keep this workstation?"
            yield from self.subject()
            gone = is_disk_kept(self._entry.session) is False
            disk = "; its disk is gone already" if gone else " with everything on its disk"
            yield Static(f"Left alone, it is deleted{disk}.")
            yield Static(self._note, markup=False)
            yield Static("The minutes it runs for that cost what they always cost.")
            yield from self.buttons("Keep it")
