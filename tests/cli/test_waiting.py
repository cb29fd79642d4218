from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.cli.waiting import TimedOut, WaitOptions, wait_until_settled
from nimble_tui.core.cadence import Intervals
from nimble_tui.core.clock import ManualClock
from nimble_tui.core.model import SessionState, StreamingSession, read_streaming_session
from nimble_tui.core.service import ErrorKind, StudioError, StudioService
from nimble_tui.core.usual_durations import Change


def session(state: str) -> StreamingSession:
    return read_streaming_session({"sessionId": "s", "state": state})


def away(kind: ErrorKind = ErrorKind.UNREACHABLE, retry_after: float = 0.0) -> StudioError:
    return StudioError(kind, "It is away.", retry_after=retry_after)


class Scripted:
    """A studio that answers what it was told to, one answer a look; the last one for ever."""

    def __init__(self, *answers: str | StudioError) -> None:
        self.answers = list(answers)

    def get_streaming_session(self, session_id: str) -> StreamingSession:
        assert session_id == "s"
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, StudioError):
            raise answer
        return session(answer)


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def wait_for(waits: list[float]) -> Callable[..., tuple[str | None, bool]]:
    clock = ManualClock(datetime(2026, 11, 21, tzinfo=UTC))

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        clock.advance(seconds)

    def wait_for(first: str, *answers: str | StudioError) -> tuple[str | None, bool]:
        options = WaitOptions(Intervals(), "A", 300.0, clock, sleep, lambda: 1.0)
        service = cast("StudioService", Scripted(*answers))
        seen, gone = wait_until_settled(service, session(first), options)
        return seen.state, gone

    return wait_for


Wait = Callable[..., tuple[str | None, bool]]


def test_what_is_settled_is_not_looked_at(wait_for: Wait, waits: list[float]) -> None:
    assert wait_for("STOPPED", away()) == ("STOPPED", False)
    assert waits == []


@pytest.mark.parametrize("end", ["STOPPED", "STOP_FAILED", "READY"])
def test_it_looks_until_it_is_settled(wait_for: Wait, waits: list[float], end: str) -> None:
    moving = "STOP_IN_PROGRESS"
    assert wait_for(moving, moving, moving, end) == (end, False)
    assert waits == [3.0, 3.0, 3.0]


