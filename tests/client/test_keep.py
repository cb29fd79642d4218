"""A stopped workstation kept: started, stopped again once it is READY, also by the next start."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from nimble_tui.client.intent import Intent, Verb
from nimble_tui.client.journal.journal import Journal
from nimble_tui.core.clock import ManualClock
from nimble_tui.core.model import SessionAction
from nimble_tui.core.service import ErrorKind, StudioError
from tests.client.test_errors import failing
from tests.client.workday import INFO, NOW, looked, opened
from tests.client.workday_studio import WorkdayStudio
from tests.faults import faulty_studio as on_the_wire
from tests.faults.faulty_studio import PRINCIPAL_ID, no, replaced

SOON = NOW + timedelta(minutes=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def stopped(workday: WorkdayStudio) -> WorkdayStudio:
    """Its STOPPED workstation is deleted in an hour; a start of it is this person's, at NOW."""
    moment(workday, "STOPPED", terminateAt="2026-11-21T13:00:00Z", stoppedAt="2026-11-21T09:00:00Z")
    moment(workday, "STOPPED", startedAt="2026-11-21T12:00:00Z", startedBy=PRINCIPAL_ID)
    return workday


def moment(studio: WorkdayStudio, state: str, **facts: object) -> None:
    studio.states["ses.stopped"] = state
    studio.facts.setdefault("ses.stopped", {}).update(facts)


def operations(studio: WorkdayStudio) -> list[str]:
    return [operation for operation, _ in studio.ledger]


KEPT = ["StartStreamingSession", "StopStreamingSession"]


def test_it_is_started_then_stopped_and_told(stopped: WorkdayStudio, path: Path) -> None:
    with opened(stopped.url, path) as service:
        assert service.keep("ses.stopped").state == "START_IN_PROGRESS"
        assert service.has_unresolved()
        assert looked(service) == ()
        moment(stopped, "READY")
        assert looked(service) == ()
        assert operations(stopped) == KEPT
        assert looked(service) == ()
        moment(
            stopped,
            "STOPPED",
            stoppedAt="2026-11-21T12:05:00Z",
            terminateAt="2026-11-25T12:05:00Z",
        )
        (finding,) = looked(service)
        assert finding.good
        assert "shot 7 is kept until 25 November 2026" in finding.text
        assert looked(service) == ()
        assert not service.has_unresolved()
    assert operations(stopped) == KEPT


def test_the_next_start_of_the_app_finishes_it(stopped: WorkdayStudio, path: Path) -> None:
    with opened(stopped.url, path) as service:
        service.keep("ses.stopped")
    moment(stopped, "READY")
    with opened(stopped.url, path, at=NOW + timedelta(hours=9)) as service:
        assert service.has_unresolved()
        looked(service)
        assert operations(stopped) == KEPT
    moment(stopped, "STOPPED", stoppedAt="2026-11-21T21:01:00Z")
    with opened(stopped.url, path, at=NOW + timedelta(hours=10)) as service:
        (finding,) = looked(service)
        assert finding.good


@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
def test_a_start_whose_reply_is_lost_is_stopped_again_if_it_was_done_and_else_not_repeated(
    stopped: WorkdayStudio, path: Path, applied: bool
) -> None:
    if not applied:
        moment(stopped, "STOPPED", startedAt="2026-11-20T12:00:00Z")
    gone = [False]

    def plan(asked: str, _: object) -> tuple[on_the_wire.Fault, bool] | None:
        now = asked == "StartStreamingSession"
        gone[0] = gone[0] or now
        return (on_the_wire.hang_up, not (now and applied)) if gone[0] else None

    stopped.plan = plan
    with opened(stopped.url, path) as service:
        assert failing(lambda: service.keep("ses.stopped")).kind == ErrorKind.UNCERTAIN
    stopped.plan = lambda *_: None
    with opened(stopped.url, path, at=SOON) as service:
        if applied:
            assert looked(service) == ()
            moment(stopped, "READY")
            looked(service)
        else:
            (finding,) = looked(service)
            assert "has not been done yet" in finding.text
            assert looked(service) == ()
    if not applied:
        with opened(stopped.url, path, at=NOW + timedelta(hours=1)) as service:
            (finding,) = looked(service)
            assert "it was never started" in finding.text
            assert not service.has_unresolved()
    assert operations(stopped) == (KEPT if applied else [])


def test_a_start_that_reaches_the_studio_late_is_stopped_again(
    stopped: WorkdayStudio, path: Path
) -> None:
    moment(stopped, "STOPPED", startedAt="2026-11-20T12:00:00Z")
    stopped.strike(on_the_wire.hang_up, on=["StartStreamingSession"], before=True)
    with opened(stopped.url, path) as service:
        assert failing(lambda: service.keep("ses.stopped")).kind == ErrorKind.UNCERTAIN
    with opened(stopped.url, path, at=SOON) as service:
        assert len(looked(service)) == 1
        moment(stopped, "READY", startedAt="2026-11-21T12:04:00Z")
        assert looked(service) == ()
        moment(stopped, "STOPPED", stoppedAt="2026-11-21T12:06:00Z")
        (finding,) = looked(service)
        assert finding.good
        assert not service.has_unresolved()
    assert operations(stopped) == ["StopStreamingSession"]


