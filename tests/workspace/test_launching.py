"""Launching: shown immediately, and never launched twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from nimble_tui.config import state
from nimble_tui.core.launching import LAUNCH_TAG, LastLaunch, LaunchRequest, UnresolvedLaunch
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.view.health import Phase
from nimble_tui.view.launches import LaunchChoice
from nimble_tui.workspace.permissions import UNANSWERED
from nimble_tui.workspace.tasks import MISTAKE
from tests.view.workstations import NOW, session
from tests.workspace.bench import Bench
from tests.workspace.fake_studio import INFO, profile
from tests.workspace.test_session_actions import as_built

if TYPE_CHECKING:
    from nimble_tui.view.session_rows import SessionRow

LIST = "list_streaming_sessions"
REQUEST = LaunchRequest("Lighting", "g5.xlarge", "img-1", "plates")
CHOICE = LaunchChoice(REQUEST)
UNCERTAIN = StudioError(ErrorKind.UNCERTAIN, "The reply was lost.")


def plates(bench: Bench) -> list[SessionRow]:
    """Return the rows of what was launched."""
    return [row for row in bench.snapshot.rows if row.title == "plates"]


async def test_a_launch_shows_at_once_and_becomes_what_the_studio_made(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold("launch")
    bench.changes.clear()
    key = bench.workspace.launching.launch(CHOICE, "two")
    assert ([row.key for row in plates(bench)], len(bench.changes)) == ([key], 1)
    assert bench.state(key) == "CREATE_IN_PROGRESS"
    assert (bench.workspace.is_busy, as_built(bench.snapshot)) == (True, True)
    assert [one.request for one in bench.snapshot.unresolved] == [REQUEST]
    await bench.settled()
    bench.calls.hold(LIST)
    bench.calls.let_go("launch")
    await bench.settled()
    assert [row.key for row in plates(bench)] == ["made-2"]
    assert bench.snapshot.successors == {key: "made-2"}
    assert (bench.snapshot.launching, bench.snapshot.unresolved) == ({}, ())
    assert as_built(bench.snapshot)


async def test_a_launch_is_chosen_again_next_time(bench: Bench) -> None:
    await bench.started()
    bench.workspace.launching.launch(CHOICE)
    await bench.settled()
    expected = LastLaunch("g5.xlarge", "img-1")
    assert bench.workspace.launching.known().choices == {"Lighting": expected}
    assert state.read_state().choices == {f"{INFO.name}/Lighting": expected}


async def test_a_launch_before_the_studio_answers_says_so(bench: Bench) -> None:
    assert bench.workspace.launching.launch(CHOICE) == ""
    assert bench.told() == f"Launch: unavailable: {UNANSWERED}"
    assert bench.world.operations == []


@pytest.mark.parametrize("kind", ["gone", "read only", "updating"])
async def test_a_launch_that_is_not_possible_any_more_is_not_sent(kind: str) -> None:
    bench = Bench(replace(INFO, read_only=kind == "read only"))
    bench.world.profiles = {"gone": [], "updating": [profile(state="UPDATE_IN_PROGRESS")]}.get(
        kind, [profile()]
    )
    await bench.started()
    assert bench.workspace.launching.launch(CHOICE) == ""
    await bench.settled()
    assert bench.world.count("launch") == 0
    await bench.end()


async def test_a_launch_that_fails_leaves_the_list_and_says_why(bench: Bench) -> None:
    await bench.started()
    bench.world.errors["launch"] = StudioError(ErrorKind.QUOTA, "No machine is free.")
    key = bench.workspace.launching.launch(CHOICE, "two")
    bench.workspace.actions.connect_when_ready(key)
    await bench.settled()
    assert (plates(bench), bench.snapshot.unresolved) == ([], ())
    assert bench.told() == "Launch failed: No machine is free."
    assert bench.snapshot.successors[key] == "two"
    assert bench.snapshot.connect_when_ready == frozenset()
    assert (bench.world.count(LIST), bench.world.count("list_launch_profiles")) == (2, 2)


async def test_a_launch_in_doubt_is_continued_by_the_same_and_makes_no_second(
    bench: Bench,
) -> None:
    await bench.started()
    bench.world.errors["launch"] = UNCERTAIN
    bench.workspace.launching.launch(CHOICE)
    await bench.settled()
    assert bench.told() == "Launch unconfirmed: The reply was lost. Checking…"
    token = "t" * 32
    earlier = UnresolvedLaunch(REQUEST, token, NOW)
    bench.world.answers["unresolved_launches"] = (earlier,)
    await bench.passes(30)
    assert bench.snapshot.unresolved == (earlier,)
    del bench.world.errors["launch"]
    bench.calls.hold("launch")
    key = bench.workspace.launching.launch(CHOICE)
    assert key.startswith(token)
    assert "no second workstation is created" in bench.told()
    assert bench.workspace.launching.launch(LaunchChoice(REQUEST, earlier)) == key
    bench.world.answers["unresolved_launches"] = ()
    bench.calls.let_go("launch")
    await bench.settled()
    assert bench.world.count("launch") == 2
    assert bench.world.sessions["made-2"].tags[LAUNCH_TAG] == token
    assert not bench.snapshot.unresolved


async def test_another_one_is_launched_where_that_was_chosen(bench: Bench) -> None:
    await bench.started()
    earlier = UnresolvedLaunch(REQUEST, "t" * 32, NOW)
    bench.world.answers["unresolved_launches"] = (earlier,)
    await bench.passes(30)
    bench.calls.hold("launch")
    key = bench.workspace.launching.launch(LaunchChoice(REQUEST, another=True))
    assert not key.startswith("t" * 32)
    assert [one.client_token for one in bench.snapshot.unresolved][1:] == ["t" * 32]
    bench.calls.hold("list_launch_profiles")
    await bench.passes(3)
    assert len(bench.snapshot.unresolved) == 2  # the journal may not have the newer one yet


@pytest.mark.parametrize("made", ["CREATE_IN_PROGRESS", "DELETED"])
async def test_what_an_earlier_launch_made_is_shown_once(bench: Bench, made: str) -> None:
    token = "t" * 32
    bench.world.put(session("made", made, tags={"Name": "plates", LAUNCH_TAG: token}))
    there = bench.world.sessions["made"]
    earlier = UnresolvedLaunch(REQUEST, token, NOW, there)
    bench.world.answers["unresolved_launches"] = (earlier,)
    await bench.started()
    bench.calls.hold("launch")
    assert bench.workspace.launching.launch(LaunchChoice(REQUEST, earlier)) == "made"
    assert len(plates(bench)) == (made != "DELETED")
    assert as_built(bench.snapshot)


async def test_a_list_that_holds_it_before_the_reply_shows_it_once(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold("launch")
    key = bench.workspace.launching.launch(CHOICE)
    await bench.settled()
    await bench.passes(30)
    assert [row.key for row in plates(bench)] == ["made-2"]
    assert key in [one.session_id for one in bench.snapshot.launching.values()]
    bench.calls.let_go("launch")
    await bench.settled()
    assert [row.key for row in plates(bench)] == ["made-2"]
    assert as_built(bench.snapshot)


async def test_a_wish_to_connect_follows_the_workstation(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold("launch")
    key = bench.workspace.launching.launch(CHOICE)
    bench.workspace.actions.connect_when_ready(key)
    bench.calls.let_go("launch")
    await bench.settled()
    assert bench.snapshot.connect_when_ready == {"made-2"}


async def test_a_mistake_of_the_program_leaves_a_launch_in_doubt(bench: Bench) -> None:
    await bench.started()
    bench.world.errors["launch"] = KeyError("a mistake")
    bench.calls.hold(LIST)
    bench.workspace.launching.launch(CHOICE)
    await bench.settled()
    assert (bench.snapshot.launching, plates(bench)) == ({}, [])
    assert [one.request for one in bench.snapshot.unresolved] == [REQUEST]
    assert bench.told() == f"Launch unconfirmed: {MISTAKE} Checking…"
    assert [name for name, _ in bench.mistakes] == ["launch a workstation"]
    bench.mistakes.clear()


async def test_a_mistake_in_what_shows_the_reply_leaves_nothing_waiting(
    bench: Bench,
) -> None:
    await bench.started()
    bench.calls.hold("launch")
    bench.workspace.launching.launch(CHOICE)
    await bench.settled()

    def breaks() -> None:
        end()
        raise KeyError("a mistake")

    end = bench.workspace.store.subscribe(breaks)
    bench.calls.let_go("launch")
    await bench.settled()
    assert [type(error) for _, error in bench.mistakes] == [KeyError]
    assert (bench.snapshot.launching, [row.key for row in plates(bench)]) == ({}, ["made-2"])
    bench.mistakes.clear()


async def test_keys_that_are_refused_sign_out(bench: Bench) -> None:
    await bench.started()
    error = StudioError(ErrorKind.NOT_SIGNED_IN, "You are not signed in.")
    bench.world.errors |= {"launch": error, "open": error}
    bench.workspace.launching.launch(CHOICE)
    await bench.settled()
    assert (bench.snapshot.health.phase, bench.signed_out) == (Phase.SIGNED_OUT, 1)
    assert plates(bench) == []
