"""A list that is as high as its entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.tui.widgets.reading_list import Reading, ReadingList

if TYPE_CHECKING:
    from collections.abc import Sequence


class FittedList(ReadingList):
    """Takes as many lines as its entries, as far as its styles allow."""

    def show(self, readings: Sequence[Reading]) -> None:
        """Show these, and fit the height."""
        super().show(readings)
        self._fit()

    @property
    def _width(self) -> int:
        # Before it has a place, what it shows is as wide as the window at most.
        return self.scrollable_content_region.width or self.app.size.width

    def _fill(self, key: str | None) -> None:
        super()._fill(key)
        self._fit()

    def _fit(self) -> None:
        # Said outright: a height of `auto` is not worked out again when the width becomes known
        # while an earlier change still waits for its turn.
        lines = self.get_content_height(self.size, self.app.size, self._width)
        self.styles.height = max(lines, 1)
