"""The event loop of the app, which tells the threads in the background when it is their turn."""

from __future__ import annotations

import asyncio
import selectors
import sys
from typing import TYPE_CHECKING

from nimble_tui.core import turns

if TYPE_CHECKING:
    from selectors import SelectorKey


class TurnsSelector(selectors.DefaultSelector):
    """Gives the threads in the background their turn while it waits."""

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        """Return what is ready; with a time-out of 0 that is all there is to do."""
        if timeout is not None and timeout <= 0:
            return super().select(timeout)
        turns.loop_waits()
        try:
            return super().select(timeout)
        finally:
            turns.loop_is_busy()

    def close(self) -> None:
        """Release it; nothing waits for the loop any longer."""
        turns.loop_waits()
        super().close()


def new_event_loop() -> asyncio.AbstractEventLoop:
    """Return a loop for the app; on Windows the usual one, which has no selector."""
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    return asyncio.SelectorEventLoop(TurnsSelector())
