"""The filter field above a list, visible while it has any words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.reactive import reactive

from nimble_tui.tui.widgets.text_field import TextField

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.widgets import Input

LONGEST = 100


class FilterField(TextField):
    """A field for the words of a filter; enter calls `to_list`, which focuses the list.

    `words` are the words to match, a moment after they were typed.
    """

    words: reactive[str] = reactive("", init=False, repaint=False)

    def __init__(self, placeholder: str, to_list: Callable[[], None]) -> None:
        super().__init__(
            id="filter", placeholder=placeholder, max_length=LONGEST, enter=self._entered
        )
        self._to_list = to_list
        self.display = False

    @property
    def is_open(self) -> bool:
        """True while the field is visible."""
        return self.display

    def show(self, words: str) -> None:
        """Show the field with these words, replaced by the next typed text."""
        self.display = True
        self.value = self.words = words
        self.select_all()

    def open(self) -> None:
        """Take the focus; typed text replaces the words."""
        self.display = True
        self.select_all()
        self.screen.set_focus(self)

    def close(self) -> None:
        """Clear the words, and focus the list."""
        self.value = self.words = ""
        self._to_list()
        self.display = False

    def _entered(self) -> None:
        self.words = self.value  # the message about the change may still be pending
        if self.words.strip():
            self._to_list()
        else:
            self.close()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Use the field's current text, which may be newer than the message."""
        event.stop()
        self.words = self.value
