"""A confirmed action, done once: sent under one token, and read back when the answer is lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from nimble_tui.client.faults import CallError, not_understood
from nimble_tui.client.wire import Wire
from nimble_tui.core.members import read_streaming_session
from nimble_tui.core.model import SessionAction, SessionState, StreamingSession
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.core.text import clean

if TYPE_CHECKING:
    from mypy_boto3_nimble.client import NimbleStudioClient

_EFFECT = {
    SessionAction.STOP: {
        SessionState.STOP_IN_PROGRESS,
        SessionState.STOPPED,
        SessionState.STOP_FAILED,
    },
    SessionAction.START: {
        SessionState.START_IN_PROGRESS,
        SessionState.READY,
        SessionState.START_FAILED,
    },
    SessionAction.DELETE: {
        SessionState.DELETE_IN_PROGRESS,
        SessionState.DELETED,
        SessionState.DELETE_FAILED,
    },
}


def _new_token() -> str:
    return str(uuid4())


@dataclass(frozen=True, slots=True)
class Intent:
    """What a person confirmed, with the token under which it is done once and no more."""

    action: SessionAction
    studio_id: str
    session_id: str
    client_token: str = field(default_factory=_new_token)

    def ask(self, client: "NimbleStudioClient") -> Mapping[str, Any]:
        """Send it; the same request each time."""
        mutation = getattr(client, f"{self.action}_streaming_session")
        reply: Mapping[str, Any] = mutation(
            studioId=self.studio_id, sessionId=self.session_id, clientToken=self.client_token
        )
        return reply


ReadBack = Callable[[str], StreamingSession]
"""Returns the workstation of that id as it is now, or raises StudioError."""


def perform(
    wire: Wire, intent: Intent, before: StreamingSession, read: ReadBack
) -> StreamingSession:
    """Do what was confirmed and return the workstation as the studio answered.

    `before` is how it was when the rules allowed it. Raises StudioError, of kind UNCERTAIN when
    nobody can tell whether it was done.
    """
    try:
        return session_of(wire.call(intent.ask), intent.session_id)
    except CallError as fault:
        if not fault.maybe_applied and fault.kind not in {ErrorKind.CONFLICT, ErrorKind.NOT_FOUND}:
            raise
        lost = fault
    return _read_back(intent, before, lost, read)


def session_of(reply: Mapping[str, Any], session_id: str) -> StreamingSession:
    """Return the session in a reply; CallError when it is another one or none."""
    try:
        session = read_streaming_session(reply.get("session"))
    except ValueError:
        session = None
    if session is None or session.session_id != session_id:
        raise not_understood("The studio's answer is not about this workstation")
    return session


def _read_back(
    intent: Intent, before: StreamingSession, lost: CallError, read: ReadBack
) -> StreamingSession:
    try:
        now = read(intent.session_id)
    except StudioError as error:
        unread = error
    else:
        changed = now.state != before.state and now.state in _EFFECT[intent.action]
        if lost.maybe_applied and changed:
            return now
        raise _as_it_is(intent, now, lost)
    if unread.kind == lost.kind == ErrorKind.NOT_FOUND and not lost.maybe_applied:
        raise lost
    gone = unread.kind == ErrorKind.NOT_FOUND
    why = "it does not know the workstation any more" if gone else "it cannot be asked right now"
    raise CallError(
        ErrorKind.UNCERTAIN,
        f"The studio's answer to {intent.action} was lost and {why}; "
        "refresh and look before you try again.",
    )


def _as_it_is(intent: Intent, now: StreamingSession, lost: CallError) -> CallError:
    state = clean(now.state or "in no state the studio tells")
    if lost.maybe_applied:
        return CallError(
            ErrorKind.UNCERTAIN,
            f"The studio did not confirm {intent.action} and the workstation is {state}; "
            "refresh in a moment and look before you try again.",
        )
    if lost.kind == ErrorKind.CONFLICT:
        return CallError(
            ErrorKind.CONFLICT,
            f"Something else is going on with it: it is {state} right now; "
            "wait until that is done, then try again.",
        )
    return CallError(
        ErrorKind.CONFLICT,
        f"The studio could not {intent.action} it, though it lists it as {state}; "
        "refresh, then try again.",
    )
