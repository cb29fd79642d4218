"""What became of unresolved requests, read back and reported once; nothing is sent again.

A request is unresolved when its reply was lost, or when the process ended before it was reported.
The stop of a workstation that is being kept is the one exception: see `keeping`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta

from nimble_tui.client import licences
from nimble_tui.client.acting import shows
from nimble_tui.client.desk import ARRIVES, PASSING, Desk, when
from nimble_tui.client.intent import Intent, Verb
from nimble_tui.client.journal.intents import Outcome, Record
from nimble_tui.client.keeping import close, go_on, note_start, plan_of
from nimble_tui.client.launching import made_by
from nimble_tui.client.tagging import is_named
from nimble_tui.core.model import FAILED_STATES, SessionState, StreamingSession
from nimble_tui.core.rules import under_way
from nimble_tui.core.service import ErrorKind, Finding, StudioError
from nimble_tui.core.text import clean, clean_id

_LEASE = timedelta(minutes=2)
FRESH = timedelta(seconds=20)
"""How long a request may well be on its way, so that nothing is said against it yet."""

# Services report whole seconds.
_SECOND = timedelta(seconds=1)
_STATES = frozenset(SessionState)

Tell = Callable[[Desk, Record, StreamingSession], Finding | None]
"""Says what came of an intent, if that is worth saying."""

_ASKED = {
    Verb.START: "Starting",
    Verb.STOP: "Stopping",
    Verb.DELETE: "Deleting",
    Verb.KEEP: "Keeping",
    Verb.RENAME: "Renaming",
}


def reconcile(
    desk: Desk, sessions: Iterable[StreamingSession], spare: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Read back every unresolved intent that nobody works on, and carry on with every plan.

    Returns what came of them; what cannot be read now is left for the next time. `spare` are
    the ids of workstations that the person is about to act on: no plan sends anything to them.
    """
    listed = {one.session_id: one for one in sessions}
    found: list[Finding | None] = []
    problem = desk.pages.take_problem()
    if problem is not None:
        found.append(Finding(problem, good=False))
    away = False
    plans = {one.stop_token: one for one in desk.pages.keep_plans.all()}
    for record in desk.pages.intents.claim(desk.clock.now(), _LEASE):
        if away or record.intent.client_token in plans:
            _later(desk, record.intent)
            continue
        finding, away = _read_back(desk, record, listed)
        found.append(finding)
    for plan in desk.pages.keep_plans.claim(desk.clock.now(), _LEASE):
        if not away:
            is_spared = plan.session_id in spare
            finding = go_on(desk, plan, listed.get(plan.session_id), spare=is_spared)
            found.append(finding)
            if finding is not None:
                close(desk, finding)
        desk.pages.keep_plans.release(plan.session_id)
    return tuple(one for one in found if one is not None)


def resume(desk: Desk, session_id: str) -> tuple[Finding, ...]:
    """Carry on now with keeping one workstation, whichever process began it.

    Each finding is to be reported, then given to `keeping.close`.
    """
    plan = plan_of(desk, session_id)
    if plan is None:
        return ()
    start = desk.pages.intents.find(plan.start_token)
    finding = None
    if start is not None and start.is_open:
        finding, _ = _read_back(desk, start, {})
        plan = plan_of(desk, session_id)
    then = go_on(desk, plan, None) if plan is not None else None
    return tuple(one for one in (finding, then) if one is not None)


def _read_back(
    desk: Desk, record: Record, listed: Mapping[str, StreamingSession]
) -> tuple[Finding | None, bool]:
    """Return what came of an intent, and whether the studio is away."""
    try:
        return _SETTLE[record.intent.verb](desk, record, listed), False
    except StudioError as error:
        return _unknown(desk, record, error), error.kind in PASSING


def _unknown(desk: Desk, record: Record, error: StudioError) -> Finding | None:
    """Leave an intent for later, or give it up when reading it back will never work."""
    if error.kind in PASSING or _may_arrive(desk, record):
        _later(desk, record.intent)
        return None
    desk.pages.intents.close(record.intent, Outcome.LOST, error.message)
    return Finding(
        f"What became of your request to {record.intent.verb}, sent {_when(desk, record)}, is not "
        "known: "
        f"{error.message[0].lower()}{error.message[1:]}",
        record.intent.session_id or None,
        good=False,
    )


def _launch(desk: Desk, record: Record, listed: Mapping[str, StreamingSession]) -> Finding | None:
    intent = record.intent
    session = made_by(record, listed.values())
    if session is None:
        listing = desk.reader.list_streaming_sessions()
        session = made_by(record, listing.items)
        if session is None and not listing.complete:
            _later(desk, intent)
            return None
    if session is not None:
        return _done(desk, record, session, _launched)
    if _is_fresh(desk, record):
        _later(desk, intent)
        return None
    # One that shows up all the same is found by the next launch like it.
    desk.pages.intents.close(intent, Outcome.LOST)
    named = intent.parameters.get("name")
    what = f"The launch of {named}" if named else "A launch"
    so_far = " so far" if _may_arrive(desk, record) else ""
    return Finding(
        f"{what}, requested {_when(desk, record)}, made no workstation{so_far}; launch the same "
        "again if you still want it, which makes no second one.",
        good=False,
    )


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
    if shows(intent, record.state_before, session):
        return _done(desk, record, session, _acted)
    state = f"it is {clean(session.state or 'in no state the studio reports')}"
    if not (session.in_transition or session.state in _STATES):
        raise StudioError(ErrorKind.NOT_UNDERSTOOD, f"{state}, which is not known here.")
    if session.in_transition or _is_fresh(desk, record):
        _later(desk, intent)
        return None
    what = f"{_ASKED[intent.verb]} {desk.title(session)}, requested {_when(desk, record)},"
    if session.state == SessionState.DELETED:
        return _over(desk, record, f"{what} no longer matters: {state}.")
    at = _last(intent.verb, session)
    if at is None or at < record.asked_at - _SECOND:
        return _not_done(desk, record, what, f": {state}")
    return _over(
        desk,
        record,
        f"{what} may have been done and undone since: {state}, and the last {_asked(intent)} was "
        f"{_at(desk, at)}.",
    )


