"""A launch that was never reported is continued by the next one like it: one workstation."""

from datetime import timedelta
from pathlib import Path

import pytest

from nimble_tui.client.nimble import NimbleService
from nimble_tui.core.launching import LaunchRequest, UnresolvedLaunch
from nimble_tui.core.service import ErrorKind
from tests.client.test_errors import failing
from tests.client.workday import NOW, REQUEST, looked, opened
from tests.client.workday_studio import WorkdayStudio
from tests.faults import faulty_studio as on_the_wire
from tests.faults.faulty_studio import Fault, Request, replaced

SOON = NOW + timedelta(minutes=1)
TOMORROW = NOW + timedelta(days=2)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


def unresolved(service: NimbleService) -> list[UnresolvedLaunch]:
    return list(service.unresolved_launches(service.list_streaming_sessions()))


def lost(studio: WorkdayStudio, path: Path, *, applied: bool) -> None:
    """Launch, and lose every reply from there on."""
    gone = [False]

    def plan(operation: str, _: Request) -> tuple[Fault, bool] | None:
        now = operation == "CreateStreamingSession"
        gone[0] = gone[0] or now
        return (on_the_wire.hang_up, not (now and applied)) if gone[0] else None

    studio.plan = plan
    with opened(studio.url, path) as service:
        error = failing(lambda: service.launch(REQUEST))
    assert error.kind == ErrorKind.UNCERTAIN
    studio.plan = lambda *_: None


@pytest.mark.parametrize("applied", [True, False], ids=["made", "not made"])
@pytest.mark.parametrize("reported", [True, False], ids=["reported", "not reported"])
def test_it_is_continued_and_there_is_one_workstation(
    workday: WorkdayStudio, path: Path, applied: bool, reported: bool
) -> None:
    lost(workday, path, applied=applied)
    with opened(workday.url, path, at=SOON) as service:
        if reported and not applied:
            (finding,) = looked(service)
            assert "created no workstation yet" in finding.text
        (earlier,) = unresolved(service)
        assert (earlier.request, earlier.requested_at) == (REQUEST, NOW)
        assert (earlier.session is not None) is applied
        session = service.launch(earlier.request, client_token=earlier.client_token)
        assert workday.launches() == [session.session_id]
        assert unresolved(service) == []
        assert not service.has_unresolved()


def test_it_is_continued_when_the_list_lags_behind(workday: WorkdayStudio, path: Path) -> None:
    """The studio made it, and does not list it yet: its token no second workstation is created."""
    lost(workday, path, applied=True)
    (made,) = workday.launches()
    with opened(workday.url, path, at=SOON) as service:
        workday.facts[made]["tags"] = {}
        (earlier,) = unresolved(service)
        assert earlier.session is None
        service.launch(earlier.request, client_token=earlier.client_token)
    assert workday.launches() == [made]


@pytest.mark.parametrize("on", ["CreateStreamingSession", "GetLaunchProfile"])
def test_a_refusal_of_the_repeated_request_says_nothing_of_the_first_one(
    workday: WorkdayStudio, path: Path, on: str
) -> None:
    """The first one may still be done: the next launch like it continues it too."""
    lost(workday, path, applied=False)
    refused = replaced(on_the_wire.no(403, "AccessDeniedException", "no"))
    with opened(workday.url, path, at=SOON) as service:
        (earlier,) = unresolved(service)
        workday.strike(refused, on=[on], before=True)
        error = failing(lambda: service.launch(REQUEST, client_token=earlier.client_token))
        assert error.kind == ErrorKind.DENIED
        workday.plan = lambda *_: None
        assert [one.client_token for one in unresolved(service)] == [earlier.client_token]


def test_what_was_found_and_reported_is_not_continued(workday: WorkdayStudio, path: Path) -> None:
    lost(workday, path, applied=True)
    with opened(workday.url, path, at=SOON) as service:
        (finding,) = looked(service)
        assert "exists" in finding.text
        assert unresolved(service) == []


@pytest.mark.parametrize("state", ["DELETED", "DELETE_IN_PROGRESS", "CREATE_FAILED"])
def test_what_is_gone_or_failed_is_not_continued(
    workday: WorkdayStudio, path: Path, state: str
) -> None:
    lost(workday, path, applied=True)
    (made,) = workday.launches()
    workday.states[made] = state
    with opened(workday.url, path, at=SOON) as service:
        assert unresolved(service) == []


def test_other_requests_and_other_people_do_not_continue_it(
    workday: WorkdayStudio, path: Path
) -> None:
    from dataclasses import replace as changed

    from tests.client.workday import INFO

    lost(workday, path, applied=False)
    with opened(workday.url, path, at=SOON, info=changed(INFO, principal_id="b")) as service:
        assert unresolved(service) == []
    with opened(workday.url, path, at=SOON) as service:
        other = LaunchRequest("lp-1", "g5.2xlarge", "img-1", "shot 7")
        assert other not in [one.request for one in unresolved(service)]


