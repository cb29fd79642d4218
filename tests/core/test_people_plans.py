"""Plans to let somebody in or out: what they say before any of it happens."""

import shlex
from typing import Any

import pytest

from nimble_tui.core.model import LaunchProfile, StreamingSession
from nimble_tui.core.people.joining import PeopleLists, join
from nimble_tui.core.people.model import Identity, Member, People, Role, UserProfile
from nimble_tui.core.people.plans import (
    Plan,
    PlanKind,
    StepKind,
    Who,
    make_plan,
    plan_offboard,
    plan_onboard,
    renewed,
)
from nimble_tui.core.rules import Refused

MARA, THEO, INES = "p-mara", "p-theo", "p-ines"


def people_of(**changes: Any) -> People:
    known: dict[str, Any] = {
        "me": INES,
        "role": Role.ADMIN,
        "changes_admins": None,
        "launch_profiles": (LaunchProfile("lp-1", "Lighting"), LaunchProfile("lp-2", "Comp")),
        "admins": (Member(INES),),
        "members": {"lp-1": (Member(MARA),), "lp-2": ()},
        "sessions": (StreamingSession("s.1", "READY", owned_by=MARA),),
        "identities": (Identity(MARA, "Mara"), Identity(THEO, "Theo"), Identity(INES, "Inês")),
        "has_user_profiles": True,
        "user_profiles": (UserProfile(MARA, status="ACTIVATED"),),
        "with_directory": True,
    }
    return join(PeopleLists(**{**known, **changes}))


def steps(plan: Plan | Refused) -> list[tuple[str, bool]]:
    assert isinstance(plan, Plan)
    return [(one.id, one.is_done) for one in plan.steps]


def test_letting_somebody_in() -> None:
    plan = plan_onboard(people_of(), THEO, ["lp-2", "lp-1", "lp-2"])
    assert steps(plan) == [
        ("invite", False),
        ("activate", False),
        ("add:lp-2", False),
        ("add:lp-1", False),
    ]
    assert isinstance(plan, Plan)
    assert plan.steps[0].who == Who.OPERATOR
    assert plan.steps[0].command == "nimble-tui studio invite p-theo"
    assert plan.steps[2].text == "Add Theo to Comp."
    assert not plan.is_done


def test_what_is_true_already_is_ticked() -> None:
    plan = plan_onboard(people_of(), MARA, ["lp-1", "lp-2"], ticked={"invite"})
    assert steps(plan) == [
        ("invite", True),
        ("activate", True),
        ("add:lp-1", True),
        ("add:lp-2", False),
    ]


def test_without_a_domain_no_step_is_about_one() -> None:
    people = people_of(has_user_profiles=False, user_profiles=None)
    assert steps(plan_onboard(people, THEO, ["lp-1"])) == [("invite", False), ("add:lp-1", False)]
    assert [one for one, _ in steps(plan_offboard(people, MARA))] == ["remove:lp-1", "revoke"]


def test_letting_an_admin_in() -> None:
    plan = plan_onboard(people_of(), THEO, [], administrator=True)
    assert [one for one, _ in steps(plan)] == ["invite", "activate", "promote"]


def test_letting_somebody_out() -> None:
    plan = plan_offboard(people_of(), MARA)
    assert steps(plan) == [("remove:lp-1", False), ("deactivate", False), ("revoke", False)]
    assert isinstance(plan, Plan)
    assert [one.session_id for one in plan.sessions] == ["s.1"]
    assert plan.steps[-1].who == Who.OPERATOR
    assert plan.steps[-1].command == "nimble-tui studio revoke p-mara"


def test_letting_an_admin_out_begins_with_their_rights() -> None:
    people = people_of(admins=(Member(INES), Member(THEO)))
    plan = plan_offboard(people, THEO)
    assert [one for one, _ in steps(plan)] == ["demote", "revoke"]
    assert isinstance(plan, Plan)
    assert plan.steps[0].who == Who.ME
    theirs = plan_offboard(people_of(admins=people_admins(), changes_admins=False), THEO)
    assert isinstance(theirs, Plan)
    assert theirs.steps[0].who == Who.OPERATOR
    assert theirs.steps[0].command == "nimble-tui people admin remove p-theo"


def people_admins() -> tuple[Member, ...]:
    return (Member(INES), Member(THEO))


def test_what_could_not_be_seen_is_looked_at_later() -> None:
    people = people_of(
        members={"lp-1": (Member(MARA),), "lp-2": None},
        user_profiles=None,
        admins=None,
    )
    assert steps(plan_offboard(people, MARA)) == [
        ("demote", False),
        ("remove:lp-1", False),
        ("remove:lp-2", False),
        ("deactivate", False),
        ("revoke", False),
    ]


@pytest.mark.parametrize(
    ("kind", "who", "changes", "reason"),
    [
        ("offboard", INES, {"admins": (Member(INES), Member(THEO))}, "yourself"),
        ("offboard", INES, {"me": THEO}, "only admin"),
        ("offboard", "p-nobody", {}, "No member has the id p-nobody"),
        ("onboard", "p-nobody", {}, "nimble-tui studio invite"),
        ("offboard", MARA, {"role": Role.ARTIST}, "Only admins can"),
        ("onboard", MARA, {"role": Role.ARTIST}, "Only admins can"),
        ("onboard", MARA, {}, "at least one launch profile"),
        ("offboard", "p mara\x1b", {}, "unsafe characters"),
    ],
)
def test_what_is_not_planned(kind: str, who: str, changes: dict[str, Any], reason: str) -> None:
    plan = make_plan(PlanKind(kind), people_of(**changes), who)
    assert isinstance(plan, Refused)
    assert reason in plan.reason


def test_a_launch_profile_that_is_not_there_is_named() -> None:
    plan = plan_onboard(people_of(), MARA, ["lp-1", "lp-\x1b9"])
    assert isinstance(plan, Refused)
    assert "lp-\\u{1b}9" in plan.reason


def test_a_renewed_plan_still_tells_what_it_did() -> None:
    before = plan_offboard(people_of(), MARA)
    assert isinstance(before, Plan)
    later = people_of(
        members={"lp-1": (), "lp-2": (Member(MARA),)},
        user_profiles=(UserProfile(MARA, status="DEACTIVATED"),),
    )
    after = renewed(before.ticking("revoke"), later)
    assert steps(after) == [
        ("remove:lp-1", True),
        ("remove:lp-2", False),
        ("deactivate", True),
        ("revoke", True),
    ]


def test_an_id_cannot_smuggle_a_command_into_what_the_operator_copies() -> None:
    hostile = "p;rm$(id)"
    plan = plan_onboard(people_of(identities=(Identity(hostile, "Eve"),)), hostile, ["lp-1"])
    assert isinstance(plan, Plan)
    assert shlex.split(plan.steps[0].command) == ["nimble-tui", "studio", "invite", hostile]


def test_ticking_a_step_that_is_not_there_changes_nothing() -> None:
    plan = plan_offboard(people_of(), MARA)
    assert isinstance(plan, Plan)
    assert plan.ticking(StepKind.INVITE) == plan
