"""Plans that run: from any state, through any failure, to where they lead, doing nothing twice."""

import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimble_tui.client.journal.journal import Journal
from nimble_tui.client.journal.people_plans import BegunPlan
from nimble_tui.client.people.plan_runner import run_plan
from nimble_tui.client.people.service import NimblePeople
from nimble_tui.core.people.model import Person, UserProfileStatus
from nimble_tui.core.people.plans import (
    Plan,
    PlanKind,
    Step,
    StepKind,
    StepState,
    Who,
    make_plan,
    plan_offboard,
    plan_onboard,
    renewed,
)
from nimble_tui.core.people.settings import PeopleSettings
from nimble_tui.core.service import ErrorKind, StudioError, StudioInfo
from tests.client.conftest import Connect
from tests.client.people_peer import DOMAIN, STORE, PeoplePeer, person_id
from tests.client.people_world import ME, World
from tests.faults.faulty_studio import PRINCIPAL_ID, STUDIO_ID, no, replaced, reset

MARA = person_id(1)
PEOPLE = (ME, "p-a", "p-b", "p-c")
PROFILES = ("lp-1", "lp-2", "lp-3")
STATUSES = ("", *UserProfileStatus)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    some = st.sets(st.sampled_from(PEOPLE))
    return World(
        PEOPLE,
        PROFILES,
        admins={ME, "p-c", *draw(some)},
        members={one: draw(some) for one in PROFILES},
        statuses={one: two for one in PEOPLE if (two := draw(st.sampled_from(STATUSES)))},
        fails_at=frozenset(draw(st.sets(st.integers(1, 8), max_size=4))),
        lies=draw(st.booleans()),
    )


def finished(world: World, plan: Plan) -> Plan:
    """Return a plan that was run as often as it takes."""
    for _ in range(10):
        try:
            return run_plan(plan, world.as_service(), lambda _: None)
        except StudioError:
            # As another app would, which knows only what is kept and what it sees.
            again = renewed(plan, world.look())
            assert isinstance(again, Plan)
            plan = again
    raise AssertionError("it never ends")


def person(world: World, who: str) -> Person:
    found = world.look().person(who)
    assert found is not None
    return found


@given(worlds(), st.sets(st.sampled_from(PROFILES), min_size=1), st.booleans())
def test_whoever_is_let_in_is_in(world: World, chosen: set[str], administrator: bool) -> None:
    plan = plan_onboard(world.look(), "p-a", sorted(chosen), administrator=administrator)
    assert isinstance(plan, Plan)
    after = finished(world, plan)
    somebody = person(world, "p-a")
    assert chosen <= set(somebody.launch_profile_ids)
    assert somebody.user_profile is not None
    assert somebody.user_profile.is_on
    assert somebody.is_admin or not administrator
    assert after.left_to_me == ()
    assert [one.kind for one in after.steps if not one.is_done] == [StepKind.INVITE]
    runs_again_for_nothing(world, after)


@given(worlds())
def test_whoever_is_let_out_is_out(world: World) -> None:
    plan = plan_offboard(world.look(), "p-a")
    assert isinstance(plan, Plan)
    after = finished(world, plan)
    somebody = person(world, "p-a")
    assert (somebody.launch_profile_ids, somebody.is_admin) == ((), False)
    assert somebody.user_profile is None or somebody.user_profile.is_off
    assert [one.kind for one in after.steps if not one.is_done] == [StepKind.REVOKE]
    runs_again_for_nothing(world, after)


def runs_again_for_nothing(world: World, plan: Plan) -> None:
    done = list(world.changes)
    assert run_plan(plan, world.as_service(), lambda _: None) == plan
    again = make_plan(
        plan.kind,
        world.look(),
        plan.principal_id,
        launch_profile_ids=plan.launch_profile_ids,
        administrator=plan.administrator,
    )
    assert isinstance(again, Plan)
    assert run_plan(again, world.as_service(), lambda _: None).left_to_me == ()
    assert world.changes == done


@given(worlds())
def test_nobody_else_is_touched(world: World) -> None:
    def others(world: World) -> list[Person]:
        return [one for one in world.look().everyone if one.principal_id != "p-a"]

    before = others(world)
    plan = plan_offboard(world.look(), "p-a")
    assert isinstance(plan, Plan)
    finished(world, plan)
    assert others(world) == before


