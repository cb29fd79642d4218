"""A confirmed action on a workstation: checked, sent under one token, read back when it is lost."""

from collections.abc import Mapping, Set
from typing import Final

from nimble_tui.client.errors import CallError
from nimble_tui.client.executor import Executor
from nimble_tui.client.intent import Intent, Verb, is_giving_up
from nimble_tui.client.journal.intents import Outcome, Record
from nimble_tui.client.reply_parsing import session_of
from nimble_tui.core.action_checks import check_keep, check_restore
from nimble_tui.core.model import LaunchProfile, SessionAction, SessionState, StreamingSession
from nimble_tui.core.rules import (
    Allowed,
    Refused,
    activity,
    can_be_stopped,
    check_action,
    risk_of_start,
)
from nimble_tui.core.service import ErrorKind, StudioError, UnconfirmedStartError
from nimble_tui.core.text import clean
from nimble_tui.core.unclear_steps import can_be_given_up, state_after

_STARTED: Final = frozenset(
    {SessionState.START_IN_PROGRESS, SessionState.READY, SessionState.START_FAILED}
)
_UNREADABLE: Final = frozenset({ErrorKind.NOT_FOUND, ErrorKind.DENIED, ErrorKind.NOT_UNDERSTOOD})
_FAILING: Final = frozenset({ErrorKind.TROUBLE, ErrorKind.THROTTLED, ErrorKind.UNCERTAIN})
_EFFECT: Final[Mapping[Verb, Set[SessionState]]] = {
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


def act(
    executor: Executor,
    intent: Intent,
    before: Record | None = None,
    *,
    may_not_stop: bool = False,
    gives_up: bool = False,
) -> StreamingSession:
    """Execute a confirmed request once, and return the workstation from the reply.

    `before` is the earlier request with the same token; `may_not_stop` says that a start was
    confirmed after which no stop may be possible, `gives_up` that a delete was confirmed as one
    that only gives up an unclear step. Raises StudioError: REFUSED when a rule forbids
    it or that was not confirmed, UNCERTAIN when the outcome is unknown.
    """
    if before is not None and before.outcome == Outcome.DONE:
        return executor.current_session(before)
    session = executor.reader.get_streaming_session(intent.session_id)
    if before is not None and before.is_open and is_applied(intent, before.state_before, session):
        executor.pages.intents.close(intent, Outcome.DONE)
        return session
    require_allowed(check_intent(executor, intent, session))
    if intent.verb == Verb.DELETE:
        _check_delete(session, gives_up=gives_up or (before is not None and before.gives_up))
    if intent.verb == Verb.START and not may_not_stop:
        _check_start(session, launch_profile_of(executor, session))
    with executor.recorded(intent, session.state or ""):
        return perform(executor, intent, session)


def _check_start(session: StreamingSession, launch_profile: LaunchProfile | None) -> None:
    """Raise UnconfirmedStartError where the workstation might not be stopped again."""
    if risk_of_start(session, launch_profile) is not None:
        raise UnconfirmedStartError(launch_profile)


def _check_delete(session: StreamingSession, *, gives_up: bool) -> None:
    """Raise StudioError of kind REFUSED where a delete would not do what was confirmed."""
    if can_be_given_up(session) != gives_up:
        state = activity(session) or session.state
        raise StudioError(
            ErrorKind.REFUSED,
            f"It has changed since you confirmed: it is {state}. Nothing was sent.",
        )


def check_intent(
    executor: Executor, intent: Intent, session: StreamingSession
) -> Allowed | Refused:
    """Check whether an intent is allowed for the workstation's current state."""
    read_only = executor.reader.info.read_only
    if intent.verb == Verb.KEEP:
        return check_keep(session, launch_profile_of(executor, session), read_only=read_only)
    action = SessionAction(intent.verb)
    launch_profile = launch_profile_of(executor, session) if action == SessionAction.STOP else None
    answer = check_action(action, session, launch_profile, read_only=read_only)
    backup_id = intent.parameters.get("backup_id")
    if backup_id is None or isinstance(answer, Refused):
        return answer
    backup = executor.reader.get_streaming_session_backup(backup_id)
    return check_restore(backup, session, read_only=read_only)


def launch_profile_of(executor: Executor, session: StreamingSession) -> LaunchProfile | None:
    """Return its launch profile, as last read if it is not readable now.

    None where it was never seen either. StudioError when nothing can be read now, or when only
    another try could answer what the workstation's own facts do not.
    """
    if session.launch_profile_id is None:
        return None
    try:
        return executor.reader.get_launch_profile(session.launch_profile_id)
    except StudioError as error:
        if error.kind not in _UNREADABLE | _FAILING:
            raise
        known = executor.reader.last_seen_profile(session.launch_profile_id)
        facts_suffice = can_be_stopped(session, None) is not None
        if known is None and error.kind in _FAILING and not facts_suffice:
            raise
        return known


def require_allowed(answer: Allowed | Refused) -> None:
    """Raise StudioError of kind REFUSED unless the rules allow it."""
    if isinstance(answer, Refused):
        raise StudioError(ErrorKind.REFUSED, answer.reason)


def is_applied(intent: Intent, state_before: str, now: StreamingSession) -> bool:
    """Return whether a workstation's state shows that the request was executed."""
    if is_giving_up(intent.verb, state_before):
        return now.state == state_after(state_before)
    return now.state != state_before and now.state in _EFFECT[intent.verb]


def perform(executor: Executor, intent: Intent, before: StreamingSession) -> StreamingSession:
    """Send a recorded request; `before` is the workstation as read before it."""
    try:
        return session_of(executor.send(intent), intent.session_id)
    except CallError as fault:
        if not fault.maybe_applied and fault.kind not in {ErrorKind.CONFLICT, ErrorKind.NOT_FOUND}:
            raise
        lost = fault
    executor.hold(intent, executor.limits.call)
    return _read_back(executor, intent, before, lost)


def _read_back(
    executor: Executor, intent: Intent, before: StreamingSession, lost: CallError
) -> StreamingSession:
    try:
        now = executor.reader.get_streaming_session(intent.session_id)
    except StudioError as error:
        unread = error
    else:
        if lost.maybe_applied and is_applied(intent, before.state or "", now):
            return now
        raise _as_it_is(_requested(intent), now, lost)
    if unread.kind == lost.kind == ErrorKind.NOT_FOUND and not lost.maybe_applied:
        raise lost
    gone = unread.kind == ErrorKind.NOT_FOUND
    why = "the workstation no longer exists" if gone else "the studio is not responding"
    raise CallError(
        ErrorKind.UNCERTAIN,
        f"No response to the {_requested(intent)}, which might have been done, and {why}; refresh "
        "and check before you try again.",
    )


def _requested(intent: Intent) -> Verb:
    return Verb.START if intent.verb == Verb.KEEP else intent.verb


def _as_it_is(verb: Verb, now: StreamingSession, lost: CallError) -> CallError:
    state = activity(now) or clean(now.state or "in an unreported state")
    if lost.maybe_applied:
        return CallError(
            ErrorKind.UNCERTAIN,
            f"The studio didn't confirm the {verb}, which might still be done: the workstation is "
            f"{state}; refresh in a minute and check before you try again.",
        )
    if lost.kind == ErrorKind.CONFLICT:
        return CallError(
            ErrorKind.CONFLICT,
            f"The workstation is busy ({state}); try again when it has finished.",
        )
    return CallError(
        ErrorKind.CONFLICT,
        f"The studio could not {verb} it, although it lists it as {state}; refresh, then try "
        "again.",
    )
