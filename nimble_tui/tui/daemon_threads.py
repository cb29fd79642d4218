"""Threads that do not hold up the end: a call that hangs is left behind."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")


class DaemonExecutor(ThreadPoolExecutor):
    """Runs each call in a daemon thread of its own, and waits for none of them at the end.

    asyncio waits for its default executor when a loop closes, and Python for every worker of a
    ThreadPoolExecutor when it exits; a keyring or a network that hangs would hold up both.
    """

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `fn` in a thread and return its future."""
        future: Future[Any] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001 - the future carries it to who waits
                future.set_exception(error)

        threading.Thread(target=run, name="nimble-worker", daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Let go of the threads; those that still run end with the program."""
        super().shutdown(wait=False, cancel_futures=cancel_futures)


class Calls:
    """Runs blocking calls of coroutines in threads, and counts those that are under way."""

    def __init__(self, executor: DaemonExecutor) -> None:
        self._executor = executor
        self.running = 0

    async def __call__(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `fn` returns or raises; the event loop continues meanwhile."""
        self.running += 1
        try:
            return await asyncio.wrap_future(self._executor.submit(fn, *args, **kwargs))
        finally:
            self.running -= 1
