"""A screen that follows the list of workstations below it."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nimble_tui.view.session_rows import SessionRow


class Reviewer:
    """A screen that the main screen below it passes each new list of workstations.

    A base class and not a Protocol: a method that happens to have the same name does not make a
    screen one of these.
    """

    @abstractmethod
    def review(self, entries: Iterable[SessionRow]) -> None:
        """Take in the workstations as they are now."""
