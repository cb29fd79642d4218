"""The persona, the creation of a profile and its status, as changes of a person."""

from dataclasses import replace

import pytest

from nimble_tui.core.people.changes import DATAZONE, ChangeKind, PersonChange
from nimble_tui.core.people.model import People, Person, Role, UserProfile

THEO = Person("p-theo", "Theo", "theo", launch_profile_ids=("lp-1",))
PROFILE = UserProfile("p-theo", type="SSO", status="ASSIGNED")
PERSONA = PersonChange(ChangeKind.SET_PERSONA, THEO, "lp-1", "Comp", value="USER")
CREATE = PersonChange(ChangeKind.CREATE_PROFILE, THEO)
OFF = PersonChange(ChangeKind.SET_STATUS, THEO, value="DEACTIVATED")
ON = PersonChange(ChangeKind.SET_STATUS, THEO, value="ACTIVATED")
ADMIN = Role.ADMIN


def people(profile: UserProfile | None = None, role: Role = ADMIN) -> People:
    return People((replace(THEO, user_profile=profile),), role=role, user_profiles=True)


def test_one_change_of_a_persons_profile_at_a_time() -> None:
    assert PERSONA.about == ("p-theo", "lp-1")
    assert CREATE.about == OFF.about == ("p-theo", DATAZONE)


def test_a_profile_is_created_once_and_its_status_set_once() -> None:
    assert not CREATE.is_needless(people())
    assert not OFF.is_needless(people())
    created = CREATE.done(people(), PROFILE)
    assert CREATE.is_needless(created)
    assert not OFF.is_needless(created)
    off = OFF.done(created, replace(PROFILE, status="DEACTIVATED"))
    assert OFF.is_needless(off)


def test_a_persona_is_set_even_where_the_person_has_it() -> None:
    assert not PERSONA.is_needless(people())
    (theo,) = PERSONA.done(people(PROFILE), None).everyone
    assert theo.personas == {"lp-1": "USER"}


def test_a_persona_comes_and_goes_with_the_membership() -> None:
    removed = PersonChange(ChangeKind.REMOVE, THEO, "lp-1").done(PERSONA.done(people(), None), None)
    assert removed.everyone[0].personas == {}
    added = PersonChange(ChangeKind.ADD, THEO, "lp-1").done(removed, None)
    assert added.everyone[0].personas == {"lp-1": "USER"}


@pytest.mark.parametrize("change", [PERSONA, CREATE, OFF], ids=lambda one: one.kind)
def test_an_artist_and_a_read_only_studio_change_nothing(change: PersonChange) -> None:
    assert "Only a" in (change.refusal(people(PROFILE, Role.ARTIST), read_only=False) or "")
    assert "read_only" in (change.refusal(people(PROFILE), read_only=True) or "")
    assert change.refusal(people(PROFILE), read_only=False) is None


def test_a_status_goes_by_the_profile_as_it_is() -> None:
    refused = ON.refusal(people(PROFILE), read_only=False)
    assert refused == "It becomes ACTIVATED automatically when they first sign in to DataZone."
    deactivated = people(replace(PROFILE, status="DEACTIVATED"))
    assert ON.refusal(deactivated, read_only=False) is None
    assert "Create one first" in (ON.refusal(people(), read_only=False) or "")
