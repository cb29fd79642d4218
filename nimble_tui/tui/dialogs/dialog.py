"""The base of all dialogs: their look and their navigation keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from nimble_tui.tui.dismiss_once import DismissOnce

if TYPE_CHECKING:
    from pathlib import PurePath

T = TypeVar("T")

_HERE = Path(__file__).parent  # a subclass can be in another folder

BUTTON_KEYS = "← → choose   enter selects   esc cancels"
"""The keys of a dialog with buttons only."""


class Dialog(ModalScreen[T], DismissOnce[T]):
    """A question on top of a screen; escape always cancels it.

    `KEYS` is shown on its lower edge, unless it writes something else there.
    """

    CSS_PATH: ClassVar[list[str | PurePath]] = [_HERE / "form.tcss", _HERE / "dialog.tcss"]
    KEYS: ClassVar[str] = BUTTON_KEYS

    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-middle")]  # noqa: RUF012 - as Textual declares it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", show=False),
        Binding("left", "app.focus_previous", "Previous", show=False),
        Binding("right", "app.focus_next", "Next", show=False),
        Binding("up", "app.focus_previous", "Previous", show=False),
        Binding("down", "app.focus_next", "Next", show=False),
    ]

    def on_mount(self) -> None:
        """Name the keys."""
        box = self.query_one(".dialog")
        if not box.border_subtitle:
            box.border_subtitle = self.KEYS

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss(None)

    def close_by_itself(self, answer: T | None = None) -> None:
        """Close automatically; keys still being typed into it have no effect elsewhere."""
        self.nimble.ignore_late_keys()
        self.dismiss(answer)
