"""Steps to which a machine's backend gives no clear answer, and how their owner gives them up.

StreamingSession has no member for this but statusMessage, so these are whole sentences of our own
studio: one that another studio wrote is never taken for one of them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from nimble_tui.core.model import SessionState

if TYPE_CHECKING:
    from nimble_tui.core.model import StreamingSession

GIVE_UP_AFTER: Final = timedelta(minutes=15)
"""The time after which the owner can give up a step whose request gets no clear answer."""

UNCLEAR: Final = (
    "The studio got no clear answer from the machine's backend and repeats the request; nothing is "
    "done twice."
)
CAN_BE_GIVEN_UP: Final = f"{UNCLEAR} You can give it up: delete the workstation."
BEING_GIVEN_UP: Final = "It is being given up."
"""The message of a workstation while the app waits for the studio's answer; never sent."""
GIVEN_UP: Final = "It was given up: the machine's backend gave no clear answer."
"""The beginning of the message of a workstation whose step was given up."""

_NAMES: Final = {
    SessionState.CREATE_IN_PROGRESS: "launch",
    SessionState.START_IN_PROGRESS: "start",
    SessionState.STOP_IN_PROGRESS: "stop",
    SessionState.DELETE_IN_PROGRESS: "deletion",
}
_OUTCOMES: Final = {
    SessionState.CREATE_IN_PROGRESS: "a machine that turns up later is terminated",
    SessionState.START_IN_PROGRESS: "its disk stays, and you can start it again",
    SessionState.STOP_IN_PROGRESS: "it might still be running",
    SessionState.DELETE_IN_PROGRESS: "it might still be there, and you can delete it again",
}


def is_unclear(session: StreamingSession) -> bool:
    """Return whether the studio waits for a clear answer about the step under way."""
    return session.state in _NAMES and session.status_message in {UNCLEAR, CAN_BE_GIVEN_UP}


def can_be_given_up(session: StreamingSession) -> bool:
    """Return whether DeleteStreamingSession ends the step under way, and deletes nothing."""
    return session.state in _NAMES and session.status_message == CAN_BE_GIVEN_UP


def was_given_up(session: StreamingSession) -> bool:
    """Return whether the step that failed last was given up."""
    failed = (session.state or "").endswith("_FAILED")
    return failed and (session.status_message or "").startswith(GIVEN_UP)


def step_name(state: str | None) -> str:
    """Return the noun for the step of a state in transition; "change" for an unknown one."""
    return next((name for known, name in _NAMES.items() if known == state), "change")


def state_after(state: str | None) -> str:
    """Return the state of a workstation after its step was given up."""
    return f"{(state or '').removesuffix('_IN_PROGRESS')}_FAILED"


def outcome_of(state: str | None) -> str:
    """Return in one sentence what follows if the step of a state is given up."""
    outcome = next(text for known, text in _OUTCOMES.items() if known == state)
    return f"Gives up its {step_name(state)}: it becomes {state_after(state)}; {outcome}."
