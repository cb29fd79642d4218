"""A check box whose state is visible without colour."""

from __future__ import annotations

from textual.widgets import Checkbox


class Tick(Checkbox):
    """`[ ]` or `[x]` with a label."""

    BUTTON_LEFT = ""
    BUTTON_RIGHT = ""
    BUTTON_INNER = "[ ]"

    def __init__(self, label: str, name: str) -> None:
        super().__init__(label, id=name, compact=True)

    def watch_value(self) -> None:
        """Show the state, and post the change."""
        self.BUTTON_INNER = "[x]" if self.value else "[ ]"
        super().watch_value()
