"""A forced end of the process if an orderly shutdown takes too long."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import TextIO

try:
    import termios
except ImportError:  # Windows
    termios = None  # type: ignore[assignment]

GRACE = 3.0
"""Seconds allowed for an orderly shutdown."""
_RESTORE_TIME = 0.3
_RESTORE = (
    "\x1b[?2004l\x1b[?7h\x1b[?2048l"  # bracketed paste, line wrap, reports of the size
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l"  # the mouse
    "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"  # the keyboard, the other screen, cursor, focus
)


class LastResort:
    """Ends the process GRACE seconds after it was armed, and restores the terminal.

    It is created before the terminal is changed. It needs neither the event loop nor the thread
    that writes to the terminal, both of which may hang on a blocked terminal.
    """

    def __init__(self) -> None:
        # Its put, unlike an event's set, is safe in a signal handler.
        self._codes: SimpleQueue[int] = SimpleQueue()
        self._attributes = None
        if termios is not None:
            with suppress(termios.error, OSError, ValueError, AttributeError):
                self._attributes = termios.tcgetattr(_stdin())
        Thread(target=self._wait, name="nimble-last-resort", daemon=True).start()

    def arm(self, code: int) -> None:
        """End the process with `code` unless it ends itself within GRACE seconds."""
        self._codes.put(code)

    def _wait(self) -> None:
        code = self._codes.get()
        time.sleep(GRACE)
        restoring = Thread(target=self._restore, daemon=True)
        restoring.start()
        restoring.join(_RESTORE_TIME)  # a blocked terminal would hang this, too
        os._exit(code)

    def _restore(self) -> None:
        if termios is not None and self._attributes is not None:
            # In the background the call would suspend the process.
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
            with suppress(termios.error):
                termios.tcsetattr(_stdin(), termios.TCSANOW, self._attributes)
        with suppress(OSError, ValueError, AttributeError):
            os.write(_number(sys.__stderr__), _RESTORE.encode())


def _stdin() -> int:
    return _number(sys.__stdin__)


def _number(stream: TextIO | None) -> int:
    if stream is None:
        raise ValueError("there is no such stream")
    return stream.fileno()
