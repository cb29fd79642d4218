"""Unresolved requests: read back, reported once, and never sent again."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from nimble_tui.client.nimble import NimbleService
from nimble_tui.core.history import EventKind
from nimble_tui.core.model import SessionAction
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.core.unclear_steps import CAN_BE_GIVEN_UP
from tests.client.test_errors import failing
from tests.client.workday import NOW, REQUEST, looked, opened
from tests.client.workday_studio import WorkdayStudio
from tests.faults import faulty_studio as on_the_wire
from tests.faults.faulty_studio import Answer, Fault, Line, Request

SOON = NOW + timedelta(minutes=1)
LATE = NOW + timedelta(minutes=11)

OPERATION = {
    "launch": "CreateStreamingSession",
    "stop": "StopStreamingSession",
    "start": "StartStreamingSession",
    "delete": "DeleteStreamingSession",
}
ASK: dict[str, Callable[[NimbleService], object]] = {
    "launch": lambda service: service.launch(REQUEST),
    "stop": lambda service: service.act(SessionAction.STOP, "ses.ready"),
    "start": lambda service: service.act(SessionAction.START, "ses.stopped"),
    "delete": lambda service: service.act(SessionAction.DELETE, "ses.ready"),
}


def lose(studio: WorkdayStudio, operation: str, *, applied: bool) -> None:
    """Let the studio vanish with a request, or right after it did what was asked."""
    gone = [False]

    def plan(asked: str, _: Request) -> tuple[Fault, bool] | None:
        now = asked == operation
        gone[0] = gone[0] or now
        return (on_the_wire.hang_up, not (now and applied)) if gone[0] else None

    studio.plan = plan


def left_open(studio: WorkdayStudio, path: Path, what: str, *, applied: bool) -> None:
    lose(studio, OPERATION[what], applied=applied)
    with opened(studio.url, path) as service:
        assert failing(lambda: ASK[what](service)).kind == ErrorKind.UNCERTAIN
    studio.plan = lambda *_: None
    studio.requests.clear()


@pytest.mark.parametrize("at", [SOON, LATE], ids=["young", "old"])
@pytest.mark.parametrize("what", ASK)
def test_what_was_done_is_told_and_not_done_again(
    workday: WorkdayStudio, tmp_path: Path, what: str, at: datetime
) -> None:
    left_open(workday, tmp_path / "journal", what, applied=True)
    with opened(workday.url, tmp_path / "journal", at=at) as service:
        assert service.has_unresolved()
        (finding,) = looked(service)
        assert (finding.good, finding.is_resolved) == (True, True)
        assert looked(service) == ()
        assert not service.has_unresolved()
    assert {one.method for one in workday.requests} == {"GET"}
    assert len(workday.ledger) == 1


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("START_FAILED", "was accepted: the workstation is START_FAILED."),
        ("READY", "has not been done yet: it is READY; repeat it if you still need it."),
    ],
)
def test_a_step_that_was_perhaps_given_up_is_told_as_that(
    workday: WorkdayStudio, tmp_path: Path, state: str, found: str
) -> None:
    path = tmp_path / "journal"
    workday.states["ses.ready"] = "START_IN_PROGRESS"
    workday.facts["ses.ready"] = {"statusMessage": CAN_BE_GIVEN_UP}
    lose(workday, "DeleteStreamingSession", applied=False)
    with opened(workday.url, path) as service:
        error = failing(lambda: service.act(SessionAction.DELETE, "ses.ready", gives_up=True))
        assert error.kind == ErrorKind.UNCERTAIN
    workday.plan = lambda *_: None
    with opened(workday.url, path, at=LATE) as service:
        assert looked(service) == ()  # it may still be done
        workday.states["ses.ready"] = state
        del workday.facts["ses.ready"]
        (finding,) = looked(service)
        assert finding.text.startswith("Giving up ")
        assert finding.text.endswith(found)
        assert finding.good == (state == "START_FAILED")
        (event,) = [
            one
            for one in service.history(NOW - timedelta(hours=1))
            if one.kind == EventKind.REQUESTED
        ]
        assert event.what == "give up"


def unchanged(studio: WorkdayStudio) -> bool:
    """Return whether the studio was only read since, and nothing was ever done there."""
    return {one.method for one in studio.requests} == {"GET"} and studio.ledger == []


@pytest.mark.parametrize(
    ("at", "words"),
    [(SOON, "yet"), (NOW + timedelta(hours=2), "repeat the same launch|was not done: it is")],
    ids=["may still arrive", "cannot arrive"],
)
@pytest.mark.parametrize("what", ASK)
def test_what_was_not_done_is_read_back_reported_once_and_never_sent_again(
    workday: WorkdayStudio, tmp_path: Path, what: str, at: datetime, words: str
) -> None:
    left_open(workday, tmp_path / "journal", what, applied=False)
    with opened(workday.url, tmp_path / "journal", at=at) as service:
        (finding,) = looked(service)
        assert not finding.good
        assert re.search(words, finding.text), finding.text
        assert looked(service) == ()
        assert not service.has_unresolved()
    assert unchanged(workday)


@pytest.mark.parametrize("what", ASK)
def test_right_after_a_lost_reply_nothing_is_said_against_it_and_nothing_sent(
    workday: WorkdayStudio, tmp_path: Path, what: str
) -> None:
    """It may still be on its way: what is done late is found, and found to be done."""
    lose(workday, OPERATION[what], applied=False)
    with opened(workday.url, tmp_path / "journal") as service:
        error = failing(lambda: ASK[what](service))
        assert (error.kind, "might" in error.message) == (ErrorKind.UNCERTAIN, True)
        assert "not done" not in error.message
        workday.plan = lambda *_: None
        workday.requests.clear()
        assert looked(service) == ()
        assert service.has_unresolved()
    assert unchanged(workday)


def test_a_stop_that_reaches_the_studio_late_makes_no_sentence_untrue(
    workday: WorkdayStudio, tmp_path: Path
) -> None:
    lose(workday, "StopStreamingSession", applied=False)
    with opened(workday.url, tmp_path / "journal") as service:
        message = failing(lambda: ASK["stop"](service)).message
        assert "didn't confirm" in message or "No response" in message
        workday.plan = lambda *_: None
        workday.states["ses.ready"] = "STOP_IN_PROGRESS"
        (finding,) = looked(service)
        assert "was accepted" in finding.text
        done = [one.done for one in service.history(NOW) if one.what == "stop"]
        assert done == [True]


@pytest.mark.parametrize(
    ("what", "fact", "state"),
    [("stop", "stoppedAt", "READY"), ("start", "startedAt", "STOPPED")],
)
def test_what_may_have_been_done_and_undone_is_not_said_to_be_not_done(
    workday: WorkdayStudio, tmp_path: Path, what: str, fact: str, state: str
) -> None:
    left_open(workday, tmp_path / "journal", what, applied=True)
    session_id = "ses.ready" if what == "stop" else "ses.stopped"
    workday.states[session_id] = state
    workday.facts[session_id] = {fact: "2026-11-21T12:00:30Z"}
    with opened(workday.url, tmp_path / "journal", at=LATE) as service:
        (finding,) = looked(service)
        assert "might have been done and undone since" in finding.text
        assert looked(service) == ()
    assert len(workday.ledger) == 1


def test_a_stop_of_what_was_deleted_since_is_not_to_be_repeated(
    workday: WorkdayStudio, tmp_path: Path
) -> None:
    left_open(workday, tmp_path / "journal", "stop", applied=False)
    workday.states["ses.ready"] = "DELETED"
    with opened(workday.url, tmp_path / "journal", at=LATE) as service:
        (finding,) = looked(service)
        assert "no longer matters: it is DELETED" in finding.text
        assert looked(service) == ()


def test_of_a_state_that_is_not_known_nothing_is_concluded(
    workday: WorkdayStudio, tmp_path: Path
) -> None:
    left_open(workday, tmp_path / "journal", "stop", applied=True)
    workday.states["ses.ready"] = "PONDERING"
    with opened(workday.url, tmp_path / "journal", at=LATE) as service:
        assert looked(service) == ()
        assert service.has_unresolved()
    with opened(workday.url, tmp_path / "journal", at=NOW + timedelta(hours=1)) as service:
        (finding,) = looked(service)
        assert "is unknown: it is PONDERING" in finding.text
        assert not service.has_unresolved()


def test_a_delete_of_what_is_unknown_by_now_claims_nothing(
    workday: WorkdayStudio, tmp_path: Path
) -> None:
    left_open(workday, tmp_path / "journal", "delete", applied=True)
    del workday.states["ses.ready"]
    with opened(workday.url, tmp_path / "journal", at=SOON) as service:
        (finding,) = looked(service)
    assert "Workstation eady, which you asked to delete at 12:00, no longer exists" in finding.text


def test_while_the_studio_is_away_everything_waits(workday: WorkdayStudio, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    left_open(workday, path, "launch", applied=False)
    left_open(workday, path, "stop", applied=False)
    with opened(workday.url, path, at=SOON) as service:
        sessions = service.list_streaming_sessions().items
        workday.plan = lambda *_: (on_the_wire.hang_up, True)
        assert service.reconcile(sessions) == ()
        assert service.has_unresolved()
        workday.plan = lambda *_: None
        assert len(looked(service)) == 2
    assert unchanged(workday)


def test_what_is_asked_by_hand_takes_the_place_of_what_is_open(
    workday: WorkdayStudio, tmp_path: Path
) -> None:
    """Nobody wants a stop of ten minutes ago after having deleted it."""
    path = tmp_path / "journal"
    left_open(workday, path, "stop", applied=False)
    with opened(workday.url, path, at=SOON) as service:
        service.act(SessionAction.DELETE, "ses.ready")
        workday.states["ses.ready"] = "READY"
        assert looked(service) == ()
    assert [operation for operation, _ in workday.ledger] == ["DeleteStreamingSession"]


def test_what_somebody_holds_is_left_to_them(workday: WorkdayStudio, tmp_path: Path) -> None:
    """While one window waits for an answer, the other one does not ask as well."""
    path = tmp_path / "journal"

    def meanwhile(line: Line, answer: Answer) -> bool:
        with opened(workday.url, path) as other:
            assert other.has_unresolved()
            found.append(looked(other))
        line.send(answer.as_bytes())
        return True

    found: list[object] = []
    workday.strike(meanwhile, on=["CreateStreamingSession"], before=False)
    with opened(workday.url, path) as service:
        service.launch(REQUEST)
    assert found == [()]
    assert len(workday.sent("CreateStreamingSession")) == 1


def test_windows_that_look_at_once_report_it_once(workday: WorkdayStudio, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    left_open(workday, path, "launch", applied=False)
    left_open(workday, path, "stop", applied=False)
    with ExitStack() as windows, ThreadPoolExecutor(4) as pool:
        services = [windows.enter_context(opened(workday.url, path, at=SOON)) for _ in range(4)]
        begin = Barrier(len(services), timeout=60)

        def look(service: NimbleService) -> int:
            begin.wait()
            return len(looked(service))

        assert sum(pool.map(look, services)) == 2
        assert not any(looked(one) for one in services)
    assert unchanged(workday)


def test_a_clock_set_back_holds_nothing_for_ever(workday: WorkdayStudio, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    left_open(workday, path, "launch", applied=True)
    with opened(workday.url, path, at=NOW - timedelta(days=1)) as service:
        assert len(looked(service)) == 1
    assert len(workday.launches()) == 1


def test_others_do_not_see_what_is_open(workday: WorkdayStudio, tmp_path: Path) -> None:
    from dataclasses import replace as changed

    from tests.client.workday import INFO

    path = tmp_path / "journal"
    left_open(workday, path, "launch", applied=True)
    for info in (
        changed(INFO, principal_id="somebody"),
        changed(INFO, studio_id="us-west-2:other"),
        changed(INFO, host="elsewhere.example"),
        changed(INFO, demo=True),
    ):
        with opened(workday.url, path, at=SOON, info=info) as service:
            assert not service.has_unresolved()
            assert service.history(NOW - timedelta(days=1)) == ()


@pytest.mark.parametrize(
    ("action", "more"),
    [
        ("stop", {"backup_id": "b"}),
        ("start", {"volume_retention_mode": "RETAIN"}),
        ("delete", {"volume_retention_mode": "DELETE"}),
        ("stop", {"volume_retention_mode": "MAYBE"}),
    ],
)
def test_what_goes_with_another_action_is_not_sent(
    workday: WorkdayStudio, action: str, more: dict[str, Any]
) -> None:
    with opened(workday.url, None) as service:
        error = failing(lambda: service.act(SessionAction(action), "ses.ready", **more))
    assert error.kind == ErrorKind.INVALID
    assert not workday.requests


def test_actions_under_one_token_are_done_once(workday: WorkdayStudio, tmp_path: Path) -> None:
    with opened(workday.url, tmp_path / "journal") as service:
        service.act(SessionAction.STOP, "ses.ready", client_token="evening")
        workday.forget_tokens()
        workday.states["ses.ready"] = "STOPPED"
        again = service.act(SessionAction.STOP, "ses.ready", client_token="evening")
        assert again.state == "STOPPED"

        def other(action: str, session_id: str) -> StudioError:
            asked = SessionAction(action)
            return failing(lambda: service.act(asked, session_id, client_token="evening"))

        assert other("start", "ses.ready").kind == ErrorKind.INVALID
        assert other("stop", "ses.stopped").kind == ErrorKind.INVALID
    assert len(workday.ledger) == 1


def test_a_stop_that_was_lost_is_no_mistake_when_it_is_asked_again(
    workday: WorkdayStudio, tmp_path: Path
) -> None:
    """A script that was killed is run again under its token: it is stopped, so all is well."""
    path = tmp_path / "journal"
    lose(workday, "StopStreamingSession", applied=True)
    with opened(workday.url, path) as service, pytest.raises(StudioError):
        service.act(SessionAction.STOP, "ses.ready", client_token="evening")
    workday.plan = lambda *_: None
    workday.states["ses.ready"] = "STOPPED"
    with opened(workday.url, path, at=SOON) as service:
        stopped = service.act(SessionAction.STOP, "ses.ready", client_token="evening")
        assert stopped.state == "STOPPED"
        assert not service.has_unresolved()
    assert len(workday.ledger) == 1


def test_times_are_told_in_findings(workday: WorkdayStudio, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    left_open(workday, path, "delete", applied=False)
    with opened(workday.url, path, at=NOW + timedelta(days=2)) as service:
        (finding,) = looked(service)
    here = datetime(2026, 11, 21, 12, tzinfo=UTC).astimezone()
    assert f"requested at {here:%H:%M} on {here.day} {here:%B} 2026" in finding.text
