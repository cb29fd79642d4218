"""The client against the project's own studio."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from nimble_tui.client.nimble import NimbleService, check, connect
from nimble_tui.core.invite import Invite
from nimble_tui.core.keys import Keys
from nimble_tui.core.model import SessionAction, StreamingSession
from nimble_tui.core.rules import Allowed, check_action
from nimble_tui.core.service import ErrorKind, StudioError, StudioInfo
from nimble_tui.studio.demo import Demo, open_demo
from nimble_tui.studio.store.records import Role


@pytest.fixture
def demo() -> Iterator[Demo]:
    with open_demo(None, speed=1000) as demo:
        yield demo


def info_of(invite: Invite) -> StudioInfo:
    return StudioInfo("demo", invite.studio_id, invite.region, invite.principal_id)


@pytest.fixture
def service(demo: Demo) -> Iterator[NimbleService]:
    invite = demo.invite
    with closing(
        connect(info_of(invite), endpoint_url=invite.endpoint_url, keys=invite.keys)
    ) as service:
        yield service


def first(service: NimbleService, action: SessionAction) -> StreamingSession:
    """Return a workstation that the rules let this be done to."""
    profiles = {one.launch_profile_id: one for one in service.list_launch_profiles().items}
    return next(
        one
        for one in service.list_streaming_sessions().items
        if isinstance(check_action(action, one, profiles.get(one.launch_profile_id or "")), Allowed)
    )


def test_an_artist_sees_the_studio(service: NimbleService, demo: Demo) -> None:
    sessions = service.list_streaming_sessions()
    profiles = service.list_launch_profiles()
    assert {one.owned_by for one in sessions.items} == {demo.invite.principal_id}
    assert (sessions.problem, profiles.problem) == (None, None)
    assert all(one.created_at and one.created_at.tzinfo for one in sessions.items)
    assert any(one.is_render_worker for one in profiles.items)
    details = service.get_launch_profile_details(profiles.items[0].launch_profile_id)
    assert details.streaming_images


@pytest.mark.parametrize(
    ("action", "states"),
    [
        (SessionAction.STOP, {"STOP_IN_PROGRESS", "STOPPED"}),
        (SessionAction.START, {"START_IN_PROGRESS", "READY"}),
        (SessionAction.DELETE, {"DELETE_IN_PROGRESS", "DELETED"}),
    ],
)
def test_an_artist_acts(service: NimbleService, action: SessionAction, states: set[str]) -> None:
    session = first(service, action)
    assert service.act(action, session.session_id).state in states
    assert service.get_streaming_session(session.session_id).state in states


def test_what_cannot_be_stopped_runs_on(service: NimbleService) -> None:
    profiles = {one.launch_profile_id: one for one in service.list_launch_profiles().items}
    session = next(
        one
        for one in service.list_streaming_sessions().items
        if one.state == "READY"
        and not isinstance(
            check_action(SessionAction.STOP, one, profiles.get(one.launch_profile_id or "")),
            Allowed,
        )
    )
    with pytest.raises(StudioError) as error:
        service.act(SessionAction.STOP, session.session_id)
    assert error.value.kind == ErrorKind.REFUSED
    assert service.get_streaming_session(session.session_id).state == "READY"


def test_a_session_of_somebody_else_is_denied(demo: Demo, service: NimbleService) -> None:
    mine = first(service, SessionAction.DELETE)
    other = next(invite for role, invite in demo.others if role == Role.ARTIST)
    theirs = connect(info_of(other), endpoint_url=other.endpoint_url, keys=other.keys)
    with closing(theirs), pytest.raises(StudioError) as error:
        theirs.act(SessionAction.DELETE, mine.session_id)
    assert error.value.kind == ErrorKind.DENIED
    assert service.get_streaming_session(mine.session_id).state == mine.state


def test_signing_in_checks_everything(demo: Demo) -> None:
    invite = demo.invite
    studio = check(info_of(invite), endpoint_url=invite.endpoint_url, keys=invite.keys)
    assert studio.studio_id == invite.studio_id
    wrong = [
        (info_of(invite), Keys(invite.access_key_id, "wrong"), ErrorKind.NOT_SIGNED_IN),
        (info_of(invite), Keys("AKIDNOBODY", "wrong"), ErrorKind.NOT_SIGNED_IN),
        (replace(info_of(invite), studio_id="us-west-2:other"), invite.keys, ErrorKind.NOT_FOUND),
        (replace(info_of(invite), principal_id="somebody"), invite.keys, ErrorKind.INVALID),
    ]
    for info, keys, kind in wrong:
        with pytest.raises(StudioError) as error:
            check(info, endpoint_url=invite.endpoint_url, keys=keys)
        assert error.value.kind == kind, error.value


def test_a_studio_that_goes_and_comes_back(tmp_path: Path) -> None:
    """The app lives on, and so does its service."""
    data = tmp_path / "studio.sqlite"
    with open_demo(data) as demo:
        invite = demo.invite
        service = connect(info_of(invite), endpoint_url=invite.endpoint_url, keys=invite.keys)
        before = service.list_launch_profiles()
    with closing(service):
        with pytest.raises(StudioError) as error:
            service.list_launch_profiles()
        assert error.value.kind == ErrorKind.UNREACHABLE
        with open_demo(data, port=int(invite.endpoint_url.rpartition(":")[2])):
            assert service.list_launch_profiles() == before
