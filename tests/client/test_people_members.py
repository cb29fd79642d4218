"""The nine operations on members: what is asked, in which pieces, and what is never asked."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from nimble_tui.client.people.service import NimblePeople
from nimble_tui.core.people.model import MembersReport
from nimble_tui.core.people.settings import PeopleSettings
from nimble_tui.core.service import ErrorKind, StudioError
from tests.client.conftest import PeopleFor
from tests.client.people_peer import STORE, PeoplePeer, person_id
from tests.faults.faulty_studio import PRINCIPAL_ID, Answer, hang_up, no, ok, replaced, reset


def kind_of(call: Callable[[], object]) -> tuple[ErrorKind, str]:
    with pytest.raises(StudioError) as error:
        call()
    return error.value.kind, error.value.message


def test_members_are_listed_page_by_page(people: NimblePeople, people_peer: PeoplePeer) -> None:
    people_peer.members["lp-1"] = [person_id(number) for number in range(45)]
    people_peer.page_size = 20
    listing = people.membership.list_launch_profile_members("lp-1")
    assert [one.principal_id for one in listing.items] == people_peer.members["lp-1"]
    assert listing.problem is None
    assert [one.query["maxResults"] for one in people_peer.requests] == [["20"]] * 3
    (admin,) = people.membership.list_studio_members().items
    assert (admin.principal_id, admin.persona) == (PRINCIPAL_ID, "ADMINISTRATOR")


def test_each_is_asked_for_by_its_own_call(people: NimblePeople, people_peer: PeoplePeer) -> None:
    people_peer.members["lp-1"] = [person_id(1)]
    assert people.membership.get_studio_member(PRINCIPAL_ID).persona == "ADMINISTRATOR"
    assert people.membership.get_launch_profile_member("lp-1", person_id(1)).persona == "USER"
    assert people.membership.update_launch_profile_member(
        "lp-1", person_id(1)
    ).principal_id == person_id(1)
    people.membership.put_studio_members([person_id(2)])
    people.membership.delete_studio_member(person_id(2))
    people.membership.put_launch_profile_members("lp-1", [person_id(3)])
    people.membership.delete_launch_profile_member("lp-1", person_id(1))
    assert people_peer.members["lp-1"] == [person_id(3)]
    assert people_peer.admins == [PRINCIPAL_ID]
    (update,) = people_peer.sent("UpdateLaunchProfileMember")
    assert json.loads(update.body) == {"persona": "USER"}
    people.membership.update_launch_profile_member("lp-1", person_id(3), "REVIEWER")
    new = people_peer.sent("UpdateLaunchProfileMember")[-1]
    assert json.loads(new.body) == {"persona": "REVIEWER"}
    (put,) = people_peer.sent("PutStudioMembers")
    assert json.loads(put.body) == {
        "identityStoreId": STORE,
        "members": [{"persona": "ADMINISTRATOR", "principalId": person_id(2)}],
    }
    changing = [one for one in people_peer.requests if one.method != "GET"]
    tokens = {one.headers["x-amz-client-token"] for one in changing}
    assert len(tokens) == len(changing) == 6


def test_forty_five_go_in_three_pieces(people: NimblePeople, people_peer: PeoplePeer) -> None:
    wanted = [person_id(number) for number in range(45)]
    progress: list[tuple[int, int]] = []
    report = people.membership.put_launch_profile_members(
        "lp-1", [*wanted, wanted[0]], lambda done, total: progress.append((done, total))
    )
    assert report == MembersReport(tuple(wanted))
    assert [len(one) for one in people_peer.sent_ids("PutLaunchProfileMembers")] == [20, 20, 5]
    assert progress == [(20, 45), (40, 45), (45, 45)]


def test_a_piece_that_is_refused_keeps_no_other_from_going_through(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    wanted = [person_id(number) for number in range(45)]
    people_peer.unknown = {person_id(30)}
    report = people.membership.put_launch_profile_members("lp-1", wanted)
    assert report.members == tuple(wanted[:20] + wanted[40:])
    assert report.missing == tuple(wanted[20:40])
    assert report.unsure == ()
    assert report.problem is not None
    assert report.problem.startswith("Done: 25 of 45 people, not done: 20. That person or launch")


def test_nothing_more_is_sent_once_nothing_can_go_through(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    wanted = [person_id(number) for number in range(45)]
    left = [1]

    def second_on(operation: str, _: object) -> Any:
        if operation != "PutLaunchProfileMembers":
            return None
        left[0] -= 1
        return (replaced(no(403, "AccessDeniedException", "no")), True) if left[0] < 0 else None

    people_peer.plan = second_on
    report = people.membership.put_launch_profile_members("lp-1", wanted)
    assert report.members == tuple(wanted[:20])
    assert report.missing == tuple(wanted[20:])
    assert len(people_peer.sent("PutLaunchProfileMembers")) == 2


def test_a_piece_whose_answer_is_lost_is_looked_for(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    people_peer.strike(reset, on=["PutLaunchProfileMembers"], before=False, times=3)
    report = people.membership.put_launch_profile_members("lp-1", [person_id(1), person_id(2)])
    assert report == MembersReport((person_id(1), person_id(2)))
    assert people_peer.changed() == ["PutLaunchProfileMembers"]


def test_of_whom_nobody_can_tell_is_said(people: NimblePeople, people_peer: PeoplePeer) -> None:
    def plan(operation: str, _: object) -> Any:
        lost = {"PutLaunchProfileMembers", "ListLaunchProfileMembers"}
        return (hang_up, True) if operation in lost else None

    people_peer.plan = plan
    report = people.membership.put_launch_profile_members("lp-1", [person_id(1)])
    assert report.unsure == (person_id(1),)
    assert report.problem is not None
    assert "unknown: 1" in report.problem


def test_when_nobody_goes_through_the_reason_is_raised(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    people_peer.unknown = {person_id(1)}
    kind, message = kind_of(lambda: people.membership.put_studio_members([person_id(1)]))
    assert kind == ErrorKind.NOT_FOUND
    assert message == "The studio has no such person; refresh."


@pytest.mark.parametrize("ids", [[], [""], ["a b"], ["fine", "\x1b[2J"], ["p" * 300]])
def test_ids_that_are_none_are_never_sent(
    people: NimblePeople, people_peer: PeoplePeer, ids: list[str]
) -> None:
    calls: list[Callable[[], object]] = [
        lambda: people.membership.put_studio_members(ids),
        lambda: people.membership.put_launch_profile_members("lp-1", ids),
    ]
    if ids:
        calls += [
            lambda: people.membership.get_studio_member(ids[-1]),
            lambda: people.membership.delete_studio_member(ids[-1]),
            lambda: people.membership.get_launch_profile_member("lp-1", ids[-1]),
            lambda: people.membership.delete_launch_profile_member(ids[-1], PRINCIPAL_ID),
            lambda: people.membership.list_launch_profile_members(ids[-1]),
            lambda: people.user_profiles.get_user_profile(ids[-1]),
            lambda: people.user_profiles.create_user_profile(ids[-1]),
        ]
    for call in calls:
        assert kind_of(call)[0] == ErrorKind.INVALID
    assert people_peer.requests == []


def test_ids_travel_whole(people: NimblePeople, people_peer: PeoplePeer) -> None:
    odd = "a/b:c?d#e%2F&f=;'\"<g>"
    people.membership.put_launch_profile_members("lp-1", [odd])
    assert people.membership.get_launch_profile_member("lp-1", odd).principal_id == odd
    people.membership.delete_launch_profile_member("lp-1", odd)
    assert people_peer.members["lp-1"] == []


def test_the_last_admin_is_not_removed(people: NimblePeople, people_peer: PeoplePeer) -> None:
    people_peer.admins = [person_id(1)]
    kind, message = kind_of(lambda: people.membership.delete_studio_member(person_id(1)))
    assert kind == ErrorKind.REFUSED
    assert "only admin" in message
    assert people_peer.sent("DeleteStudioMember") == []


def test_nobody_takes_their_own_admin_rights(people: NimblePeople, people_peer: PeoplePeer) -> None:
    people_peer.admins = [PRINCIPAL_ID, person_id(1)]
    assert (
        kind_of(lambda: people.membership.delete_studio_member(PRINCIPAL_ID))[0]
        == ErrorKind.REFUSED
    )
    assert people_peer.requests == []


def test_who_is_no_admin_is_told(people: NimblePeople, people_peer: PeoplePeer) -> None:
    assert (
        kind_of(lambda: people.membership.delete_studio_member(person_id(1)))[0]
        == ErrorKind.NOT_FOUND
    )
    assert people_peer.sent("DeleteStudioMember") == []


def test_a_list_of_admins_that_is_cut_removes_nobody(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    people_peer.admins = [person_id(1), person_id(2)]
    cut = ok({"members": [{"principalId": person_id(1)}, {"principalId": 7}]})
    people_peer.strike(replaced(cut), on=["ListStudioMembers"], before=True)
    assert (
        kind_of(lambda: people.membership.delete_studio_member(person_id(1)))[0]
        == ErrorKind.REFUSED
    )
    assert people_peer.sent("DeleteStudioMember") == []


def test_a_removal_whose_answer_is_lost_is_looked_for(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    people_peer.members["lp-1"] = [person_id(1)]
    people_peer.strike(reset, on=["DeleteLaunchProfileMember"], before=False)
    people.membership.delete_launch_profile_member("lp-1", person_id(1))
    assert people_peer.changed() == ["DeleteLaunchProfileMember"]


def test_a_removal_that_nobody_confirms_is_uncertain(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    people_peer.members["lp-1"] = [person_id(1)]
    people_peer.strike(hang_up, on=["DeleteLaunchProfileMember"], before=True)
    kind, message = kind_of(
        lambda: people.membership.delete_launch_profile_member("lp-1", person_id(1))
    )
    assert kind == ErrorKind.UNCERTAIN
    assert "still a member" in message


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        (
            no(403, "AccessDeniedException", "no"),
            ErrorKind.DENIED,
            "Only admins can change the members of launch profiles. Ask one of them.",
        ),
        (
            no(409, "ConflictException", "it is being updated"),
            ErrorKind.CONFLICT,
            "The studio can't do this in its current state: it is being updated; refresh",
        ),
        (
            no(400, "ValidationException", "persona must be USER"),
            ErrorKind.INVALID,
            "The studio rejected the request: persona must be USER. Refresh before",
        ),
        (
            no(402, "ServiceQuotaExceededException", ""),
            ErrorKind.QUOTA,
            "The studio has reached its limit",
        ),
        (
            no(429, "ThrottlingException", ""),
            ErrorKind.THROTTLED,
            "The studio is throttling requests",
        ),
        (
            no(500, "InternalServerErrorException", ""),
            ErrorKind.TROUBLE,
            "The studio returned an internal error",
        ),
        (ok([]), ErrorKind.NOT_UNDERSTOOD, "The studio sent an unexpected response"),
    ],
)
def test_each_no_is_a_sentence(
    people: NimblePeople, people_peer: PeoplePeer, answer: Any, kind: ErrorKind, message: str
) -> None:
    people_peer.strike(replaced(answer), on=["PutLaunchProfileMembers"], before=True)
    told = kind_of(lambda: people.membership.put_launch_profile_members("lp-1", [person_id(1)]))
    assert told[0] == kind
    assert told[1].startswith(message)


def test_settings_that_name_another_identity_store_are_to_be_corrected(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    body = {
        "message": "identityStoreId must be the studio's own, d-1.",
        "code": "UNKNOWN_IDENTITY_STORE",
        "context": {"identityStoreId": "must be the studio's own, d-1"},
    }
    headers = {"x-amzn-ErrorType": "ValidationException", "Content-Type": "application/json"}
    answer = Answer(400, json.dumps(body).encode(), headers)
    people_peer.strike(replaced(answer), on=["PutLaunchProfileMembers"], before=True)
    kind, message = kind_of(
        lambda: people.membership.put_launch_profile_members("lp-1", [person_id(1)])
    )
    assert kind == ErrorKind.INVALID
    assert message == (
        "The studio rejected the request: identityStoreId must be the studio's own, d-1. Correct "
        "identity_store_id in the settings."
    )


def test_an_answer_about_somebody_else_is_not_believed(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    other = replaced(ok({"member": {"principalId": person_id(2)}}))
    people_peer.strike(other, on=["GetStudioMember"], before=True)
    told = kind_of(lambda: people.membership.get_studio_member(person_id(1)))
    assert told[0] == ErrorKind.NOT_UNDERSTOOD


def test_looking_only_sends_nothing_that_changes(
    people_for: PeopleFor, people_peer: PeoplePeer
) -> None:
    people = people_for(read_only=True)
    people_peer.members["lp-1"] = [person_id(1)]
    people_peer.users = {person_id(1): {"DisplayName": "Mara"}}
    for change in (
        lambda: people.membership.put_studio_members([person_id(1)]),
        lambda: people.membership.delete_studio_member(person_id(1)),
        lambda: people.membership.put_launch_profile_members("lp-1", [person_id(1)]),
        lambda: people.membership.update_launch_profile_member("lp-1", person_id(1)),
        lambda: people.membership.delete_launch_profile_member("lp-1", person_id(1)),
        lambda: people.user_profiles.activate(person_id(1)),
        lambda: people.user_profiles.deactivate(person_id(1)),
        lambda: people.user_profiles.create_user_profile(person_id(1)),
    ):
        assert kind_of(change)[0] == ErrorKind.REFUSED
    people.look()
    operations = {people_peer.operation_of(one) for one in people_peer.requests}
    assert operations == {
        "ListLaunchProfiles",
        "ListStudioMembers",
        "ListLaunchProfileMembers",
        "ListStreamingSessions",
        "ListUsers",
        "SearchUserProfiles",
    }


def test_the_identity_store_is_told_by_a_member(
    people_for: PeopleFor, people_peer: PeoplePeer
) -> None:
    people = people_for(PeopleSettings())
    people.membership.put_launch_profile_members("lp-1", [person_id(1)])
    (put,) = people_peer.sent("PutLaunchProfileMembers")
    assert json.loads(put.body)["identityStoreId"] == STORE


def test_an_identity_store_that_nobody_tells_is_asked_for(
    people_for: PeopleFor, people_peer: PeoplePeer
) -> None:
    people_peer.admins = []
    people = people_for(PeopleSettings())
    kind, message = kind_of(
        lambda: people.membership.put_launch_profile_members("lp-1", [person_id(1)])
    )
    assert kind == ErrorKind.SETTINGS
    assert "identity_store_id" in message
