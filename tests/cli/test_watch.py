import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from nimble_tui.cli import exit_codes, watch
from nimble_tui.cli.watch import Watcher
from nimble_tui.core.cadence import Intervals
from nimble_tui.core.clock import ManualClock
from nimble_tui.core.listing import Listing
from nimble_tui.core.model import LaunchProfile, StreamingSession, read_streaming_session
from nimble_tui.core.service import ErrorKind, StudioError, StudioInfo, StudioService
from tests.cli.running import Run

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
READY = "sq042 lighting"


class Scripted:
    """A studio whose list is what the test says."""

    info = StudioInfo("n", "s", "r", "p")

    def __init__(self) -> None:
        self.sessions: list[dict[str, Any]] = []
        self.problem: StudioError | None = None
        self.partial = False

    def list_streaming_sessions(self) -> Listing[StreamingSession]:
        if self.problem:
            raise self.problem
        return Listing(tuple(map(read_streaming_session, self.sessions)), partial=self.partial)

    def list_launch_profiles(self) -> Listing[LaunchProfile]:
        return Listing(())


@pytest.fixture
def studio() -> Scripted:
    return Scripted()


@pytest.fixture
def watcher(studio: Scripted) -> Watcher:
    return Watcher(cast("StudioService", studio), Intervals(), ManualClock(NOW))


def looked(watcher: Watcher) -> list[tuple[str, str, str | None]]:
    return [(one.what, one.row.title, one.row.session.state) for one in watcher.poll()]


def session(name: str, state: str, **more: Any) -> dict[str, Any]:
    return {"sessionId": f"id-{name}", "state": state, "tags": {"Name": name}, **more}


def test_first_all_that_is_there_then_only_what_changed(studio: Scripted, watcher: Watcher) -> None:
    studio.sessions = [session("a", "READY"), session("b", "STOPPED"), session("c", "DELETED")]
    assert looked(watcher) == [("present", "a", "READY"), ("present", "b", "STOPPED")]
    assert looked(watcher) == []
    studio.sessions[0] = session("a", "STOP_IN_PROGRESS")
    studio.sessions.append(session("d", "CREATE_IN_PROGRESS"))
    assert looked(watcher) == [
        ("changed", "a", "STOP_IN_PROGRESS"),
        ("new", "d", "CREATE_IN_PROGRESS"),
    ]
    studio.sessions = [session("d", "CREATE_IN_PROGRESS"), session("b", "DELETED")]
    assert looked(watcher) == [("gone", "a", "STOP_IN_PROGRESS"), ("gone", "b", "STOPPED")]


def test_a_name_and_a_deadline_are_changes_and_what_is_not_told_is_none(
    studio: Scripted, watcher: Watcher
) -> None:
    studio.sessions = [session("a", "READY", stopAt=NOW)]
    looked(watcher)
    studio.sessions = [session("a", "READY", stopAt=NOW, updatedAt=NOW)]
    assert looked(watcher) == []
    studio.sessions = [session("a", "READY", stopAt=NOW + timedelta(hours=1))]
    assert looked(watcher) == [("changed", "a", "READY")]
    studio.sessions[0]["tags"] = {"Name": "z"}
    assert looked(watcher) == [("changed", "z", "READY")]


def test_what_is_missing_from_half_a_list_is_not_gone(studio: Scripted, watcher: Watcher) -> None:
    studio.sessions = [session("a", "READY"), session("b", "READY")]
    looked(watcher)
    studio.sessions, studio.partial = [session("a", "STOPPED")], True
    assert looked(watcher) == [("changed", "a", "STOPPED")]
    studio.sessions, studio.partial = [session("a", "STOPPED"), session("b", "READY")], False
    assert looked(watcher) == []


def test_a_studio_that_is_away_is_said_once_and_waited_for(
    studio: Scripted, watcher: Watcher, capsys: pytest.CaptureFixture[str]
) -> None:
    studio.sessions = [session("a", "READY")]
    looked(watcher)
    calm = watcher.rest()
    studio.problem = StudioError(ErrorKind.UNREACHABLE, "It is away.", retry_after=500.0)
    assert looked(watcher) == []
    assert looked(watcher) == []
    assert watcher.rest() >= 500 > calm
    assert capsys.readouterr().err == "It is away. Still watching.\n"
    studio.problem = None
    studio.sessions = [session("a", "STOPPED")]
    assert looked(watcher) == [("changed", "a", "STOPPED")]
    assert capsys.readouterr().err == "The studio is responding again.\n"
    assert watcher.rest() == calm


def test_what_will_not_pass_ends_it(studio: Scripted, watcher: Watcher) -> None:
    studio.problem = StudioError(ErrorKind.NOT_SIGNED_IN, "Who are you?")
    with pytest.raises(StudioError, match="Who are you"):
        watcher.poll()


def test_it_looks_more_often_while_something_changes(studio: Scripted, watcher: Watcher) -> None:
    studio.sessions = [session("a", "READY")]
    looked(watcher)
    assert watcher.rest() == Intervals().idle
    studio.sessions = [session("a", "STOP_IN_PROGRESS")]
    looked(watcher)
    assert watcher.rest() == Intervals().busy


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What happens in each pause between two looks; after the last one, ctrl+c."""
    todo: list[Any] = []

    def pause(_: float) -> None:
        if not todo:
            raise KeyboardInterrupt
        todo.pop(0)()

    monkeypatch.setattr(watch, "pause", pause)
    yield todo
    assert todo == []


@pytest.mark.usefixtures("signed_in")
def test_one_line_a_change_until_ctrl_c(run: Run, pauses: list[Any], monkeypatch: Any) -> None:
    from nimble_tui.client.nimble import NimbleService
    from nimble_tui.core.model import SessionAction

    services: list[NimbleService] = []
    whole = NimbleService.list_streaming_sessions

    def listed(service: NimbleService) -> Listing[StreamingSession]:
        services.append(service)
        return whole(service)

    def stop() -> None:
        found = next(one for one in whole(services[0]).items if one.tags.get("Name") == READY)
        services[0].act(SessionAction.STOP, found.session_id)

    monkeypatch.setattr(NimbleService, "list_streaming_sessions", listed)
    pauses.append(stop)
    told = run("watch")
    assert (told.code, told.err) == (exit_codes.DONE, "")
    lines = told.out.splitlines()
    assert sum(READY in line for line in lines) == 2
    assert f"  {READY}  READY → STOP" in lines[-1] or f"  {READY}  READY → STOP" in told.out


@pytest.mark.usefixtures("signed_in")
def test_json_is_one_object_a_line(run: Run, pauses: list[Any]) -> None:
    assert pauses == []
    told = run("watch", "--json")
    assert told.code == exit_codes.DONE
    objects = [json.loads(line) for line in told.out.splitlines()]
    assert {one["change"] for one in objects} == {"present"}
    assert READY in {one["title"] for one in objects}
    for one in objects:
        assert datetime.fromisoformat(one["at"]).tzinfo
        assert one["session"]["sessionId"]


def test_a_line_cannot_steer_a_terminal(studio: Scripted, watcher: Watcher) -> None:
    studio.sessions = [session("\x1b]52;c;x\x07\n", "\x1b[2J\n", statusMessage="\x9b")]
    (change,) = watcher.poll()
    assert watch.as_text(change, NOW).isprintable()
    assert watch.as_json(change, NOW).isprintable()
