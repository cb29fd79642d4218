"""Keep: start a stopped workstation, and stop it again once it is READY."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from nimble_tui.client.executor import CLOCKS_DIFFER, LATEST_ARRIVAL, TEMPORARY, Executor, day
from nimble_tui.client.intent import Intent, Verb, new_token
from nimble_tui.client.journal.intents import Outcome, Record
from nimble_tui.client.journal.keep_plans import KeepPlan
from nimble_tui.client.session_actions import act, check_intent, perform, require_allowed
from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.core.rules import GONE
from nimble_tui.core.service import Finding, StudioError
from nimble_tui.core.text import clean_id

_FAILING_FOR = 300.0
"""Seconds for which a plan's next step can fail before the plan is given up."""
_OLD = timedelta(days=1)
_CHANGES = frozenset({Verb.START, Verb.STOP, Verb.DELETE})


def leave_running(executor: Executor, session_id: str) -> Finding | None:
    """Drop the plan to stop a workstation after its user connected, and return a finding."""
    if not executor.pages.keep_plans.drop(session_id):
        return None
    return Finding(
        "You connected to a workstation that Keep was about to stop, so it keeps running. Stop it "
        "when you are done.",
        session_id,
    )


def keep(executor: Executor, session_id: str) -> StreamingSession:
    """Start a stopped workstation, and write down that it is to be stopped again.

    Where an earlier start of Keep's is unresolved, it is repeated under its own token.
    """
    plan = _plan(executor, session_id)
    intent = Intent(Verb.KEEP, session_id, client_token=plan.start_token)
    before = executor.reader.get_streaming_session(session_id)
    require_allowed(check_intent(executor, intent, before))
    # Recorded first, so that every start is followed by a stop.
    executor.pages.keep_plans.put(plan)
    try:
        with executor.recorded(intent, before.state or ""):
            session = perform(executor, intent, before)
            note_start(executor, plan, session)
    except StudioError:
        with suppress(StudioError):
            start = executor.pages.intents.find(plan.start_token)
            if start is not None and start.is_done is False:
                executor.pages.keep_plans.drop(session_id)
        raise
    return session


def _plan(executor: Executor, session_id: str) -> KeepPlan:
    now = executor.clock.now()
    earlier = plan_of(executor, session_id)
    if earlier is not None:
        start = executor.pages.intents.find(earlier.start_token)
        if start is None or start.outcome != Outcome.DONE:
            return replace(earlier, planned_at=now)
    return KeepPlan(session_id, new_token(), new_token(), now)


def plan_of(executor: Executor, session_id: str) -> KeepPlan | None:
    """Return the plan to keep a workstation, whichever process works on it."""
    return next(
        (one for one in executor.pages.keep_plans.all() if one.session_id == session_id), None
    )


def note_start(executor: Executor, plan: KeepPlan, session: StreamingSession) -> None:
    """Write down when Keep's own start was, as the studio reports it."""
    if plan.started_at is None and session.started_at and _is_own_start(executor, plan, session):
        executor.pages.keep_plans.started(plan.start_token, session.started_at)


def advance(
    executor: Executor, plan: KeepPlan, listed: StreamingSession | None, *, spare: bool = False
) -> Finding | None:
    """Run the next step of a plan; return a finding once the plan is finished.

    The plan stays until `close` is called with that, so that it is reported even if this process
    ends. With `spare`, the person is about to act on the workstation, and nothing is sent.
    """
    start = executor.pages.intents.find(plan.start_token)
    if start is not None and start.is_open:
        if plan.started_at is None:
            return None
        # The process ended right after the reply: the start was done.
        executor.pages.intents.close(start.intent, Outcome.DONE)
    if listed is not None and listed.in_transition and listed.state not in GONE:
        return None
    try:
        session = executor.reader.get_streaming_session(plan.session_id)
        finding = _next(executor, plan, session, start, spare=spare)
    except StudioError as error:
        if error.kind in TEMPORARY or not _lasts(executor, plan):
            return None
        return _failed(
            plan.session_id,
            f"Can't keep workstation {clean_id(plan.session_id)[-4:]}: "
            f"{error.message[0].lower()}{error.message[1:]}",
        )
    executor.failing.pop(plan.session_id, None)
    return finding


def _lasts(executor: Executor, plan: KeepPlan) -> bool:
    """Note a failed step of a plan, and return whether it has failed long enough to be final.

    One bad answer must not leave a workstation running.
    """
    now = executor.clock.monotonic()
    is_old = executor.clock.now() - plan.planned_at > _OLD
    return is_old or now - executor.failing.setdefault(plan.session_id, now) >= _FAILING_FOR


