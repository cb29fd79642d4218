"""People's names: remembered, missed without harm, never trusted."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from nimble_tui.client.people.service import NimblePeople
from nimble_tui.core.clock import ManualClock
from nimble_tui.core.people.settings import PeopleSettings
from tests.client.conftest import Connect, PeopleFor
from tests.client.people_peer import DOMAIN, STORE, PeoplePeer, person_id
from tests.faults.faulty_studio import (
    Answer,
    Fault,
    cut_json,
    hang_up,
    no,
    noise,
    ok,
    replaced,
    reset,
    reset_in_body,
)

MARA, THEO = person_id(1), person_id(2)


@pytest.fixture(autouse=True)
def _users(people_peer: PeoplePeer) -> None:
    people_peer.users = {
        MARA: {"DisplayName": "Mara Vos", "UserName": "mara.vos"},
        THEO: {"DisplayName": "Theo Lindqvist", "UserName": "theo"},
    }


def asked(peer: PeoplePeer) -> list[str]:
    return [peer.operation_of(one) for one in peer.requests]


def test_everybody_is_listed_page_by_page(people: NimblePeople, people_peer: PeoplePeer) -> None:
    people_peer.users = {person_id(n): {"DisplayName": f"N{n}"} for n in range(7)}
    people_peer.page_size = 3
    listing = people.identities()
    assert [one.name for one in listing.items] == [f"N{n}" for n in range(7)]
    assert listing.problem is None
    assert asked(people_peer) == ["ListUsers"] * 3
    first = people_peer.requests[0]
    assert "identitystore/aws4_request" in first.headers["authorization"]
    assert json.loads(first.body) == {"IdentityStoreId": STORE, "MaxResults": 100}


def test_a_few_names_are_looked_up_once(people: NimblePeople, people_peer: PeoplePeer) -> None:
    unknown = person_id(9)
    for _ in range(2):
        listing = people.identities([MARA, unknown, MARA])
        assert [(one.principal_id, one.name) for one in listing.items] == [(MARA, "Mara Vos")]
        assert listing.problem is None
    assert asked(people_peer) == ["DescribeUser", "DescribeUser"]


def test_many_names_are_looked_up_in_one_list(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    people_peer.users = {person_id(n): {"DisplayName": f"N{n}"} for n in range(40)}
    assert len(people.identities([person_id(n) for n in range(30)]).items) == 30
    assert asked(people_peer) == ["ListUsers"]


def test_who_may_not_list_still_looks_up(people: NimblePeople, people_peer: PeoplePeer) -> None:
    people_peer.users = {person_id(n): {"DisplayName": f"N{n}"} for n in range(12)}
    refused = replaced(no(400, "AccessDeniedException", "no"))
    people_peer.strike(refused, on=["ListUsers"], before=True)
    listing = people.identities([person_id(n) for n in range(12)])
    assert len(listing.items) == 12
    assert listing.problem is None


def test_a_list_is_asked_for_again_after_a_while(
    service_for: Connect, people_peer: PeoplePeer
) -> None:
    clock = ManualClock(datetime(2026, 11, 21, 10, tzinfo=UTC))
    people = service_for(
        endpoint_url=people_peer.url, clock=clock, people=PeopleSettings(STORE, DOMAIN)
    ).people
    people.look()
    people.look()
    assert asked(people_peer).count("ListUsers") == 1
    people.look(fresh=True)
    assert asked(people_peer).count("ListUsers") == 2
    clock.advance(300)
    del people_peer.users[THEO]
    assert people.look().person(THEO) is None
    assert asked(people_peer).count("ListUsers") == 3


WRONG: list[Fault] = [
    hang_up,
    reset,
    reset_in_body,
    cut_json,
    noise(7),
    replaced(Answer(200, b"<html>", {"Content-Type": "text/html"})),
    replaced(ok([])),
    replaced(ok({"Users": None})),
    replaced(ok({})),
    replaced(no(400, "AccessDeniedException", "no")),
    replaced(no(401, "UnauthorizedException", "no")),
    replaced(no(404, "ResourceNotFoundException", "no such store")),
    replaced(Answer(404, b"not here", {"Content-Type": "text/plain"})),
    replaced(no(429, "ThrottlingException", "")),
    replaced(no(500, "InternalServerException", "")),
    replaced(Answer(301, b"", {"Location": "https://elsewhere.example"})),
]


@pytest.mark.parametrize("fault", WRONG)
def test_without_a_directory_ids_still_work(
    people: NimblePeople, people_peer: PeoplePeer, fault: Fault
) -> None:
    people_peer.members["lp-1"] = [MARA]
    people_peer.strike(fault, on=["ListUsers", "DescribeUser"], before=True)
    seen = people.look()
    mara = seen.person(MARA)
    assert mara is not None
    assert mara.label == mara.short_id == MARA.rpartition("-")[2]
    assert not seen.directory_known
    (notice,) = seen.notices
    assert notice.startswith("Names are unavailable, so some people are shown by id")
    listing = people.identities([MARA])
    assert listing.items == ()
    people.membership.put_launch_profile_members("lp-1", [THEO])
    assert people_peer.members["lp-1"] == [MARA, THEO]


def test_names_are_remembered_while_the_directory_is_down(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    people_peer.members["lp-1"] = [MARA]
    assert people.look().notices == ()
    people_peer.strike(hang_up, on=["ListUsers"], before=True)
    seen = people.look(fresh=True)
    mara = seen.person(MARA)
    assert mara is not None
    assert mara.name == "Mara Vos"
    assert len(seen.notices) == 1


def test_a_directory_that_failed_is_left_alone_for_a_while(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    people_peer.strike(hang_up, on=["ListUsers", "SearchUserProfiles"], before=True)
    people.look()
    before = len(people_peer.requests)
    seen = people.look()
    again = asked(people_peer)[before:]
    assert "ListUsers" not in again
    assert "SearchUserProfiles" not in again
    assert len(seen.notices) == 2
    assert "30 seconds" in seen.notices[0]
    people_peer.plan = lambda *_: None
    assert people.look(fresh=True).notices == ()


def test_hostile_names_only_draw_themselves(people: NimblePeople, people_peer: PeoplePeer) -> None:
    people_peer.users = {
        MARA: {"DisplayName": "\x1b]52;c;aGk=\x07[@click=app.quit]Mara\u202e", "UserName": 7},
        THEO: {"Name": {"GivenName": ["x"], "FamilyName": "\x9bLindqvist"}},
        "\x1b[2J": {"DisplayName": "Eve"},
    }
    names = {one.name for one in people.look().everyone}
    assert all(name.isprintable() for name in names)
    assert "\ufffd]52;c;aGk=\ufffd[@click=app.quit]Mara\ufffd" in names
    assert {one.short_id for one in people.look().everyone} >= {"\\u{1b}[2J"}


def test_an_entry_that_cannot_be_read_is_counted(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    users = [{"UserId": MARA, "DisplayName": "Mara Vos"}, {"DisplayName": "nobody"}, {}]
    people_peer.strike(replaced(ok({"Users": users})), on=["ListUsers"], before=True)
    listing = people.identities()
    assert [one.name for one in listing.items] == ["Mara Vos"]
    assert listing.problem == "2 entries of the list could not be read; ask your admin."


def test_an_answer_about_somebody_else_names_nobody(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    wrong = replaced(ok({"UserId": THEO, "DisplayName": "Theo"}))
    people_peer.strike(wrong, on=["DescribeUser"], before=True)
    listing = people.identities([MARA])
    assert (listing.items, listing.partial) == ((), True)


def test_without_a_store_there_is_one_notice(
    people_for: PeopleFor, people_peer: PeoplePeer
) -> None:
    people_peer.admins = []
    people_peer.members["lp-1"] = [MARA]
    seen = people_for(PeopleSettings()).look()
    assert len(seen.notices) == 1
    assert "identity_store_id" in seen.notices[0]


@pytest.mark.parametrize(
    "again", [lambda one: one.identities(), lambda one: one.identities([MARA])]
)
def test_a_closed_service_names_nobody(
    service_for: Connect, people_peer: PeoplePeer, again: Callable[[NimblePeople], object]
) -> None:
    service = service_for(endpoint_url=people_peer.url, people=PeopleSettings(STORE))
    service.close()
    again(service.people)
    assert people_peer.requests == []
