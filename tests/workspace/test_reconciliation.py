"""Unresolved requests are reconciled after each refresh."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.core.launching import LaunchRequest, UnresolvedLaunch
from nimble_tui.core.service import ErrorKind, Finding, StudioError
from nimble_tui.view.health import Phase
from nimble_tui.view.launches import LaunchChoice
from tests.view.workstations import NOW, session
from tests.workspace.fake_studio import unreachable

if TYPE_CHECKING:
    from tests.workspace.bench import Bench

LIST = "list_streaming_sessions"
REQUEST = LaunchRequest("Lighting", "g5.xlarge", "img-1", "plates")
LAUNCH = UnresolvedLaunch(REQUEST, "t" * 32, NOW)
STOPPED = Finding("two was stopped again.", "two")


async def test_nothing_is_read_back_where_nothing_is_unresolved(bench: Bench) -> None:
    await bench.started()
    assert bench.world.count("reconcile") == 0
    assert bench.world.count("unresolved_launches") == 2  # before the first list, and after it


async def test_what_came_of_it_is_reported_once_the_first_as_of_an_earlier_run(
    bench: Bench,
) -> None:
    bench.world.unsettled = True
    bench.world.answers["reconcile"] = (STOPPED,)
    await bench.started()
    await bench.passes(3)
    assert [one.title for one in bench.notices] == ["Unfinished request", "Done"]
    assert bench.snapshot.has_unresolved


async def test_it_polls_often_until_nothing_is_left(bench: Bench) -> None:
    bench.world.unsettled = True
    await bench.started()
    assert bench.waits.seconds[-1] == 3.0
    bench.world.unsettled = False
    await bench.passes(3)
    assert (bench.snapshot.has_unresolved, bench.waits.seconds[-1]) == (False, 30.0)
    count = bench.world.count("reconcile")
    await bench.passes(30)
    assert bench.world.count("reconcile") == count


async def test_an_incomplete_list_resolves_nothing(bench: Bench) -> None:
    bench.world.unsettled = True
    bench.world.partial = True
    await bench.started()
    assert bench.world.count("reconcile") == 0
    bench.world.partial = False
    bench.workspace.polling.refresh()
    await bench.settled()
    assert bench.world.count("reconcile") == 1


async def test_a_failure_hides_no_list_and_is_tried_again(bench: Bench) -> None:
    bench.world.unsettled = True
    bench.world.errors |= {"reconcile": unreachable(), "unresolved_launches": unreachable()}
    await bench.started()
    assert (bench.snapshot.health.phase, bench.notices) == (Phase.LIVE, [])
    bench.world.errors.clear()
    bench.world.answers |= {"reconcile": (STOPPED,), "unresolved_launches": (LAUNCH,)}
    await bench.passes(30)
    assert len(bench.notices) == 1
    assert bench.snapshot.unresolved == (LAUNCH,)


async def test_a_mistake_of_the_program_hides_no_list_and_is_reported(bench: Bench) -> None:
    bench.world.unsettled = True
    bench.world.errors["reconcile"] = KeyError("a mistake")
    await bench.started()
    assert [name for name, _ in bench.mistakes] == ["read back what is unresolved"]
    assert (bench.snapshot.health.phase, bench.snapshot.has_unresolved) == (Phase.LIVE, False)
    bench.mistakes.clear()


async def test_a_mistake_about_launches_ends_neither_refreshing_nor_reading_back(
    bench: Bench,
) -> None:
    await bench.started()
    bench.world.errors["unresolved_launches"] = KeyError("a mistake")
    await bench.passes(30)
    assert bench.snapshot.health.phase == Phase.LIVE
    assert [name for name, _ in bench.mistakes] == ["read back what is unresolved"]
    bench.mistakes.clear()
    del bench.world.errors["unresolved_launches"]
    bench.world.answers["unresolved_launches"] = (LAUNCH,)
    await bench.passes(30)
    assert bench.snapshot.unresolved == (LAUNCH,)


async def test_a_mistake_about_launches_hides_no_list_at_the_start(bench: Bench) -> None:
    bench.world.errors["unresolved_launches"] = KeyError("a mistake")
    bench.workspace.start()
    await bench.settled()
    assert (bench.snapshot.health.phase, len(bench.snapshot.rows)) == (Phase.LIVE, 2)
    assert bench.mistakes
    bench.mistakes.clear()


async def test_launches_are_known_before_the_first_list(bench: Bench) -> None:
    bench.world.answers["unresolved_launches"] = (LAUNCH,)
    bench.calls.hold(LIST)
    bench.workspace.start()
    await bench.settled()
    assert (bench.snapshot.unresolved, bench.snapshot.is_live) == ((LAUNCH,), False)
    assert bench.snapshot.unresolved_launch(REQUEST) is LAUNCH


async def test_what_was_launched_meanwhile_is_not_lost_to_an_older_answer(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold("unresolved_launches", "launch")
    await bench.passes(30)
    bench.workspace.launching.launch(LaunchChoice(REQUEST))
    bench.calls.let_go("unresolved_launches")
    await bench.settled()
    assert [one.request for one in bench.snapshot.unresolved] == [REQUEST]


async def test_lists_that_arrive_while_one_is_read_back_are_read_back_once_after_it(
    bench: Bench,
) -> None:
    bench.world.unsettled = True
    bench.calls.hold("reconcile")
    await bench.started()
    for _ in range(4):
        await bench.passes(30)
    assert (bench.world.count(LIST), bench.world.count("reconcile")) == (5, 1)
    bench.calls.let_go("reconcile", count=1)
    await bench.settled()
    assert bench.world.count("reconcile") == 2
    bench.calls.let_go("reconcile")
    await bench.settled()
    assert bench.world.count("reconcile") == 2


async def test_marks_of_keep_go_by_the_journal_unless_something_was_done_since(
    bench: Bench,
) -> None:
    bench.world.put(session("two", "START_IN_PROGRESS"))
    bench.world.unsettled = True
    bench.world.answers["keeping"] = frozenset({"two"})
    await bench.started()
    assert bench.row("two").keeping
    bench.calls.hold("reconcile")
    bench.world.answers["keeping"] = frozenset()
    await bench.passes(3)
    bench.workspace.actions.rename(bench.row("one"), "plates")
    await bench.settled()
    bench.calls.let_go("reconcile", count=1)
    await bench.settled()
    assert bench.row("two").keeping
    bench.calls.let_go("reconcile")
    await bench.settled()
    assert not bench.row("two").keeping


async def test_keys_refused_while_reading_back_are_left_to_the_lists(bench: Bench) -> None:
    bench.world.unsettled = True
    bench.world.errors["reconcile"] = StudioError(ErrorKind.NOT_SIGNED_IN, "Sign in.")
    await bench.started()
    assert (bench.snapshot.health.phase, bench.signed_out) == (Phase.LIVE, 0)


ADDED = Finding("Adding Theo to Lighting, requested at 12:03, was accepted.")


async def test_changes_of_people_are_read_back_with_the_refresh_and_reported_once(
    bench: Bench,
) -> None:
    bench.world.unsettled_people = True
    bench.world.answers["reconcile_people"] = (ADDED,)
    await bench.started()
    assert [(one.title, one.text) for one in bench.notices] == [("Unfinished request", ADDED.text)]
    # It is no reason to poll the workstations more often.
    assert (bench.snapshot.has_unresolved, bench.waits.seconds[-1]) == (False, 30.0)
    assert bench.world.count("reconcile") == 0
    bench.world.unsettled_people = False
    await bench.passes(30)
    assert bench.world.count("reconcile_people") == 1


async def test_changes_of_people_that_cannot_be_read_back_hold_up_no_workstation(
    bench: Bench,
) -> None:
    bench.world.unsettled = bench.world.unsettled_people = True
    bench.world.answers["reconcile"] = (STOPPED,)
    bench.world.errors["reconcile_people"] = unreachable()
    await bench.started()
    assert [one.text for one in bench.notices] == [STOPPED.text]
    assert bench.snapshot.health.phase == Phase.LIVE
    del bench.world.errors["reconcile_people"]
    bench.world.answers = {"reconcile_people": (ADDED,)}
    await bench.passes(3)
    assert [one.text for one in bench.notices] == [STOPPED.text, ADDED.text]
