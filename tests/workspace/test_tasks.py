"""Every coroutine of a workspace is started, reported and cancelled in one place."""

from __future__ import annotations

import asyncio
import gc
import inspect
import warnings
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from nimble_tui.core.service import ErrorKind
from nimble_tui.workspace.tasks import MISTAKE, Tasks, mistake

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from tests.workspace.bench import Bench


class Eager:
    """A coroutine run immediately up to its first wait, like an eager task."""

    def __init__(self, coroutine: Coroutine[Any, Any, None], name: str) -> None:
        self.name = name
        self._coroutine = coroutine
        self.is_done = False
        self.step()

    def step(self) -> None:
        try:
            self._coroutine.send(None)
        except StopIteration:
            self.is_done = True

    def cancel(self) -> object:
        if not self.is_done:
            self.is_done = True
            self._coroutine.close()
        return True


@contextmanager
def never_awaited() -> Iterator[list[str]]:
    """Collect what Python says of coroutines that were never awaited."""
    gc.collect()
    found: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield found
        gc.collect()
    found += [str(one.message) for one in caught if "never awaited" in str(one.message)]


async def note(done: list[str], text: str) -> None:
    await asyncio.sleep(0)
    done.append(text)


async def test_a_coroutine_is_run_under_its_name_and_counted_until_it_ends(bench: Bench) -> None:
    tasks, done = Tasks(bench.context), list[str]()
    tasks.start("note it", note(done, "one"))
    assert (tasks.count, bench.spawned[-1].get_name()) == (1, "note it")
    await bench.settled()
    assert (tasks.count, done) == (0, ["one"])


async def test_a_mistake_is_reported_and_the_others_continue(bench: Bench) -> None:
    tasks, done = Tasks(bench.context), list[str]()

    async def breaks() -> None:
        raise KeyError("a mistake")

    tasks.start("break", breaks(), lambda: done.append("shown"))
    tasks.start("note it", note(done, "one"))
    await bench.settled()
    assert [(name, repr(error)) for name, error in bench.mistakes] == [
        ("break", "KeyError('a mistake')")
    ]
    assert (done, tasks.count) == (["shown", "one"], 0)
    bench.mistakes.clear()


async def test_a_mistake_in_what_shows_a_mistake_is_reported_too(bench: Bench) -> None:
    tasks = Tasks(bench.context)

    async def breaks() -> None:
        raise KeyError("first")

    def shows() -> None:
        raise ValueError("second")

    tasks.start("break", breaks(), shows)
    await bench.settled()
    assert [type(error) for _, error in bench.mistakes] == [KeyError, ValueError]
    assert [task.exception() for task in bench.spawned] == [None]
    assert tasks.count == 0
    bench.mistakes.clear()


async def test_what_is_cancelled_never_resumes(bench: Bench) -> None:
    tasks, done = Tasks(bench.context), list[str]()
    bench.calls.hold("slow")

    def slow() -> None: ...

    async def waits() -> None:
        await bench.context.call(slow)
        done.append("resumed")

    tasks.start("wait", waits(), lambda: done.append("shown"))
    await bench.settled()
    tasks.close()
    bench.calls.let_go("slow")
    await asyncio.gather(*bench.spawned, return_exceptions=True)
    assert (done, tasks.count) == ([], 0)


async def test_what_is_cancelled_before_its_first_step_leaves_nothing_behind(bench: Bench) -> None:
    tasks, done = Tasks(bench.context), list[str]()
    with never_awaited() as warned:
        tasks.start("note it", note(done, "one"))
        tasks.close()
        assert tasks.count == 0
        await asyncio.gather(*bench.spawned, return_exceptions=True)
    assert (done, warned) == ([], [])


async def test_what_something_else_cancels_before_its_first_step_is_tidied_up(
    bench: Bench,
) -> None:
    tasks, done = Tasks(bench.context), list[str]()
    with never_awaited() as warned:
        tasks.start("note it", note(done, "one"))
        bench.spawned[-1].cancel()
        await asyncio.gather(*bench.spawned, return_exceptions=True)
        tasks.close()
    assert (done, tasks.count, warned) == ([], 0, [])


class Never:
    """A handle of a coroutine cancelled before it began, as with Textual's workers."""

    def __init__(self, work: Callable[[], Coroutine[Any, Any, None]], name: str) -> None:
        # As Textual knows the work of an async worker from that of another.
        assert inspect.iscoroutinefunction(work.func)  # type: ignore[attr-defined]
        assert name

    def cancel(self) -> object:
        return True


async def test_what_is_never_called_leaves_nothing_behind(bench: Bench) -> None:
    tasks, done = Tasks(replace(bench.context, spawn=Never)), list[str]()
    with never_awaited() as warned:
        tasks.start("note it", note(done, "one"))
        tasks.close()
    assert (done, tasks.count, warned) == ([], 0, [])


async def test_after_closing_nothing_is_started(bench: Bench) -> None:
    tasks, done = Tasks(bench.context), list[str]()
    tasks.close()
    with never_awaited() as warned:
        tasks.start("note it", note(done, "one"))
    tasks.close()  # twice does no harm
    await bench.settled()
    assert (done, tasks.count, bench.spawned, warned) == ([], 0, [], [])


async def test_closing_from_within_a_task_cancels_that_too(bench: Bench) -> None:
    tasks, done = Tasks(bench.context), list[str]()

    async def leaves() -> None:
        await asyncio.sleep(0)
        tasks.close()
        done.append("closed")  # up to the next wait it is its own business
        await asyncio.sleep(0)
        done.append("resumed")

    tasks.start("leave", leaves())
    tasks.start("note it later", note(done, "later"))
    await asyncio.gather(*bench.spawned, return_exceptions=True)
    assert (done, tasks.count) == (["closed"], 0)


@pytest.mark.parametrize("steps", [0, 1])
async def test_a_spawn_that_runs_the_first_step_at_once_is_as_good(
    bench: Bench, steps: int
) -> None:
    done, eager = list[str](), list[Eager]()

    def spawn(work: Callable[[], Coroutine[Any, Any, None]], name: str) -> Eager:
        eager.append(Eager(work(), name))
        return eager[-1]

    tasks = Tasks(replace(bench.context, spawn=spawn))

    async def at_once() -> None:
        done.append("at once")

    tasks.start("end at once", at_once())
    assert (done, tasks.count) == (["at once"], 0)
    tasks.start("wait first", note(done, "then"))
    assert tasks.count == 1
    for _ in range(steps):
        eager[-1].step()
    tasks.close()
    assert (done[1:], tasks.count) == (["then"] * steps, 0)


async def test_a_mistake_stands_as_one_sentence() -> None:
    error = mistake(ErrorKind.UNCERTAIN)
    assert (error.kind, error.message) == (ErrorKind.UNCERTAIN, MISTAKE)
    assert mistake().kind == ErrorKind.TROUBLE
