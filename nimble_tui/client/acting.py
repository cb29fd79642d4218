"""A confirmed action on a workstation: sent under one token, read back when the answer is lost."""

from collections.abc import Callable, Mapping, Set
from typing import Final

from nimble_tui.client.answers import session_of
from nimble_tui.client.faults import CallError
from nimble_tui.client.intent import Intent, Verb, ask
from nimble_tui.client.wire import Wire
from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.core.text import clean

_STARTED: Final = frozenset(
    {SessionState.START_IN_PROGRESS, SessionState.READY, SessionState.START_FAILED}
)
EFFECT: Final[Mapping[Verb, Set[SessionState]]] = {
    Verb.STOP: {
        SessionState.STOP_IN_PROGRESS,
        SessionState.STOPPED,
        SessionState.STOP_FAILED,
    },
    Verb.START: _STARTED,
    Verb.KEEP: _STARTED,
    Verb.DELETE: {
        SessionState.DELETE_IN_PROGRESS,
        SessionState.DELETED,
        SessionState.DELETE_FAILED,
    },
}
"""The states in which an action shows."""

ReadBack = Callable[[str], StreamingSession]
"""Returns the workstation of that id as it is now, or raises StudioError."""


def perform(
    wire: Wire, studio_id: str, intent: Intent, before: StreamingSession, read: ReadBack
) -> StreamingSession:
    """Do what was confirmed and return the workstation as the studio answered.

    `before` is how it was when the rules allowed it. Raises StudioError, of kind UNCERTAIN when
    nobody can tell whether it was done.
    """
    try:
        reply = wire.call(lambda client: ask(client, studio_id, intent))
        return session_of(reply, intent.session_id)
    except CallError as fault:
        if not fault.maybe_applied and fault.kind not in {ErrorKind.CONFLICT, ErrorKind.NOT_FOUND}:
            raise
        lost = fault
    return _read_back(intent, before, lost, read)


def _read_back(
    intent: Intent, before: StreamingSession, lost: CallError, read: ReadBack
) -> StreamingSession:
    try:
        now = read(intent.session_id)
    except StudioError as error:
        unread = error
    else:
        changed = now.state != before.state and now.state in EFFECT[intent.verb]
        if lost.maybe_applied and changed:
            return now
        raise _as_it_is(_done_by(intent), now, lost)
    if unread.kind == lost.kind == ErrorKind.NOT_FOUND and not lost.maybe_applied:
        raise lost
    gone = unread.kind == ErrorKind.NOT_FOUND
    why = "it does not know the workstation any more" if gone else "it cannot be asked right now"
    raise CallError(
        ErrorKind.UNCERTAIN,
        f"The studio's answer to {_done_by(intent)} was lost and {why}; "
        "refresh and look before you try again.",
    )


def _done_by(intent: Intent) -> Verb:
    return Verb.START if intent.verb == Verb.KEEP else intent.verb


def _as_it_is(verb: Verb, now: StreamingSession, lost: CallError) -> CallError:
    state = clean(now.state or "in no state the studio tells")
    if lost.maybe_applied:
        return CallError(
            ErrorKind.UNCERTAIN,
            f"The studio did not confirm {verb} and the workstation is {state}; "
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
        f"The studio could not {verb} it, though it lists it as {state}; refresh, then try again.",
    )
