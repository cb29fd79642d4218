"""Changes a session whose machine changed without the studio: stopped, started or terminated."""

from datetime import datetime

from nimble_tui.studio.lifecycle import backups, records, streams
from nimble_tui.studio.lifecycle.timers import clear_timers
from nimble_tui.studio.lifecycle.transitions import KEPT_DELETED, enter
from nimble_tui.studio.store.records import Resource, stamp
from nimble_tui.studio.store.transaction import Transaction


def stopped(tx: Transaction, session: Resource, reason: str, at: datetime, studio_id: str) -> None:
    """Note that a machine was stopped outside the studio; its disk is there."""
    _end_running(tx, session, at)
    message = _sentence("It was stopped outside the studio", reason)
    _stop(session, message, at, studio_id)
    records.enter_steady(tx, session, at)


def started(tx: Transaction, session: Resource, reason: str, at: datetime, studio_id: str) -> None:
    """Note that a machine was started outside the studio; it has a deadline as any other."""
    clear_timers(session.document)
    message = _sentence("It was started outside the studio", reason)
    enter(session, "READY", "STREAMING_SESSION_STARTED", message, at)
    session.document.update(startedAt=stamp(at), startedBy=studio_id)
    session.step = session.due_at = None
    records.enter_steady(tx, session, at)


def lost(tx: Transaction, session: Resource, at: datetime, studio_id: str) -> None:
    """Note that a machine was terminated outside the studio, and its disk with it.

    No backup is deleted for that: a session with one is STOPPED and can be started from it.
    """
    _end_running(tx, session, at)
    machine = tx.machines.of_session(session.id)
    if machine is not None:
        machine.gone = True
        tx.machines.put(machine)
    if backups.ready(tx, session.id):
        message = (
            "Its machine was terminated outside the studio. Its disk is gone; start it from a "
            "backup."
        )
        _stop(session, message, at, studio_id)
    else:
        message = "Its machine was terminated outside the studio, and it has no backup."
        enter(session, "DELETED", "STREAMING_SESSION_DELETED", message, at)
        session.step, session.due_at = None, at + KEPT_DELETED
    records.enter_steady(tx, session, at)


def _end_running(tx: Transaction, session: Resource, at: datetime) -> None:
    """End what a session has while it runs, and the step it may be in."""
    streams.end_all(tx, session.id, at)
    backups.interrupt(tx, session.id)
    clear_timers(session.document)
    machine = tx.machines.of_session(session.id)
    if machine is not None:
        tx.machines.end_request(machine.id)


def _stop(session: Resource, message: str, at: datetime, studio_id: str) -> None:
    already = session.state in {"STOPPED", "START_FAILED"}
    enter(session, "STOPPED", "STREAMING_SESSION_STOPPED", message, at)
    if not already or "stoppedAt" not in session.document:
        session.document.update(stoppedAt=stamp(at), stoppedBy=studio_id)
    session.step = session.due_at = None


def _sentence(text: str, reason: str) -> str:
    return f"{text}: {reason}" if reason else f"{text}."
