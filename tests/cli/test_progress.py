from datetime import UTC, datetime, timedelta

import pytest

from nimble_tui.cli import progress
from nimble_tui.cli.output import width_of
from nimble_tui.cli.progress import Progress
from nimble_tui.core.clock import ManualClock
from nimble_tui.core.model import SessionState, read_streaming_session
from nimble_tui.core.usual_durations import Change

START = Change(SessionState.START_IN_PROGRESS, timedelta(minutes=4))
STARTING = read_streaming_session({"sessionId": "s", "state": "START_IN_PROGRESS"})
STOPPING = read_streaming_session({"sessionId": "s", "state": "STOP_IN_PROGRESS"})


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 21, tzinfo=UTC))


@pytest.fixture
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(progress, "is_terminal", lambda: True)


def drawn(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line for line in capsys.readouterr().err.split("\r\x1b[K") if line]


@pytest.mark.usefixtures("at_a_terminal")
def test_a_bar_fills_as_the_usual_time_passes(
    clock: ManualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = Progress("A", clock, clock.advance, [START])
    shown.rest(STARTING, 2.0)
    empty = "░" * 20
    assert drawn(capsys) == [
        f"A: START_IN_PROGRESS 0 s {empty} usually 4 min",
        f"A: START_IN_PROGRESS 1 s {empty} usually 4 min",
    ]
    clock.advance(118)
    shown.rest(STARTING, 1.0)
    assert drawn(capsys) == [f"A: START_IN_PROGRESS 2 min {'█' * 10}{'░' * 10} usually 4 min"]
    clock.advance(600)
    shown.rest(STARTING, 1.0)
    assert drawn(capsys) == [f"A: START_IN_PROGRESS 12 min 1 s {'█' * 20} longer than usual"]
    shown.end()
    assert capsys.readouterr().err == "\r\x1b[K"
    shown.end()
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("at_a_terminal")
def test_without_a_past_there_is_no_bar(
    clock: ManualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    Progress("A", clock, clock.advance, [START]).rest(STOPPING, 1.0)
    assert drawn(capsys) == ["A: STOP_IN_PROGRESS 0 s"]


@pytest.mark.usefixtures("at_a_terminal")
@pytest.mark.parametrize("columns", [10, 40, 80])
def test_a_line_never_wraps(
    clock: ManualClock,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    columns: int,
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    Progress("日本" * 60, clock, clock.advance, [START]).rest(STARTING, 1.0)
    (line,) = drawn(capsys)
    assert width_of(line) < columns


def test_in_a_pipe_each_state_is_one_plain_line(
    clock: ManualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = Progress("A", clock, clock.advance, [START])
    for seen in (STARTING, STARTING, STOPPING, STOPPING):
        shown.rest(seen, 3.0)
    shown.end()
    assert capsys.readouterr().err == "A: START_IN_PROGRESS.\nA: STOP_IN_PROGRESS.\n"
    assert clock.monotonic() == 12.0
