"""What is shown of a DataZone profile, and of its statuses."""

import pytest

from nimble_tui.core.people.model import read_user_profile
from nimble_tui.core.text import clean
from nimble_tui.view.people.user_profile import details, facts, name, options

ARN = "arn:aws:iam::123456789012:role/night"
SSO = {"username": "theo.lindqvist", "firstName": "Theo", "lastName": "Lindqvist"}


@pytest.mark.parametrize(
    ("union", "shown", "called"),
    [
        ({"sso": SSO}, "sso: theo.lindqvist, Theo Lindqvist", "Theo Lindqvist"),
        ({"sso": {}}, "sso", "u-1"),
        ({"iam": {"arn": ARN}}, f"iam: {ARN}", "night"),
        ({"iam": {"arn": ARN, "sessionName": "two"}}, f"iam: {ARN}, session two", "night"),
        (
            {"SDK_UNKNOWN_MEMBER": {"name": "saml\x1b"}},
            clean("saml\x1b") + ", which this version does not know",
            "u-1",
        ),
        ({}, "", "u-1"),
        (None, "", "u-1"),
        ("x", "", "u-1"),
    ],
)
def test_the_details_show_for_what_they_are(union: object, shown: str, called: str) -> None:
    profile = read_user_profile({"id": "u-1", "details": union})
    assert details(profile) == shown
    assert name(profile) == called


def test_a_profile_without_a_status_shows_so_and_offers_nothing() -> None:
    profile = read_user_profile({"id": "u-1"})
    assert facts(profile)[0].value == "UNKNOWN: this version does not know what that means"
    assert [one.allowed for one in options(profile)] == [False] * 4


def test_each_other_status_is_offered_or_refused_with_the_reason() -> None:
    profile = read_user_profile({"id": "u-1", "type": "SSO", "status": "ACTIVATED"})
    assert [(one.label, one.allowed) for one in options(profile)] == [
        ("ASSIGNED", False),
        ("NOT_ASSIGNED", False),
        ("DEACTIVATED", True),
    ]
    assert {one.why for one in options(profile, "Ask an admin.")} == {"Ask an admin."}
    assert not any(one.allowed for one in options(profile, "Ask an admin."))
