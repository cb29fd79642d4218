"""Calls with a total deadline, even when the other end never responds.

A socket's time-out counts from one byte to the next, a name look-up has none, and signing may need
another server first. So a call runs in a thread of its own, and its caller gives it up at its
deadline; a call that was given up sends nothing more.
"""

import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from contextvars import ContextVar
from typing import Protocol, TypeVar

from nimble_tui.client.errors import CallError, Peer, closed, from_exception, too_late
from nimble_tui.core.clock import Clock

T = TypeVar("T")


class Connection(Protocol):
    """The part of a connection that a call uses."""

    sock: socket.socket | None


class Program(Protocol):
    """The part of a program that a call waits for."""

    def end(self) -> None:
        """End it."""
        ...


class Call:
    """One call under way: its time, and the connection that ends with it."""

    def __init__(self, seconds: float, clock: Clock) -> None:
        self._clock = clock
        self._end = clock.monotonic() + seconds
        self._lock = threading.Lock()
        self._given_up = threading.Event()
        self._connection: Connection | None = None
        self._program: Program | None = None
        self.maybe_sent = False

    def left(self) -> float:
        """Return the seconds left, never below zero."""
        return max(self._end - self._clock.monotonic(), 0.0)

    def pause(self, seconds: float) -> None:
        """Wait; raises CallError as soon as the call is given up."""
        if self._given_up.wait(seconds):
            raise closed()

    def use(self, connection: Connection, *, sending: bool) -> None:
        """Tie the call to a connection; raises CallError when the call was given up."""
        with self._lock:
            if self._given_up.is_set():
                raise closed()
            self._connection = connection
            self.maybe_sent = self.maybe_sent or sending

    def wait_for(self, program: Program) -> None:
        """Tie the call to a program; raises CallError when the call was given up."""
        with self._lock:
            if self._given_up.is_set():
                raise closed()
            self._program = program

    def release(self) -> None:
        """Release the connection for other calls."""
        with self._lock:
            self._connection = None

    def give_up(self) -> None:
        """Let nothing more be sent, wake the thread that waits for a byte, end its program."""
        with self._lock:
            self._given_up.set()
            sock = self._connection.sock if self._connection else None
            program = self._program
        if program is not None:
            program.end()
        if sock is not None:
            with suppress(OSError):
                # An SSLSocket's own shutdown would let a send under way go on in plain text.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


CURRENT: ContextVar[Call] = ContextVar("CURRENT")
"""The call that the running thread works for."""


class CallRunner:
    """Runs the calls of one service; thread-safe, and can be closed from any thread."""

    def __init__(self, peer: Peer, clock: Clock) -> None:
        self._peer = peer
        self._clock = clock
        self._lock = threading.Lock()
        self._running: dict[Call, Callable[[], None]] = {}
        self._closed = False

    def run(self, work: Callable[[], T], seconds: float) -> T:
        """Return what `work` returns, or raise CallError: within `seconds` either way."""
        call = Call(seconds, self._clock)
        outcome: Future[T] = Future()

        def end() -> None:
            call.give_up()
            with suppress(InvalidStateError):
                outcome.set_exception(closed())

        with self._lock:
            if self._closed:
                raise closed()
            self._running[call] = end
        try:
            threading.Thread(
                target=self._work, args=(call, work, outcome), name="studio call", daemon=True
            ).start()
            return outcome.result(timeout=seconds)
        except TimeoutError:
            call.give_up()
            raise too_late(self._peer, maybe_applied=call.maybe_sent) from None
        except CallError as fault:
            fault.maybe_applied = fault.maybe_applied and call.maybe_sent
            raise
        except BaseException:
            call.give_up()
            raise
        finally:
            with self._lock:
                del self._running[call]

    def close(self) -> None:
        """Abort pending calls and refuse new ones."""
        with self._lock:
            self._closed = True
            ends = list(self._running.values())
        for end in ends:
            end()

    def _work(self, call: Call, work: Callable[[], T], outcome: Future[T]) -> None:
        CURRENT.set(call)
        fault: CallError
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - a reply can make a parser raise anything
            fault = from_exception(error, self._peer)
        else:
            with suppress(InvalidStateError):
                outcome.set_result(result)
            return
        with suppress(InvalidStateError):
            outcome.set_exception(fault)
