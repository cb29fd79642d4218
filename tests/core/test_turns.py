"""Threads in the background wait for a busy event loop, and never for ever."""

import threading
from collections.abc import Iterator

import pytest

from nimble_tui.core import turns


@pytest.fixture(autouse=True)
def no_loop() -> Iterator[None]:
    yield
    turns.loop_waits()


def busy() -> None:
    """Have a loop in another thread that is busy."""
    thread = threading.Thread(target=turns.loop_is_busy)
    thread.start()
    thread.join()


def test_without_a_loop_it_is_always_their_turn() -> None:
    assert list(turns.in_turns(range(1050))) == list(range(1050))
    assert list(turns.in_turns([])) == []
    turns.take_turn()


def test_work_stops_while_the_loop_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_WAIT", 60.0)
    done: list[int] = []
    some, rest = threading.Event(), threading.Event()

    def work() -> None:
        for number in turns.in_turns(range(1000)):
            done.append(number)
            if number == 150:
                busy()
                some.set()
        rest.set()

    threading.Thread(target=work, daemon=True).start()
    assert some.wait(30)
    assert not rest.wait(0.05)
    assert 150 < len(done) <= 300  # no more than what was begun
    turns.loop_waits()
    assert rest.wait(30)
    assert done == list(range(1000))


def test_the_thread_of_the_loop_never_waits_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def wait(*_: object) -> None:
        raise AssertionError("the loop waits for itself")

    def loop() -> None:
        turns.loop_is_busy()
        done.extend(turns.in_turns(range(1000)))

    done: list[int] = []
    monkeypatch.setattr(turns._is_free, "wait", wait)  # noqa: SLF001
    thread = threading.Thread(target=loop)
    thread.start()
    thread.join(30)
    assert done == list(range(1000))


def test_a_loop_that_is_always_busy_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_WAIT", 0.001)
    busy()
    assert len(list(turns.in_turns(range(1000)))) == 1000
