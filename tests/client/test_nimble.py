"""What the service asks of a studio that works, and what it makes of the answers."""

import json
import re

import pytest

from nimble_tui.client.nimble import NimbleService, check
from nimble_tui.core.keys import Keys
from nimble_tui.core.model import SessionAction, StreamingSession
from nimble_tui.core.service import ErrorKind, StudioError, StudioInfo
from tests.client.conftest import Connect
from tests.faults.faulty_studio import PRINCIPAL_ID, STUDIO_ID, FaultyStudio, no, ok, replaced


def test_a_studio_is_described(service: NimbleService) -> None:
    studio = service.get_studio()
    assert (studio.studio_id, studio.display_name) == (STUDIO_ID, "Northwind")


def test_lists_are_asked_for_oneself(service: NimbleService, studio: FaultyStudio) -> None:
    service.list_streaming_sessions()
    service.list_launch_profiles()
    assert [one.query for one in studio.requests] == [
        {"ownedBy": [PRINCIPAL_ID]},
        {"principalId": [PRINCIPAL_ID]},
    ]


def test_a_list_is_every_page_of_it(service: NimbleService, studio: FaultyStudio) -> None:
    studio.states = {f"ses.{number}": "READY" for number in range(25)}
    studio.page_size = 10
    listing = service.list_streaming_sessions()
    assert [one.session_id for one in listing.items] == list(studio.states)
    assert (listing.partial, listing.skipped, listing.problem) == (False, 0, None)
    assert len(studio.requests) == 3


def test_deleted_sessions_are_listed_too(service: NimbleService, studio: FaultyStudio) -> None:
    studio.states = {"ses.gone": "DELETED"}
    assert [one.state for one in service.list_streaming_sessions().items] == ["DELETED"]


def test_an_empty_list_is_believed(service: NimbleService, studio: FaultyStudio) -> None:
    studio.states = {}
    assert service.list_streaming_sessions().items == ()


def test_members_are_the_replys_own(service: NimbleService, studio: FaultyStudio) -> None:
    session = service.get_streaming_session("ses.ready")
    assert json.loads(json.dumps(dict(session.members))) == studio.session("ses.ready")


def test_details_bring_the_profile(service: NimbleService) -> None:
    assert service.get_launch_profile_details("lp-1").launch_profile.name == "Lighting"


def test_connections_are_kept(service: NimbleService, studio: FaultyStudio) -> None:
    for _ in range(3):
        service.list_streaming_sessions()
    assert studio.connections == 1


@pytest.mark.parametrize(
    ("action", "session_id", "operation"),
    [
        ("stop", "ses.ready", "StopStreamingSession"),
        ("start", "ses.stopped", "StartStreamingSession"),
        ("delete", "ses.stopped", "DeleteStreamingSession"),
    ],
)
def test_an_action_is_done_once(
    service: NimbleService, studio: FaultyStudio, action: str, session_id: str, operation: str
) -> None:
    session = service.act(SessionAction(action), session_id)
    assert session.state == f"{action.upper()}_IN_PROGRESS"
    assert studio.ledger == [(operation, session_id)]
    (sent,) = studio.sent(operation)
    assert re.fullmatch(r"[0-9a-f-]{36}", sent.headers["x-amz-client-token"])
    if sent.method == "POST":
        assert json.loads(sent.body) == {}


def test_two_actions_have_two_tokens(service: NimbleService, studio: FaultyStudio) -> None:
    service.act(SessionAction.DELETE, "ses.ready")
    service.act(SessionAction.DELETE, "ses.stopped")
    first, second = (
        one.headers["x-amz-client-token"] for one in studio.requests if one.method == "DELETE"
    )
    assert first != second


