"""Textual's driver for POSIX terminals, robust against a vanished or misbehaving terminal."""

from __future__ import annotations

import os
import selectors
import signal
import time
from codecs import getincrementaldecoder
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING, Any, TextIO, cast

from textual import constants
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from textual.app import App

_POLL = 0.1
_CHUNK = 4096
_TURN = 0.0002


class _Output:
    """The terminal's output; after a failed write everything is dropped.

    An error would end the writing thread, and the app would wait forever for room in its queue.
    """

    def __init__(self, file: TextIO) -> None:
        self._file: TextIO | None = file
        self.fileno = file.fileno

    def write(self, text: str) -> None:
        """Write text, while there is a terminal."""
        if self._file is not None:
            try:
                self._file.write(text)
            except (OSError, ValueError):
                self._file = None

    def flush(self) -> None:
        """Flush the output."""
        if self._file is not None:
            try:
                self._file.flush()
            except (OSError, ValueError):
                self._file = None


class _ExitEvent(Event):
    """An event that a selector can wait for together with the terminal."""

    def __init__(self) -> None:
        super().__init__()
        self._reading, self._writing = os.pipe()

    def fileno(self) -> int:
        """Return the file descriptor that is readable while the event is set."""
        return self._reading

    def set(self) -> None:
        """Set it, and wake up who waits."""
        if not self.is_set():
            super().set()
            os.write(self._writing, b"!")

    def clear(self) -> None:
        """Reset it."""
        if self.is_set():
            os.read(self._reading, 1)
            super().clear()

    def __del__(self) -> None:
        os.close(self._reading)
        os.close(self._writing)


class TerminalDriver(LinuxDriver):
    """Raises SIGHUP itself if the terminal vanished without a signal, and sleeps between keys."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        if self._file is not None:
            self._file = cast("Any", _Output(self._file))
        self.exit_event: _ExitEvent = _ExitEvent()

    def use_mouse(self, *, enabled: bool) -> None:
        """Turn the terminal's mouse reports on or off."""
        if not enabled:
            self._disable_mouse_support()
        self._mouse = enabled
        if enabled:
            self._enable_mouse_support()
        self.flush()

    def flush(self) -> None:
        """Let the thread that writes begin with what was painted.

        It could only run once the event loop waits, or after five milliseconds (Python's switch
        interval).
        """
        time.sleep(_TURN)

    def run_input_thread(self) -> None:
        """Read keys until the app ends; at the end of its input the terminal has vanished.

        The parser is asked for keys it still holds back, such as an escape, for a while after the
        last input; then nothing happens until the next.
        """
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        pending_until = 0.0
        # Not poll, which does not support terminals on macOS.
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self.exit_event, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                is_pending = time.monotonic() < pending_until
                ready = selector.select(_POLL if is_pending else None)
                if any(key.fd == self.fileno for key, _ in ready):
                    pending_until = time.monotonic() + constants.ESCAPE_DELAY + _POLL
                    data = self._read()
                    if not data:
                        os.kill(os.getpid(), signal.SIGHUP)
                        return
                    for event in parser.feed(decode(data)):
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
        with suppress(EOFError, ParseError):
            for _ in parser.feed(""):
                pass

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, _CHUNK)
        except OSError:
            return b""
