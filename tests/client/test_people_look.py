"""A look around at people: who sees what, and what is told of what cannot be seen."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from nimble_tui.client.people.service import NimblePeople
from nimble_tui.core.people.model import People, Role
from nimble_tui.core.people.plans import Plan, plan_offboard
from nimble_tui.core.service import ErrorKind, StudioError
from tests.client.conftest import PeopleFor
from tests.client.people_peer import PeoplePeer, person_id
from tests.faults.faulty_studio import PRINCIPAL_ID, Request, hang_up, no, ok, replaced
from tests.faults.replies import with_entries

MARA, THEO = person_id(1), person_id(2)


@pytest.fixture(autouse=True)
def _people(people_peer: PeoplePeer) -> None:
    people_peer.profiles = [
        {"launchProfileId": "lp-1", "name": "Lighting", "state": "READY"},
        {"launchProfileId": "lp-2", "name": "Comp", "state": "READY"},
        {"launchProfileId": "lp-0", "name": "Old", "state": "DELETED"},
    ]
    people_peer.members = {"lp-1": [MARA, THEO], "lp-2": [THEO], "lp-0": [MARA]}
    people_peer.users = {
        MARA: {"DisplayName": "Mara"},
        THEO: {"DisplayName": "Theo"},
        person_id(3): {"DisplayName": "Nell"},
        PRINCIPAL_ID: {"DisplayName": "Inês"},
    }


def names(people: People) -> list[str]:
    return [one.name for one in people.everyone]


def as_artist(peer: PeoplePeer) -> None:
    """Let the studio show what is one's own alone."""

    def plan(operation: str, request: Request) -> Any:
        whose = {"ListLaunchProfiles": "principalId", "ListStreamingSessions": "ownedBy"}
        if operation in whose and whose[operation] not in request.query:
            return replaced(no(403, "AccessDeniedException", "not yours")), True
        if operation == "ListLaunchProfileMembers" and request.path[4] == "lp-2":
            return replaced(no(403, "AccessDeniedException", "not a member")), True
        return None

    peer.plan = plan


