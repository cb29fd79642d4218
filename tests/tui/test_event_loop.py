"""The app's event loop lets the threads in the background work while it waits, and only then."""

import asyncio
import sys
import threading

import pytest

from nimble_tui.core import turns
from nimble_tui.tui.event_loop import new_event_loop

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the loop of Windows has no turns")


def test_a_thread_works_while_the_loop_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_WAIT", 60.0)
    begin, had_turn = threading.Event(), threading.Event()

    def work() -> None:
        begin.wait(30)
        turns.take_turn()
        had_turn.set()

    async def run() -> None:
        await asyncio.sleep(0.001)  # the loop has waited, and has something to do again
        begin.set()
        assert not had_turn.wait(0.05)  # which is this
        while not had_turn.is_set():
            await asyncio.sleep(0.001)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(run())
    thread.join(30)
    assert had_turn.is_set()


def test_after_the_loop_nothing_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_WAIT", 60.0)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(asyncio.sleep(0.001))
    thread = threading.Thread(target=turns.take_turn, daemon=True)
    thread.start()
    thread.join(30)
    assert not thread.is_alive()
