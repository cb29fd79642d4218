"""Waits as a supervisor does: for its one process, orders at its socket, and the deadline."""

import json
import os
import selectors
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from nimble_tui.core.text import clean
from nimble_tui.studio.compute.local import folder, processes, session, sockets
from nimble_tui.studio.compute.local.folder import Folder, Phase, State
from nimble_tui.studio.compute.local.processes import Process

INTERNAL: Final = "INTERNAL_ERROR"
DEADLINE: Final = "It reached its deadline."
TICK: Final = 1.0
SOON: Final = 0.02
_REST: Final = 0.005
"""Seconds between reads of what programs write: one that never stops costs the machine little."""
_GRACE: Final = 8.0
"""Seconds that programs have to end after they were asked to."""
_LONGEST_ORDER: Final = 64 * 1024
_ORDER_WITHIN: Final = 2.0
_PHASES: Final = {"stop": Phase.STOPPING, "terminate": Phase.TERMINATING}


class FailureError(Exception):
    """A workstation cannot do what it is to: a status code of the API, and a sentence."""

    def __init__(self, status_code: str, message: str) -> None:
        super().__init__(message)
        self.failure = (status_code, message)


class EndedError(Exception):
    """An order ends what is under way."""


class Watch:
    """Waits for one process at a time, and meanwhile takes orders and keeps the deadline.

    `ending` is the order that ends the workstation, once there is one; `reason` says why it ends
    without one. `was_asked` is whether programs were asked to end for the deadline. `lock` is the
    descriptor of the folder's lock, and the current folder is its own.
    """

    def __init__(self, place: Folder, state: State, lock: int, asked_before: float) -> None:
        self.state = state
        self.ending: dict[str, Any] | None = None
        self.reason = ""
        self.process: Process | None = None
        self._place = place
        self._lock = lock
        self._ends_at: float | None = None
        self._version = -1
        self._asked_before = asked_before
        self.was_asked = False
        self._listening = sockets.listen(folder.CONTROL)
        self._listening.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listening, selectors.EVENT_READ, self._take_order)

    def follow(self, process: Process) -> None:
        """Wait for a process from here on."""
        self.process = process
        self._selector.register(process.output, selectors.EVENT_READ, self._take_output)

    def turn(self, longest: float = TICK) -> None:
        """Wait for something to happen, for so many seconds at most, and do what is due."""
        if self._ends_at is not None:
            left = self._ends_at - now()
            for due in (left, left - self._asked_before):
                longest = min(longest, due) if due > 0 else longest
        for key, _ in self._selector.select(max(0.0, longest)):
            act: Callable[[], None] = key.data
            act()
        if not _is_same(self._lock, folder.LOCK):
            self.ending = self.ending or {"verb": "vanished"}
        self._keep_deadline()

    def until_ended(self, until: float) -> int | None:
        """Wait for the process; return its exit status, None where it was ended for its time.

        Raises EndedError where an order ends the workstation.
        """
        process = self.process
        while process is not None and (status := process.poll()) is None:
            if now() >= until:
                self.end_process()
                return None
            self.turn(SOON)
            self.check_ending()
        self._let_go()
        return status if process is not None else None

    def run_all(self, commands: Sequence[list[str]], problem: str) -> None:
        """Run programs of this machine one after another; raises FailureError where one fails.

        They can read and remove a workstation's files, whatever their modes.
        """
        for command in commands:
            process = processes.start_program(processes.with_all_files(command))
            self.follow(process)
            while (status := process.poll()) is None:
                self.turn(SOON)
            self._let_go()
            if status != 0:
                # Its last words are the reason; those before are paths of this machine.
                reason = said(process.tail[-200:]).rpartition(": ")[2] or f"status {status}"
                raise FailureError(INTERNAL, f"{problem}: {reason}.")

    def check_ending(self) -> None:
        """Raise EndedError where an order ends the workstation."""
        if self.ending is not None:
            raise EndedError

    def begin_deadline(self, seconds: float) -> None:
        """Set the deadline that holds until the studio says another."""
        if self._ends_at is None and self._version < 0:
            self._ends_at = now() + seconds

    def end_process(self, *, is_graceful: bool = False) -> None:
        """End the process: asked to first, and given some seconds, where `is_graceful`."""
        process = self.process
        if process is None:
            return
        if is_graceful:
            process.order(session.END)
            until = now() + _GRACE
            while process.poll() is None and now() < until:
                self.turn(SOON)
        process.kill()
        while process.poll() is None:
            time.sleep(0.005)
        self._let_go()

    def enter(self, phase: str, failure: tuple[str, str] | None = None) -> None:
        """Begin a phase, and store that."""
        self.state.ordered = bool((self.ending or {}).get("ordered", True))
        self.state.enter(phase, reason=self.reason, failure=failure)
        self.save()

    def save(self) -> None:
        """Store the state; where that fails, the lock still says whether it runs."""
        with suppress(OSError):
            self._place.write(self.state)

    def _let_go(self) -> None:
        process, self.process = self.process, None
        if process is not None:
            with suppress(KeyError, ValueError):
                self._selector.unregister(process.output)
            process.close()

    def _keep_deadline(self) -> None:
        if self._ends_at is None or self.ending is not None:
            return
        left = self._ends_at - now()
        if left <= 0:
            self.reason = DEADLINE
            self.ending = {"verb": "stop", "ordered": False}
        elif left <= self._asked_before and not self.was_asked:
            self.was_asked = True
            if self.process is not None:
                self.process.order(session.END)

    def _take_output(self) -> None:
        process = self.process
        if process is not None and not process.read():
            self._selector.unregister(process.output)
        time.sleep(_REST)

    def _take_order(self) -> None:
        with suppress(OSError, ValueError, KeyError, TypeError):
            connection, _ = self._listening.accept()
            with connection:
                connection.settimeout(_ORDER_WITHIN)
                answer = self._answer(json.loads(_line(connection)))
                connection.sendall(json.dumps(answer).encode() + b"\n")

    def _answer(self, order: dict[str, Any]) -> dict[str, Any]:
        """Take an order and return its result."""
        verb = order["verb"]
        if verb == "deadline":
            return self._set_deadline(order)
        number = int(order["number"])
        if number < self.state.number:
            return {"refused": "late"}
        if number == self.state.number:
            return {"accepted": True}
        is_ending = self.ending is not None and self.ending["verb"] == "terminate"
        if self.ending is not None and (is_ending or verb != "terminate"):
            return {"busy": True}
        self.state.number = number
        if verb in _PHASES:
            self.ending = order
            self.enter(_PHASES[verb])
        self.save()
        return {"accepted": True}

    def _set_deadline(self, order: dict[str, Any]) -> dict[str, Any]:
        version = int(order["version"])
        if version < self._version:
            return {"refused": "late"}
        self._version, seconds = version, order["seconds"]
        self._ends_at = None if seconds is None else now() + float(seconds)
        if self._ends_at is not None and self._ends_at - now() > self._asked_before:
            self.was_asked = False
        return {"accepted": True}


def now() -> float:
    """Return the seconds since this machine started, asleep or awake."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def said(tail: bytes | bytearray) -> str:
    """Return the last lines of a program's output as one line that is safe to show."""
    lines = bytes(tail).decode("utf-8", "replace").splitlines()
    shown = [line for line in (clean(line, 200) for line in lines[-5:]) if line]
    return clean(" / ".join(shown), 500)


def _line(connection: socket.socket) -> bytes:
    text, until = b"", time.monotonic() + _ORDER_WITHIN
    while b"\n" not in text:
        more = connection.recv(4096)
        text += more
        if not more or len(text) > _LONGEST_ORDER or time.monotonic() > until:
            raise ValueError("no order")
    return text


def _is_same(number: int, name: str) -> bool:
    """Return whether a file is still there under its name."""
    try:
        there = Path(name).lstat()
    except OSError:
        return False
    return os.path.samestat(there, os.fstat(number))
