"""The threads that call a backend which takes its time, so that no caller waits for it."""

import logging
import threading
from datetime import timedelta
from typing import Final

from nimble_tui.core.clock import Clock
from nimble_tui.studio.lifecycle.reconciler import Reconciler
from nimble_tui.studio.ticker import Ticker

MAX_CALLS: Final = 8
"""The number of requests that are sent at the same time."""
_LONGEST: Final = 5.0
"""Seconds: a change in another process may call for a patrol sooner than was known here."""

logger = logging.getLogger(__name__)


class Background:
    """Sends requests and makes patrols until it is closed; `wake` says that there may be some."""

    def __init__(self, reconciler: Reconciler, clock: Clock) -> None:
        self._reconciler = reconciler
        self._clock = clock
        self._closing = False
        self._lock = threading.Lock()
        self._senders = 0
        self._deadlines = Ticker(self._enforce, name="studio-deadlines")
        self._patrols = Ticker(self._patrol, name="studio-patrol")

    def wake(self) -> None:
        """Send what is to be sent, soon."""
        with self._lock:
            if self._closing or self._senders >= MAX_CALLS:
                return
            self._senders += 1
        threading.Thread(target=self._send, name="studio-sender", daemon=True).start()
        self._deadlines.wake()
        self._patrols.wake()

    def close(self) -> None:
        """End the threads; a call under way is not waited for, its answer is discarded."""
        with self._lock:
            self._closing = True
        for ticker in (self._deadlines, self._patrols):
            ticker.close(wait=False)

    def _send(self) -> None:
        try:
            while not self._closing and self._reconciler.send_one(self.wake):
                pass
        except Exception as error:  # noqa: BLE001 - the studio's own ticker tries again
            logger.warning("A request could not be sent: %s", type(error).__name__)
        finally:
            with self._lock:
                self._senders -= 1
        if not self._closing:
            self._patrols.wake()

    def _enforce(self) -> float:
        self._reconciler.enforce_all()
        return _LONGEST

    def _patrol(self) -> float:
        self._reconciler.look()
        self._reconciler.patrol()
        until = self._reconciler.next_look() - self._clock.now()
        return min(max(until / timedelta(seconds=1), 0.0), _LONGEST)
