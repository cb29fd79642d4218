"""Time limits for work that can block forever."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NoReturn, TypeVar

T = TypeVar("T")


def run_with_timeout(work: Callable[[], T], seconds: float, name: str) -> T:
    """Run `work` in a thread of that name, and return or raise its result.

    TimeoutError after so many seconds; the work is left behind then, and does not hold up the
    end of the program.
    """
    results: SimpleQueue[Callable[[], T]] = SimpleQueue()

    def run() -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - the waiting thread gets it
            results.put(_raising(error))
        else:
            results.put(lambda: result)

    Thread(target=run, name=name, daemon=True).start()
    try:
        result = results.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    return result()


def _raising(error: Exception) -> Callable[[], NoReturn]:
    def result() -> NoReturn:
        raise error

    return result
