"""A launch makes one workstation and no more, whatever gets lost; what may not be says why."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from nimble_tui.core.launching import LaunchRequest
from nimble_tui.core.service import ErrorKind, StudioError
from tests.client.test_errors import DROPS, GARBAGE, TROUBLE, failing
from tests.client.workday import NOW, REQUEST, looked, opened
from tests.client.workday_studio import WorkdayStudio
from tests.faults import faulty_studio as on_the_wire
from tests.faults.faulty_studio import Answer, Line, no, replaced

LOST = DROPS | GARBAGE | TROUBLE


def test_a_launch_is_what_was_chosen(workday: WorkdayStudio) -> None:
    with opened(workday.url, None) as service:
        session = service.launch(REQUEST)
    (sent,) = workday.sent("CreateStreamingSession")
    token = sent.headers["x-amz-client-token"]
    assert json.loads(sent.body) == {
        "launchProfileId": "lp-1",
        "ec2InstanceType": "g5.xlarge",
        "streamingImageId": "img-1",
        "tags": {"Name": "shot 7", "nimble-tui:launch": token},
    }
    assert (session.state, session.tags["Name"]) == ("CREATE_IN_PROGRESS", "shot 7")


def test_under_a_token_that_is_new_nothing_is_looked_for(workday: WorkdayStudio) -> None:
    with opened(workday.url, None) as service:
        service.launch(REQUEST, client_token="new", is_new=True)
    assert not workday.sent("ListStreamingSessions")
    assert len(workday.launches()) == 1


def test_without_a_name_there_is_no_name_tag(workday: WorkdayStudio) -> None:
    with opened(workday.url, None) as service:
        session = service.launch(LaunchRequest("lp-1", "g5.xlarge", "img-1"))
    assert list(session.tags) == ["nimble-tui:launch"]


@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
@pytest.mark.parametrize("fault", LOST)
def test_a_launch_whose_answers_are_lost_is_found_by_its_tag_or_reported(
    workday: WorkdayStudio, tmp_path: Path, fault: str, applied: bool
) -> None:
    workday.strike(LOST[fault][0], on=["CreateStreamingSession"], before=not applied)
    path = tmp_path / "journal"
    with opened(workday.url, path) as service:
        if applied:
            assert service.launch(REQUEST).tags["Name"] == "shot 7"
        else:
            assert failing(lambda: service.launch(REQUEST)).kind == ErrorKind.UNCERTAIN
            assert service.has_unresolved()
    workday.plan = lambda *_: None
    with opened(workday.url, path, at=NOW + timedelta(minutes=1)) as service:
        assert service.has_unresolved() is not applied
        findings = looked(service)
        assert len(findings) == (0 if applied else 1)
        assert looked(service) == ()
        assert not service.has_unresolved()
    assert len(workday.launches()) == applied
    tokens = {one.headers["x-amz-client-token"] for one in workday.sent("CreateStreamingSession")}
    assert len(tokens) == 1


@pytest.mark.parametrize("fault", DROPS)
def test_a_launch_whose_answer_is_lost_once_is_sent_again_as_it_was(
    workday: WorkdayStudio, fault: str
) -> None:
    workday.strike(DROPS[fault][0], on=["CreateStreamingSession"], before=False, times=1)
    with opened(workday.url, None) as service:
        session = service.launch(REQUEST)
    assert workday.launches() == [session.session_id]
    first, second = workday.sent("CreateStreamingSession")
    assert (first.headers["x-amz-client-token"], first.body) == (
        second.headers["x-amz-client-token"],
        second.body,
    )


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (
            no(402, "ServiceQuotaExceededException", "There may be 4"),
            ErrorKind.QUOTA,
            "reached the studio's limit of workstations: There may be 4; delete one",
        ),
        (
            Answer(
                402,
                b'{"message": "No g5.xlarge here.", "code": "INSTANCE_TYPE_QUOTA_EXCEEDED"}',
                {"x-amzn-ErrorType": "ServiceQuotaExceededException"},
            ),
            ErrorKind.QUOTA,
            "machines of this type: No g5.xlarge here; choose another type",
        ),
        (no(403, "AccessDeniedException", "no"), ErrorKind.DENIED, "make you a member"),
        (no(404, "ResourceNotFoundException", "no"), ErrorKind.NOT_FOUND, "launch profile"),
        (
            Answer(
                400,
                b'{"code": "EULA_NOT_ACCEPTED", "context": {"eulaIds": "e1,e2"}}',
                {"x-amzn-ErrorType": "ValidationException"},
            ),
            ErrorKind.REFUSED,
            "Licence e1, Licence e2; ask your admin",
        ),
        (
            Answer(
                404,
                b'{"code": "CLIENT_TOKEN_USED_UP", "context": {"resourceId": "ses.1"}}',
                {"x-amzn-ErrorType": "ResourceNotFoundException"},
            ),
            ErrorKind.NOT_FOUND,
            "was deleted; use a new token",
        ),
        (
            Answer(
                400,
                b'{"code": "CLIENT_TOKEN_REUSED"}',
                {"x-amzn-ErrorType": "ValidationException"},
            ),
            ErrorKind.INVALID,
            "token was already used for another request; use a new token",
        ),
    ],
)
def test_a_launch_that_is_refused_says_what_to_try(
    workday: WorkdayStudio, tmp_path: Path, answer: Answer, kind: ErrorKind, words: str
) -> None:
    workday.strike(replaced(answer), on=["CreateStreamingSession"], before=True)
    with opened(workday.url, tmp_path / "journal") as service:
        error = failing(lambda: service.launch(REQUEST))
        assert (error.kind, words in error.message) == (kind, True), error.message
        assert not service.has_unresolved()


def test_licences_without_names_are_told_by_their_ids(workday: WorkdayStudio) -> None:
    ids = ",".join(f"e{number}" for number in range(8))
    body = json.dumps({"code": "EULA_NOT_ACCEPTED", "context": {"eulaIds": ids}}).encode()
    refused = Answer(400, body, {"x-amzn-ErrorType": "ValidationException"})

    def plan(operation: str, _: object) -> tuple[on_the_wire.Fault, bool] | None:
        if operation == "CreateStreamingSession":
            return replaced(refused), True
        return (on_the_wire.reset, True) if operation == "ListEulas" else None

    workday.plan = plan
    with opened(workday.url, None) as service:
        message = failing(lambda: service.launch(REQUEST)).message
    assert "e0, e1, e2, e3, e4, and 3 more" in message


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"ec2_instance_type": "g5.16xlarge"},
            "no instance type g5.16xlarge; choose one of g5.xlarge",
        ),
        ({"ec2_instance_type": "\x1b[2J"}, "no instance type \\u{1b}[2J"),
        ({"streaming_image_id": "img-2"}, "no image img-2"),
        ({"launch_profile_id": "lp-2"}, "no longer exists"),
        ({"name": "x" * 257}, "at most 256 characters"),
        ({"name": "a\x1b[2Jb"}, "invisible characters"),
        ({"name": " a"}, "invisible characters"),
    ],
)
def test_what_the_profile_does_not_allow_is_never_sent(
    workday: WorkdayStudio, changes: dict[str, str], words: str
) -> None:
    chosen = {
        "launch_profile_id": "lp-1",
        "ec2_instance_type": "g5.xlarge",
        "streaming_image_id": "img-1",
        **changes,
    }
    with opened(workday.url, None) as service, pytest.raises(StudioError) as error:
        service.launch(LaunchRequest(**chosen))
    assert words in error.value.message
    assert {one.method for one in workday.requests} <= {"GET"}


def test_a_launch_without_membership_says_whom_to_ask(workday: WorkdayStudio) -> None:
    denied = replaced(no(403, "AccessDeniedException", "no"))
    workday.strike(denied, on=["GetLaunchProfile"], before=True)
    with opened(workday.url, None) as service:
        assert "make you a member" in failing(lambda: service.launch(REQUEST)).message


class TestTokens:
    """A script that runs twice launches once."""

    def test_the_same_token_launches_once(self, workday: WorkdayStudio, tmp_path: Path) -> None:
        with opened(workday.url, tmp_path / "journal") as service:
            first = service.launch(REQUEST, client_token="nightly-2026-11-21")
            again = service.launch(REQUEST, client_token="nightly-2026-11-21")
        assert first.session_id == again.session_id
        assert len(workday.sent("CreateStreamingSession")) == 1

    @pytest.mark.parametrize("state", ["READY", "DELETED"])
    def test_also_after_the_studio_forgot_it(
        self, workday: WorkdayStudio, tmp_path: Path, state: str
    ) -> None:
        path = tmp_path / "journal"
        with opened(workday.url, path) as service:
            first = service.launch(REQUEST, client_token="nightly")
        workday.forget_tokens()
        workday.states[first.session_id] = state
        del workday.facts[first.session_id]["tags"]
        with opened(workday.url, path, at=NOW + timedelta(days=30)) as service:
            again = service.launch(REQUEST, client_token="nightly")
        assert (again.session_id, again.state) == (first.session_id, state)
        assert len(workday.launches()) == 1

    def test_one_that_is_gone_is_said_to_be_gone(
        self, workday: WorkdayStudio, tmp_path: Path
    ) -> None:
        with opened(workday.url, tmp_path / "journal") as service:
            first = service.launch(REQUEST, client_token="nightly")
            workday.forget_tokens()
            del workday.states[first.session_id]
            error = failing(lambda: service.launch(REQUEST, client_token="nightly"))
        assert error.kind == ErrorKind.NOT_FOUND
        assert "launched with this token on 21 November 2026" in error.message
        assert len(workday.launches()) == 1

    def test_another_computer_finds_it_by_its_tag(
        self, workday: WorkdayStudio, tmp_path: Path
    ) -> None:
        with opened(workday.url, tmp_path / "here") as service:
            first = service.launch(REQUEST, client_token="nightly")
        workday.forget_tokens()
        with opened(workday.url, tmp_path / "there") as service:
            assert service.launch(REQUEST, client_token="nightly").session_id == first.session_id
            other = LaunchRequest("lp-1", "g5.2xlarge", "img-1")
            assert (
                failing(lambda: service.launch(other, client_token="nightly")).kind
                == ErrorKind.INVALID
            )
        assert len(workday.launches()) == 1

    def test_one_token_is_for_one_request(self, workday: WorkdayStudio, tmp_path: Path) -> None:
        other = LaunchRequest("lp-1", "g5.2xlarge", "img-1", "shot 7")
        with opened(workday.url, tmp_path / "journal") as service:
            service.launch(REQUEST, client_token="nightly")
            error = failing(lambda: service.launch(other, client_token="nightly"))
        assert error.kind == ErrorKind.INVALID
        assert (
            "nightly was already used for another request (launch, 21 November 2026)"
            in error.message
        )
        assert len(workday.sent("CreateStreamingSession")) == 1

    def test_a_refused_launch_uses_no_token_up(
        self, workday: WorkdayStudio, tmp_path: Path
    ) -> None:
        full = replaced(no(402, "ServiceQuotaExceededException", "full"))
        workday.strike(full, on=["CreateStreamingSession"], before=True, times=1)
        with opened(workday.url, tmp_path / "journal") as service:
            failing(lambda: service.launch(REQUEST, client_token="nightly"))
            assert service.launch(REQUEST, client_token="nightly").state == "CREATE_IN_PROGRESS"
        assert len(workday.launches()) == 1

    @pytest.mark.parametrize("token", ["", "x" * 65, "a b", "a\nb", "é"])
    def test_what_is_no_token_is_not_sent(self, workday: WorkdayStudio, token: str) -> None:
        with opened(workday.url, None) as service:
            error = failing(lambda: service.launch(REQUEST, client_token=token))
        assert error.kind == ErrorKind.INVALID
        assert not workday.sent("CreateStreamingSession")

    def test_a_lost_launch_asked_again_by_hand_is_the_same_launch(
        self, workday: WorkdayStudio, tmp_path: Path
    ) -> None:
        gone = [False]

        def plan(operation: str, _: object) -> tuple[on_the_wire.Fault, bool] | None:
            launching = operation == "CreateStreamingSession"
            gone[0] = gone[0] or launching
            return (on_the_wire.hang_up, not launching) if gone[0] else None

        workday.plan = plan
        with opened(workday.url, tmp_path / "journal") as service:
            error = failing(lambda: service.launch(REQUEST, client_token="nightly"))
            assert error.kind == ErrorKind.UNCERTAIN
            workday.plan = lambda *_: None
            workday.forget_tokens()
            session = service.launch(REQUEST, client_token="nightly")
            assert looked(service) == ()
        assert workday.launches() == [session.session_id]


def test_the_intent_is_written_down_before_the_first_byte(
    workday: WorkdayStudio, tmp_path: Path
) -> None:
    path = tmp_path / "journal"
    seen: list[bool] = []

    def look(line: Line, answer: Answer) -> bool:
        with opened(workday.url, path) as other:
            seen.append(other.has_unresolved())
        line.send(answer.as_bytes())
        return True

    workday.strike(look, on=["CreateStreamingSession"], before=False)
    with opened(workday.url, path) as service:
        service.launch(REQUEST)
    assert seen == [True]
