"""The list is sorted in a thread: the last order applies, to the rows as they are by then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.core.model import SessionAction
from nimble_tui.view.sorting import NEEDS, following
from tests.view.workstations import session

if TYPE_CHECKING:
    import pytest

    from tests.workspace.bench import Bench

LIST = "list_streaming_sessions"
SORT = "arrange"
NAME = following(NEEDS)


def titles(bench: Bench) -> list[str]:
    return [row.title for row in bench.snapshot.rows]


async def test_the_order_and_the_rows_change_together_and_nothing_is_read(bench: Bench) -> None:
    bench.world.put(session("b", "STOPPED"), session("a", "STOPPED"))
    await bench.started()
    before = bench.snapshot
    bench.calls.hold(SORT)
    bench.workspace.sorting.change()
    await bench.settled()
    assert (bench.snapshot.order, bench.snapshot.rows) == (NEEDS, before.rows)
    bench.calls.let_go(SORT)
    await bench.settled()
    assert (bench.snapshot.order, titles(bench)) == (NAME, ["a", "b", "one", "two"])
    assert bench.world.count(LIST) == 1


async def test_each_press_counts_while_it_is_sorted(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold(SORT)
    for _ in range(3):
        bench.workspace.sorting.change()
        await bench.settled()
    bench.calls.let_go(SORT)
    await bench.settled()
    chosen = following(following(NAME))
    assert bench.snapshot.order is chosen
    assert bench.another().snapshot.order is chosen
    bench.workspace.sorting.change()
    await bench.settled()
    assert bench.snapshot.order is following(chosen)


async def test_a_row_that_changes_while_it_is_sorted_stays_changed(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold(SORT, "act")
    bench.workspace.sorting.change()
    await bench.settled()
    bench.workspace.actions.act(SessionAction.STOP, bench.row("one"))
    bench.calls.let_go(SORT)
    await bench.settled()
    assert bench.snapshot.order is NAME
    assert bench.row("one").session.state == "STOP_IN_PROGRESS"


async def test_a_refresh_is_sorted_by_an_order_chosen_meanwhile(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold(LIST)
    await bench.passes(30)
    bench.world.put(session("a", "STOPPED"))
    bench.workspace.polling.refresh()
    bench.workspace.sorting.change()
    await bench.settled()
    bench.calls.let_go(LIST)
    await bench.settled()
    assert (bench.snapshot.order, titles(bench)) == (NAME, ["a", "one", "two"])


async def test_after_an_error_the_next_press_sorts(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.started()
    with monkeypatch.context() as patch:
        patch.setattr("nimble_tui.view.sorting._natural", lambda _: 1 / 0)
        bench.workspace.sorting.change()
        await bench.settled()
    assert bench.snapshot.order is NEEDS
    bench.mistakes.clear()
    bench.workspace.sorting.change()
    await bench.settled()
    assert bench.snapshot.order is NAME
