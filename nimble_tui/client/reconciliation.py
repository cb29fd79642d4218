"""What became of unresolved requests, read back and reported once; nothing is sent again.

A request is unresolved when its reply was lost, or when the process ended before it was reported.
The stop of a workstation that is being kept is the one exception: see `keep`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta

from nimble_tui.client import licences
from nimble_tui.client.executor import LATEST_ARRIVAL, TEMPORARY, Executor, when
from nimble_tui.client.intent import Intent, Verb
from nimble_tui.client.journal.intents import Outcome, Record
from nimble_tui.client.keep import advance, close, note_start, plan_of
from nimble_tui.client.launching import made_by
from nimble_tui.client.session_actions import is_applied
from nimble_tui.client.tagging import is_named
from nimble_tui.core.model import FAILED_STATES, SessionState, StreamingSession
from nimble_tui.core.rules import activity
from nimble_tui.core.service import ErrorKind, Finding, StudioError
from nimble_tui.core.text import clean, clean_id

_LEASE = timedelta(minutes=2)
FRESH = timedelta(seconds=20)
"""How long a request may well be on its way, so that nothing is said against it yet."""

# Services report whole seconds.
_SECOND = timedelta(seconds=1)
_STATES = frozenset(SessionState)

Report = Callable[[Executor, Record, StreamingSession], Finding | None]
"""Says what came of an intent, if that is worth saying."""

_GERUNDS = {
    Verb.START: "Starting",
    Verb.STOP: "Stopping",
    Verb.DELETE: "Deleting",
    Verb.KEEP: "Keeping",
    Verb.RENAME: "Renaming",
}


def reconcile(
    executor: Executor, sessions: Iterable[StreamingSession], spare: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Read back every unresolved intent that nobody works on, and carry on with every plan.

    Returns what came of them; what cannot be read now is left for the next time. `spare` are
    the ids of workstations that the person is about to act on: no plan sends anything to them.
    """
    listed = {one.session_id: one for one in sessions}
    found: list[Finding | None] = []
    problem = executor.pages.take_problem()
    if problem is not None:
        found.append(Finding(problem, good=False))
    away = False
    plans = {one.stop_token: one for one in executor.pages.keep_plans.all()}
    for record in executor.pages.intents.claim(executor.clock.now(), _LEASE):
        if away or record.intent.client_token in plans:
            _later(executor, record.intent)
            continue
        finding, away = _read_back(executor, record, listed)
        found.append(finding)
    for plan in executor.pages.keep_plans.claim(executor.clock.now(), _LEASE):
        if not away:
            is_spared = plan.session_id in spare
            finding = advance(executor, plan, listed.get(plan.session_id), spare=is_spared)
            found.append(finding)
            if finding is not None:
                close(executor, finding)
        executor.pages.keep_plans.release(plan.session_id)
    return tuple(one for one in found if one is not None)


def resume(executor: Executor, session_id: str) -> tuple[Finding, ...]:
    """Carry on now with keeping one workstation, whichever process began it.

    Each finding is to be reported, then given to `keeping.close`.
    """
    plan = plan_of(executor, session_id)
    if plan is None:
        return ()
    start = executor.pages.intents.find(plan.start_token)
    finding = None
    if start is not None and start.is_open:
        finding, _ = _read_back(executor, start, {})
        plan = plan_of(executor, session_id)
    then = advance(executor, plan, None) if plan is not None else None
    return tuple(one for one in (finding, then) if one is not None)


def _read_back(
    executor: Executor, record: Record, listed: Mapping[str, StreamingSession]
) -> tuple[Finding | None, bool]:
    """Return what came of an intent, and whether the studio is away."""
    try:
        return _RECONCILE[record.intent.verb](executor, record, listed), False
    except StudioError as error:
        return _unknown(executor, record, error), error.kind in TEMPORARY


