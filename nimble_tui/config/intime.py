"""Waiting only so long for what may block for ever."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NoReturn, TypeVar

T = TypeVar("T")


def in_time(work: Callable[[], T], seconds: float, name: str) -> T:
    """Do `work` in a thread of that name, and return or raise what it does.

    TimeoutError after so many seconds; the work is left behind then, and does not hold up the
    end of the program.
    """
    answers: SimpleQueue[Callable[[], T]] = SimpleQueue()

    def run() -> None:
        try:
            answer = work()
        except Exception as error:  # noqa: BLE001 - whoever waits gets it
            answers.put(_raising(error))
        else:
            answers.put(lambda: answer)

    Thread(target=run, name=name, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    return answer()


def _raising(error: Exception) -> Callable[[], NoReturn]:
    def answer() -> NoReturn:
        raise error

    return answer
