"""What full screens and dialogs share: a screen leaves the stack once, and alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from textual.actions import SkipAction
from textual.await_complete import AwaitComplete
from textual.screen import Screen

if TYPE_CHECKING:
    from nimble_tui.tui.host import Host

T = TypeVar("T")


class DismissOnce(Screen[T]):
    """A screen that takes away itself alone.

    A second dismissal, as by a key pressed twice in one read, would take away the screen below.
    Only `is_active` says that a screen is on top: to Textual the one below is current, too.
    """

    @property
    def nimble(self) -> Host:
        """The app this screen belongs to."""
        return cast("Host", self.app)

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close this screen with a result, unless it is closed or another one is on top."""
        return super().dismiss(result) if self.is_active else AwaitComplete()

    def action_copy_text(self) -> None:
        """Copy the selected text, if there is any; the key does something else then."""
        if not self.get_selected_text():
            raise SkipAction
        super().action_copy_text()
