"""The advice for a workstation in transition: wait, or ask the admin, never both."""

from datetime import UTC, datetime, timedelta

import pytest

from nimble_tui.core.action_checks import check_keep
from nimble_tui.core.model import SessionAction, SessionState, StreamingSession
from nimble_tui.core.rules import Refused, check_action
from nimble_tui.core.transitions import is_stuck
from nimble_tui.view import details, labels
from nimble_tui.view.session_rows import SessionRow

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MOVING = [state for state in SessionState if state.endswith("_IN_PROGRESS")]


def moving(state: SessionState, ago: timedelta) -> StreamingSession:
    at = NOW - ago
    return StreamingSession("s-1", state=state, created_at=at, updated_at=at)


@pytest.mark.parametrize("state", MOVING)
@pytest.mark.parametrize(
    ("ago", "usually", "stuck"),
    [
        (timedelta(minutes=2), None, False),
        (timedelta(hours=7), None, True),
        (timedelta(minutes=30), timedelta(minutes=20), False),
        (timedelta(minutes=41), timedelta(minutes=20), True),
        (timedelta(minutes=14), timedelta(minutes=1), False),
    ],
)
def test_there_is_one_advice(
    state: SessionState, ago: timedelta, usually: timedelta | None, stuck: bool
) -> None:
    session = moving(state, ago)
    assert is_stuck(session, NOW, usually) is stuck
    shown = details.of_session(SessionRow.of(session, None), NOW, UTC, usually=usually)
    told = [labels.moving_note(session, NOW, usually), *(one.why for one in shown.options)]
    assert any("sk your admin" in text for text in told) is stuck
    assert any("Wait" in text for text in told) is not stuck
    assert all("sk your admin" in text for text in told) or not stuck


def test_what_needs_a_start_says_the_same() -> None:
    session = moving(SessionState.STOP_IN_PROGRESS, timedelta(hours=7))
    found = [
        check_keep(session, None, stuck=True),
        check_action(SessionAction.START, session, None, stuck=True),
    ]
    for one in found:
        assert one == Refused("It has been stopping for too long. Ask your admin.")


def test_what_rests_is_never_stuck() -> None:
    assert not is_stuck(moving(SessionState.READY, timedelta(days=3)), NOW)
