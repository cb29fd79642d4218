"""The lists stored for the next start, and the state after the end of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.config import cache
from tests.view.workstations import NOW, session
from tests.workspace.fake_studio import INFO

if TYPE_CHECKING:
    import pytest

    from tests.workspace.bench import Bench

LIST = "list_streaming_sessions"


async def test_lists_are_stored_and_shown_at_the_next_start(bench: Bench) -> None:
    await bench.started()
    bench.clock.advance(600)
    after = bench.another().snapshot
    assert [row.key for row in after.rows] == ["one", "two"]
    assert (after.is_cached, after.is_live, after.health.updated_at) == (True, False, NOW)
    assert [one.title for one in after.launch_profiles] == ["Lighting"]


async def test_lists_that_did_not_change_are_stored_once_a_minute(bench: Bench) -> None:
    await bench.started()
    stored = [cache.read(INFO)]
    for _ in range(4):
        await bench.passes(30)
        stored.append(cache.read(INFO))
    assert [(one.updated_at - NOW).seconds for one in stored if one] == [0, 0, 60, 60, 120]
    await bench.passes(15)
    bench.world.put(session("one", "STOPPED"))
    bench.workspace.polling.refresh()
    await bench.settled()
    last = cache.read(INFO)
    assert last is not None
    assert (last.updated_at - NOW).seconds == 135


async def test_lists_that_cannot_be_stored_are_reported_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "LARGEST", 10)
    await bench.started()
    await bench.passes(120)
    await bench.passes(120)
    assert [one.severity for one in bench.notices] == ["warning"]
    assert "Is the disk full?" in bench.told()


async def test_a_disk_that_hangs_takes_one_thread_alone(bench: Bench) -> None:
    bench.calls.hold("write")
    await bench.started()
    for number in range(4):
        bench.world.put(session(f"new-{number}", "READY"))
        await bench.passes(30)
    assert (bench.world.count(LIST), bench.calls.held("write")) == (5, 1)
    bench.calls.let_go("write")
    await bench.settled()
    bench.world.put(session("last", "READY"))
    await bench.passes(30)
    stored = cache.read(INFO)
    assert stored is not None
    assert len(stored.sessions) == 7


async def test_after_closing_nothing_resumes_and_nothing_is_shown(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold(LIST)
    await bench.passes(30)
    bench.workspace.close()
    shown = bench.snapshot
    bench.calls.let_go(LIST)
    await bench.passes(3600)
    assert (bench.snapshot is shown, bench.world.count(LIST)) == (True, 2)
    assert bench.workspace.tasks.count == 0