def test_a_refusal_of_the_repeated_keep_forgets_no_start_that_may_still_come(
    stopped: WorkdayStudio, path: Path
) -> None:
    moment(stopped, "STOPPED", startedAt="2026-11-20T12:00:00Z")
    stopped.strike(on_the_wire.hang_up, on=["StartStreamingSession"], before=True, times=3)
    with opened(stopped.url, path) as service:
        assert failing(lambda: service.keep("ses.stopped")).kind == ErrorKind.UNCERTAIN
        refused = replaced(no(403, "AccessDeniedException", "no"))
        stopped.strike(refused, on=["StartStreamingSession"], before=True)
        assert failing(lambda: service.keep("ses.stopped")).kind == ErrorKind.DENIED
        stopped.plan = lambda *_: None
        moment(stopped, "READY", startedAt="2026-11-21T12:04:00Z")
        assert looked(service) == ()
    assert operations(stopped) == ["StopStreamingSession"]


@pytest.mark.parametrize(
    "facts",
    [
        {"startedAt": None},
        {"startedAt": "2026-11-21T12:45:00Z"},
        {"startedAt": "2026-11-21T12:00:00Z", "startedBy": "somebody else"},
    ],
    ids=["a start of unknown time", "a start that came too late", "a start by somebody else"],
)
def test_what_may_be_another_start_is_not_stopped_without_another_yes(
    stopped: WorkdayStudio, path: Path, facts: dict[str, str | None]
) -> None:
    """The reply to Keep's own start was lost, so that nothing says which start it was."""
    gone = [False]

    def plan(asked: str, _: object) -> tuple[on_the_wire.Fault, bool] | None:
        now = asked == "StartStreamingSession"
        gone[0] = gone[0] or now
        return (on_the_wire.hang_up, not now) if gone[0] else None

    stopped.plan = plan
    with opened(stopped.url, path) as service:
        failing(lambda: service.keep("ses.stopped"))
    stopped.plan = lambda *_: None
    moment(stopped, "READY", **facts)
    with opened(stopped.url, path, at=SOON) as service:
        findings = looked(service)
        assert ["may have been started again" in one.text for one in findings] == [True]
        assert not service.has_unresolved()
    assert operations(stopped) == ["StartStreamingSession"]


def test_one_whose_screen_was_opened_since_is_left_running(
    stopped: WorkdayStudio, path: Path
) -> None:
    """The app died between opening the screen and giving up the plan to stop it."""
    with opened(stopped.url, path) as service:
        service.keep("ses.stopped")
    with closing(Journal(path)) as journal:
        intents = journal.of(INFO).intents
        intents.begin(Intent(Verb.CONNECT, "ses.stopped"), NOW, timedelta())
    moment(stopped, "READY")
    with opened(stopped.url, path, at=SOON) as service:
        (finding,) = looked(service)
    assert "had a connection since you kept it, so it keeps running" in finding.text
    assert operations(stopped) == ["StartStreamingSession"]


def test_what_the_person_is_about_to_act_on_is_not_stopped_first(
    stopped: WorkdayStudio, path: Path
) -> None:
    with opened(stopped.url, path) as service:
        service.keep("ses.stopped")
        moment(stopped, "READY")
        sessions = service.list_streaming_sessions().items
        assert service.reconcile(sessions, spare={"ses.stopped"}) == ()
        assert operations(stopped) == ["StartStreamingSession"]
        assert service.keeping() == {"ses.stopped"}
        service.reconcile(sessions)
    assert operations(stopped) == KEPT


def test_one_that_a_dead_process_holds_can_be_carried_on_at_once(
    stopped: WorkdayStudio, path: Path
) -> None:
    with opened(stopped.url, path) as service:
        service.keep("ses.stopped")
    with closing(Journal(path)) as journal:
        assert journal.of(INFO).keep_plans.claim(NOW, timedelta(minutes=2))
    moment(stopped, "READY")
    with opened(stopped.url, path) as service:
        assert looked(service) == ()
        assert operations(stopped) == ["StartStreamingSession"]
        assert service.resume_keep("ses.stopped") == ()
        assert operations(stopped) == KEPT
        moment(stopped, "STOPPED", stoppedAt="2026-11-21T12:05:00Z")
        for _ in range(2):  # until it was reported
            (finding,) = service.resume_keep("ses.stopped")
            assert "shot 7 is kept" in finding.text
        service.report_keep(finding)
        assert service.resume_keep("ses.stopped") == ()


