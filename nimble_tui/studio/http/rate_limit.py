"""A limit on the calls of each access key."""

import threading
import time
from collections.abc import Callable
from typing import Final

RATE: Final = 20.0
"""Calls a second, over a longer time."""
BURST: Final = 200.0
"""Calls at once, after a pause: a list of many pages, or the people of a whole team."""
_MOST: Final = 10_000


class RateLimit:
    """Lets each key call `burst` times at once and `rate` times a second; any thread may ask.

    Only keys with a correct signature are counted, so nobody can use up another's calls.
    """

    def __init__(
        self,
        rate: float = RATE,
        burst: float = BURST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._lock = threading.Lock()
        self._left: dict[str, tuple[float, float]] = {}

    def wait(self, key: str) -> float:
        """Count a call; return 0 where it may be made, else in how many seconds it may."""
        with self._lock:
            now = self._clock()
            left, since = self._left.pop(key, (self._burst, now))
            left = min(self._burst, left + (now - since) * self._rate)
            wait = max(0.0, (1 - left) / self._rate)
            self._left[key] = (left if wait else left - 1, now)
            if len(self._left) > _MOST:  # the key that called longest ago
                del self._left[next(iter(self._left))]
            return wait
