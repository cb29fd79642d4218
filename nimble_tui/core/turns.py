"""Turns of threads in the background: they wait while the event loop has something to do.

Python runs one thread at a time and lets each have its share. So a list of ten thousand that is
parsed in a thread would take half of the time in which a key is answered and the screen drawn.
Long work in the background therefore asks now and then whether it is its turn.
"""

import threading
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

T = TypeVar("T")

LONGEST_WAIT: Final = 0.05
"""Seconds; a loop that is always busy must not stop what it is busy with."""
_TOGETHER: Final = 100

_is_free = threading.Event()
_is_free.set()
_here = threading.local()


def loop_is_busy() -> None:
    """Note that the event loop of this thread has something to do."""
    _here.is_loop = True
    _is_free.clear()


def loop_waits() -> None:
    """Note that the event loop waits for something to happen, or that there is none."""
    _is_free.set()


def take_turn() -> None:
    """Wait until the event loop waits, though not for ever; the loop's own thread never does."""
    if not _is_free.is_set() and not getattr(_here, "is_loop", False):
        _is_free.wait(LONGEST_WAIT)


def in_turns(items: Iterable[T]) -> Iterator[T]:
    """Yield items, and take a turn before every hundred of them."""
    rest = iter(items)
    while some := tuple(islice(rest, _TOGETHER)):
        take_turn()
        yield from some
