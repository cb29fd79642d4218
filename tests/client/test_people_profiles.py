"""DataZone user profiles over the wire."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from nimble_tui.client.people.service import NimblePeople
from nimble_tui.core.people.model import UserProfileStatus, UserSearchType, UserType
from nimble_tui.core.people.settings import PeopleSettings
from nimble_tui.core.service import ErrorKind, StudioError
from tests.client.conftest import PeopleFor
from tests.client.people_peer import DOMAIN, STORE, PeoplePeer, person_id
from tests.faults.faulty_studio import Answer, cut_body, hang_up, no, ok, replaced, reset

MARA, THEO = person_id(1), person_id(2)


@pytest.fixture(autouse=True)
def _profiles(people_peer: PeoplePeer) -> None:
    people_peer.user_profiles = {MARA: people_peer.user_profile(MARA, "ACTIVATED")}


def kind_of(call: Callable[[], object]) -> tuple[ErrorKind, str]:
    with pytest.raises(StudioError) as error:
        call()
    return error.value.kind, error.value.message


def test_a_profile_is_read(people: NimblePeople, people_peer: PeoplePeer) -> None:
    profile = people.user_profiles.get_user_profile(MARA)
    assert (profile.status, profile.type, profile.kind) == ("ACTIVATED", "SSO", "sso")
    assert profile.user_name == "user-01"
    (request,) = people_peer.requests
    assert request.path == ("v2", "domains", DOMAIN, "user-profiles", MARA)
    assert "datazone/aws4_request" in request.headers["authorization"]


def test_a_profile_is_made_once(people: NimblePeople, people_peer: PeoplePeer) -> None:
    people_peer.strike(reset, on=["CreateUserProfile"], before=False, times=2)
    assert people.user_profiles.create_user_profile(THEO).status == "ASSIGNED"
    assert people_peer.ledger == [("CreateUserProfile", THEO)]
    bodies = [json.loads(one.body) for one in people_peer.sent("CreateUserProfile")]
    assert len(bodies) == 3
    assert len({one.pop("clientToken") for one in bodies}) == 1
    assert bodies[0] == {"userIdentifier": THEO, "userType": "SSO_USER"}


def test_a_profile_whose_making_is_lost_is_looked_for(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    people_peer.strike(reset, on=["CreateUserProfile"], before=False)
    assert people.user_profiles.create_user_profile(THEO, UserType.SSO_USER).user_id == THEO
    people_peer.strike(hang_up, on=["CreateUserProfile"], before=True)
    kind, message = kind_of(lambda: people.user_profiles.create_user_profile(person_id(3)))
    assert kind == ErrorKind.UNCERTAIN
    assert "there is no profile" in message


def test_a_status_is_set(people: NimblePeople, people_peer: PeoplePeer) -> None:
    profile = people.user_profiles.update_user_profile(MARA, UserProfileStatus.DEACTIVATED)
    assert profile.status == "DEACTIVATED"
    (update,) = people_peer.sent("UpdateUserProfile")
    assert json.loads(update.body) == {"status": "DEACTIVATED"}


def test_a_status_whose_setting_is_lost_is_looked_for(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    people_peer.strike(cut_body, on=["UpdateUserProfile"], before=False)
    assert people.user_profiles.update_user_profile(MARA, UserProfileStatus.DEACTIVATED).is_off
    people_peer.strike(hang_up, on=["UpdateUserProfile"], before=True)
    kind, message = kind_of(
        lambda: people.user_profiles.update_user_profile(MARA, UserProfileStatus.ACTIVATED)
    )
    assert kind == ErrorKind.UNCERTAIN
    assert "unchanged" in message


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        (None, "ASSIGNED", ["CreateUserProfile"]),
        ("ASSIGNED", "ASSIGNED", []),
        ("ACTIVATED", "ACTIVATED", []),
        ("NOT_ASSIGNED", "ASSIGNED", ["UpdateUserProfile"]),
        ("DEACTIVATED", "ACTIVATED", ["UpdateUserProfile"]),
        ("BRAND_NEW", "ACTIVATED", ["UpdateUserProfile"]),
    ],
)
def test_letting_somebody_into_the_domain(
    people: NimblePeople,
    people_peer: PeoplePeer,
    before: str | None,
    after: str,
    changed: list[str],
) -> None:
    if before:
        people_peer.user_profiles[THEO] = people_peer.user_profile(THEO, before)
    assert people.user_profiles.activate(THEO).status == after
    assert people_peer.changed() == changed


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("ASSIGNED", "DEACTIVATED", ["UpdateUserProfile"]),
        ("ACTIVATED", "DEACTIVATED", ["UpdateUserProfile"]),
        ("DEACTIVATED", "DEACTIVATED", []),
        ("NOT_ASSIGNED", "NOT_ASSIGNED", []),
    ],
)
def test_letting_somebody_out_of_the_domain(
    people: NimblePeople, people_peer: PeoplePeer, before: str, after: str, changed: list[str]
) -> None:
    people_peer.user_profiles[THEO] = people_peer.user_profile(THEO, before)
    assert people.user_profiles.deactivate(THEO).status == after
    assert people_peer.changed() == changed


def test_without_a_profile_there_is_nothing_to_switch_off(people: NimblePeople) -> None:
    kind, message = kind_of(lambda: people.user_profiles.deactivate(THEO))
    assert kind == ErrorKind.NOT_FOUND
    assert message == "This person has no DataZone profile; create one first."


def test_profiles_are_searched_page_by_page(people: NimblePeople, people_peer: PeoplePeer) -> None:
    for number in range(7):
        who = person_id(number)
        people_peer.user_profiles[who] = people_peer.user_profile(who, "ASSIGNED")
    people_peer.page_size = 3
    assert len(people.user_profiles.search_user_profiles().items) == 7
    assert len(people_peer.requests) == 3
    assert [one.user_id for one in people.user_profiles.search_user_profiles("user-06").items] == [
        person_id(6)
    ]
    people.user_profiles.search_user_profiles("x", UserSearchType.DATAZONE_IAM_USER)
    assert json.loads(people_peer.requests[-1].body) == {
        "maxResults": 50,
        "searchText": "x",
        "userType": "DATAZONE_IAM_USER",
    }


def test_a_page_of_a_search_is_one_request(people: NimblePeople, people_peer: PeoplePeer) -> None:
    for number in range(7):
        who = person_id(number)
        people_peer.user_profiles[who] = people_peer.user_profile(who, "ASSIGNED")
    people_peer.page_size = 3
    search = people.user_profiles.search_page
    first = search("user", UserSearchType.DATAZONE_SSO_USER)
    assert (len(first.items), bool(first.next_token)) == (3, True)
    second = search("user", UserSearchType.DATAZONE_SSO_USER, first.next_token)
    assert {one.user_id for one in first.items}.isdisjoint(one.user_id for one in second.items)
    assert len(people_peer.requests) == 2
    last = search("user", UserSearchType.DATAZONE_SSO_USER, second.next_token)
    assert (len(last.items), last.next_token) == (1, "")


def test_empty_pages_of_a_search_are_passed_over_up_to_a_limit(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    empty = ok({"items": [], "nextToken": "more"})
    search = people.user_profiles.search_page
    people_peer.strike(replaced(empty), on=["SearchUserProfiles"], before=True, times=3)
    page = search("user", UserSearchType.DATAZONE_IAM_USER)
    assert [one.user_id for one in page.items] == [MARA]
    people_peer.requests.clear()
    people_peer.strike(replaced(empty), on=["SearchUserProfiles"], before=True)
    page = search("user", UserSearchType.DATAZONE_IAM_USER)
    assert (page.items, page.next_token) == ((), "more")
    assert len(people_peer.requests) == 20


def test_a_page_without_its_list_ends_in_a_sentence(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    people_peer.strike(replaced(ok({})), on=["SearchUserProfiles"], before=True)
    search = people.user_profiles.search_page
    kind, _ = kind_of(lambda: search("user", UserSearchType.DATAZONE_SSO_USER))
    assert kind == ErrorKind.NOT_UNDERSTOOD
    kind, _ = kind_of(lambda: people.user_profiles.search_user_profiles("user"))
    assert kind == ErrorKind.NOT_UNDERSTOOD


def test_a_search_that_is_too_long_is_not_sent(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    assert (
        kind_of(lambda: people.user_profiles.search_user_profiles("x" * 1025))[0]
        == ErrorKind.INVALID
    )
    assert people_peer.requests == []


@pytest.mark.parametrize(
    ("details", "kind", "name"),
    [
        ({"passkey": {"owner": "x"}}, "passkey", None),
        ({"iam": {"arn": "arn:aws:iam::123456789012:role/farm"}}, "iam", "farm"),
        ({"iam": {}}, "iam", None),
        ({"sso": {"firstName": "\x1b[2JMara", "lastName": "Vos"}}, "sso", "\ufffd[2JMara Vos"),
        (None, None, None),
    ],
)
def test_details_of_any_kind_are_taken(
    people: NimblePeople, people_peer: PeoplePeer, details: Any, kind: str | None, name: str | None
) -> None:
    people_peer.user_profiles[MARA]["details"] = details
    for profile in (
        people.user_profiles.get_user_profile(MARA),
        people.user_profiles.search_user_profiles().items[0],
    ):
        assert (profile.kind, profile.name) == (kind, name)
        assert profile.status == "ACTIVATED"
    assert people.user_profiles.deactivate(MARA).is_off


@pytest.mark.parametrize(
    "details", [{}, {"sso": {}, "iam": {}}, "odd", [], {"sso": "odd"}, {"iam": None}]
)
def test_details_that_cannot_be_cost_no_more_than_what_they_would_tell(
    people: NimblePeople, people_peer: PeoplePeer, details: Any
) -> None:
    people_peer.user_profiles[THEO] = people_peer.user_profile(THEO, "ASSIGNED", details=details)
    listing = people.user_profiles.search_user_profiles()
    assert [(one.user_id, one.status, one.kind) for one in listing.items] == [
        (MARA, "ACTIVATED", "sso"),
        (THEO, "ASSIGNED", None),
    ]
    assert listing.problem is None
    assert people.user_profiles.get_user_profile(THEO).name is None
    assert people.user_profiles.deactivate(THEO).status == "DEACTIVATED"
    assert people.look().user_profiles is True


@pytest.mark.parametrize("entry", [None, 7, "odd", [], {}, {"id": 7, "status": "ACTIVATED"}])
def test_a_profile_that_cannot_be_read_costs_no_other(
    people: NimblePeople, people_peer: PeoplePeer, entry: Any
) -> None:
    whole = people_peer.user_profile(MARA, "ACTIVATED")
    told = ok({"items": [entry, whole]})
    people_peer.strike(replaced(told), on=["SearchUserProfiles"], before=True)
    listing = people.user_profiles.search_user_profiles()
    assert [one.user_id for one in listing.items] == [MARA]
    assert (listing.skipped, listing.partial) == (1, False)
    assert listing.problem == "1 entry of the list could not be read; ask your admin."


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        (
            no(401, "UnauthorizedException", "no"),
            ErrorKind.DENIED,
            "Amazon DataZone rejected your access keys; ask your operator",
        ),
        (
            no(403, "AccessDeniedException", "no"),
            ErrorKind.DENIED,
            (
                "Amazon DataZone does not let you see this DataZone profile; ask your admin for "
                "datazone:GetUserProfile."
            ),
        ),
        (
            no(403, "UnrecognizedClientException", "no"),
            ErrorKind.DENIED,
            "Amazon DataZone rejected",
        ),
        (
            no(404, "ResourceNotFoundException", "no"),
            ErrorKind.NOT_FOUND,
            "This person has no DataZone profile",
        ),
        (
            no(404, "UnknownOperationException", "no"),
            ErrorKind.NOT_UNDERSTOOD,
            "Amazon DataZone is not available at 127.0.0.1 (error 404); check domain_id",
        ),
        (
            no(429, "ThrottlingException", "no"),
            ErrorKind.THROTTLED,
            "Amazon DataZone is throttling requests",
        ),
        (
            no(400, "ValidationException", "domainIdentifier is odd"),
            ErrorKind.INVALID,
            "Amazon DataZone rejected the request: domainIdentifier is odd; check domain_id",
        ),
        (
            no(500, "InternalServerException", "no"),
            ErrorKind.TROUBLE,
            "Amazon DataZone returned an internal error (500)",
        ),
        (
            Answer(200, b"<!doctype html>", {"Content-Type": "text/html"}),
            ErrorKind.UNREACHABLE,
            "A web page answered",
        ),
        (
            ok({"status": "ACTIVATED"}),
            ErrorKind.NOT_UNDERSTOOD,
            "Amazon DataZone sent an unexpected",
        ),
        (Answer(201, b"{}"), ErrorKind.NOT_UNDERSTOOD, "Amazon DataZone sent an unexpected"),
    ],
)
def test_each_no_is_a_sentence(
    people: NimblePeople, people_peer: PeoplePeer, answer: Answer, kind: ErrorKind, message: str
) -> None:
    people_peer.strike(replaced(answer), on=["GetUserProfile"], before=True)
    told = kind_of(lambda: people.user_profiles.get_user_profile(MARA))
    assert told[0] == kind
    assert told[1].startswith(message)


def test_without_a_domain_nothing_is_asked(people_for: PeopleFor, people_peer: PeoplePeer) -> None:
    people = people_for(PeopleSettings(STORE))
    assert not people.has_user_profiles
    calls: list[Callable[[], object]] = [
        lambda: people.user_profiles.search_user_profiles(MARA),
        lambda: people.user_profiles.get_user_profile(MARA),
        lambda: people.user_profiles.activate(MARA),
    ]
    for call in calls:
        kind, message = kind_of(call)
        assert kind == ErrorKind.SETTINGS
        assert "domain_id" in message
    assert people_peer.requests == []
    assert people.look().user_profiles is None
