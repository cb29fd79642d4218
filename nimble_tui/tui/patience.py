"""What was typed for the screen before does not answer the one that just opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nimble_tui.core.clock import Clock

DEAF_FOR = 0.3
"""Seconds without a press before the first one counts; a key held down repeats faster."""


class Patience:
    """Tells a press that was meant from one that came too soon, or from a key held down."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = clock.monotonic()

    def heeds(self) -> bool:
        """Return whether a press that comes now was meant."""
        before, self._last = self._last, self._clock.monotonic()
        return self._last - before >= DEAF_FOR
