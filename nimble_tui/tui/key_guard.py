"""Guards against keys that were typed for another screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nimble_tui.core.clock import Clock

DEAF_FOR = 0.3
"""Seconds without a press before the first one counts; a key held down repeats faster."""


PAUSE = 1.0
"""Seconds without a press after which a press is no longer meant for a closed dialog."""


class Patience:
    """Detects presses that come too soon after a dialog opened, or from a key held down."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = clock.monotonic()

    def heeds(self) -> bool:
        """Return whether a press at this time counts."""
        before, self._last = self._last, self._clock.monotonic()
        return self._last - before >= DEAF_FOR


class LateKeys:
    """Ignores keys still being typed into a dialog that closed automatically."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: float | None = None

    def begin(self) -> None:
        """Ignore presses from now on, until there is a pause."""
        self._last = self._clock.monotonic()

    def ignores(self, key: str) -> bool:
        """Return whether a press comes too soon after the last one to be for the new screen."""
        if self._last is None:
            return False
        before, self._last = self._last, self._clock.monotonic()
        if self._last - before >= PAUSE:
            self._last = None
        return self._last is not None and not key.startswith("ctrl+")