def _unknown(executor: Executor, record: Record, error: StudioError) -> Finding | None:
    """Leave an intent for later, or give it up when reading it back will never work."""
    if error.kind in TEMPORARY or _may_arrive(executor, record):
        _later(executor, record.intent)
        return None
    executor.pages.intents.close(record.intent, Outcome.LOST, error.message)
    return Finding(
        f"What became of your request to {record.intent.verb}, sent {_when(executor, record)}, is "
        "not "
        "known: "
        f"{error.message[0].lower()}{error.message[1:]}",
        record.intent.session_id or None,
        good=False,
    )


def _launch(
    executor: Executor, record: Record, listed: Mapping[str, StreamingSession]
) -> Finding | None:
    intent = record.intent
    session = made_by(record, listed.values())
    if session is None:
        listing = executor.reader.list_streaming_sessions()
        session = made_by(record, listing.items)
        if session is None and not listing.complete:
            _later(executor, intent)
            return None
    if session is not None:
        return _done(executor, record, session, _launched)
    if _is_fresh(executor, record):
        _later(executor, intent)
        return None
    # One that shows up all the same is found by the next launch like it.
    executor.pages.intents.close(intent, Outcome.LOST)
    named = intent.parameters.get("name")
    what = f"The launch of {named}" if named else "A launch"
    so_far = " so far" if _may_arrive(executor, record) else ""
    return Finding(
        f"{what}, requested {_when(executor, record)}, made no workstation{so_far}; launch the "
        "same "
        "again if you still want it, which makes no second one.",
        good=False,
    )


def _launched(executor: Executor, record: Record, session: StreamingSession) -> Finding:
    failed = session.state in FAILED_STATES
    return Finding(
        f"{executor.title(session)}, which you launched {_when(executor, record)}, is there"
        f"{', but it failed' if failed else ''}: it is {activity(session) or session.state}.",
        session.session_id,
        good=not failed,
    )


def _action(
    executor: Executor, record: Record, _: Mapping[str, StreamingSession]
) -> Finding | None:
    intent = record.intent
    try:
        session = executor.reader.get_streaming_session(intent.session_id)
    except StudioError as error:
        if error.kind != ErrorKind.NOT_FOUND:
            raise
        return _deleted(executor, record)
    if is_applied(intent, record.state_before, session):
        return _done(executor, record, session, _acted)
    state = f"it is {clean(session.state or 'in no state the studio reports')}"
    if not (session.in_transition or session.state in _STATES):
        raise StudioError(ErrorKind.NOT_UNDERSTOOD, f"{state}, which is not known here.")
    if session.in_transition or _is_fresh(executor, record):
        _later(executor, intent)
        return None
    what = (
        f"{_GERUNDS[intent.verb]} {executor.title(session)}, requested {_when(executor, record)},"
    )
    if session.state == SessionState.DELETED:
        return _lost(executor, record, f"{what} no longer matters: {state}.")
    at = _last(intent.verb, session)
    if at is None or at < record.requested_at - _SECOND:
        return _not_done(executor, record, what, f": {state}")
    return _lost(
        executor,
        record,
        f"{what} may have been done and undone since: {state}, and the last {_requested(intent)} "
        "was "
        f"{_at(executor, at)}.",
    )


def _lost(executor: Executor, record: Record, text: str) -> Finding | None:
    """Report a request whose effect cannot be seen any longer; of Keep's, its plan reports."""
    executor.pages.intents.close(record.intent, Outcome.LOST)
    if record.intent.verb == Verb.KEEP:
        return None
    return Finding(text, record.intent.session_id, good=False)


def _acted(executor: Executor, record: Record, session: StreamingSession) -> Finding | None:
    if record.intent.verb == Verb.KEEP:
        return None  # its plan tells how it ends
    failed = session.state in FAILED_STATES
    what = f"{_GERUNDS[record.intent.verb]} {executor.title(session)}"
    return Finding(
        f"{what} was done after all: it is {activity(session) or session.state}.",
        session.session_id,
        good=not failed,
    )


