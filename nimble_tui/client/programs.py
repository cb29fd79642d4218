"""Programs that print keys, run for an AWS profile and never outliving us."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from threading import Lock
from types import TracebackType
from typing import Any, Self

_LARGEST = 64 * 1024
# A program is started by a keeper that ends it as soon as the pipe we hold is closed: by us, or
# by the system when we end in whatever way. In a session of its own there is no terminal to read.
_KEEPER = """\
import os, signal, sys, threading
pipe, apart, *program = sys.argv[1:]
os.set_inheritable(int(pipe), False)
if apart == "apart":
    os.setsid()
signal.signal(signal.SIGINT, signal.SIG_IGN)
usual = [signal.SIGINT, signal.SIGPIPE]
try:
    child = os.posix_spawnp(program[0], program, os.environ, setsigdef=usual)
except OSError:
    os._exit(126)
def watch():
    os.read(int(pipe), 1)
    if apart == "apart":
        os.killpg(0, signal.SIGKILL)
    os.kill(child, signal.SIGKILL)
threading.Thread(target=watch, daemon=True).start()
os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 255)
"""


class Program:
    """A running program; leaving the context ends it. Thread-safe.

    `apart` from the terminal it can neither ask anything there nor draw on it; else it is run
    where the person sits. FileNotFoundError and PermissionError when it cannot be run at all.
    """

    def __init__(self, words: Sequence[str], *, apart: bool) -> None:
        self._pipe = -1
        self._lock = Lock()
        quiet = subprocess.DEVNULL if apart else None
        options: dict[str, Any] = {"stdin": quiet, "stdout": subprocess.PIPE, "stderr": quiet}
        if os.name != "posix":
            hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0) if apart else 0
            self._child = subprocess.Popen(list(words), creationflags=hidden, **options)  # noqa: S603 - named by the user's own AWS profile
            return
        _need_program(words[0])
        theirs, self._pipe = os.pipe()
        try:
            keeper = [sys.executable, "-I", "-S", "-c", _KEEPER]
            how = [str(theirs), "apart" if apart else "here"]
            self._child = subprocess.Popen(  # noqa: S603 - named by the user's own AWS profile
                [*keeper, *how, *words], pass_fds=[theirs], **options
            )
        except BaseException:
            self.end()
            raise
        finally:
            os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()
        self._child.wait()
        if self._child.stdout is not None:
            self._child.stdout.close()

    def answer(self) -> tuple[int, bytes]:
        """Return the exit code and the output, 64 KiB at most."""
        assert self._child.stdout is not None  # noqa: S101 - a pipe was requested
        printed = self._child.stdout.read(_LARGEST)
        if len(printed) == _LARGEST:
            self.end()  # it may print for ever
        return self._child.wait(), printed

    def end(self) -> None:
        """End it, and outside a terminal also its children."""
        with self._lock:
            pipe, self._pipe = self._pipe, -1
        if pipe >= 0:
            os.close(pipe)
        elif os.name != "posix":
            with suppress(OSError):
                self._child.kill()


def _need_program(name: str) -> None:
    """Raise what starting a program would that is not there; its keeper could not say it."""
    if shutil.which(name) is None:
        raise FileNotFoundError(name)
