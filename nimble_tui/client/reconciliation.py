"""Reconciliation of unresolved requests: read back and reported once; nothing is sent again.

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
"""The time for which a request is assumed to be on its way."""

# Services report whole seconds.
_SECOND = timedelta(seconds=1)
_STATES = frozenset(SessionState)

Report = Callable[[Executor, Record, StreamingSession], Finding | None]
"""Reports the outcome of an intent, if that is worth a sentence."""

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
    """Read back every unclaimed unresolved intent, and advance every plan.

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
    """Resume a Keep immediately, whichever process started it.

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
    """Return the finding about an intent, and whether the studio is unavailable."""
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
        f"The result of your request to {record.intent.verb}, sent {_when(executor, record)}, is "
        f"unknown: {error.message[0].lower()}{error.message[1:]}",
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
    so_far = " yet" if _may_arrive(executor, record) else ""
    return Finding(
        f"{what}, requested {_when(executor, record)}, created no workstation{so_far}; repeat the "
        "same launch if you still need it; no second workstation is created.",
        good=False,
    )


def _launched(executor: Executor, record: Record, session: StreamingSession) -> Finding:
    failed = session.state in FAILED_STATES
    return Finding(
        f"{executor.title(session)}, which you launched {_when(executor, record)}, "
        f"{'failed' if failed else 'exists'}: it is {activity(session) or session.state}.",
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
    state = f"it is {clean(session.state or 'in an unreported state')}"
    if not (session.in_transition or session.state in _STATES):
        raise StudioError(ErrorKind.NOT_UNDERSTOOD, f"{state}, an unknown state.")
    if session.in_transition or _is_fresh(executor, record):
        _later(executor, intent)
        return None
    what = f"{_doing(record)} {executor.title(session)}, requested {_when(executor, record)},"
    if session.state == SessionState.DELETED:
        return _lost(executor, record, f"{what} no longer matters: {state}.")
    at = _last(intent.verb, session)
    if at is None or at < record.requested_at - _SECOND:
        return _not_done(executor, record, what, f": {state}")
    return _lost(
        executor,
        record,
        f"{what} might have been done and undone since: {state}, and the last {_requested(intent)} "
        f"was {_at(executor, at)}.",
    )


def _lost(executor: Executor, record: Record, text: str) -> Finding | None:
    """Report a request without a visible effect; a Keep is reported by its plan."""
    executor.pages.intents.close(record.intent, Outcome.LOST)
    if record.intent.verb == Verb.KEEP:
        return None
    return Finding(text, record.intent.session_id, good=False)


def _acted(executor: Executor, record: Record, session: StreamingSession) -> Finding | None:
    if record.intent.verb == Verb.KEEP:
        return None  # its plan reports the outcome
    failed = session.state in FAILED_STATES
    what = f"{_doing(record)} {executor.title(session)}"
    return Finding(
        f"{what} was accepted: the workstation is {activity(session) or session.state}.",
        session.session_id,
        good=not failed or record.gives_up,
    )


def _doing(record: Record) -> str:
    return "Giving up" if record.gives_up else _GERUNDS[record.intent.verb]


def _deleted(executor: Executor, record: Record) -> Finding:
    intent = record.intent
    wanted = intent.verb == Verb.DELETE
    executor.pages.intents.close(intent, Outcome.DONE if wanted else Outcome.LOST)
    return Finding(
        f"Workstation {clean_id(intent.session_id)[-4:]}, which you asked to {_requested(intent)} "
        f"{_when(executor, record)}, no longer exists.",
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
        return Finding("Your licences are accepted.")
    return _not_done(executor, record, f"Accepting licences, requested {_when(executor, record)},")


def _connect(
    executor: Executor, record: Record, _: Mapping[str, StreamingSession]
) -> Finding | None:
    # A stream whose address was never shown is of no use, and it expires.
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
    """Report a request without effect, or "not yet" while it can still arrive."""
    if _is_fresh(executor, record):
        _later(executor, record.intent)
        return None
    if _may_arrive(executor, record):
        executor.pages.intents.close(record.intent, Outcome.LOST)
        text = f"{what} has not been done yet{how}; repeat it if you still need it."
    else:
        executor.pages.intents.close(record.intent, Outcome.REFUSED, "It was not done.")
        if record.intent.verb == Verb.KEEP:
            return None  # its plan reports it
        text = f"{what} was not done{how}; repeat it if you still need it."
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
    """Return whether a request is assumed to be on its way, so that nothing is reported."""
    return timedelta() <= executor.clock.now() - record.requested_at < FRESH


def _may_arrive(executor: Executor, record: Record) -> bool:
    """Return whether a request can still reach the studio and be executed."""
    return timedelta() <= executor.clock.now() - record.requested_at <= LATEST_ARRIVAL


def _when(executor: Executor, record: Record) -> str:
    """Return when something was requested, as people here say it."""
    return _at(executor, record.requested_at)


def _at(executor: Executor, moment: datetime) -> str:
    return when(moment, executor.clock.now())