def test_a_studio_that_comes_back_is_waited_for_and_told_once(
    wait_for: Wait, waits: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    answers = (away(), away(), away(), "STOPPED")
    assert wait_for("STOP_IN_PROGRESS", *answers) == ("STOPPED", False)
    assert waits == [3.0, 4.0, 8.0, 16.0]
    assert capsys.readouterr().err == "A: STOP_IN_PROGRESS.\nIt is away. Still waiting.\n"


def test_a_studio_that_stays_away_is_given_up(wait_for: Wait, waits: list[float]) -> None:
    with pytest.raises(StudioError, match="away"):
        wait_for("STOP_IN_PROGRESS", away())
    assert 300 < sum(waits) < 600


def test_it_waits_as_long_as_the_studio_asks(wait_for: Wait, waits: list[float]) -> None:
    wait_for("STOP_IN_PROGRESS", away(ErrorKind.THROTTLED, 60.0), "STOPPED")
    assert waits == [3.0, 60.0]


@pytest.mark.parametrize("kind", ErrorKind)
def test_one_bad_look_ends_nothing(wait_for: Wait, kind: ErrorKind) -> None:
    moving = "STOP_IN_PROGRESS"
    assert wait_for(moving, away(kind), moving, away(kind), "STOPPED") == ("STOPPED", False)


@pytest.mark.parametrize("kind", [ErrorKind.NOT_SIGNED_IN, ErrorKind.DENIED, ErrorKind.NOT_FOUND])
def test_what_does_not_pass_is_believed_the_third_time_and_says_what_was_done(
    wait_for: Wait, waits: list[float], kind: ErrorKind
) -> None:
    with pytest.raises(StudioError) as caught:
        wait_for("STOP_IN_PROGRESS", away(kind), away(), away(kind))
    assert len(waits) == 5
    assert caught.value.kind == (kind if kind == ErrorKind.NOT_SIGNED_IN else ErrorKind.UNCERTAIN)
    assert caught.value.message == (
        "A was last seen STOP_IN_PROGRESS, as requested, but the result is unknown: it is away."
    )


def test_a_state_that_is_not_known_is_waited_out(
    wait_for: Wait, waits: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    moving = "STOP_IN_PROGRESS"
    assert wait_for(moving, "SOMETHING_NEW", "STOPPED") == ("STOPPED", False)
    assert capsys.readouterr().err == (
        "A: STOP_IN_PROGRESS.\nA is in an unknown state, SOMETHING_NEW. Still waiting.\nA: "
        "SOMETHING_NEW.\n"
    )
    assert wait_for("SOMETHING_NEW", "SOMETHING_NEW") == ("SOMETHING_NEW", False)
    assert 300 < sum(waits) < 600


def test_whoever_does_not_want_to_wait_is_told_that_it_goes_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    options = WaitOptions(Intervals(), "A", sleep=interrupted)
    with pytest.raises(KeyboardInterrupt):
        wait_until_settled(
            cast("StudioService", Scripted("READY")), session("START_IN_PROGRESS"), options
        )
    (_, last) = capsys.readouterr().err.splitlines()
    assert last == ("A: START_IN_PROGRESS. The studio continues. Check with nimble-tui sessions.")


def test_what_was_being_deleted_and_is_not_known_any_more_is_gone(wait_for: Wait) -> None:
    answer = wait_for("DELETE_IN_PROGRESS", "DELETE_IN_PROGRESS", away(ErrorKind.NOT_FOUND))
    assert answer == ("DELETE_IN_PROGRESS", True)


@pytest.fixture
def wait_until() -> Callable[..., str]:
    """Wait with a time-out on a clock that only this moves; return what was raised."""

    def wait_until(timeout: float | None, *answers: str, known: float = 0.0) -> str:
        clock = ManualClock(datetime(2026, 11, 21, tzinfo=UTC))
        took = Change(SessionState.START_IN_PROGRESS, timedelta(seconds=known))
        options = WaitOptions(
            Intervals(),
            "A",
            300.0,
            clock,
            clock.advance,
            lambda: 1.0,
            known=(took,) if known else (),
            timeout=timeout,
        )
        service = cast("StudioService", Scripted(*answers))
        try:
            wait_until_settled(service, session(answers[0]), options)
        except TimedOut as timed_out:
            ended = (timed_out.code, timed_out.latest.state, str(timed_out))
        else:
            return ""
        assert ended[:2] == (exit_codes.TIMED_OUT, answers[-1])
        return ended[2]

    return wait_until


@pytest.mark.parametrize("timeout", [0.001, 2, 1_800, 25_200])
def test_a_time_out_ends_the_wait(wait_until: Callable[..., str], timeout: float) -> None:
    told = wait_until(timeout, "START_IN_PROGRESS")
    assert told.startswith("A: still START_IN_PROGRESS after ")
    assert "The studio continues" in told
    assert wait_until(timeout + 10, "START_IN_PROGRESS", "READY") == ""


def test_a_pipe_reads_that_it_takes_longer_than_usual(
    wait_until: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    wait_until(7 * 3_600, "START_IN_PROGRESS")
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "A: START_IN_PROGRESS."
    assert lines[1] == "A: START_IN_PROGRESS for 15 min, longer than usual."
    assert 4 <= len(lines) <= 8
    wait_until(600, "START_IN_PROGRESS", known=120)
    assert capsys.readouterr().err.splitlines()[1].startswith("A: START_IN_PROGRESS for 2 min, ")
