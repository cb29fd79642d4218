"""Who is who, put together from lists that may be partial, hostile or missing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimble_tui.core.model import LaunchProfile, StreamingSession
from nimble_tui.core.people.joining import ADMINS, PeopleLists, called, join, short_ids
from nimble_tui.core.people.model import (
    Identity,
    Member,
    People,
    Role,
    UserProfile,
    read_identity,
    read_member,
    read_user_profile,
)
from nimble_tui.core.people.rules import (
    check_change_members,
    check_make_admin,
    check_not_last_admin,
    check_remove_admin,
)
from nimble_tui.core.rules import Allowed, Refused
from nimble_tui.core.text import clean_id

MARA = "9267a41c58-3f0d8b62-71e4-4c59-a2d6-8b5e0f91c374"
THEO = "9267a41c58-5d2b9e07-c8a1-4f36-b0e4-17d96a3c52f8"
INES = "9267a41c58-b4930e6f-1d78-42ca-a7b5-60f8e2d9134c"
GONE = "9267a41c58-5b19c7d2-f08e-43a6-9d75-0a4c8e23f6b1"
LIGHTING = LaunchProfile("lp-light", "Lighting")
COMP = LaunchProfile("lp-comp", "Comp")
NAMES = (
    Identity(MARA, "Mara Vos", "mara.vos", "mara@northwind.example"),
    Identity(THEO, "Theo Lindqvist", "theo.lindqvist"),
    Identity(INES, "Inês Cardoso", "ines.cardoso"),
)


def told(**changes: Any) -> PeopleLists:
    known: dict[str, Any] = {
        "me": INES,
        "role": Role.ADMIN,
        "changes_admins": None,
        "launch_profiles": (LIGHTING, COMP),
        "admins": (Member(INES),),
        "members": {"lp-light": (Member(MARA), Member(GONE)), "lp-comp": (Member(MARA),)},
        "sessions": (
            StreamingSession("s.1", "READY", owned_by=MARA),
            StreamingSession("s.2", "STOPPED", owned_by=MARA),
            StreamingSession("s.3", "DELETED", owned_by=MARA),
            StreamingSession("s.4", "CREATE_FAILED", owned_by=MARA),
        ),
        "identities": NAMES,
        "with_directory": True,
    }
    return PeopleLists(**{**known, **changes})


def test_everybody_is_put_together_by_id() -> None:
    people = join(told())
    mara = people.person(MARA)
    assert mara is not None
    assert (mara.name, mara.email, mara.label) == ("Mara Vos", "mara@northwind.example", "Mara Vos")
    assert mara.launch_profile_ids == ("lp-light", "lp-comp")
    assert (mara.running, mara.stopped, len(mara.sessions)) == (1, 1, 3)
    assert (mara.is_admin, mara.is_me) == (False, False)
    ines = people.person(INES)
    assert ines is not None
    assert (ines.is_admin, ines.is_me) == (True, True)
    assert people.admins == (ines,)


def test_a_name_in_the_directory_alone_takes_no_part() -> None:
    people = join(told())
    assert [one.name for one in people.everyone if not one.takes_part] == ["Theo Lindqvist"]
    assert join(told(with_directory=False)).person(THEO) is None


def test_everybody_is_sorted_by_name_and_who_has_none_shows_by_a_short_id() -> None:
    people = join(told())
    assert [one.label for one in people.everyone] == [
        "0a4c8e23f6b1",
        "Inês Cardoso",
        "Mara Vos",
        "Theo Lindqvist",
    ]


def test_ones_own_name_needs_no_directory() -> None:
    people = join(told(my_name="Inês", identities=None))
    assert [one.label for one in people.everyone if one.name != one.short_id] == ["Inês"]
    assert not people.directory_known
    (me,) = [one for one in join(told(my_name="Inês")).everyone if one.is_me]
    assert me.name == "Inês Cardoso"


def test_two_of_one_name_are_told_apart() -> None:
    twins = (Identity(MARA, "Kim"), Identity(THEO, "Kim"))
    labels = {one.label for one in join(told(identities=twins)).everyone}
    assert {"Kim · 8b5e0f91c374", "Kim · 17d96a3c52f8"} < labels


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"admins": None}, None),
        ({"admins": (Member(INES),), "partial": frozenset({ADMINS})}, None),
        ({}, False),
    ],
)
def test_who_is_not_listed_is_no_admin_only_where_the_list_is_whole(
    changes: dict[str, Any], expected: bool | None
) -> None:
    mara = join(told(**changes)).person(MARA)
    assert mara is not None
    assert mara.is_admin is expected


def test_launch_profiles_whose_members_are_unknown_are_named() -> None:
    members = {"lp-light": None, "lp-comp": (Member(MARA),)}
    people = join(told(members=members, partial=frozenset({"lp-comp"})))
    assert people.unread_profile_ids == {"lp-light", "lp-comp"}


@pytest.mark.parametrize(
    ("profiles", "expected"),
    [((), True), (None, False)],
)
def test_whether_profiles_could_be_asked(profiles: Any, expected: bool) -> None:
    assert join(told(has_user_profiles=True, user_profiles=profiles)).user_profiles is expected
    assert join(told()).user_profiles is None


def test_a_user_profile_is_found_by_id_and_by_the_name_used_to_sign_in() -> None:
    people = join(
        told(
            has_user_profiles=True,
            user_profiles=(
                UserProfile(MARA, status="ACTIVATED"),
                UserProfile("profile-7", status="DEACTIVATED", user_name="theo.lindqvist"),
                UserProfile("role-1", status="ACTIVATED", arn="arn:aws:iam::1:role/farm"),
            ),
        )
    )
    assert [one.user_profile_status for one in people.everyone] == [
        None,
        None,
        "ACTIVATED",
        "DEACTIVATED",
    ]


@given(st.sets(st.text(max_size=40), max_size=8))
def test_short_ids_never_look_alike(ids: set[str]) -> None:
    short = short_ids(ids)
    assert len(set(short.values())) == len(ids)
    assert all("!" <= character <= "~" for one in short.values() for character in one)


@given(st.sets(st.from_regex(r"(a|b)?-?(c|dddd|-){0,5}[ef]{0,13}", fullmatch=True), max_size=8))
def test_short_ids_of_ids_that_end_alike_never_look_alike(ids: set[str]) -> None:
    assert len(set(short_ids(ids).values())) == len(ids)


def test_people_are_called_by_name_and_who_has_none_by_a_short_id() -> None:
    twin = Identity("9267a41c58-5d2b9e07-c8a1-4f36-b0e4-000000000001", "Theo Lindqvist")
    namesake = twin.principal_id
    assert called([MARA, GONE, MARA, ""], NAMES) == {MARA: "Mara Vos", GONE: "0a4c8e23f6b1"}
    assert called([THEO, namesake], (*NAMES, twin)) == {
        THEO: "Theo Lindqvist · 17d96a3c52f8",
        namesake: "Theo Lindqvist · 000000000001",
    }
    assert called(["us\x1b"], ()) == {"us\x1b": clean_id("us\x1b")}


def test_members_are_read() -> None:
    value = {"principalId": MARA, "persona": "USER", "identityStoreId": "d-1", "sid": "S-1\x1b[2J"}
    assert read_member(value) == Member(MARA, "d-1", "USER", "S-1\ufffd[2J")
    with pytest.raises(ValueError, match="principalId"):
        read_member({"persona": "USER"})


@pytest.mark.parametrize(
    ("members", "name"),
    [
        ({"DisplayName": "Mara Vos", "Name": {"Formatted": "M. Vos"}}, "Mara Vos"),
        ({"Name": {"Formatted": "M. Vos", "GivenName": "Mara"}}, "M. Vos"),
        ({"Name": {"GivenName": "Mara", "FamilyName": "Vos"}}, "Mara Vos"),
        ({"Name": {"FamilyName": "Vos"}}, "Vos"),
        ({"Name": "Vos", "DisplayName": 7}, None),
        ({"DisplayName": "\u202eMara\x1b]0;"}, "\ufffdMara\ufffd]0;"),
    ],
)
def test_names_are_read(members: dict[str, Any], name: str | None) -> None:
    assert read_identity({"UserId": MARA, **members}).name == name


def test_the_primary_mail_is_read() -> None:
    mails = [{"Value": "a@b.example"}, {"Value": "c@d.example", "Primary": True}, "x", {}]
    assert read_identity({"UserId": MARA, "Emails": mails}).email == "c@d.example"
    assert read_identity({"UserId": MARA, "Emails": [{}]}).email is None


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        (
            {"sso": {"username": "mara", "firstName": "Mara", "lastName": "Vos"}},
            ("sso", "Mara Vos", "mara", None),
        ),
        (
            {"iam": {"arn": "arn:aws:iam::1:role/farm"}},
            ("iam", "farm", None, "arn:aws:iam::1:role/farm"),
        ),
        ({"SDK_UNKNOWN_MEMBER": {"name": "passkey\x1b"}}, ("passkey\ufffd", None, None, None)),
        ({"passkey": {"x": 1}}, ("passkey", None, None, None)),
        ({}, (None, None, None, None)),
        ("odd", (None, None, None, None)),
        ({"sso": "odd"}, ("sso", None, None, None)),
    ],
)
def test_user_profiles_of_any_kind_are_read(details: Any, expected: tuple[Any, ...]) -> None:
    profile = read_user_profile({"id": MARA, "status": "NEW_ONE", "details": details})
    assert (profile.kind, profile.name, profile.user_name, profile.arn) == expected
    assert (profile.is_on, profile.is_off) == (False, False)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["UserId", "Name", "Emails", "Value", "id", "details", "sso", "principalId"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(values)
def test_anything_may_come(value: object) -> None:
    for read in (read_member, read_identity, read_user_profile):
        try:
            read(value)
        except ValueError:
            continue


def people_of(**changes: Any) -> People:
    return join(told(**changes))


def test_the_last_admin_stays_one() -> None:
    answer = check_not_last_admin(people_of(me=MARA), INES)
    assert isinstance(answer, Refused)
    assert "only admin" in answer.reason
    two = people_of(me=MARA, admins=(Member(INES), Member(THEO)))
    assert isinstance(check_not_last_admin(two, INES), Allowed)
    assert isinstance(check_remove_admin(two, INES), Allowed)


@pytest.mark.parametrize(
    ("changes", "who", "reason"),
    [
        ({"admins": (Member(INES), Member(THEO))}, INES, "your own"),
        ({"admins": (Member(INES), Member(THEO))}, MARA, "not an admin"),
        ({"admins": (Member(INES), Member(THEO))}, "nobody", "not an admin"),
        ({"admins": (Member(INES), Member(THEO)), "partial": {ADMINS}}, THEO, "incomplete"),
    ],
)
def test_whose_admin_rights_stay(changes: dict[str, Any], who: str, reason: str) -> None:
    answer = check_not_last_admin(people_of(**changes), who)
    assert isinstance(answer, Refused)
    assert reason in answer.reason


def test_who_may_change_what() -> None:
    artist = people_of(role=Role.ARTIST, changes_admins=False)
    admin = people_of(changes_admins=False)
    unsure = people_of()
    assert isinstance(check_change_members(artist), Refused)
    assert isinstance(check_change_members(admin), Allowed)
    assert isinstance(check_make_admin(admin), Refused)
    assert isinstance(check_remove_admin(admin, THEO), Refused)
    assert isinstance(check_make_admin(unsure), Allowed)
    for rule in (check_change_members, check_make_admin):
        assert isinstance(rule(unsure, read_only=True), Refused)
    assert isinstance(check_remove_admin(unsure, THEO, read_only=True), Refused)