def test_whoever_sees_everything_and_is_no_admin_is_the_operator(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    assert (people.look().role, people.look().changes_admins) == (Role.ADMIN, None)
    people_peer.admins = [MARA]
    assert (people.look().role, people.look().changes_admins) == (Role.OPERATOR, True)


def test_deleted_launch_profiles_are_left_out(people: NimblePeople) -> None:
    seen = people.look()
    assert [one.launch_profile_id for one in seen.launch_profiles] == ["lp-1", "lp-2"]
    mara = seen.person(MARA)
    assert mara is not None
    assert mara.launch_profile_ids == ("lp-1",)
    assert names(seen) == ["Inês", "Mara", "Nell", "Theo"]


def test_an_artist_sees_their_own(people: NimblePeople, people_peer: PeoplePeer) -> None:
    as_artist(people_peer)
    people_peer.admins = [THEO]
    seen = people.look()
    assert (seen.role, seen.changes_admins, seen.sessions_known) == (Role.ARTIST, False, False)
    assert seen.notices == ()
    assert names(seen) == ["Inês", "Mara", "Theo"]
    assert seen.unread_profile_ids == {"lp-2"}
    operations = {people_peer.operation_of(one) for one in people_peer.requests}
    assert not operations & {"SearchUserProfiles", "ListUsers"}


def test_without_the_studio_there_is_nothing_to_see(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    people_peer.plan = lambda *_: (hang_up, True)
    with pytest.raises(StudioError) as error:
        people.look()
    assert error.value.kind == ErrorKind.UNREACHABLE


@pytest.mark.parametrize(
    ("operation", "answer", "notice"),
    [
        (
            "ListStudioMembers",
            no(403, "AccessDeniedException", "no"),
            "Can't list the admins. The studio does not let you see who the admins",
        ),
        (
            "ListLaunchProfileMembers",
            no(409, "ConflictException", "it is being made"),
            "Can't list the members of Lighting. The studio can't do this in",
        ),
        (
            "ListStreamingSessions",
            no(500, "InternalServerErrorException", ""),
            "Can't count workstations. The studio returned an internal error",
        ),
        (
            "SearchUserProfiles",
            no(401, "UnauthorizedException", ""),
            "DataZone profiles are shown as unknown. Amazon DataZone rejected your access keys",
        ),
        (
            "SearchUserProfiles",
            ok({"items": [{"id": MARA, "details": {"new": {}}}, {}]}),
            "1 entry of the list could not be read",
        ),
    ],
)
def test_what_cannot_be_seen_is_told(
    people: NimblePeople, people_peer: PeoplePeer, operation: str, answer: Any, notice: str
) -> None:
    people_peer.strike(replaced(answer), on=[operation], before=True)
    seen = people.look()
    assert seen.notices[0].startswith(notice)
    assert {MARA, PRINCIPAL_ID} <= {one.principal_id for one in seen.everyone}
    assert seen.admins_known is (operation != "ListStudioMembers")
    assert seen.sessions_known is (operation != "ListStreamingSessions")
    unread = {"lp-1", "lp-2"} if operation == "ListLaunchProfileMembers" else set()
    assert seen.unread_profile_ids == unread


def test_a_list_of_which_a_page_is_missing_is_not_whole(
    people: NimblePeople, people_peer: PeoplePeer
) -> None:
    people_peer.members["lp-1"] = [person_id(number) for number in range(40)]
    people_peer.admins = [MARA, PRINCIPAL_ID, *[person_id(number) for number in range(30)]]
    people_peer.page_size = 20

    def second_page(operation: str, request: Request) -> Any:
        cut = operation in {"ListLaunchProfileMembers", "ListStudioMembers"}
        return (hang_up, True) if cut and "nextToken" in request.query else None

    people_peer.plan = second_page
    seen = people.look()
    assert seen.unread_profile_ids == {"lp-1"}
    assert not seen.admins_known
    nell = seen.person(person_id(3))
    assert nell is not None
    assert nell.launch_profile_ids == ("lp-1",)
    theirs = seen.person(person_id(30))
    assert theirs is None


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("ListStudioMembers", "members"),
        ("ListLaunchProfileMembers", "members"),
        ("ListLaunchProfiles", "launchProfiles"),
        ("ListStreamingSessions", "sessions"),
        ("ListUsers", "Users"),
        ("SearchUserProfiles", "items"),
    ],
)
@pytest.mark.parametrize("broken", [None, "x", {}, {"principalId": 7, "UserId": [], "id": {}}])
def test_what_cannot_be_read_is_as_it_was(
    people: NimblePeople, people_peer: PeoplePeer, operation: str, name: str, broken: object
) -> None:
    people_peer.states = {"ses.1": "READY"}
    before = people.look(fresh=True)
    assert before.complete
    fault = with_entries(name, lambda rows: [broken for _ in rows] or [broken])
    people_peer.strike(fault, on=[operation], before=False)
    seen = people.look(fresh=True)
    assert seen.everyone == before.everyone if operation != "ListStudioMembers" else names(seen)
    assert names(seen) == names(before)
    assert seen.launch_profiles == before.launch_profiles
    assert not seen.complete
    assert any("could not be read" in one for one in seen.notices)
    people_peer.plan = lambda *_: None
    assert people.look(fresh=True).complete


def test_two_that_run_one_plan_do_each_thing_once(
    people_for: PeopleFor, people_peer: PeoplePeer
) -> None:
    first, second = people_for(), people_for()
    plan = plan_offboard(first.look(), THEO)
    assert isinstance(plan, Plan)

    with ThreadPoolExecutor(2) as pool:
        ran = list(pool.map(lambda people: people.run(plan), (first, second)))
    assert [one.left_to_me for one in ran] == [(), ()]
    assert people_peer.changed().count("DeleteLaunchProfileMember") == 2
    assert all(THEO not in there for there in people_peer.members.values())


_CONNECTING = """
import json, sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
from nimble_tui.client.nimble import connect
from nimble_tui.core.keys import Keys
from nimble_tui.core.people.settings import PeopleSettings
from nimble_tui.core.service import StudioInfo
settings = PeopleSettings("d-92677b4b19", "dzd-people")
service = connect(StudioInfo("n", "s", "us-west-2", "p"), endpoint_url="http://127.0.0.1:1",
    keys=Keys("AKIDEXAMPLE", "made-up"), people=settings)
print(json.dumps({"modules": sorted(sys.modules), "opened": opened}))
service.close()
"""


def test_whoever_asks_nothing_about_people_loads_nothing_for_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CONNECTING], capture_output=True, text=True, check=True, timeout=60
    )
    seen = json.loads(done.stdout)
    assert "nimble_tui.client.people.service" not in seen["modules"]
    assert "nimble_tui.core.people.model" not in seen["modules"]
    assert not [one for one in seen["opened"] if "identitystore" in one or "datazone" in one]
