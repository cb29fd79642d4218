"""A field for what nobody may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

if TYPE_CHECKING:
    from textual import events


class SecretInput(Input):
    """Shows dots, gives what is in it to no clipboard, and takes a paste of several lines whole."""

    def __init__(self, name: str) -> None:
        super().__init__(id=name, password=True, compact=True)

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()  # Textual would keep the first line alone
        self.replace(" ".join(event.text.split()), *self.selection)

    def action_copy(self) -> None:
        """Copy nothing."""

    def action_cut(self) -> None:
        """Copy nothing, and keep what is there."""
