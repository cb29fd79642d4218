"""The base of full screens and dialogs: each is dismissed only once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from textual.actions import SkipAction
from textual.await_complete import AwaitComplete
from textual.screen import Screen

if TYPE_CHECKING:
    from nimble_tui.tui.host import Host

T = TypeVar("T")


class DismissOnce(Screen[T]):
    """A screen whose dismissal removes only itself.

    A second dismissal, as by a key pressed twice in one read, would remove the screen below. Only
    `is_active` says that a screen is on top: to Textual the one below is current, too.
    """

    @property
    def nimble(self) -> Host:
        """The app that this screen belongs to."""
        return cast("Host", self.app)

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close this screen with a result, unless it is already closed or not on top."""
        if not self.is_active:
            return AwaitComplete()
        # Its last focus is not seen any more; Textual would style it all before the next paint.
        self.set_reactive(Screen.focused, None)
        return super().dismiss(result)

    def action_copy_text(self) -> None:
        """Copy the selected text, if there is any; without, the key has another meaning."""
        if not self.get_selected_text():
            raise SkipAction
        super().action_copy_text()
