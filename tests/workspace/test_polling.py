"""The background refresh: when it reads, what it shows of failures, and what it stores."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from nimble_tui.core.cadence import Intervals
from nimble_tui.core.model import SessionAction
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.view.health import Phase
from nimble_tui.view.sorting import named
from nimble_tui.workspace.tasks import MISTAKE
from tests.tables import table
from tests.view.workstations import NOW, session
from tests.workspace.bench import Bench
from tests.workspace.fake_studio import INFO, profile, unreachable

if TYPE_CHECKING:
    import pytest

    from nimble_tui.workspace.store import Snapshot

LIST = "list_streaming_sessions"
PROFILES = "list_launch_profiles"


async def test_the_lists_are_read_at_once_and_shown_as_one_change(bench: Bench) -> None:
    await bench.started()
    snapshot = bench.snapshot
    assert [row.key for row in snapshot.rows] == ["one", "two"]
    assert (snapshot.health.phase, snapshot.health.updated_at) == (Phase.LIVE, NOW)
    first = next(one for one in bench.changes if one.rows)
    assert (first.is_live, first.health.phase, len(first.sessions)) == (True, Phase.LIVE, 2)


async def test_a_refresh_that_changes_nothing_changes_no_list(bench: Bench) -> None:
    await bench.started()
    before = bench.snapshot
    await bench.passes(30)
    after = bench.snapshot
    assert bench.world.count(LIST) == 2
    assert (after.rows, after.sessions) == (before.rows, before.sessions)
    assert after.rows is before.rows
    assert after.launch_profiles is before.launch_profiles
    assert after.health.updated_at == NOW + timedelta(seconds=30)


WAITS = [
    ("idle", {}, 30.0),
    ("busy", {"state": "START_IN_PROGRESS"}, 3.0),
    ("unfocused", {"is_focused": False}, 120.0),
    ("deadline", {"stop_at": NOW + timedelta(seconds=11)}, 11.0),
    ("unsettled", {"unsettled": True}, 3.0),
]


@table(WAITS)
def test_how_long_it_waits(case: str, given: dict[str, object], seconds: float) -> None:
    async def run() -> None:
        bench = Bench()
        assert case
        bench.is_focused = bool(given.pop("is_focused", True))
        bench.world.unsettled = bool(given.pop("unsettled", False))
        state = str(given.pop("state", "READY"))
        bench.world.put(session("one", state, **given))
        await bench.started()
        assert bench.waits.seconds[-1] == seconds
        assert bench.snapshot.health.next_try == NOW + timedelta(seconds=seconds)
        await bench.passes(seconds - 0.1)
        assert bench.world.count(LIST) == 1
        await bench.passes(0.1)
        assert bench.world.count(LIST) == 2
        await bench.end()

    asyncio.run(run())


async def test_failures_are_shown_and_put_off_the_next_try_further_and_further(
    bench: Bench,
) -> None:
    await bench.started()
    rows = bench.snapshot.rows
    bench.world.errors[LIST] = unreachable()
    await bench.passes(30)
    waits = [bench.waits.seconds[-1]]
    for _ in range(6):
        await bench.passes(waits[-1] or 0)
        waits.append(bench.waits.seconds[-1])
    health = bench.snapshot.health
    assert waits == [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]
    assert (health.phase, health.problem) == (Phase.OFFLINE, "The studio cannot be reached.")
    assert (health.updated_at, health.refreshing_since) == (NOW, None)
    assert bench.snapshot.rows is rows
    bench.world.errors.clear()
    await bench.passes(60)
    assert (bench.snapshot.health.phase, bench.waits.seconds[-1]) == (Phase.LIVE, 30.0)


async def test_a_person_who_refreshes_begins_the_tries_again(bench: Bench) -> None:
    await bench.started()
    bench.world.errors[LIST] = unreachable()
    for _ in range(5):
        await bench.passes(60)
    bench.workspace.polling.refresh(for_me=True)
    await bench.settled()
    assert bench.waits.seconds[-1] == 2.0


async def test_the_studio_can_ask_for_a_longer_wait(bench: Bench) -> None:
    await bench.started()
    error = StudioError(ErrorKind.THROTTLED, "Too many calls.", retry_after=77.0)
    bench.world.errors[LIST] = error
    await bench.passes(30)
    assert bench.waits.seconds[-1] == 77.0
    bench.world.errors.clear()
    await bench.passes(77)
    assert bench.waits.seconds[-1] == 30.0


async def test_an_answer_that_is_not_understood_puts_off_little(bench: Bench) -> None:
    await bench.started()
    bench.world.errors[LIST] = StudioError(ErrorKind.NOT_UNDERSTOOD, "What was that?")
    await bench.passes(30)
    assert bench.waits.seconds[-1] == 1.5


async def test_a_mistake_of_the_program_is_shown_reported_and_survived(bench: Bench) -> None:
    await bench.started()
    bench.world.errors[LIST] = KeyError("a mistake")
    await bench.passes(30)
    assert (bench.snapshot.health.phase, bench.snapshot.health.problem) == (Phase.OFFLINE, MISTAKE)
    assert [name for name, _ in bench.mistakes] == ["refresh"]
    bench.mistakes.clear()
    bench.world.errors.clear()
    await bench.passes(2)
    assert bench.snapshot.health.phase == Phase.LIVE


async def test_a_mistake_in_what_hears_of_a_refresh_does_not_end_refreshing(bench: Bench) -> None:
    def breaks(before: Snapshot, after: Snapshot) -> None:
        raise KeyError(before, after)

    bench.workspace.polling.refreshed.append(breaks)
    bench.workspace.start()
    await bench.settled()
    await bench.passes(60)
    assert bench.world.count(LIST) == 2
    assert {name for name, _ in bench.mistakes} == {"refresh"}
    bench.mistakes.clear()


async def test_a_mistake_in_what_shows_the_lists_does_not_end_refreshing(bench: Bench) -> None:
    def breaks() -> None:
        raise KeyError("a mistake")

    end = bench.workspace.store.subscribe(breaks)
    await bench.started()
    await bench.passes(30)
    assert bench.world.count(LIST) == 2
    assert {str(error) for _, error in bench.mistakes} == {"'a mistake'"}
    bench.mistakes.clear()
    end()
    await bench.passes(30)
    assert (bench.world.count(LIST), bench.snapshot.health.phase) == (3, Phase.LIVE)


# Launch profiles.


async def test_launch_profiles_are_read_as_often_as_where_nothing_changes(bench: Bench) -> None:
    bench.world.put(session("one", "START_IN_PROGRESS"))
    await bench.started()
    for _ in range(9):
        await bench.passes(3)
    assert (bench.world.count(LIST), bench.world.count(PROFILES)) == (10, 1)
    await bench.passes(3)
    assert bench.world.count(PROFILES) == 2
    bench.workspace.polling.refresh(for_me=True)
    await bench.settled()
    assert bench.world.count(PROFILES) == 3


async def test_launch_profiles_are_read_for_a_workstation_that_lacks_its_own(bench: Bench) -> None:
    await bench.started()
    bench.world.put(session("new", "READY", launch_profile_id="Comp"))
    bench.workspace.polling.refresh()
    await bench.settled()
    assert bench.world.count(PROFILES) == 1
    bench.world.profiles.append(profile("Comp"))
    bench.workspace.polling.refresh()
    await bench.settled()
    found = bench.row("new").launch_profile
    assert found is not None
    assert (found.title, bench.world.count(PROFILES)) == ("Comp", 2)


async def test_launch_profiles_that_cannot_be_read_hide_no_workstation(bench: Bench) -> None:
    bench.world.errors[PROFILES] = StudioError(ErrorKind.DENIED, "Not for you.")
    await bench.started()
    health = bench.snapshot.health
    assert (health.phase, health.complete, health.notice) == (Phase.LIVE, False, "Not for you.")
    assert (health.updated_at, len(bench.snapshot.rows)) == (None, 2)
    await bench.passes(30)
    assert bench.world.count(PROFILES) == 2  # until they could be read


async def test_a_profile_that_is_listed_no_more_is_shown_as_last_seen(bench: Bench) -> None:
    await bench.started()
    bench.world.profiles.clear()
    await bench.passes(30)
    snapshot = bench.snapshot
    assert snapshot.launch_profiles == ()
    assert [one.is_last_seen for one in snapshot.last_seen] == [True]
    last_seen = snapshot.last_seen
    await bench.passes(30)
    assert bench.snapshot.last_seen is last_seen


async def test_an_incomplete_list_keeps_what_it_does_not_hold(bench: Bench) -> None:
    await bench.started()
    del bench.world.sessions["two"]
    bench.world.partial = True
    await bench.passes(30)
    snapshot = bench.snapshot
    assert snapshot.has_gaps
    assert snapshot.unread == {"two"}
    assert (bench.row("two").unread, bench.row("one").unread) == (True, False)
    assert (snapshot.health.complete, snapshot.health.updated_at) == (False, NOW)
    unread = snapshot.unread
    await bench.passes(30)
    assert bench.snapshot.unread is unread
    bench.world.partial = False
    await bench.passes(30)
    assert (bench.snapshot.has_gaps, bench.snapshot.row("two")) == (False, None)


# What is done meanwhile.


async def test_an_answer_from_before_something_was_done_is_read_again(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold(LIST)
    await bench.passes(30)
    bench.workspace.actions.act(SessionAction.STOP, bench.row("one"))
    await bench.settled()
    bench.calls.let_go(LIST, count=1)
    await bench.settled()
    assert bench.state("one") == "STOP_IN_PROGRESS"
    assert (bench.calls.held(LIST), bench.world.count(LIST)) == (1, 3)


async def test_refreshes_wanted_while_one_is_under_way_are_one_more(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold(LIST)
    for _ in range(5):
        bench.workspace.polling.refresh(for_me=True)
        await bench.settled()
    assert (bench.world.count(LIST), bench.workspace.polling.is_refreshing) == (2, True)
    bench.calls.let_go(LIST)
    await bench.settled()
    assert (bench.world.count(LIST), bench.workspace.polling.is_refreshing) == (3, False)


async def test_what_is_sorted_while_it_is_read_stays_sorted(bench: Bench) -> None:
    bench.world.put(session("a", "STOPPED"), session("b", "READY"))
    await bench.started()
    bench.calls.hold(LIST)
    await bench.passes(30)
    bench.workspace.sorting.change()
    await bench.settled()
    shown = bench.snapshot.rows
    assert bench.snapshot.order is named("name")
    bench.calls.let_go(LIST)
    await bench.settled()
    assert bench.snapshot.rows is shown


async def test_wishes_made_by_a_listener_of_the_last_change_are_not_lost(bench: Bench) -> None:
    await bench.started()
    wanted = [True]

    def listener() -> None:
        if wanted and bench.snapshot.health.next_try is not None:
            wanted.clear()
            bench.workspace.polling.refresh()  # between the last look at the wish and the wait

    bench.workspace.store.subscribe(listener)
    await bench.passes(30)
    assert bench.world.count(LIST) == 3


async def test_planning_again_goes_by_what_is_so_by_then(bench: Bench) -> None:
    await bench.started()
    before = bench.settings
    bench.settings = replace(before, refresh=Intervals(1.0, 5.0, 9.0))
    bench.workspace.settings_changed(before)
    await bench.settled()
    assert bench.waits.seconds[-1] == 5.0
    bench.workspace.settings_changed(bench.settings)
    await bench.settled()
    assert bench.waits.seconds == [30.0, 5.0]


async def test_a_listener_that_breaks_does_not_end_the_refreshing(bench: Bench) -> None:
    def breaks() -> None:
        raise ImportError

    await bench.started()
    bench.workspace.polling.signed_out.append(breaks)
    bench.world.errors[LIST] = StudioError(ErrorKind.NOT_SIGNED_IN, "Your keys are not valid.")
    await bench.passes(30)
    assert bench.signed_out == 1
    assert [type(error) for _, error in bench.mistakes] == [ImportError]
    bench.mistakes.clear()
    bench.world.errors.clear()
    bench.workspace.polling.refresh(for_me=True)
    await bench.settled()
    assert bench.snapshot.health.phase == Phase.LIVE


async def test_key_files_that_cannot_be_read_do_not_end_the_refreshing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench = Bench(replace(INFO, aws_profile="studio"))

    def breaks(_: str) -> bool:
        raise PermissionError

    monkeypatch.setattr(bench.studios, "keys_changed", breaks)
    bench.world.errors[LIST] = StudioError(ErrorKind.NOT_SIGNED_IN, "Your keys are not valid.")
    bench.workspace.start()
    await bench.settled()
    await bench.passes(1)
    bench.world.errors.clear()
    bench.workspace.polling.refresh(for_me=True)
    await bench.settled()
    assert bench.snapshot.health.phase == Phase.LIVE
    await bench.end()
