"""What was left open gone on with: sent again while it is young, told of otherwise, once.

An intent is open when its answer was lost, or when the app was closed before the answer came.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from nimble_tui.client import licences
from nimble_tui.client.acting import rule, shows
from nimble_tui.client.answers import new_session_of, session_of
from nimble_tui.client.desk import PASSING, Desk, day
from nimble_tui.client.faults import CallError
from nimble_tui.client.intent import Intent, Verb
from nimble_tui.client.journal.intents import Outcome, Record
from nimble_tui.client.keeping import go_on
from nimble_tui.client.launching import in_full, launched_as
from nimble_tui.client.tagging import is_named
from nimble_tui.core.model import FAILED_STATES, StreamingSession
from nimble_tui.core.rules import Refused, under_way
from nimble_tui.core.service import ErrorKind, Finding, StudioError
from nimble_tui.core.text import clean_id

YOUNG = timedelta(minutes=10)
_LEASE = timedelta(minutes=2)

Tell = Callable[[Desk, Record, StreamingSession], Finding | None]
"""Says what came of an intent, if that is worth saying."""

_ASKED = {
    Verb.START: "Starting",
    Verb.STOP: "Stopping",
    Verb.DELETE: "Deleting",
    Verb.KEEP: "Keeping",
    Verb.RENAME: "Renaming",
}


def reconcile(desk: Desk, sessions: Iterable[StreamingSession]) -> tuple[Finding, ...]:
    """Go on with every intent and plan that is in nobody's hands; return what came of them.

    What cannot be told yet, since the studio cannot be asked, is left for the next time.
    """
    listed = {one.session_id: one for one in sessions}
    found: list[Finding | None] = []
    problem = desk.pages.take_problem()
    if problem is not None:
        found.append(Finding(problem, good=False))
    away = False
    for record in desk.pages.intents.claim(desk.clock.now(), _LEASE):
        if away:
            _later(desk, record.intent)
            continue
        try:
            found.append(_SETTLE[record.intent.verb](desk, record, listed))
        except StudioError as error:
            away = error.kind in PASSING
            found.append(_unknown(desk, record, error))
    for plan in desk.pages.plans.claim(desk.clock.now(), _LEASE):
        if not away:
            found.append(go_on(desk, plan, listed.get(plan.session_id)))
        desk.pages.plans.release(plan.session_id)
    return tuple(one for one in found if one is not None)


def _unknown(desk: Desk, record: Record, error: StudioError) -> Finding | None:
    """Leave an intent for later, or give it up when looking at it will never work."""
    if error.kind in PASSING or _is_young(desk, record):
        _later(desk, record.intent)
        return None
    desk.pages.intents.close(record.intent, Outcome.LOST, error.message)
    return Finding(
        f"What became of what you asked for {_when(desk, record)} cannot be told: "
        f"{error.message[0].lower()}{error.message[1:]}",
        record.intent.session_id or None,
        good=False,
    )


def _launch(desk: Desk, record: Record, listed: Mapping[str, StreamingSession]) -> Finding | None:
    intent = record.intent
    session = launched_as(intent.client_token, listed.values())
    if session is None:
        listing = desk.reader.list_streaming_sessions()
        session = launched_as(intent.client_token, listing.items)
        if session is None and not listing.complete:
            _later(desk, intent)
            return None
    if session is None and _is_young(desk, record):
        return _sent_again(desk, record, new_session_of, _launched)
    if session is None:
        named = intent.parameters.get("name")
        what = f"The launch of {named}" if named else "A launch"
        return _not_done(desk, record, f"{what} that you asked for {_when(desk, record)}")
    return _done(desk, record, session, _launched)


def _launched(desk: Desk, record: Record, session: StreamingSession) -> Finding:
    failed = session.state in FAILED_STATES
    return Finding(
        f"{desk.title(session)}, which you launched {_when(desk, record)}, is there"
        f"{', but it failed' if failed else ''}: it is {under_way(session) or session.state}.",
        session.session_id,
        good=not failed,
    )


def _action(desk: Desk, record: Record, _: Mapping[str, StreamingSession]) -> Finding | None:
    intent = record.intent
    try:
        session = desk.reader.get_streaming_session(intent.session_id)
    except StudioError as error:
        if error.kind != ErrorKind.NOT_FOUND:
            raise
        return _gone(desk, record)
    what = f"{_ASKED[intent.verb]} {desk.title(session)}, asked for {_when(desk, record)},"
    if shows(intent, record.state_before, session):
        return _done(desk, record, session, _acted)
    if session.in_transition:
        _later(desk, intent)
        return None
    if intent.destroys or not _is_young(desk, record):
        return _not_done(desk, record, what)
    answer = rule(desk, intent, session)
    if isinstance(answer, Refused):
        desk.pages.intents.close(intent, Outcome.REFUSED, answer.reason)
        return Finding(f"{what} was not done: {answer.reason}", session.session_id, good=False)
    return _sent_again(desk, record, lambda reply: session_of(reply, intent.session_id), _acted)


def _acted(desk: Desk, record: Record, session: StreamingSession) -> Finding | None:
    if record.intent.verb == Verb.KEEP:
        return None  # its plan tells how it ends
    failed = session.state in FAILED_STATES
    what = f"{_ASKED[record.intent.verb]} {desk.title(session)}"
    return Finding(
        f"{what} was taken on after all: it is {under_way(session) or session.state}.",
        session.session_id,
        good=not failed,
    )


def _gone(desk: Desk, record: Record) -> Finding:
    intent = record.intent
    wanted = intent.verb == Verb.DELETE
    desk.pages.intents.close(intent, Outcome.DONE if wanted else Outcome.LOST)
    return Finding(
        f"The studio does not know the workstation {clean_id(intent.session_id)[-4:]} any more, "
        f"which you asked to {intent.verb} {_when(desk, record)}.",
        intent.session_id,
        good=wanted,
    )


def _rename(desk: Desk, record: Record, _: Mapping[str, StreamingSession]) -> Finding | None:
    intent = record.intent
    session = desk.reader.get_streaming_session(intent.session_id)
    if is_named(intent, session):
        return _done(desk, record, session, lambda *_: None)
    return _not_done(
        desk, record, f"Renaming {desk.title(session)}, asked for {_when(desk, record)},"
    )


def _accept(desk: Desk, record: Record, _: Mapping[str, StreamingSession]) -> Finding | None:
    if licences.accepted(desk, record.intent) is not None:
        desk.pages.intents.close(record.intent, Outcome.DONE)
        return Finding("The licences that you accepted are accepted.")
    return _not_done(desk, record, f"Accepting licences, asked for {_when(desk, record)},")


def _connect(desk: Desk, record: Record, _: Mapping[str, StreamingSession]) -> Finding | None:
    # A way to a screen that nobody saw is of no use, and it ends by itself.
    desk.pages.intents.close(record.intent, Outcome.LOST)
    return None


_SETTLE: Mapping[Verb, Callable[..., Finding | None]] = {
    Verb.LAUNCH: _launch,
    Verb.START: _action,
    Verb.STOP: _action,
    Verb.DELETE: _action,
    Verb.KEEP: _action,
    Verb.RENAME: _rename,
    Verb.ACCEPT: _accept,
    Verb.CONNECT: _connect,
}


def _sent_again(
    desk: Desk,
    record: Record,
    read: Callable[[Mapping[str, object]], StreamingSession],
    tell: Tell,
) -> Finding | None:
    """Send an intent once more under its old token, which the studio does at most once."""
    try:
        session = read(desk.send(record.intent))
    except CallError as fault:
        if fault.maybe_applied or fault.again or fault.kind in PASSING:
            raise
        error = in_full(fault, desk.reader)
    else:
        return _done(desk, record, session, tell)
    desk.pages.intents.close(record.intent, Outcome.REFUSED, error.message)
    return Finding(
        f"What you asked for {_when(desk, record)} was not done: "
        f"{error.message[0].lower()}{error.message[1:]}",
        record.intent.session_id or None,
        good=False,
    )


def _done(
    desk: Desk,
    record: Record,
    session: StreamingSession,
    tell: Tell,
) -> Finding | None:
    desk.pages.intents.close(record.intent, Outcome.DONE, session_id=session.session_id)
    if record.intent.verb == Verb.KEEP and session.started_at is not None:
        desk.pages.plans.started(record.intent.client_token, session.started_at)
    return tell(desk, record, session)


def _not_done(desk: Desk, record: Record, what: str) -> Finding:
    desk.pages.intents.close(record.intent, Outcome.REFUSED, "It was not done.")
    return Finding(
        f"{what} was not done; ask for it again if you still want it.",
        record.intent.session_id or None,
        good=False,
    )


def _later(desk: Desk, intent: Intent) -> None:
    desk.pages.intents.hold(intent, desk.clock.now())


def _is_young(desk: Desk, record: Record) -> bool:
    return timedelta() <= desk.clock.now() - record.asked_at <= YOUNG


def _when(desk: Desk, record: Record) -> str:
    """Return when something was asked, as people here say it."""
    asked, now = record.asked_at.astimezone(), desk.clock.now().astimezone()
    at = f"at {asked:%H:%M}"
    return at if asked.date() == now.date() else f"{at} on {day(record.asked_at)}"
