"""Clocks that are set back or sleep, a terminal without focus, and studios that are slow."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.view.workstations import NOW

if TYPE_CHECKING:
    from tests.workspace.bench import Bench

LIST = "list_streaming_sessions"
PROFILES = "list_launch_profiles"
HOUR = timedelta(hours=1)


async def test_after_a_suspend_the_time_of_day_is_enough(bench: Bench) -> None:
    await bench.started()
    bench.workspace.check_clock()
    await bench.sleeps(3600)
    assert bench.world.count(LIST) == 1
    bench.workspace.check_clock()
    await bench.settled()
    assert bench.world.count(LIST) == 2


async def test_a_time_of_day_that_is_set_back_makes_no_list_look_younger(bench: Bench) -> None:
    await bench.started()
    bench.workspace.check_clock()
    await bench.sleeps(-3600)
    bench.workspace.check_clock()
    await bench.settled()
    health = bench.snapshot.health
    assert health.updated_at == NOW - HOUR
    assert health.next_try == NOW - HOUR + timedelta(seconds=30)
    assert bench.world.count(LIST) == 1
    await bench.passes(30)
    assert bench.world.count(LIST) == 2


async def test_a_timer_that_never_rang_is_made_up_for(bench: Bench) -> None:
    await bench.started()
    bench.clock.advance(30.5)
    bench.workspace.check_clock()
    assert bench.workspace.polling.is_refreshing is False
    bench.clock.advance(1)
    bench.workspace.check_clock()
    await bench.settled()
    assert bench.world.count(LIST) == 2


async def test_a_person_who_comes_back_after_a_while_sees_everything_new(bench: Bench) -> None:
    await bench.started()
    bench.is_focused = False
    bench.workspace.polling.focus_changed()
    await bench.settled()
    assert bench.waits.seconds[-1] == 120.0
    await bench.passes(60)
    bench.is_focused = True
    bench.workspace.polling.focus_changed()
    await bench.settled()
    assert (bench.world.count(LIST), bench.world.count(PROFILES)) == (2, 2)


async def test_a_person_who_was_away_for_a_moment_waits_as_before(bench: Bench) -> None:
    await bench.started()
    bench.is_focused = False
    bench.workspace.polling.focus_changed()
    await bench.passes(10)
    bench.is_focused = True
    bench.workspace.polling.focus_changed()
    await bench.settled()
    assert (bench.world.count(LIST), bench.waits.seconds[-1]) == (1, 30.0)


async def test_a_slow_refresh_says_since_when_it_looks(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold(LIST)
    await bench.passes(30)
    await bench.passes(7)
    health = bench.snapshot.health
    assert health.refreshing_since == NOW + timedelta(seconds=30)
    assert health.freshness(bench.clock.now())[0] == "▲ no response (updated 35 s ago)"
    bench.calls.let_go(LIST)
    await bench.settled()
    assert bench.snapshot.health.refreshing_since is None


async def test_how_long_opening_took_is_not_held_against_the_lists(bench: Bench) -> None:
    bench.calls.hold("open", LIST)
    bench.workspace.start()
    await bench.settled()
    await bench.passes(20)
    bench.calls.let_go("open")
    await bench.settled()
    assert bench.snapshot.health.refreshing_since == NOW + timedelta(seconds=20)
