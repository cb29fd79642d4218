"""When a step can be given up: as our own studio says, and never by what another one says."""

from typing import Any

import pytest

from nimble_tui.api import new_botocore_session
from nimble_tui.core.model import SessionAction, SessionState, StreamingSession
from nimble_tui.core.rules import Allowed, Refused, check_action, check_actions
from nimble_tui.core.text import clean
from nimble_tui.core.unclear_steps import (
    CAN_BE_GIVEN_UP,
    GIVEN_UP,
    UNCLEAR,
    can_be_given_up,
    outcome_of,
    state_after,
    was_given_up,
)

STEPS = [state for state in SessionState if state.endswith("_IN_PROGRESS")]


def unclear(
    state: str, message: str | None = CAN_BE_GIVEN_UP, *, status_code: str | None = None
) -> StreamingSession:
    return StreamingSession("ses.one", state=state, status_message=message, status_code=status_code)


@pytest.mark.parametrize("state", STEPS)
def test_a_delete_gives_up_a_step_and_nothing_else_is_possible(state: str) -> None:
    checks = check_actions(unclear(state), None)
    assert checks[SessionAction.DELETE] == Allowed(outcome_of(state))
    assert state_after(state) in outcome_of(state)
    for action in (SessionAction.STOP, SessionAction.START):
        refused = checks[action]
        assert isinstance(refused, Refused)
        assert "Delete it to give up" in refused.reason
    read_only = check_action(SessionAction.DELETE, unclear(state), None, read_only=True)
    assert isinstance(read_only, Refused)


@pytest.mark.parametrize("state", STEPS)
def test_it_says_after_how_long_a_step_can_be_given_up(state: str) -> None:
    for action, answer in check_actions(unclear(state, UNCLEAR), None, stuck=True).items():
        assert isinstance(answer, Refused), action
        assert answer.reason.endswith("You can give up after 15 min.")


def test_only_the_known_steps_can_be_given_up() -> None:
    others = {*SessionState, "HIBERNATE_IN_PROGRESS", "create_in_progress", ""} - set(STEPS)
    assert not any(can_be_given_up(unclear(state)) for state in others)


def test_no_answer_of_aws_is_taken_for_one() -> None:
    """Whatever the status code, and whatever a sentence of AWS shares with ours."""
    model = new_botocore_session().get_service_model("nimble")
    shape: Any = model.shape_for("StreamingSessionStatusCode")
    codes = shape.enum
    messages = [
        None,
        "",
        UNCLEAR,
        CAN_BE_GIVEN_UP[:-1],
        CAN_BE_GIVEN_UP + " ",
        CAN_BE_GIVEN_UP.upper(),
        "Internal error. You can give it up: delete the workstation.",
        "An internal error occurred. Delete the streaming session and try again.",
        *codes,
    ]
    for state in STEPS:
        for code in codes:
            for message in messages:
                session = unclear(state, message, status_code=code)
                answer = check_action(SessionAction.DELETE, session, None)
                assert isinstance(answer, Refused), (state, code, message)


def test_the_sentences_arrive_as_they_were_sent() -> None:
    for text in (UNCLEAR, CAN_BE_GIVEN_UP, GIVEN_UP):
        assert clean(text) == text


def test_only_a_failure_was_given_up() -> None:
    assert was_given_up(unclear("CREATE_FAILED", f"{GIVEN_UP} More."))
    assert not was_given_up(unclear("CREATE_FAILED", "There is no such machine free."))
    assert not was_given_up(unclear("READY", GIVEN_UP))