def _deleted(executor: Executor, record: Record) -> Finding:
    intent = record.intent
    wanted = intent.verb == Verb.DELETE
    executor.pages.intents.close(intent, Outcome.DONE if wanted else Outcome.LOST)
    return Finding(
        f"The studio does not know the workstation {clean_id(intent.session_id)[-4:]} any more, "
        f"which you wanted to {_requested(intent)} {_when(executor, record)}.",
        intent.session_id,
        good=wanted,
    )


def _rename(
    executor: Executor, record: Record, _: Mapping[str, StreamingSession]
) -> Finding | None:
    intent = record.intent
    session = executor.reader.get_streaming_session(intent.session_id)
    if is_named(intent, session):
        return _done(executor, record, session, lambda *_: None)
    return _not_done(
        executor,
        record,
        f"Renaming {executor.title(session)}, requested {_when(executor, record)},",
    )


def _accept(
    executor: Executor, record: Record, _: Mapping[str, StreamingSession]
) -> Finding | None:
    if licences.accepted(executor, record.intent) is not None:
        executor.pages.intents.close(record.intent, Outcome.DONE)
        return Finding("The licences that you accepted are accepted.")
    return _not_done(executor, record, f"Accepting licences, requested {_when(executor, record)},")


def _connect(
    executor: Executor, record: Record, _: Mapping[str, StreamingSession]
) -> Finding | None:
    # A way to a screen that nobody saw is of no use, and it ends by itself.
    executor.pages.intents.close(record.intent, Outcome.LOST)
    return None


_RECONCILE: Mapping[Verb, Callable[..., Finding | None]] = {
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
    executor: Executor,
    record: Record,
    session: StreamingSession,
    report: Report,
) -> Finding | None:
    executor.pages.intents.close(record.intent, Outcome.DONE, session_id=session.session_id)
    if record.intent.verb == Verb.KEEP:
        for plan in executor.pages.keep_plans.all():
            if plan.start_token == record.intent.client_token:
                note_start(executor, plan, session)
    return report(executor, record, session)


def _not_done(executor: Executor, record: Record, what: str, how: str = "") -> Finding | None:
    """Report what has no effect to be seen: for as long as it may arrive, only so far."""
    if _is_fresh(executor, record):
        _later(executor, record.intent)
        return None
    if _may_arrive(executor, record):
        executor.pages.intents.close(record.intent, Outcome.LOST)
        text = f"{what} has not been done so far{how}; repeat it if you still want that."
    else:
        executor.pages.intents.close(record.intent, Outcome.REFUSED, "It was not done.")
        if record.intent.verb == Verb.KEEP:
            return None  # its plan reports it
        text = f"{what} was not done{how}; repeat it if you still want that."
    # A start that comes late is to be stopped again all the same.
    is_watched = record.intent.verb == Verb.KEEP and _may_arrive(executor, record)
    session_id = record.intent.session_id or None
    return Finding(text, session_id, is_resolved=not is_watched, good=False)


def _requested(intent: Intent) -> Verb:
    return Verb.START if intent.verb == Verb.KEEP else intent.verb


def _last(verb: Verb, session: StreamingSession) -> datetime | None:
    """Return when a workstation was last started or stopped, as the studio reports it."""
    if verb == Verb.STOP:
        return session.stopped_at
    return session.started_at if verb in {Verb.START, Verb.KEEP} else None


def _later(executor: Executor, intent: Intent) -> None:
    executor.pages.intents.hold(intent, executor.clock.now())


def _is_fresh(executor: Executor, record: Record) -> bool:
    """Return whether a request may well be on its way: then nothing is said against it yet."""
    return timedelta() <= executor.clock.now() - record.requested_at < FRESH


def _may_arrive(executor: Executor, record: Record) -> bool:
    """Return whether a request may still reach the studio and be done there."""
    return timedelta() <= executor.clock.now() - record.requested_at <= LATEST_ARRIVAL


def _when(executor: Executor, record: Record) -> str:
    """Return when something was requested, as people here say it."""
    return _at(executor, record.requested_at)


def _at(executor: Executor, moment: datetime) -> str:
    return when(moment, executor.clock.now())