class TestOneThatIsNotReportedYet:
    """A command that dies while it waits leaves what it launched to the next one like it."""

    def test_stays_unresolved_until_it_is(self, workday: WorkdayStudio, path: Path) -> None:
        with opened(workday.url, path) as service:
            session = service.launch(REQUEST, client_token="t", is_new=True, is_reported=False)
        with opened(workday.url, path, at=SOON) as service:
            assert looked(service) == ()
            (earlier,) = unresolved(service)
            assert earlier.session is not None
            assert earlier.session.session_id == session.session_id
            (event,) = [one for one in service.history(NOW) if one.what == "launch"]
            assert (event.done, event.session_id) == (True, session.session_id)
            service.report_launch("t", session.session_id)
            assert unresolved(service) == []
            assert not service.has_unresolved()

    def test_is_reported_by_the_next_start_when_nobody_continued_it(
        self, workday: WorkdayStudio, path: Path
    ) -> None:
        with opened(workday.url, path) as service:
            service.launch(REQUEST, is_reported=False)
        with opened(workday.url, path, at=NOW + timedelta(minutes=11)) as service:
            (finding,) = looked(service)
            assert "which you launched" in finding.text
            assert unresolved(service) == []

    def test_continued_it_stays_so_until_it_is(self, workday: WorkdayStudio, path: Path) -> None:
        lost(workday, path, applied=True)
        with opened(workday.url, path, at=SOON) as service:
            (earlier,) = unresolved(service)
            token = earlier.client_token
            session = service.launch(REQUEST, client_token=token, is_reported=False)
            assert len(unresolved(service)) == 1
            service.report_launch(token, session.session_id)
            assert unresolved(service) == []


class TestAfterTheStudioForgotTheToken:
    """Only what the studio lists says whether there is a workstation already."""

    def test_what_it_lists_is_continued(self, workday: WorkdayStudio, path: Path) -> None:
        lost(workday, path, applied=True)
        workday.forget_tokens()
        with opened(workday.url, path, at=TOMORROW) as service:
            (earlier,) = unresolved(service)
            service.launch(earlier.request, client_token=earlier.client_token)
        assert len(workday.launches()) == 1

    def test_what_it_does_not_list_was_not_made(self, workday: WorkdayStudio, path: Path) -> None:
        lost(workday, path, applied=False)
        workday.forget_tokens()
        with opened(workday.url, path, at=TOMORROW) as service:
            assert unresolved(service) == []

    @pytest.mark.parametrize(
        ("created", "found"),
        [("2026-11-21T12:00:10Z", True), ("2026-11-22T09:00:00Z", False)],
        ids=["then", "later"],
    )
    def test_without_its_tag_it_is_told_by_when_it_was_made(
        self, workday: WorkdayStudio, path: Path, created: str, found: bool
    ) -> None:
        lost(workday, path, applied=True)
        (made,) = workday.launches()
        workday.facts[made] |= {"tags": {}, "createdAt": created}
        with opened(workday.url, path, at=TOMORROW) as service:
            assert [bool(one.session) for one in unresolved(service)] == [True] * found

    def test_of_half_a_list_nothing_is_concluded(self, workday: WorkdayStudio, path: Path) -> None:
        lost(workday, path, applied=True)
        workday.forget_tokens()
        workday.page_size = 1
        second_page = (on_the_wire.hang_up, True)
        workday.plan = lambda _, one: second_page if one.query.get("nextToken") else None
        with opened(workday.url, path, at=TOMORROW) as service:
            (earlier,) = unresolved(service)
            token = earlier.client_token
            error = failing(lambda: service.launch(REQUEST, client_token=token))
            assert error.kind == ErrorKind.UNCERTAIN
            assert "is incomplete" in error.message
        assert len(workday.launches()) == 1


@pytest.mark.parametrize("facts", [{"tags": {"nimble-tui:launch": "x"}}, {"ownedBy": "b"}])
def test_a_reply_about_another_workstation_is_not_taken_for_it(
    workday: WorkdayStudio, path: Path, facts: dict[str, object]
) -> None:
    """It was made all the same, and is found in the list by its tag."""
    from tests.faults.faulty_studio import ok

    another = {"sessionId": "ses.other", "state": "READY", "launchProfileId": "lp-1", **facts}
    wrong = replaced(ok({"session": another}))
    workday.strike(wrong, on=["CreateStreamingSession"], before=False)
    with opened(workday.url, path) as service:
        session = service.launch(REQUEST)
        assert [session.session_id] == workday.launches()
        assert service.get_streaming_session(session.session_id)
