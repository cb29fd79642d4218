"""Daemon threads for blocking calls, so that a hanging call never delays the exit."""

from __future__ import annotations

import asyncio
from _thread import start_new_thread
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from nimble_tui.core.turns import take_turn

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")


class DaemonExecutor(ThreadPoolExecutor):
    """Runs each call in its own daemon thread, and waits for none of them at the end.

    asyncio waits for its default executor when a loop closes, and Python for every worker of a
    ThreadPoolExecutor when it exits; a hanging keyring or network would block both.
    """

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `fn` in a thread and return its future."""
        future: Future[Any] = Future()

        def run() -> None:
            take_turn()
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001 - the future raises it for its caller
                future.set_exception(error)

        # Thread.start would wait until the thread runs: milliseconds while another one is busy.
        start_new_thread(run, ())
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Release the threads; running ones end with the program."""
        super().shutdown(wait=False, cancel_futures=cancel_futures)


class Calls:
    """Runs blocking calls of coroutines in threads, and counts the pending ones."""

    def __init__(self, executor: DaemonExecutor) -> None:
        self._executor = executor
        self.running = 0

    async def __call__(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return the result of `fn`, or raise its exception, without blocking the event loop."""
        self.running += 1
        try:
            return await asyncio.wrap_future(self._executor.submit(fn, *args, **kwargs))
        finally:
            self.running -= 1
