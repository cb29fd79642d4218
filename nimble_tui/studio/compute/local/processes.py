"""Children of a supervisor: what they write, how they end, and that they end with it."""

import os
import select
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from nimble_tui.studio.compute.local import namespaces

_TAIL: Final = 4096
_AS_OWNER: Final = ("unshare", "--map-root-user", "--")
"""Makes a user the root of a user namespace that has no other user."""
_INTERRUPTING: Final = ("SIGPIPE", "SIGTERM", "SIGINT", "SIGHUP", "SIGCHLD")


@dataclass(slots=True)
class Process:
    """A child, which may be a sandbox, and the end of what it wrote.

    `orders` is a pipe to its standard input, -1 where that is closed. A sandbox `has_begun` once
    it is complete; `first` is then the descriptor of its first process, with which all others end.
    `helper` is a program that it needs.
    """

    pid: int
    output: int
    orders: int = -1
    first: int = -1
    tail: bytearray = field(default_factory=bytearray)
    status: int | None = None
    has_begun: bool = False
    helper: "Process | None" = None

    def read(self) -> bool:
        """Take up what it wrote; return whether there may be more."""
        try:
            text = os.read(self.output, 65536)
        except BlockingIOError:
            return True
        except OSError:
            text = b""
        self.tail = (self.tail + text)[-_TAIL:]
        return bool(text)

    def poll(self) -> int | None:
        """Return its exit status once it has ended, -N for a signal; None until then."""
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        if self.status is None or (self.first >= 0 and not _has_ended(self.first)):
            return None
        return self.status

    def order(self, word: str) -> None:
        """Write a line to its standard input."""
        with suppress(OSError):
            os.write(self.orders, f"{word}\n".encode())

    def kill(self) -> None:
        """End it at once, and all that runs in it."""
        if self.first >= 0:
            with suppress(OSError):
                signal.pidfd_send_signal(self.first, signal.SIGKILL)
        if self.status is None:
            with suppress(OSError):
                os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """Close its pipes; a program that reads to the end of its input ends then."""
        while self.read():
            if not select.select([self.output], [], [], 0)[0]:
                break
        for number in (self.output, self.orders, self.first):
            if number >= 0:
                os.close(number)
        self.output = self.orders = self.first = -1
        if self.helper is not None:
            self.helper.close()
            self.helper.poll()
            self.helper = None


def with_all_files(command: Sequence[str]) -> Sequence[str]:
    """Return a command that can read and remove a workstation's files, whatever their modes."""
    return [*_AS_OWNER, *command] if os.geteuid() != 0 else command


def run_program(command: Sequence[str]) -> int:
    """Run a program of this machine to its end; return its exit status."""
    process = start_program(with_all_files(command))
    while process.read():
        select.select([process.output], [], [])
    while (status := process.poll()) is None:
        time.sleep(0.005)
    process.close()
    return status


def start_program(command: Sequence[str], *, ends_itself: bool = False) -> Process:
    """Start a program of this machine as the user that the studio is.

    It ends with this process, or by itself where its input does.
    """
    process, input_end, output_end = piped()
    process.pid = os.fork()
    if process.pid == 0:
        try:
            for number, target in ((input_end, 0), (output_end, 1), (output_end, 2)):
                os.dup2(number, target)
            default_signals()
            if not ends_itself:
                os.close(process.orders)
                namespaces.end_with_parent()
            os.execvpe(  # noqa: S606 - no shell
                command[0], list(command), {"PATH": os.defpath, "LC_ALL": "C"}
            )
        except BaseException as error:  # noqa: BLE001 - the child must not return
            os.write(2, f"{error}\n".encode())
        finally:
            os._exit(126)
    os.close(input_end)
    os.close(output_end)
    return process


def piped() -> tuple[Process, int, int]:
    """Return a process to be, and its ends of the pipes of its input and output."""
    input_end, orders = os.pipe()
    output, output_end = os.pipe()
    os.set_blocking(output, False)
    return Process(pid=0, output=output, orders=orders), input_end, output_end


def _has_ended(pidfd: int) -> bool:
    return bool(select.select([pidfd], [], [], 0)[0])


def default_signals() -> None:
    """Let signals do what they do to a program."""
    for name in _INTERRUPTING:
        signal.signal(getattr(signal, name), signal.SIG_DFL)
