"""Lists of many pages, of which some do not come."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from nimble_tui.client.nimble import NimbleService
from nimble_tui.client.transport import Limits
from nimble_tui.core.listing import Listing
from nimble_tui.core.model import StreamConfiguration, StreamingSession
from tests.client.conftest import Connect, returned
from tests.faults.faulty_studio import FaultyStudio, no, ok, replaced


def listing_of(service: NimbleService) -> Listing[StreamingSession]:
    return returned(service.list_streaming_sessions)


def test_a_later_page_that_fails_leaves_a_part(
    service: NimbleService, studio: FaultyStudio
) -> None:
    studio.states = {f"ses.{number}": "READY" for number in range(30)}
    studio.page_size = 10
    studio.plan = lambda _operation, request: (
        (replaced(no(400, "ValidationException", "no")), True)
        if request.query.get("nextToken") == ["20"]
        else None
    )
    listing = listing_of(service)
    assert len(listing.items) == 20
    assert listing.partial
    assert listing.problem is not None
    assert listing.problem.startswith("The list is incomplete: ")


@pytest.mark.parametrize("token", ["same", 7, {}, ["x"]])
def test_a_token_that_leads_nowhere(
    service: NimbleService, studio: FaultyStudio, token: object
) -> None:
    first = studio.session("ses.ready")
    studio.plan = lambda _operation, request: (
        replaced(
            ok({"sessions": [first], "nextToken": token if request.query.get("nextToken")
                else "first"})
        ),
        True,
    )  # fmt: skip
    listing = listing_of(service)
    assert listing.partial
    assert len(listing.items) == 1
    assert len(studio.requests) <= 3


@pytest.mark.parametrize("token", ["", None])
def test_a_list_may_end_with_no_token(
    service: NimbleService, studio: FaultyStudio, token: object
) -> None:
    page = ok({"sessions": [studio.session("ses.ready")], "nextToken": token})
    studio.strike(replaced(page), on=["ListStreamingSessions"], before=True)
    assert not listing_of(service).partial
    assert len(studio.requests) == 1


def test_entries_that_cannot_be_read_are_counted(
    service: NimbleService, studio: FaultyStudio
) -> None:
    good = studio.session("ses.ready")
    page = ok({"sessions": [None, {}, good, {"sessionId": ""}, {"sessionId": 7}]})
    studio.strike(replaced(page), on=["ListStreamingSessions"], before=True)
    listing = listing_of(service)
    assert (len(listing.items), listing.skipped, listing.partial) == (1, 4, False)
    assert listing.problem is not None


def test_one_bad_time_spoils_nothing(service: NimbleService, studio: FaultyStudio) -> None:
    good = studio.session("ses.ready")
    times = ["yesterday", -1e300, {}, None, True, "9999-12-31T23:59:59-14:00"]
    page = ok({"sessions": [{**good, "sessionId": f"{n}", "stopAt": at}
                            for n, at in enumerate(times)]})  # fmt: skip
    studio.strike(replaced(page), on=["ListStreamingSessions"], before=True)
    listing = service.list_streaming_sessions()
    assert [one.stop_at for one in listing.items] == [None] * len(times)
    assert {one.created_at for one in listing.items} == {datetime(2026, 11, 21, 1, tzinfo=UTC)}


def test_a_member_of_another_type_costs_no_more_than_itself(
    service: NimbleService, studio: FaultyStudio
) -> None:
    good = studio.session("ses.ready")
    odd: list[Any] = [7, "x", [], [7], {"size": []}, True, -1.5]
    rows = [
        {**good, "sessionId": f"ses.{number}", "tags": value, "volumeConfiguration": value}
        for number, value in enumerate(odd)
    ]
    page = ok({"sessions": [*odd, *rows]})
    studio.strike(replaced(page), on=["ListStreamingSessions"], before=True)
    listing = listing_of(service)
    assert [one.session_id for one in listing.items] == [row["sessionId"] for row in rows]
    assert {one.state for one in listing.items} == {"READY"}
    assert not any(one.tags for one in listing.items)
    assert (listing.skipped, listing.partial) == (len(odd), False)


def test_a_launch_profile_with_members_of_another_type_is_still_one(
    service: NimbleService, studio: FaultyStudio
) -> None:
    odd = {"streamConfiguration": 7, "validationResults": {"state": []}, "ec2SubnetIds": "x"}
    studio.profiles = [{**studio.profiles[0], **odd}]
    (one,) = service.list_launch_profiles().items
    assert (one.title, one.state, one.validation_results) == ("Lighting", "READY", ())
    assert one.stream_configuration == StreamConfiguration()


def test_a_list_without_end_ends(service_for: Connect, studio: FaultyStudio) -> None:
    studio.plan = lambda _operation, request: (
        replaced(ok({"sessions": [], "nextToken": request.query.get("nextToken", ["x"])[0] + "x"})),
        True,
    )
    service = service_for(limits=replace(Limits(), pages=7))
    listing = service.list_streaming_sessions()
    assert listing.partial
    assert len(studio.requests) == 7


def test_what_is_listed_twice_is_shown_once(service: NimbleService, studio: FaultyStudio) -> None:
    first = studio.session("ses.ready")
    page = ok({"sessions": [first, {**first, "state": "STOPPED"}]})
    studio.strike(replaced(page), on=["ListStreamingSessions"], before=True)
    assert [one.state for one in service.list_streaming_sessions().items] == ["STOPPED"]


def test_what_did_not_change_is_the_very_same_again(
    service: NimbleService, studio: FaultyStudio
) -> None:
    studio.states = {f"ses.{number}": "READY" for number in range(6)}
    studio.page_size = 2
    first = service.list_streaming_sessions().items
    studio.states["ses.3"] = "STOPPED"
    again = service.list_streaming_sessions().items
    assert [one is before for one, before in zip(again, first, strict=True)] == [
        True, True, True, False, True, True
    ]  # fmt: skip
    assert again[3].state == "STOPPED"
    studio.states = {"ses.3": "READY"}
    assert service.list_streaming_sessions().items == (first[3],)
