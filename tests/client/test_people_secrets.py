"""What nobody may read when people are asked about, at three services."""

import logging
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from nimble_tui.client.call_log import CallLog
from nimble_tui.client.people.service import NimblePeople
from nimble_tui.core.people.settings import PeopleSettings
from nimble_tui.core.service import StudioError
from tests.client.conftest import SECRET, Connect
from tests.client.people_peer import DOMAIN, STORE, PeoplePeer, person_id
from tests.faults.faulty_studio import hang_up, reset

CALLS: list[Callable[[NimblePeople], object]] = [
    lambda people: people.membership.list_launch_profile_members("lp-1"),
    lambda people: people.membership.delete_launch_profile_member("lp-1", person_id(1)),
    lambda people: people.user_profiles.activate(person_id(1)),
    lambda people: people.user_profiles.search_user_profiles("x"),
]
OPERATIONS = (
    "ListLaunchProfileMembers",
    "DeleteLaunchProfileMember",
    "CreateUserProfile",
    "SearchUserProfiles",
)


def test_logs_hold_no_request(
    people_peer: PeoplePeer,
    service_for: Connect,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    log = tmp_path / "calls.log"
    settings = PeopleSettings(STORE, DOMAIN)
    service = service_for(endpoint_url=people_peer.url, people=settings, log=CallLog(log))
    people = service.people
    people_peer.user_profiles = {person_id(1): people_peer.user_profile(person_id(1), "ASSIGNED")}
    people_peer.user_profiles[person_id(1)]["details"] = {"new": {}}
    for name in [None, *logging.root.manager.loggerDict]:
        caplog.set_level(logging.DEBUG, logger=name)
    people.look()
    people.user_profiles.deactivate(person_id(1))
    people_peer.strike(hang_up, on=["ListUsers", "GetUserProfile"], before=True)
    people.look(fresh=True)
    told = f"{caplog.text} {log.read_text()}".lower()
    assert "getuserprofile" in told
    assert person_id(1) not in log.read_text()
    for secret in (SECRET.lower(), "authorization", "x-amz-security-token", "akidexample"):
        assert secret not in told


@pytest.mark.parametrize("call", CALLS)
def test_errors_hold_no_request(
    people: NimblePeople, people_peer: PeoplePeer, call: Callable[[NimblePeople], object]
) -> None:
    people_peer.strike(reset, on=OPERATIONS, before=True)
    people_peer.members["lp-1"] = [person_id(1)]
    with pytest.raises(StudioError) as error:
        call(people)
    assert error.value.__traceback__ is not None
    below = error.value.__traceback__.tb_next
    shown = traceback.TracebackException(StudioError, error.value, below, capture_locals=True)
    told = "".join(shown.format())
    for secret in (SECRET, "Authorization", "authorization", "AKIDEXAMPLE"):
        assert secret not in told


def test_nothing_of_it_shows_a_secret(people: NimblePeople) -> None:
    for one in (people, *vars(people).values()):
        assert SECRET not in f"{one!r}{vars(one) if hasattr(one, '__dict__') else ''}"
