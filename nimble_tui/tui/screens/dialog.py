"""What all dialogs share: how they look and the keys that move about in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from nimble_tui.tui.screens.base import DismissOnce

if TYPE_CHECKING:
    from pathlib import PurePath

T = TypeVar("T")


class Dialog(ModalScreen[T], DismissOnce[T]):
    """A question on top of a screen; escape always leaves it without an answer."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["form.tcss", "dialog.tcss"]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", show=False),
        Binding("left", "app.focus_previous", "Previous", show=False),
        Binding("right", "app.focus_next", "Next", show=False),
        Binding("up", "app.focus_previous", "Previous", show=False),
        Binding("down", "app.focus_next", "Next", show=False),
    ]

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
