"""The last line, once the app has ended."""

from datetime import UTC

from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.view.exit_summary import farewell
from nimble_tui.view.session_rows import SessionRow
from tests.view.workstations import HOUR, NOW, build, session


class Incomparable(SessionRow):
    """A workstation that must be compared with no other: all pairs of ten thousand take minutes."""

    def __eq__(self, other: object) -> bool:
        raise AssertionError("compared with another")

    __hash__ = None  # type: ignore[assignment]


def test_the_last_line_compares_no_workstations_with_each_other() -> None:
    states = (SessionState.READY, SessionState.STOPPED)
    sessions = (StreamingSession(f"session-{n}", state=states[n % 2]) for n in range(100))
    rows = [Incomparable(one, None, one.session_id, None, "") for one in sessions]
    assert farewell(rows, NOW, UTC).startswith("50 workstations are still running: session-0, ")


def test_the_last_line_tells_what_runs_on_and_until_when() -> None:
    built = build(
        session("one", "READY", stop_at=NOW + 8 * HOUR),
        session("two", "STOPPED", terminate_at=NOW + HOUR / 2),
    )
    assert farewell(built, NOW, UTC) == (
        "1 workstation is still running: one stops at 21:26. "
        "two will be deleted at 13:56 unless it is started."
    )
    many = build(*(session(name, "READY", stop_at=NOW + HOUR) for name in "abcde"))
    assert farewell(many, NOW, UTC).startswith(
        "5 workstations are still running: a stops at 14:26, "
    )
    assert farewell(many, NOW, UTC).endswith("and 2 more.")
    assert farewell(build(session("z", "STOPPED")), NOW, UTC) == "No workstation is running."
    assert farewell((), NOW, UTC) == ""
