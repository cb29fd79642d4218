"""A person's access, and users that a search found, in words."""

from datetime import UTC, datetime, timedelta

import pytest

from nimble_tui.core.history import Event, EventKind
from nimble_tui.core.model import LaunchProfile
from nimble_tui.core.people.model import (
    People,
    Person,
    Role,
    UserProfile,
    UserSearchType,
    read_user_profile,
)
from nimble_tui.core.people.persona_history import PersonaDates
from nimble_tui.view.people import access, user_profile, user_search

NOW = datetime(2026, 11, 21, 13, 26, tzinfo=UTC)
ADDED = NOW - timedelta(hours=1)
PROFILES = tuple(LaunchProfile(key, name=key.title()) for key in ("comp", "fx", "review"))
THEO = Person(
    "p-theo", "Theo", "theo", launch_profile_ids=("fx", "review"), personas={"fx": "SUPERVISOR"}
)
DATES = PersonaDates.of(
    [
        Event(
            *(ADDED, "", EventKind.REQUESTED, "people persona", True),
            launch_profile_id="fx",
            principal_ids=("p-theo",),
            value="SUPERVISOR",
        )
    ]
)


def people(person: Person = THEO, role: Role = Role.ADMIN, unread: str = "") -> People:
    unread_ids = frozenset({unread} - {""})
    return People((person,), PROFILES, role=role, unread_profile_ids=unread_ids)


def rows(found: People, dates: PersonaDates | None = None) -> list[tuple[str, str, str]]:
    (person,) = found.everyone
    shown = access.rows(found, person, dates, NOW, UTC)
    return [(row.title, row.persona, row.since) for row in shown]


def test_a_persona_shows_as_it_came_and_one_that_was_not_reported_as_unknown() -> None:
    assert rows(people()) == [
        ("Fx", "SUPERVISOR", "date unknown"),
        ("Review", "UNKNOWN", "date unknown"),
        ("Comp", "–", "not a member"),
    ]


def test_a_date_shows_where_the_beginning_of_the_membership_is_known() -> None:
    added = Event(
        *(ADDED, "", EventKind.REQUESTED, "people add", True),
        launch_profile_id="fx",
        principal_ids=("p-theo",),
    )
    theo = Person("p-theo", "Theo", "theo", launch_profile_ids=("fx",), personas={"fx": "USER"})
    assert rows(people(theo), PersonaDates.of([added]))[0] == ("Fx", "USER", "since 12:26")
    assert rows(people(), DATES)[0] == ("Fx", "SUPERVISOR", "date unknown")


def test_what_could_not_be_listed_is_not_said_to_be_absent() -> None:
    assert rows(people(unread="comp"))[-1][2] == "unknown: its members could not be listed"
    admin = Person("p-ines", "Inês", "ines", is_admin=True)
    assert rows(people(admin))[0][2] == "not a member; can use it as an admin"
    assert access.summary(people(admin), admin) == "admin, and member of 0 of 3 launch profiles"


def test_the_note_goes_by_what_the_model_lists() -> None:
    assert access.note(("USER",)).startswith("USER is the only persona that the API has.")
    assert "only persona" not in access.note(("USER", "SUPERVISOR"))
    assert access.note(()) == ""


@pytest.mark.parametrize(
    ("found", "row", "read_only", "reason"),
    [
        (people(), 0, True, "read_only"),
        (people(role=Role.ARTIST), 0, False, "Only"),
        (people(), 2, False, "They are not a member of Comp. Add them first (a on People)."),
        (people(), None, False, "There is no launch profile here."),
        (people(), 0, False, None),
    ],
)
def test_why_a_persona_cannot_be_set(
    found: People, row: int | None, read_only: bool, reason: str | None
) -> None:
    shown = access.rows(found, THEO, None, NOW, UTC)
    answer = access.refusal(found, None if row is None else shown[row], "a", read_only=read_only)
    assert answer is None if reason is None else reason in (answer or "")


def test_two_users_with_one_name_differ_by_their_ids() -> None:
    users = [
        UserProfile("u-1", status="ACTIVATED", kind="sso", name="Sam Lee", user_name="sam"),
        UserProfile("u-2", status="ASSIGNED", kind="sso", name="Sam Lee", user_name="sam"),
        UserProfile("u-3", status="BRAND_NEW", kind="passkey"),
    ]
    shown = user_search.rows(users)
    assert [row.details for row in shown] == [
        "sso: sam · u-1",
        "sso: sam · u-2",
        "passkey, which this version does not know",
    ]
    assert (shown[2].name, shown[2].status.text) == ("u-3", "BRAND_NEW")
    assert user_search.person_of(users[0]).label == "Sam Lee"


def test_the_types_of_user_have_a_heading_each() -> None:
    assert user_search.heading(UserSearchType.DATAZONE_IAM_USER) == "IAM users and roles"
    assert user_search.heading(UserSearchType.SSO_USER) == "SSO users"
    assert "Tick the box" in user_search.nothing_found("x\x1b[2J", everyone=False)
    assert "\x1b" not in user_search.nothing_found("x\x1b[2J", everyone=True)


@pytest.mark.parametrize(
    ("text", "arn"),
    [
        (" arn:aws:iam::123456789012:role/night ", "arn:aws:iam::123456789012:role/night"),
        ("theo", ""),
        ("arn:aws:s3:::bucket", ""),
    ],
)
def test_an_arn_of_iam_is_told_from_a_name(text: str, arn: str) -> None:
    assert user_search.arn_of(text) == arn


def test_a_profile_is_created_where_there_is_none() -> None:
    (create,) = user_profile.choices(None)
    assert (create.action, create.allowed) == (user_profile.CREATE, True)
    (refused,) = user_profile.choices(None, "This studio is read-only.")
    assert (refused.allowed, refused.why) == (False, "This studio is read-only.")


def test_of_an_unknown_status_nothing_is_offered() -> None:
    new = read_user_profile({"id": "u-1", "status": "BRAND_NEW", "type": "SSO"})
    options = user_profile.choices(new)
    assert len(options) == 4
    assert not any(one.allowed for one in options)
    assert all("BRAND_NEW" in one.why for one in options)
    assert user_profile.facts(new)[0].value.startswith("BRAND_NEW: ")