def _over(desk: Desk, record: Record, text: str) -> Finding | None:
    """Report a request whose effect cannot be seen any longer; of Keep's, its plan reports."""
    desk.pages.intents.close(record.intent, Outcome.LOST)
    if record.intent.verb == Verb.KEEP:
        return None
    return Finding(text, record.intent.session_id, good=False)


def _acted(desk: Desk, record: Record, session: StreamingSession) -> Finding | None:
    if record.intent.verb == Verb.KEEP:
        return None  # its plan tells how it ends
    failed = session.state in FAILED_STATES
    what = f"{_ASKED[record.intent.verb]} {desk.title(session)}"
    return Finding(
        f"{what} was done after all: it is {under_way(session) or session.state}.",
        session.session_id,
        good=not failed,
    )


def _gone(desk: Desk, record: Record) -> Finding:
    intent = record.intent
    wanted = intent.verb == Verb.DELETE
    desk.pages.intents.close(intent, Outcome.DONE if wanted else Outcome.LOST)
    return Finding(
        f"The studio does not know the workstation {clean_id(intent.session_id)[-4:]} any more, "
        f"which you wanted to {_asked(intent)} {_when(desk, record)}.",
        intent.session_id,
        good=wanted,
    )


def _rename(desk: Desk, record: Record, _: Mapping[str, StreamingSession]) -> Finding | None:
    intent = record.intent
    session = desk.reader.get_streaming_session(intent.session_id)
    if is_named(intent, session):
        return _done(desk, record, session, lambda *_: None)
    return _not_done(
        desk, record, f"Renaming {desk.title(session)}, requested {_when(desk, record)},"
    )


def _accept(desk: Desk, record: Record, _: Mapping[str, StreamingSession]) -> Finding | None:
    if licences.accepted(desk, record.intent) is not None:
        desk.pages.intents.close(record.intent, Outcome.DONE)
        return Finding("The licences that you accepted are accepted.")
    return _not_done(desk, record, f"Accepting licences, requested {_when(desk, record)},")


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


def _done(
    desk: Desk,
    record: Record,
    session: StreamingSession,
    tell: Tell,
) -> Finding | None:
    desk.pages.intents.close(record.intent, Outcome.DONE, session_id=session.session_id)
    if record.intent.verb == Verb.KEEP:
        for plan in desk.pages.keep_plans.all():
            if plan.start_token == record.intent.client_token:
                note_start(desk, plan, session)
    return tell(desk, record, session)


def _not_done(desk: Desk, record: Record, what: str, how: str = "") -> Finding | None:
    """Report what has no effect to be seen: for as long as it may arrive, only so far."""
    if _is_fresh(desk, record):
        _later(desk, record.intent)
        return None
    if _may_arrive(desk, record):
        desk.pages.intents.close(record.intent, Outcome.LOST)
        text = f"{what} has not been done so far{how}; repeat it if you still want that."
    else:
        desk.pages.intents.close(record.intent, Outcome.REFUSED, "It was not done.")
        if record.intent.verb == Verb.KEEP:
            return None  # its plan reports it
        text = f"{what} was not done{how}; repeat it if you still want that."
    # A start that comes late is to be stopped again all the same.
    is_watched = record.intent.verb == Verb.KEEP and _may_arrive(desk, record)
    session_id = record.intent.session_id or None
    return Finding(text, session_id, settled=not is_watched, good=False)


def _asked(intent: Intent) -> Verb:
    return Verb.START if intent.verb == Verb.KEEP else intent.verb


def _last(verb: Verb, session: StreamingSession) -> datetime | None:
    """Return when a workstation was last started or stopped, as the studio reports it."""
    if verb == Verb.STOP:
        return session.stopped_at
    return session.started_at if verb in {Verb.START, Verb.KEEP} else None


def _later(desk: Desk, intent: Intent) -> None:
    desk.pages.intents.hold(intent, desk.clock.now())


def _is_fresh(desk: Desk, record: Record) -> bool:
    """Return whether a request may well be on its way: then nothing is said against it yet."""
    return timedelta() <= desk.clock.now() - record.asked_at < FRESH


def _may_arrive(desk: Desk, record: Record) -> bool:
    """Return whether a request may still reach the studio and be done there."""
    return timedelta() <= desk.clock.now() - record.asked_at <= ARRIVES


def _when(desk: Desk, record: Record) -> str:
    """Return when something was requested, as people here say it."""
    return _at(desk, record.asked_at)


def _at(desk: Desk, moment: datetime) -> str:
    return when(moment, desk.clock.now())
