"""A real terminal to run a program in: a pty whose bytes a terminal emulator draws."""

import fcntl
import os
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyte
import pytest

PATIENCE = 30.0
"""Seconds until a test gives up waiting; nothing is measured by it."""


TERM = "xterm-256color"
OURS = (sys.executable, "-m", "nimble_tui")


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let what is started here be interrupted, also where a script runs the tests on the side.

    A shell lets such a job ignore ctrl+c, and whatever it starts inherits that.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _environment() -> dict[str, str]:
    """Return our environment without how Python buffers its output, which people do not set."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


class Terminal:
    """Ours, or another `program`, in a terminal of its own; all that it wrote is in `written`."""

    def __init__(
        self,
        *words: str,
        columns: int = 80,
        rows: int = 24,
        program: Sequence[str] = OURS,
        term: str = TERM,
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.written = b""
        self.master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(slave)
        self.slave = slave
        with _interruptible():
            self.process = subprocess.Popen(
                [*program, *words],
                stdin=slave,
                stdout=slave,
                stderr=slave,
                start_new_session=True,
                env={**_environment(), "TERM": term, "LC_ALL": "C.UTF-8"},
            )
        os.set_blocking(self.master, False)

    def close(self) -> None:
        """End the program if it still runs, and take the terminal away."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)
        os.close(self.slave)
        self.hang_up()

    def hang_up(self) -> None:
        """Take the terminal away; the program is sent no signal, since it is not its own."""
        if self.master >= 0:
            os.close(self.master)
        self.master = -1

    def wait_until_stuck(self) -> None:
        """Wait, reading nothing, until the program uses no processor time any more."""
        end, quiet, before = time.monotonic() + PATIENCE, 0, -1
        while quiet < 5:
            if time.monotonic() > end:
                pytest.fail("the program never came to rest")
            now = self._ticks()
            quiet = quiet + 1 if now == before else 0
            before = now
            time.sleep(0.1)

    def is_stopped(self) -> bool:
        """Return whether the program rests in the background."""
        return self._stat()[0] == "T"

    def _ticks(self) -> int:
        stat = self._stat()
        return int(stat[11]) + int(stat[12])

    def _stat(self) -> list[str]:
        return Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()

    @property
    def text(self) -> str:
        """What a person sees now."""
        return "\n".join(self.screen.display)

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self.master, keys.encode())

    def wait_for(self, text: str) -> None:
        """Read until `text` is on the screen."""
        self.wait_until(lambda: text in self.text, f"{text!r} on the screen")

    def wait_until(
        self, condition: Callable[[], bool], what: str, within: float = PATIENCE
    ) -> None:
        """Read until `condition` holds, for `within` seconds at most."""
        end = time.monotonic() + within
        while not condition():
            if time.monotonic() > end:
                pytest.fail(f"waited in vain for {what}; the screen shows\n{self.text}")
            self.read()

    def read(self) -> None:
        """Take in what the program wrote, if anything."""
        if not self._read_some():
            time.sleep(0.01)

    def _read_some(self) -> bool:
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.written += data
        self._stream.feed(data)
        return bool(data)

    def wait_for_end(self, within: float = PATIENCE) -> int:
        """Read until the program has ended and all it wrote is in; return its exit code."""
        self.wait_until(lambda: self.process.poll() is not None, "the program's end", within)
        while self._read_some():
            pass
        assert self.process.returncode is not None
        return self.process.returncode

    def is_restored(self) -> bool:
        """Whether the terminal is as the program found it."""
        alternate = self.written.rfind(b"\x1b[?1049l") > self.written.rfind(b"\x1b[?1049h")
        mouse = self.written.rfind(b"\x1b[?1000l") > self.written.rfind(b"\x1b[?1000h")
        cursor = self.written.rfind(b"\x1b[?25h") > self.written.rfind(b"\x1b[?25l")
        return alternate and mouse and cursor and termios.tcgetattr(self.slave) == self.before

    def terminate(self) -> None:
        """Ask the program to end, as a closing session does."""
        self.process.send_signal(signal.SIGTERM)