def test_a_plan_made_long_ago_looks_again() -> None:
    world = World(PEOPLE, PROFILES, admins={ME, "p-c"})
    plan = plan_offboard(world.look(), "p-a", launch_profile_ids=["lp-1"])
    assert isinstance(plan, Plan)
    assert plan.left_to_me == ()
    world.members["lp-1"] = {"p-a"}
    run_plan(plan, world.as_service(), lambda _: None)
    assert world.members["lp-1"] == set()


def test_each_step_is_told_as_it_happens() -> None:
    world = World(PEOPLE, PROFILES, admins={ME, "p-c"}, fails_at=frozenset({2}))
    world.members = {"lp-1": {"p-a"}, "lp-2": {"p-a"}}
    plan = plan_offboard(world.look(), "p-a")
    assert isinstance(plan, Plan)
    told: list[tuple[str, StepState]] = []
    kept: list[Plan] = []
    with pytest.raises(StudioError, match="It is gone"):
        run_plan(
            plan, world.as_service(), kept.append, lambda one: told.append((one.id, one.state))
        )
    assert told == [
        ("remove:lp-1", StepState.DOING),
        ("remove:lp-1", StepState.DONE),
        ("remove:lp-2", StepState.DOING),
        ("remove:lp-2", StepState.FAILED),
    ]
    assert kept[0] == plan
    assert [one.state for one in kept[-1].steps[:2]] == [StepState.DONE, StepState.FAILED]


def test_what_only_the_operator_may_stops_nothing() -> None:
    world = World(PEOPLE, PROFILES, admins={ME, "p-a", "p-c"}, denies_admins=True)
    world.members = {"lp-1": {"p-a"}}
    plan = plan_offboard(world.look(), "p-a")
    assert isinstance(plan, Plan)
    assert plan.steps[0].who == Who.ME
    after = run_plan(plan, world.as_service(), lambda _: None)
    demote, remove, revoke = after.steps
    assert (demote.kind, demote.who, demote.is_done) == (StepKind.DEMOTE, Who.OPERATOR, False)
    assert demote.command == "nimble-tui people admin remove p-a"
    assert remove.is_done
    assert not revoke.is_done
    world.denies_admins = False
    world.admins.remove("p-a")
    assert run_plan(after, world.as_service(), lambda _: None).steps[0].is_done


def offboarding(people: NimblePeople) -> Plan:
    plan = plan_offboard(people.look(), MARA)
    assert isinstance(plan, Plan)
    return plan


@pytest.fixture
def _mara(people_peer: PeoplePeer) -> None:
    people_peer.profiles = [{"launchProfileId": f"lp-{n}", "name": f"Show {n}"} for n in (1, 2, 3)]
    people_peer.members = {f"lp-{n}": [MARA, person_id(2)] for n in (1, 2, 3)}
    people_peer.users = {MARA: {"DisplayName": "Mara Vos"}}
    people_peer.user_profiles = {MARA: people_peer.user_profile(MARA, "ACTIVATED")}


