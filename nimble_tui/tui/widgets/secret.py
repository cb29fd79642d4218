"""A field for what nobody may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

if TYPE_CHECKING:
    from collections.abc import Collection

    from textual import events


class SecretInput(Input):
    """Shows dots, gives what is in it to no clipboard, and takes a paste of several lines whole.

    `passes` are keys that are no text while nothing was entered.
    """

    def __init__(self, name: str, *, passes: Collection[str] = ()) -> None:
        super().__init__(id=name, password=True, compact=True)
        self._passes = passes

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Return whether a key is text, and so is not looked for among the bindings."""
        return not self._is_passed(key) and super().check_consume_key(key, character)

    async def _on_key(self, event: events.Key) -> None:
        if self._is_passed(event.key):
            event.prevent_default()  # it would be entered

    def _is_passed(self, key: str) -> bool:
        return not self.value and key in self._passes

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()  # Textual would keep the first line alone
        self.replace(" ".join(event.text.split()), *self.selection)

    def action_copy(self) -> None:
        """Copy nothing."""

    def action_cut(self) -> None:
        """Copy nothing, and keep what is there."""
