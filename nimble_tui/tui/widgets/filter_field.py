"""The words that a list is filtered by, in a field above it that shows while there are any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.reactive import reactive

from nimble_tui.tui.widgets.text_field import TextField

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.widgets import Input

LONGEST = 100


class FilterField(TextField):
    """Opens to be typed into; `to_list` is called for enter, and gives the focus to the list.

    `words` are those that the list is to match, a moment after they were typed.
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
        """Whether the field shows."""
        return self.display

    def show(self, words: str) -> None:
        """Show the field with these words in it, which what is typed into it replaces."""
        self.display = True
        self.value = self.words = words
        self.select_all()

    def open(self) -> None:
        """Take the focus; what is typed replaces the words that are there."""
        self.display = True
        self.select_all()
        self.screen.set_focus(self)

    def close(self) -> None:
        """Show all again: the list has the focus, and there are no words."""
        self.value = self.words = ""
        self._to_list()
        self.display = False

    def _entered(self) -> None:
        self.words = self.value  # the message that it changed may be on its way still
        if self.words.strip():
            self._to_list()
        else:
            self.close()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take what is in the field by now, which may be newer than the message."""
        event.stop()
        self.words = self.value
