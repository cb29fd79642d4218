"""The column headers of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.content import Content

_EDGES = 2  # the mark of the list's cursor, and its scrollbar


class ColumnHead(Widget):
    """Shows the headers that `heads` returns for the width of the list's rows.

    Refresh it when the list's columns may have changed; it follows its own size.
    """

    def __init__(self, heads: Callable[[int], Content]) -> None:
        super().__init__()
        self._heads = heads

    def render(self) -> Content:
        """Return the column headers."""
        return self._heads(max(self.size.width - _EDGES, 1))

    def on_resize(self) -> None:
        """Lay the headers out for the new width."""
        self.refresh()