@pytest.mark.usefixtures("_mara")
def test_a_plan_stops_at_the_first_failure_and_is_kept(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    refused = replaced(no(400, "ValidationException", "not now"))
    people_peer.strike(refused, on=["UpdateUserProfile"], before=True)
    with pytest.raises(StudioError) as error:
        people.run(offboarding(people))
    assert error.value.kind == ErrorKind.INVALID
    assert "not now" in error.value.message
    (plan,) = people.open_plans(people.look())
    assert [one.is_done for one in plan.steps] == [True, True, True, False, False]
    people_peer.plan = lambda *_: None
    people_peer.ledger.clear()
    after = people.run(plan)
    assert people_peer.ledger == [("UpdateUserProfile", MARA)]
    assert [one.kind for one in after.steps if not one.is_done] == [StepKind.REVOKE]
    (left,) = people.open_plans(people.look())
    assert people.tick(left, "revoke").is_done
    assert people.open_plans(people.look()) == ()


@pytest.mark.usefixtures("_mara")
def test_steps_whose_answers_are_lost_are_done_once(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    people_peer.strike(reset, on=["DeleteLaunchProfileMember", "UpdateUserProfile"], before=False)
    assert people.run(offboarding(people)).left_to_me == ()
    removed = [one for one in people_peer.ledger if one[0] == "DeleteLaunchProfileMember"]
    assert removed == [("DeleteLaunchProfileMember", MARA)] * 3
    assert people_peer.members == {f"lp-{n}": [person_id(2)] for n in (1, 2, 3)}


class Killed(BaseException):
    """What ends the app in the middle of a step."""


@pytest.mark.usefixtures("_mara")
@pytest.mark.parametrize("at", range(9))
def test_an_app_that_is_killed_leaves_the_rest_to_another(
    service_for: Connect, people_peer: PeoplePeer, tmp_path: Path, at: int
) -> None:
    path = tmp_path / "journal.sqlite3"
    settings = PeopleSettings(STORE, DOMAIN)
    left = [at]

    def killing(_: Step) -> None:
        if not left[0]:
            raise Killed
        left[0] -= 1

    with closing(Journal(path)) as journal:
        people = service_for(endpoint_url=people_peer.url, people=settings, journal=journal).people
        with pytest.raises(Killed):
            people.run(offboarding(people), killing)
    with closing(Journal(path)) as journal:
        people = service_for(endpoint_url=people_peer.url, people=settings, journal=journal).people
        (plan,) = people.open_plans(people.look())
        assert len(plan.steps) == 5
        assert people.run(plan).left_to_me == ()
    assert sorted(people_peer.ledger) == [
        *[("DeleteLaunchProfileMember", MARA)] * 3,
        ("UpdateUserProfile", MARA),
    ]


_LEAVING = """
import os, sys
from pathlib import Path
from nimble_tui.client.journal.journal import Journal
from nimble_tui.client.nimble import connect
from nimble_tui.core.keys import Keys
from nimble_tui.core.people.settings import PeopleSettings
from nimble_tui.core.people.plans import plan_offboard
from nimble_tui.core.service import StudioInfo

url, path, studio_id, me, who, store, domain = sys.argv[1:]
info = StudioInfo("northwind", studio_id, "us-west-2", me)
service = connect(info, endpoint_url=url, keys=Keys("AKIDEXAMPLE", "made-up"),
    journal=Journal(Path(path)), people=PeopleSettings(store, domain))
plan = plan_offboard(service.people.look(), who)
service.people.run(plan, lambda step: os._exit(9) if step.id == "remove:lp-3" else None)
"""


@pytest.mark.usefixtures("_mara")
def test_an_app_that_dies_at_once_leaves_the_rest_to_another(
    service_for: Connect, people_peer: PeoplePeer, tmp_path: Path
) -> None:
    path = tmp_path / "journal.sqlite3"
    known = (people_peer.url, str(path), STUDIO_ID, PRINCIPAL_ID, MARA, STORE, DOMAIN)
    died = subprocess.run([sys.executable, "-c", _LEAVING, *known], timeout=60, check=False)
    assert died.returncode == 9
    assert people_peer.ledger == [("DeleteLaunchProfileMember", MARA)] * 2
    with closing(Journal(path)) as journal:
        people = service_for(
            endpoint_url=people_peer.url, people=PeopleSettings(STORE, DOMAIN), journal=journal
        ).people
        (plan,) = people.open_plans(people.look())
        assert [one.id for one in plan.left_to_me] == ["remove:lp-3", "deactivate"]
        people.run(plan)
    assert people_peer.ledger[2:] == [
        ("DeleteLaunchProfileMember", MARA),
        ("UpdateUserProfile", MARA),
    ]


@pytest.mark.usefixtures("_mara")
def test_a_plan_can_be_dropped(people: NimblePeople, people_peer: PeoplePeer) -> None:
    plan = offboarding(people)
    people_peer.strike(reset, on=["GetLaunchProfileMember"], before=True)
    with pytest.raises(StudioError):
        people.run(plan)
    people_peer.plan = lambda *_: None
    assert len(people.open_plans(people.look())) == 1
    people.drop(plan)
    assert people.open_plans(people.look()) == ()
    assert people_peer.ledger == []


@pytest.mark.usefixtures("_mara")
def test_whoever_leaves_is_not_still_on_their_way_in(people: NimblePeople) -> None:
    coming = make_plan(PlanKind.ONBOARD, people.look(), MARA, launch_profile_ids=["lp-1"])
    assert isinstance(coming, Plan)
    people.run(coming)
    people.run(offboarding(people))
    assert [one.kind for one in people.open_plans(people.look())] == [PlanKind.OFFBOARD]
    people.run(coming)
    (known,) = people.open_plans(people.look())
    people.run(known.ticking(StepKind.INVITE))
    assert people.open_plans(people.look()) == ()


@pytest.mark.usefixtures("_mara")
def test_no_workstation_is_ever_deleted(people: NimblePeople, people_peer: PeoplePeer) -> None:
    people_peer.states = {"ses.one": "READY"}
    people_peer.session = lambda session_id: {  # type: ignore[method-assign]
        "sessionId": session_id,
        "state": "READY",
        "ownedBy": MARA,
    }
    plan = offboarding(people)
    assert [one.session_id for one in plan.sessions] == ["ses.one"]
    people.run(plan)
    assert people_peer.sent("DeleteStreamingSession") == []


NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
INFO = StudioInfo("n", "studio", "us-west-2", PRINCIPAL_ID)


def test_plans_are_kept_for_each_person_in_each_studio(tmp_path: Path) -> None:
    plan = BegunPlan(PlanKind.OFFBOARD, MARA, ("lp-1",), True, frozenset({"revoke"}))
    with closing(Journal(tmp_path / "j")) as journal:
        mine, other = journal.of(INFO), journal.of(replace(INFO, principal_id="p-other"))
        other.people_plans.put(replace(plan, kind=PlanKind.ONBOARD), NOW)
        mine.people_plans.put(replace(plan, ticked=frozenset()), NOW)
        mine.people_plans.put(plan, NOW)
        second = replace(plan, principal_id="p-2", kind=PlanKind.ONBOARD)
        mine.people_plans.put(second, NOW + timedelta(seconds=1))
        assert mine.people_plans.all() == (second, plan)
        assert len(other.people_plans.all()) == 1
        mine.people_plans.put(replace(plan, principal_id="p-9"), NOW + timedelta(days=91))
        assert [one.principal_id for one in mine.people_plans.all()] == ["p-9"]
        journal.forget(INFO)
        assert mine.people_plans.all() == ()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "''"),
        ("kind", "x'00'"),
        ("principal_id", "''"),
        ("principal_id", "x'00ff'"),
        ("changed_at", "'soon'"),
        ("changed_at", "1e300"),
    ],
)
def test_a_row_that_nobody_wrote_is_no_plan(column: str, value: str) -> None:
    with closing(Journal()) as journal:
        plans = journal.of(INFO).people_plans
        plans.put(BegunPlan(PlanKind.OFFBOARD, MARA), NOW)
        plans._rows.database.change(  # noqa: SLF001 - what another program may do to the file
            lambda connection: connection.execute(f"UPDATE people_plans SET {column} = {value}")  # noqa: S608
        )
        assert plans.all() == ()


def test_a_kind_that_is_none_is_no_plan(
    service_for: Connect, people_peer: PeoplePeer, info: StudioInfo
) -> None:
    with closing(Journal()) as journal:
        journal.of(info).people_plans.put(BegunPlan("promote", PRINCIPAL_ID, ("lp-1",)), NOW)
        people = service_for(endpoint_url=people_peer.url, journal=journal).people
        assert people.open_plans(people.look()) == ()


@pytest.mark.parametrize("value", ["'['", "'{}'", "'[1, [], \"\", null]'", "7", f"'{'[' * 9999}'"])
def test_lists_that_nobody_wrote_are_empty(value: str) -> None:
    with closing(Journal()) as journal:
        plans = journal.of(INFO).people_plans
        plans.put(BegunPlan(PlanKind.OFFBOARD, MARA, ("lp-1",), False, frozenset({"x"})), NOW)
        plans._rows.database.change(  # noqa: SLF001 - what another program may do to the file
            lambda connection: connection.execute(
                f"UPDATE people_plans SET launch_profile_ids = {value}, ticked = {value}"  # noqa: S608
            )
        )
        assert plans.all() == (BegunPlan(PlanKind.OFFBOARD, MARA),)
