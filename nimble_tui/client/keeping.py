"""A stopped workstation kept from being deleted: started, and stopped again once it is READY."""

from nimble_tui.client.acting import act, allow, perform, rule
from nimble_tui.client.desk import PASSING, Desk, day
from nimble_tui.client.intent import Intent, Verb, new_token
from nimble_tui.client.journal.intents import Outcome
from nimble_tui.client.journal.plans import Plan
from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.core.rules import GONE
from nimble_tui.core.service import ErrorKind, Finding, StudioError
from nimble_tui.core.text import clean_id


def left_running(desk: Desk, session_id: str) -> Finding | None:
    """Give up the plan to stop a workstation that somebody connected to, and say so."""
    if not desk.pages.plans.drop(session_id):
        return None
    return Finding(
        "You connected to a workstation that was to be stopped again once it is READY, so it is "
        "left running; stop it when you are done.",
        session_id,
    )


def keep(desk: Desk, session_id: str) -> StreamingSession:
    """Start a stopped workstation, and write down that it is to be stopped again."""
    plan = Plan(session_id, new_token(), new_token(), desk.clock.now())
    intent = Intent(Verb.KEEP, session_id, client_token=plan.start_token)
    before = desk.reader.get_streaming_session(session_id)
    allow(rule(desk, intent, before))
    # Written down first: whatever starts it, something knows that it is to be stopped.
    desk.pages.plans.put(plan)
    try:
        with desk.noted(intent, before.state or ""):
            session = perform(desk, intent, before)
    except StudioError as error:
        if error.kind != ErrorKind.UNCERTAIN:
            desk.pages.plans.drop(session_id)
        raise
    if session.started_at is not None:
        desk.pages.plans.started(plan.start_token, session.started_at)
    return session


def go_on(desk: Desk, plan: Plan, listed: StreamingSession | None) -> Finding | None:
    """Do the next thing that a plan needs; return what came of it once it is over."""
    start = desk.pages.intents.find(plan.start_token)
    if start is not None and start.is_open:
        return None
    if listed is not None and listed.in_transition and listed.state not in GONE:
        return None
    try:
        session = desk.reader.get_streaming_session(plan.session_id)
        finding = _next(desk, plan, session, begun=start is not None)
    except StudioError as error:
        if error.kind in PASSING:
            return None
        finding = _ended(
            plan.session_id,
            f"The workstation {clean_id(plan.session_id)[-4:]} could not be kept: "
            f"{error.message[0].lower()}{error.message[1:]}",
        )
    if finding is not None:
        desk.pages.plans.drop(plan.session_id)
    return finding


def _next(desk: Desk, plan: Plan, session: StreamingSession, *, begun: bool) -> Finding | None:
    stop = Intent(Verb.STOP, session.session_id, client_token=plan.stop_token)
    if session.state == SessionState.READY:
        if _started_anew(plan, session):
            return _ended(
                session.session_id,
                f"{desk.title(session)} was started again since you kept it, so it is left "
                "running; stop it when you are done.",
            )
        before = desk.earlier(stop)
        if before is None or before.outcome != Outcome.DONE:
            act(desk, stop, before)
        return None
    if session.state == SessionState.STOPPED:
        return _stopped(desk, plan, session, stop) if begun else _not_begun(desk, session)
    if session.state in GONE:
        return _ended(
            session.session_id, f"{desk.title(session)} was deleted before it could be kept."
        )
    if session.state == SessionState.START_FAILED:
        why = f" ({session.status_message.rstrip('.')})" if session.status_message else ""
        return _ended(
            session.session_id,
            f"{desk.title(session)} could not be kept, because it did not start{why}; try to "
            "start it again before it is deleted.",
        )
    if session.state == SessionState.STOP_FAILED:
        return _ended(
            session.session_id,
            f"{desk.title(session)} was started to be kept and could not be stopped again; "
            "look after it.",
        )
    return None


def _stopped(desk: Desk, plan: Plan, session: StreamingSession, stop: Intent) -> Finding | None:
    since = plan.started_at or plan.planned_at
    record = desk.pages.intents.find(stop.client_token)
    ours = record is not None and record.outcome == Outcome.DONE
    if not ours and not (session.stopped_at and session.stopped_at > since):
        return None
    until = f" until {day(session.terminate_at)}" if session.terminate_at else ""
    return Finding(
        f"{desk.title(session)} is kept{until}: it was started and is stopped again.",
        session.session_id,
    )


def _not_begun(desk: Desk, session: StreamingSession) -> Finding:
    return _ended(
        session.session_id,
        f"{desk.title(session)} was to be kept and was never started; "
        "keep it again if you still want to.",
    )


def _started_anew(plan: Plan, session: StreamingSession) -> bool:
    ours, now = plan.started_at, session.started_at
    return ours is not None and now is not None and now > ours


def _ended(session_id: str, text: str) -> Finding:
    return Finding(text, session_id, good=False)
