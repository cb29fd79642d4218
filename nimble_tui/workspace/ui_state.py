"""UI state saved between runs: read once at the start, written in the background."""

from __future__ import annotations

from concurrent.futures import wait
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any

from nimble_tui.config.state import change_state, read_state

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future


class UiStateFile:
    """The saved UI state; a hanging or full disk only means that it is not saved."""

    def __init__(self, executor: Executor) -> None:
        self.state = read_state()
        self._executor = executor
        self._lock = Lock()
        self._waiting: dict[str, str] = {}
        self._writing: Future[None] | None = None

    def change(self, **changes: str) -> None:
        """Change members of UiState; they are written soon, in a thread."""
        new: dict[str, Any] = {
            name: text for name, text in changes.items() if getattr(self.state, name) != text
        }
        if not new:
            return
        self.state = replace(self.state, **new)
        with self._lock:
            self._waiting |= new
            if self._writing is None:
                self._writing = self._executor.submit(self._write)

    def finish(self, seconds: float) -> None:
        """Wait for a pending write, but no longer than `seconds`."""
        with self._lock:
            writing = self._writing
        if writing is not None:
            wait([writing], timeout=seconds)

    def _write(self) -> None:
        while True:
            with self._lock:
                changes, self._waiting = self._waiting, {}
                if not changes:
                    self._writing = None
                    return
            change_state(**changes)
