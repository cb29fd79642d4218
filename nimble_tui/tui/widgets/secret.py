"""A field for what nobody may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.tui.widgets.text_field import TextField

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection


class SecretInput(TextField):
    """Shows dots, gives what is in it to no clipboard, and takes a paste of several lines whole.

    `passes` are keys that are no text while nothing was entered.
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
        """Return whether a key is text, and so is not looked for among the bindings."""
        passed = not self.value and key in self._passes
        return not passed and super().check_consume_key(key, character)

    def paste(self, text: str) -> None:
        """Enter a pasted text, all its lines as one."""
        self.replace(" ".join(text.split()), *self.selection)

    def action_copy(self) -> None:
        """Copy nothing."""

    def action_cut(self) -> None:
        """Copy nothing, and keep what is there."""
