"""A box to tick, which shows without colour too whether it is."""

from __future__ import annotations

from textual.widgets import Checkbox


class Tick(Checkbox):
    """`[ ]` or `[x]`, and what it stands for."""

    BUTTON_LEFT = ""
    BUTTON_RIGHT = ""
    BUTTON_INNER = "[ ]"

    def __init__(self, label: str, name: str) -> None:
        super().__init__(label, id=name, compact=True)

    def watch_value(self) -> None:
        """Show whether it is ticked, and tell."""
        self.BUTTON_INNER = "[x]" if self.value else "[ ]"
        super().watch_value()