def close(executor: Executor, finding: Finding) -> None:
    """Drop the plan that a finding is the end of, and its stop with it."""
    plan = plan_of(executor, finding.session_id or "")
    if plan is None or not finding.is_resolved:
        return
    stop = executor.pages.intents.find(plan.stop_token)
    if stop is not None and stop.is_open:
        executor.pages.intents.close(stop.intent, Outcome.DONE if finding.good else Outcome.LOST)
    executor.pages.keep_plans.drop(plan.session_id)


def _next(
    executor: Executor,
    plan: KeepPlan,
    session: StreamingSession,
    start: Record | None,
    *,
    spare: bool,
) -> Finding | None:
    stop = Intent(Verb.STOP, session.session_id, client_token=plan.stop_token)
    if session.state == SessionState.READY:
        why = _why_not_to_stop(executor, plan, session)
        if why:
            return _failed(
                session.session_id,
                f"{executor.title(session)} {why}, so it keeps running. Stop it when you are done.",
            )
        note_start(executor, plan, session)
        before = executor.earlier(stop)
        if not spare and (before is None or before.outcome != Outcome.DONE):
            act(executor, stop, before)
        return None
    if session.state == SessionState.STOPPED:
        if plan.started_at is not None or (start is not None and start.outcome == Outcome.DONE):
            return _stopped(executor, plan, session, stop)
        return _not_started(executor, session, start)
    if session.state in GONE:
        return _failed(
            session.session_id, f"{executor.title(session)} was deleted before it could be kept."
        )
    if session.state == SessionState.START_FAILED:
        why = f" ({session.status_message.rstrip('.')})" if session.status_message else ""
        return _failed(
            session.session_id,
            f"{executor.title(session)} could not be kept, because it did not start{why}. Try to "
            "start it again before it is deleted.",
        )
    if session.state == SessionState.STOP_FAILED:
        return _failed(
            session.session_id,
            f"{executor.title(session)} was started to keep it, but stopping it failed. Stop it "
            "yourself.",
        )
    return None


def _stopped(
    executor: Executor, plan: KeepPlan, session: StreamingSession, stop: Intent
) -> Finding | None:
    since = plan.started_at or plan.planned_at
    record = executor.pages.intents.find(stop.client_token)
    ours = record is not None and record.outcome == Outcome.DONE
    if not ours and not (session.stopped_at and session.stopped_at >= since):
        return None
    until = f" until {day(session.terminate_at)}" if session.terminate_at else ""
    return Finding(
        f"{executor.title(session)} is kept{until}: it was started and stopped again.",
        session.session_id,
    )


def _not_started(
    executor: Executor, session: StreamingSession, start: Record | None
) -> Finding | None:
    if start is not None and executor.clock.now() - start.requested_at <= LATEST_ARRIVAL:
        return None  # it may still come, and then it has to be stopped
    return _failed(
        session.session_id,
        f"Keep was not carried out for {executor.title(session)}: it was never started. Press k to "
        "try again.",
    )


def _why_not_to_stop(executor: Executor, plan: KeepPlan, session: StreamingSession) -> str:
    """Return why a stop of this workstation needs another yes; "" where Keep's covers it."""
    own = {plan.start_token, plan.stop_token}
    since = [
        one.intent.verb
        for one in executor.pages.intents.since(plan.planned_at)
        if one.intent.session_id == plan.session_id
        and one.intent.client_token not in own
        and one.outcome != Outcome.REFUSED
    ]
    if Verb.CONNECT in since:
        return "had a connection since you kept it"
    if _is_own_start(executor, plan, session) and not _CHANGES.intersection(since):
        return ""
    return "may have been started again since you kept it"


def _is_own_start(executor: Executor, plan: KeepPlan, session: StreamingSession) -> bool:
    """Return whether a workstation's last start is the one that Keep made.

    Where the reply to that was lost, it is a start by this person while it could arrive. Source:
    the AWS API reference, StreamingSession, members startedAt and startedBy.
    """
    at = session.started_at
    if at is None:
        return False
    if plan.started_at is not None:
        return abs(at - plan.started_at) < timedelta(seconds=1)
    in_time = plan.planned_at - CLOCKS_DIFFER <= at <= plan.planned_at + LATEST_ARRIVAL
    return in_time and session.started_by == executor.reader.info.principal_id


def _failed(session_id: str, text: str) -> Finding:
    return Finding(text, session_id, good=False)
