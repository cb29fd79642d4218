"""A field for secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.tui.widgets.text_field import TextField

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection


class SecretInput(TextField):
    """Shows dots, never copies its content, and accepts a paste of several lines.

    `passes` are keys that are not text while the field is empty.
    """

    def __init__(
        self,
        name: str,
        *,
        enter: Callable[[], Awaitable[None] | None],
        passes: Collection[str] = (),
    ) -> None:
        super().__init__(id=name, enter=enter, password=True)
        self._passes = passes

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Return whether a key is text, and so not looked up in the bindings."""
        passed = not self.value and key in self._passes
        return not passed and super().check_consume_key(key, character)

    def paste(self, text: str) -> None:
        """Enter a pasted text, with its lines joined."""
        self.replace(" ".join(text.split()), *self.selection)

    def action_copy(self) -> None:
        """Copy nothing."""

    def action_cut(self) -> None:
        """Copy nothing, and leave the text unchanged."""
