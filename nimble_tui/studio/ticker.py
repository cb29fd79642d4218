"""A thread that regularly does what is due without any call."""

import logging
import threading
from collections.abc import Callable
from typing import Final

AFTER_A_FAILURE: Final = 5.0
SHORTEST: Final = 0.01

logger = logging.getLogger(__name__)


class Ticker:
    """Calls `tick` repeatedly; each call returns the seconds until the next is due.

    `wake` brings the next call forward to now. A call that raises is made again after a while.
    """

    def __init__(self, tick: Callable[[], float], name: str = "studio-ticker") -> None:
        self._tick = tick
        self._woken = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look again: something may be due sooner than it was."""
        self._woken.set()

    def close(self, *, wait: bool = True) -> None:
        """End the thread, by default after a call under way."""
        self._closing = True
        self._woken.set()
        if wait:
            self._thread.join()

    def _run(self) -> None:
        while not self._closing:
            try:
                seconds = self._tick()
            except Exception as error:  # noqa: BLE001 - the studio must go on
                if self._closing:
                    return
                logger.warning("What was due could not be done: %s", type(error).__name__)
                seconds = AFTER_A_FAILURE
            self._woken.wait(max(seconds, SHORTEST))
            self._woken.clear()
