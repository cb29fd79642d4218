"""The filter of the list of workstations, which remembers what matched before."""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING

from nimble_tui.view.list_diff import same_ends
from nimble_tui.view.session_rows import matching

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimble_tui.view.session_rows import SessionRow


class SessionFilter:
    """Returns the matching rows; of a list with a changed row, it matches that one only."""

    def __init__(self) -> None:
        self._rows: tuple[SessionRow, ...] = ()
        self._matches: list[bool] = []
        self._criteria: tuple[str, Mapping[str, str]] = "", {}
        self._found: tuple[SessionRow, ...] = ()

    def apply(
        self, rows: tuple[SessionRow, ...], words: str, images: Mapping[str, str]
    ) -> tuple[SessionRow, ...]:
        """Return the rows that contain every word, as `matching` does."""
        if not words:
            return rows
        if (words, images) != self._criteria:
            self._criteria = words, images
            self._rows, self._matches, self._found = (), [], ()
        if rows is self._rows:
            return self._found
        before, after = same_ends(self._rows, rows)
        changed = rows[before : len(rows) - after]
        found = set(map(id, matching(changed, words, images)))
        self._matches = [
            *self._matches[:before],
            *(id(row) in found for row in changed),
            *self._matches[len(self._matches) - after :],
        ]
        self._rows = rows
        self._found = tuple(compress(rows, self._matches))
        return self._found