@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
def test_a_stop_whose_answer_is_lost_is_gone_on_with(
    stopped: WorkdayStudio, path: Path, applied: bool
) -> None:
    with opened(stopped.url, path) as service:
        service.keep("ses.stopped")
        moment(stopped, "READY")
        stopped.strike(on_the_wire.hang_up, on=["StopStreamingSession"], before=not applied)
        looked(service)
        stopped.plan = lambda *_: None
        looked(service)
        looked(service)
        assert operations(stopped) == KEPT
        moment(stopped, "STOPPED", stoppedAt="2026-11-21T12:05:00Z")
        (finding,) = looked(service)
        assert "shot 7 is kept" in finding.text
        assert looked(service) == ()
        assert not service.has_unresolved()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("START_FAILED", "did not start (No machine is free)"),
        ("STOP_FAILED", "stopping it failed"),
        ("DELETED", "was deleted before it could be kept"),
    ],
)
def test_what_goes_wrong_is_told_once(
    stopped: WorkdayStudio, path: Path, state: str, words: str
) -> None:
    with opened(stopped.url, path) as service:
        service.keep("ses.stopped")
        moment(stopped, state, statusMessage="No machine is free.")
        (finding,) = looked(service)
        assert words in finding.text
        assert not finding.good
        assert looked(service) == ()
        assert not service.has_unresolved()


def test_one_that_the_studio_forgot_is_told(stopped: WorkdayStudio, path: Path) -> None:
    clock = ManualClock(NOW)
    with opened(stopped.url, path, clock=clock) as service:
        service.keep("ses.stopped")
        del stopped.states["ses.stopped"]
        assert looked(service) == ()
        clock.advance(301)
        (finding,) = looked(service)
        assert "Can't keep workstation pped: the studio has no such workstation" in finding.text
        assert looked(service) == ()


def test_one_that_the_studio_forgot_long_ago_is_told_at_once(
    stopped: WorkdayStudio, path: Path
) -> None:
    with opened(stopped.url, path) as service:
        service.keep("ses.stopped")
    del stopped.states["ses.stopped"]
    with opened(stopped.url, path, at=NOW + timedelta(days=2)) as service:
        assert len(looked(service)) == 1


@pytest.mark.parametrize("on", ["GetStreamingSession", "GetLaunchProfile", "StopStreamingSession"])
@pytest.mark.parametrize(
    "bad", [(400, "ValidationException"), (403, "AccessDeniedException"), (418, "Teapot")]
)
def test_bad_answers_do_not_leave_it_running(
    stopped: WorkdayStudio, path: Path, on: str, bad: tuple[int, str]
) -> None:
    with opened(stopped.url, path) as service:
        service.keep("ses.stopped")
        moment(stopped, "READY")
        stopped.strike(replaced(no(*bad, "no")), on=[on], before=True, times=3)
        assert looked(service) == ()
        stopped.plan = lambda *_: None
        assert looked(service) == ()
    assert operations(stopped) == KEPT


def test_what_somebody_started_anew_is_left_running(stopped: WorkdayStudio, path: Path) -> None:
    with opened(stopped.url, path) as service:
        service.keep("ses.stopped")
    moment(stopped, "READY", startedAt="2026-11-23T08:00:00Z")
    with opened(stopped.url, path, at=NOW + timedelta(days=2)) as service:
        (finding,) = looked(service)
    assert "keeps running" in finding.text
    assert operations(stopped) == ["StartStreamingSession"]


def test_who_connects_to_it_keeps_it_running(stopped: WorkdayStudio, path: Path) -> None:
    with opened(stopped.url, path) as service:
        service.keep("ses.stopped")
        moment(stopped, "READY")
        service.connect("ses.stopped")
        (finding,) = looked(service)
        assert "keeps running" in finding.text
        assert looked(service) == ()
        assert not service.has_unresolved()
    assert operations(stopped) == ["StartStreamingSession"]


def test_who_acts_on_it_themselves_ends_the_plan(stopped: WorkdayStudio, path: Path) -> None:
    with opened(stopped.url, path) as service:
        service.keep("ses.stopped")
        moment(stopped, "READY")
        service.act(SessionAction.DELETE, "ses.stopped")
        moment(stopped, "READY")
        assert looked(service) == ()
    assert operations(stopped) == ["StartStreamingSession", "DeleteStreamingSession"]


def test_asking_twice_changes_nothing(stopped: WorkdayStudio, path: Path) -> None:
    """The second time it is starting already, which is no reason to forget the stop."""
    with opened(stopped.url, path) as service:
        service.keep("ses.stopped")
        with pytest.raises(StudioError):
            service.keep("ses.stopped")
        moment(stopped, "READY")
        looked(service)
    assert operations(stopped) == KEPT


def test_what_needs_no_keeping_is_refused(workday: WorkdayStudio, path: Path) -> None:
    with opened(workday.url, path) as service:
        assert failing(lambda: service.keep("ses.ready")).kind == ErrorKind.REFUSED
        assert not service.has_unresolved()
    assert workday.ledger == []


def test_one_without_a_name_is_told_by_its_launch_profile(
    stopped: WorkdayStudio, path: Path
) -> None:
    with opened(stopped.url, path) as service:
        service.keep("ses.stopped")
        moment(stopped, "STOPPED", tags={}, stoppedAt="2026-11-21T12:05:00Z")
        (finding,) = looked(service)
    assert finding.text.startswith("Lighting · pped is kept")