@pytest.mark.parametrize(
    ("action", "state", "profile"),
    [
        ("stop", "READY", None),
        ("stop", "READY", {"streamConfiguration": {}}),
        ("stop", "STOPPED", {"streamConfiguration": {"maxStoppedSessionLengthInMinutes": 60}}),
        ("start", "READY", None),
        ("delete", "STOP_IN_PROGRESS", None),
        ("delete", "BRAND_NEW", None),
    ],
)
def test_a_forbidden_action_is_never_sent(
    service: NimbleService,
    studio: FaultyStudio,
    action: str,
    state: str,
    profile: dict[str, object] | None,
) -> None:
    studio.states = {"ses.one": state}
    studio.profiles = [{"launchProfileId": "lp-1", **profile}] if profile else []
    with pytest.raises(StudioError) as refused:
        service.act(SessionAction(action), "ses.one")
    assert refused.value.kind == ErrorKind.REFUSED
    assert {one.method for one in studio.requests} == {"GET"}


def test_a_stop_waits_for_a_profile_that_cannot_be_asked_for(
    service: NimbleService, studio: FaultyStudio
) -> None:
    studio.strike(replaced(no(500, "Odd", "")), on=["GetLaunchProfile"], before=True)
    with pytest.raises(StudioError) as error:
        service.act(SessionAction.STOP, "ses.ready")
    assert error.value.kind == ErrorKind.TROUBLE
    assert studio.ledger == []


def test_read_only_is_refused_and_nothing_is_sent(
    service_for: Connect, studio: FaultyStudio
) -> None:
    info = StudioInfo("n", STUDIO_ID, "us-west-2", PRINCIPAL_ID, read_only=True)
    with pytest.raises(StudioError) as error:
        service_for(info=info).act(SessionAction.DELETE, "ses.ready")
    assert error.value.kind == ErrorKind.REFUSED
    assert {one.method for one in studio.requests} == {"GET"}


def test_read_only_holds_at_the_wire_too(
    service_for: Connect, studio: FaultyStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where the rules were asked wrongly, nothing but reading leaves."""
    from nimble_tui.client import session_actions
    from nimble_tui.core.rules import Allowed

    monkeypatch.setattr(session_actions, "check_action", lambda *_args, **_more: Allowed("planted"))
    info = StudioInfo("n", STUDIO_ID, "us-west-2", PRINCIPAL_ID, read_only=True)
    service = service_for(info=info)
    for action in SessionAction:
        with pytest.raises(StudioError) as error:
            service.act(action, "ses.ready")
        assert error.value.kind == ErrorKind.REFUSED
    assert {one.method for one in studio.requests} == {"GET"}


def test_an_answer_about_another_session_is_not_believed(
    service: NimbleService, studio: FaultyStudio
) -> None:
    other = replaced(ok({"session": studio.session("ses.stopped")}))
    studio.strike(other, on=["GetStreamingSession"], before=True)
    with pytest.raises(StudioError) as error:
        service.act(SessionAction.DELETE, "ses.ready")
    assert error.value.kind == ErrorKind.NOT_UNDERSTOOD
    assert studio.ledger == []


def test_checking_keys_returns_the_studio(
    studio: FaultyStudio, info: StudioInfo, keys: Keys
) -> None:
    assert check(info, endpoint_url=studio.url, keys=keys).display_name == "Northwind"


def test_keys_that_may_not_see_the_studio_are_good_too(
    studio: FaultyStudio, info: StudioInfo, keys: Keys
) -> None:
    studio.strike(replaced(no(403, "AccessDeniedException", "no")), on=["GetStudio"], before=True)
    assert check(info, endpoint_url=studio.url, keys=keys).studio_id == STUDIO_ID


def test_keys_of_somebody_else_are_told(studio: FaultyStudio, info: StudioInfo, keys: Keys) -> None:
    studio.strike(
        replaced(no(403, "AccessDeniedException", "no")), on=["ListLaunchProfiles"], before=True
    )
    with pytest.raises(StudioError, match="not for") as error:
        check(info, endpoint_url=studio.url, keys=keys)
    assert error.value.kind == ErrorKind.INVALID


def test_calls_from_many_threads(service: NimbleService, studio: FaultyStudio) -> None:
    from concurrent.futures import ThreadPoolExecutor

    studio.states = {f"ses.{number}": "READY" for number in range(40)}

    def look(session_id: str) -> StreamingSession:
        return service.get_streaming_session(session_id)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(look, studio.states))
    assert [one.session_id for one in found] == list(studio.states)
