"""What this computer remembers: what was asked, and each state when it was seen first."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nimble_tui.client.journal.journal import Journal
from nimble_tui.client.journal.observed_states import KEPT
from nimble_tui.core.history import Event, EventKind
from nimble_tui.core.model import SessionAction, StreamingSession
from nimble_tui.core.service import StudioError
from tests.client.workday import INFO, NOW, REQUEST, opened
from tests.client.workday_studio import WorkdayStudio
from tests.faults import faulty_studio as on_the_wire
from tests.faults.faulty_studio import no, replaced

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def seen(events: tuple[Event, ...], session_id: str) -> list[str]:
    return [
        one.what
        for one in events
        if one.kind == EventKind.OBSERVED and one.session_id == session_id
    ]


def test_states_are_remembered_once_each(workday: WorkdayStudio, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with opened(workday.url, path) as service:
        service.list_streaming_sessions()
        service.list_streaming_sessions()
        workday.states["ses.ready"] = "STOP_IN_PROGRESS"
        service.get_streaming_session("ses.ready")
        service.list_streaming_sessions()
    with opened(workday.url, path) as service:
        service.list_streaming_sessions()
        workday.states["ses.ready"] = "STOPPED"
        service.list_streaming_sessions()
        events = service.history(LONG_AGO)
    assert seen(events, "ses.ready") == ["READY", "STOP_IN_PROGRESS", "STOPPED"]
    assert seen(events, "ses.stopped") == ["STOPPED"]
    assert list(events) == sorted(events, key=lambda one: one.at)


def test_two_windows_remember_a_state_once(workday: WorkdayStudio, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with opened(workday.url, path) as one, opened(workday.url, path) as other:
        for state in ("READY", "STOP_IN_PROGRESS", "STOPPED"):
            workday.states["ses.ready"] = state
            one.list_streaming_sessions()
            other.list_streaming_sessions()
        assert seen(one.history(LONG_AGO), "ses.ready") == ["READY", "STOP_IN_PROGRESS", "STOPPED"]


def test_the_studios_own_times_are_told(workday: WorkdayStudio) -> None:
    workday.facts["ses.ready"] = {"updatedAt": "2026-11-21T08:15:00Z"}
    with opened(workday.url, None) as service:
        service.list_streaming_sessions()
        (event,) = [one for one in service.history(LONG_AGO) if one.session_id == "ses.ready"]
    assert event.at == datetime(2026, 11, 21, 8, 15, tzinfo=UTC)
    assert event.launch_profile_id == "lp-1"


def test_a_time_to_come_is_no_time_something_was_seen(workday: WorkdayStudio) -> None:
    workday.facts["ses.ready"] = {"updatedAt": "2036-11-21T08:15:00Z"}
    with opened(workday.url, None) as service:
        service.list_streaming_sessions()
        assert {one.at for one in service.history(LONG_AGO)} == {NOW}


def test_an_answer_that_was_overtaken_is_not_remembered(workday: WorkdayStudio) -> None:
    workday.facts["ses.ready"] = {"updatedAt": "2026-11-21T08:15:00Z"}
    with opened(workday.url, None) as service:
        service.list_streaming_sessions()
        workday.states["ses.ready"] = "STOP_IN_PROGRESS"
        workday.facts["ses.ready"] = {"updatedAt": "2026-11-21T08:14:00Z"}
        service.list_streaming_sessions()
        assert seen(service.history(LONG_AGO), "ses.ready") == ["READY"]


def test_what_was_asked_is_remembered_with_what_came_of_it(workday: WorkdayStudio) -> None:
    with opened(workday.url, None) as service:
        service.act(SessionAction.STOP, "ses.ready")
        launch = service.launch(REQUEST)
        service.rename("ses.ready", "shot 8")
        conflict = replaced(no(409, "ConflictException", "busy"))
        workday.strike(conflict, on=["StartStreamingSession"], before=True)
        with pytest.raises(StudioError):
            service.act(SessionAction.START, "ses.stopped")
        workday.strike(on_the_wire.hang_up, on=["DeleteStreamingSession"], before=True)
        with pytest.raises(StudioError):
            service.act(SessionAction.DELETE, "ses.stopped")
        asked = [one for one in service.history(LONG_AGO) if one.kind == EventKind.REQUESTED]
    assert [(one.what, one.session_id, one.done) for one in asked] == [
        ("stop", "ses.ready", True),
        ("launch", launch.session_id, True),
        ("rename", "ses.ready", True),
        ("start", "ses.stopped", False),
        ("delete", "ses.stopped", None),
    ]
    assert (asked[1].launch_profile_id, asked[1].ec2_instance_type) == ("lp-1", "g5.xlarge")
    assert asked[0].launch_profile_id == "lp-1"
    assert "is busy (STOPPED)" in asked[3].note


def test_history_begins_where_it_is_asked_for(workday: WorkdayStudio, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with opened(workday.url, path) as service:
        service.act(SessionAction.STOP, "ses.ready")
    with opened(workday.url, path, at=NOW + timedelta(hours=2)) as service:
        workday.states["ses.ready"] = "STOPPED"
        service.list_streaming_sessions()
        events = service.history(NOW + timedelta(hours=1))
        assert {one.kind for one in events} == {EventKind.OBSERVED}
        assert seen(events, "ses.ready") == ["STOPPED"]


def test_what_is_not_listed_any_more_is_gone(workday: WorkdayStudio, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with opened(workday.url, path) as service:
        service.list_streaming_sessions()
    del workday.states["ses.ready"]
    with opened(workday.url, path, at=NOW + timedelta(hours=2)) as service:
        service.list_streaming_sessions()
        service.list_streaming_sessions()
        assert seen(service.history(LONG_AGO), "ses.ready") == ["READY", "DELETED"]


def test_half_a_list_says_nothing_of_the_rest(workday: WorkdayStudio, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with opened(workday.url, path) as service:
        service.list_streaming_sessions()
    workday.page_size = 1

    def plan(operation: str, request: on_the_wire.Request) -> tuple[on_the_wire.Fault, bool] | None:
        later = operation == "ListStreamingSessions" and "nextToken" in request.query
        return (on_the_wire.reset, True) if later else None

    workday.plan = plan
    with opened(workday.url, path, at=NOW + timedelta(hours=2)) as service:
        assert service.list_streaming_sessions().partial
        assert "DELETED" not in [one.what for one in service.history(LONG_AGO)]


def session(number: int, state: str) -> StreamingSession:
    return StreamingSession(f"ses.{number}", state=state, launch_profile_id="lp-1")


class TestManyOfThem:
    def test_nothing_is_written_when_nothing_changed(self, tmp_path: Path) -> None:
        path = tmp_path / "journal"
        many = [session(number, "READY") for number in range(10_000)]
        with closing(Journal(path)) as journal:
            observed = journal.of(INFO).observed
            observed.see(many, NOW, whole=True)
            before = (path.stat().st_mtime_ns, path.read_bytes())
            observed.see(many, NOW, whole=True)
            assert (path.stat().st_mtime_ns, path.read_bytes()) == before
        with closing(Journal(path)) as journal:
            observed = journal.of(INFO).observed
            before_again = path.read_bytes()
            observed.see(many, NOW, whole=True)
            assert path.read_bytes() == before_again
            assert len(observed.since(LONG_AGO)) == 10_000

    def test_what_is_old_goes_and_how_things_are_stays(self, tmp_path: Path) -> None:
        path = tmp_path / "journal"
        with closing(Journal(path)) as journal:
            observed = journal.of(INFO).observed
            observed.see([session(1, "READY"), session(2, "READY")], NOW)
            observed.see([session(1, "STOPPED"), session(2, "DELETED")], NOW)
        later = NOW + KEPT + timedelta(days=1)
        with closing(Journal(path)) as journal:
            observed = journal.of(INFO).observed
            observed.see([session(3, "READY")], later)
            kept = [(one.session_id, one.state) for one in observed.since(LONG_AGO)]
        assert kept == [("ses.1", "STOPPED"), ("ses.3", "READY")]

    def test_there_is_an_end_to_it(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("nimble_tui.client.journal.observed_states.MOST", 100)
        path = tmp_path / "journal"
        for state in ("READY", "STOPPED", "READY"):
            with closing(Journal(path)) as journal:
                many = [session(number, state) for number in range(80)]
                journal.of(INFO).observed.see(many, NOW)
        with closing(Journal(path)) as journal:
            journal.of(INFO).observed.see([session(1, "STOPPED")], NOW)
        with closing(Journal(path)) as journal:
            monkeypatch.setattr("nimble_tui.client.journal.observed_states.MOST", 1000)
            assert len(journal.of(INFO).observed.since(LONG_AGO)) == 101

    def test_others_at_each_look_do_not_fill_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("nimble_tui.client.journal.observed_states.MOST", 100)
        with closing(Journal()) as journal:
            observed = journal.of(INFO).observed
            for look in range(5):
                others = range(40 * look, 40 * look + 40)
                observed.see([session(number, "READY") for number in others], NOW)
            observed.see([session(1, "STOPPED")], NOW)
            assert len(observed.last()) == 100
            assert observed.last()["ses.1"].state == "STOPPED"
