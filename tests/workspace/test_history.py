"""The history is read after each refresh that changed something."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from nimble_tui.core.history import Event, EventKind
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.workspace.tasks import MISTAKE
from tests.view.workstations import NOW, session

if TYPE_CHECKING:
    from tests.workspace.bench import Bench

HISTORY = "history"


def ran(minutes: int) -> tuple[Event, ...]:
    """Return how a start that took this long is remembered."""
    begun = NOW - timedelta(hours=2)
    ready = begun + timedelta(minutes=minutes)
    return (
        Event(begun, "one", EventKind.REQUESTED, "start", True, "", "Lighting", "g5.xlarge"),
        Event(ready, "one", EventKind.OBSERVED, "READY", None, "", "Lighting", "g5.xlarge"),
    )


async def test_it_is_read_at_the_first_refresh_and_when_workstations_differ(bench: Bench) -> None:
    await bench.started()
    assert (bench.world.count(HISTORY), bench.snapshot.history.known) == (1, True)
    await bench.passes(30)
    assert bench.world.count(HISTORY) == 1
    bench.world.put(session("one", "STOPPED"))
    await bench.passes(30)
    assert bench.world.count(HISTORY) == 2


async def test_it_is_read_where_the_first_list_is_that_of_the_last_run(bench: Bench) -> None:
    await bench.started()
    workspace = bench.another()
    bench.world.sessions = {one.session_id: one for one in workspace.snapshot.sessions}
    workspace.start()
    await bench.settled()
    assert (bench.world.count(HISTORY), workspace.snapshot.history.known) == (2, True)
    workspace.close()


async def test_the_same_again_changes_nothing(bench: Bench) -> None:
    await bench.started()
    history = bench.snapshot.history
    bench.workspace.history.read()
    await bench.settled()
    assert (bench.world.count(HISTORY), bench.snapshot.history is history) == (2, True)


async def test_wishes_while_it_is_read_are_one_more(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold(HISTORY)
    for _ in range(5):
        bench.workspace.history.read()
        await bench.settled()
    assert bench.calls.held(HISTORY) == 1
    bench.calls.let_go(HISTORY)
    await bench.settled()
    assert bench.world.count(HISTORY) == 3


async def test_what_cannot_be_read_is_said_and_the_durations_stay(bench: Bench) -> None:
    bench.world.answers[HISTORY] = ran(4)
    await bench.started()
    durations = bench.snapshot.durations
    assert durations
    bench.world.errors[HISTORY] = StudioError(ErrorKind.TROUBLE, "The journal is damaged.")
    bench.workspace.history.read()
    await bench.settled()
    assert bench.snapshot.history.problem == "The journal is damaged."
    assert bench.snapshot.durations is durations


async def test_a_mistake_of_the_program_is_shown_and_it_is_read_again(bench: Bench) -> None:
    bench.world.errors[HISTORY] = KeyError("a mistake")
    await bench.started()
    history = bench.snapshot.history
    assert (len(bench.mistakes), history.known, history.problem) == (1, True, MISTAKE)
    bench.mistakes.clear()
    bench.world.errors.clear()
    await bench.passes(30)
    history = bench.snapshot.history
    assert (history.known, history.problem) == (True, "")


async def test_without_a_studio_nothing_is_read(bench: Bench) -> None:
    bench.workspace.history.read()
    await bench.settled()
    assert bench.world.operations == []


async def test_a_connection_given_up_midway_leaves_no_problem_behind(bench: Bench) -> None:
    await bench.started()
    history = bench.snapshot.history
    bench.calls.hold(HISTORY)
    bench.world.errors[HISTORY] = StudioError(ErrorKind.UNREACHABLE, "The studio was closed.")
    bench.workspace.history.read()
    await bench.settled()
    bench.workspace.connection.close()
    bench.world.errors.clear()
    bench.calls.let_go(HISTORY)
    await bench.settled()
    assert bench.snapshot.history is history
    bench.workspace.polling.refresh()
    await bench.settled()
    assert bench.world.count(HISTORY) == 3
