"""The statuses of a DataZone profile: what each means, and which may follow which."""

import pytest

from nimble_tui.core.people.model import UserProfile, UserProfileStatus, UserType
from nimble_tui.core.people.profile_status import (
    check_status,
    effect,
    meaning,
    new_profile,
    user_type_of,
)
from nimble_tui.core.rules import Allowed, Refused

# What the console offers for an SSO user (the user guide, Manage SSO users), and a deactivation
# before they first open DataZone.
OF_SSO = {
    "ASSIGNED": {"NOT_ASSIGNED", "DEACTIVATED"},
    "NOT_ASSIGNED": {"ASSIGNED"},
    "ACTIVATED": {"DEACTIVATED"},
    "DEACTIVATED": {"ACTIVATED"},
}
ROLE = "arn:aws:iam::123456789012:role/render"


def of(status: str | None, type_: str | None = "SSO") -> UserProfile:
    return UserProfile("p-1", type=type_, status=status)


@pytest.mark.parametrize("now", OF_SSO)
@pytest.mark.parametrize("type_", ["SSO", "IAM", None, "SAML"])
def test_which_status_may_follow(now: str, type_: str | None) -> None:
    allowed = {
        status
        for status in UserProfileStatus
        if isinstance(check_status(of(now, type_), status), Allowed)
    }
    assert allowed == (set(UserProfileStatus) - {now} if type_ == "IAM" else OF_SSO[now])


@pytest.mark.parametrize("now", OF_SSO)
@pytest.mark.parametrize("status", UserProfileStatus)
def test_each_answer_is_a_sentence(now: str, status: str) -> None:
    answer = check_status(of(now), status)
    sentence = answer.note if isinstance(answer, Allowed) else answer.reason
    assert sentence.endswith(".")
    if isinstance(answer, Allowed):
        assert sentence == effect(now, status)


@pytest.mark.parametrize(
    ("before", "status", "sentence"),
    [
        ("ACTIVATED", "DEACTIVATED", "Ends their access to DataZone."),
        ("ASSIGNED", "NOT_ASSIGNED", "Ends their access to DataZone."),
        ("DEACTIVATED", "ACTIVATED", "Gives them access to DataZone."),
        (None, "ASSIGNED", "Gives them access to DataZone."),
        ("ASSIGNED", "ACTIVATED", "Their access stays as it is."),
        ("NOT_ASSIGNED", "DEACTIVATED", "Their access stays as it is."),
    ],
)
def test_the_effect_of_a_status_depends_on_the_one_before(
    before: str | None, status: str, sentence: str
) -> None:
    assert effect(before, status) == sentence


@pytest.mark.parametrize("now", [None, "", "PENDING", "activated"])
@pytest.mark.parametrize("status", UserProfileStatus)
def test_nothing_follows_a_status_that_is_new(now: str | None, status: str) -> None:
    answer = check_status(of(now), status)
    assert isinstance(answer, Refused)
    assert (now or "UNKNOWN") in answer.reason
    assert meaning(now) == ""


def test_what_is_no_status_and_who_has_no_profile() -> None:
    answer = check_status(of("ACTIVATED"), "\x1b[2JGONE")
    assert isinstance(answer, Refused)
    assert "\x1b" not in answer.reason
    assert "ASSIGNED, NOT_ASSIGNED, ACTIVATED, DEACTIVATED" in answer.reason
    assert isinstance(check_status(None, "ASSIGNED"), Refused)


@pytest.mark.parametrize(
    ("user_id", "user_type", "status"),
    [
        ("9267a41c58-5d2b9e07-c8a1-4f36-b0e4-17d96a3c52f8", UserType.SSO_USER, "ASSIGNED"),
        ("theo.lindqvist", UserType.SSO_USER, "ASSIGNED"),
        (ROLE, UserType.IAM_ROLE, "ACTIVATED"),
        ("arn:aws:iam::123456789012:user/role/theo", UserType.IAM_USER, "ACTIVATED"),
    ],
)
def test_a_new_profile(user_id: str, user_type: UserType, status: str) -> None:
    assert user_type_of(user_id) == user_type
    assert new_profile(user_id).status == status
