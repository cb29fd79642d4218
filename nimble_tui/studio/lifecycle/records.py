"""Changes the records of streaming sessions, and nothing else: no backend is called here.

Source: the AWS API reference, StreamingSession, member state; StopStreamingSession,
StartStreamingSession, DeleteStreamingSession. Where that is silent: START_FAILED may be started
again and has no deadline, so that a shortage of machines costs no artist a disk; and a session that
was stopped with its disk deleted gets a new one from its image, unless it is started from a backup.
"""

from datetime import datetime, timedelta
from typing import Final

from nimble_tui.core.unclear_steps import GIVEN_UP
from nimble_tui.studio import audit, clock_shift
from nimble_tui.studio.compute import Deadline, Failure, Verb
from nimble_tui.studio.lifecycle import backups, machines, streams
from nimble_tui.studio.lifecycle.timers import (
    LENGTHS,
    can_be_stopped,
    clear_timers,
    deadline_of,
    set_timers,
)
from nimble_tui.studio.lifecycle.transitions import Change, begin, finish
from nimble_tui.studio.store.bad_records import log_bad_record
from nimble_tui.studio.store.records import (
    Document,
    Kind,
    MachineRecord,
    Resource,
    Step,
    stamp,
    time_of,
)
from nimble_tui.studio.store.transaction import Transaction

REFUSED_STOP_TAKES: Final = timedelta(seconds=2)
_CANNOT_BE_STOPPED: Final = Failure(
    "INTERNAL_ERROR",
    "Workstations of this launch profile cannot be stopped; this one keeps running and can "
    "only be deleted.",
)
_ENDED_LATER: Final = "A machine that turns up later is terminated."
_PUT_OFF: Final = (
    "Its deletion fell due while the studio was away, so it was postponed until an hour after "
    "the studio's return."
)


def session_document(stream_configuration: Document, **members: object) -> Document:
    """Return a session's document, with what it takes over from its launch profile permanently."""
    backup = stream_configuration.get("sessionBackup", {})
    taken_over = {
        "sessionPersistenceMode": stream_configuration.get("sessionPersistenceMode"),
        "automaticTerminationMode": stream_configuration.get("automaticTerminationMode"),
        "volumeConfiguration": stream_configuration.get("volumeConfiguration"),
        "backupMode": backup.get("mode"),
        "maxBackupsToRetain": backup.get("maxBackupsToRetain"),
    }
    return members | {name: value for name, value in taken_over.items() if value is not None}


def create(
    tx: Transaction, document: Document, at: datetime, by: str, *, step: Step | None = None
) -> Resource:
    """Create a session from a document that lacks only its state, and request its machine.

    With a `step`, here and below, its end is known and nothing is requested, as in a sample's past.
    """
    session = Resource(Kind.STREAMING_SESSION, document["sessionId"], document)
    begin(session, Change.CREATE, step, at, by)
    tx.put(session)
    if step is None:
        machines.issue(tx, session, Verb.LAUNCH, at)
    return session


def stop(
    tx: Transaction,
    session: Resource,
    at: datetime,
    by: str,
    *,
    volume_retention_mode: str = "RETAIN",
    step: Step | None = None,
) -> None:
    """Stop a session; where its launch profile does not allow that, it fails after a moment."""
    streams.end_all(tx, session.id, at)
    session.document["volumeRetentionMode"] = volume_retention_mode
    if can_be_stopped(session.document, _stream_configuration(tx, session) or {}):
        _stop(tx, session, at, by, step)
        return
    step = Step(at + REFUSED_STOP_TAKES, _CANNOT_BE_STOPPED)
    begin(session, Change.STOP, step, at, by)
    _mark(session, "stopped", at, by)
    tx.put(session)


def start(
    tx: Transaction,
    session: Resource,
    at: datetime,
    by: str,
    *,
    backup_id: str | None = None,
    step: Step | None = None,
) -> None:
    """Start a session again, with its disk as it is or as it was in a backup."""
    state, machine = session.state, tx.machines.of_session(session.id)
    # A machine whose disk is gone cannot be started: another one takes its place.
    verb = Verb.LAUNCH if machine is not None and machine.gone else Verb.START
    clear_timers(session.document)
    session.document.pop("startedFromBackupId", None)
    if backup_id is not None:
        session.document["startedFromBackupId"] = backup_id
    begin(session, Change.START, step, at, by)
    _mark(session, "started", at, by)
    tx.put(session)
    if step is None:
        machines.issue(tx, session, verb, at, state=state, backup_id=backup_id or "")


def delete(tx: Transaction, session: Resource, at: datetime, by: str) -> None:
    """Delete a session and its machine; its backups are deleted once that has succeeded."""
    state = session.state
    streams.end_all(tx, session.id, at)
    clear_timers(session.document)
    begin(session, Change.DELETE, None, at, by)
    tx.put(session)
    machines.issue(tx, session, Verb.TERMINATE, at, state=state)


def go_on(tx: Transaction, session: Resource, at: datetime, studio_id: str) -> None:
    """Do what is due: end a step of the record, or keep a deadline as the studio's own doing."""
    if session.step is not None:
        finish_step(tx, session, session.step.failure, at)
    elif session.in_transition:
        raise ValueError("a step without an end")
    elif "stopAt" in session.document:
        # What it was promised when it became READY holds, whatever its profile says now.
        session.document["volumeRetentionMode"] = "RETAIN"
        streams.end_all(tx, session.id, at)
        _stop(tx, session, at, studio_id)
        audit.record_deadline(tx, session, "StopStreamingSession", at, studio_id)
    elif "terminateAt" not in session.document:
        raise ValueError("no deadline: nothing says that it is to be deleted")
    elif not _put_off(tx, session):
        delete(tx, session, at, studio_id)
        audit.record_deadline(tx, session, "DeleteStreamingSession", at, studio_id)


def finish_step(
    tx: Transaction, session: Resource, failure: Failure | None, at: datetime, *, note: str = ""
) -> None:
    """End the step under way, in failure or success, and set the deadline of the state after it.

    `note` is a sentence of the backend's about the success, for the artist.
    """
    change = finish(session, failure, at)
    if note and failure is None:
        session.document["statusMessage"] += f" {note}"
    if change == Change.STOP:
        backups.finish(tx, session, failure, at)
    elif session.state == "DELETED":
        backups.delete_all(tx, session.id, at)
    enter_steady(tx, session, at)


def give_up(tx: Transaction, session: Resource, at: datetime) -> None:
    """End a step whose request gets no clear answer; a launched machine is ended if it turns up."""
    launch = session.state == "CREATE_IN_PROGRESS"
    message = f"{GIVEN_UP} {_ENDED_LATER}" if launch else GIVEN_UP
    finish_step(tx, session, Failure("INTERNAL_ERROR", message), at)


def deadline(session: Resource, machine: MachineRecord) -> Deadline | None:
    """Return the deadline of a session's machine, if its state has any."""
    at = deadline_of(session.document)
    if at is None:
        return None
    verb = Verb.STOP if "stopAt" in session.document else Verb.TERMINATE
    return Deadline(at, verb, machine.deadline_version)


def enter_steady(tx: Transaction, session: Resource, at: datetime) -> None:
    """Store a session that has entered a state that lasts, with the deadline of that."""
    machine = tx.machines.of_session(session.id)
    configuration = _stream_configuration(tx, session)
    if configuration is not None:  # else no deadline: it might delete what was to be stopped
        set_timers(session.document, configuration, at)
    falls_at = deadline_of(session.document)
    if falls_at:
        # A deadline that passed while the step lasted falls now, not before it.
        session.due_at = max(falls_at, at)
    tx.put(session)
    if machine is None:
        return
    if session.state == "DELETED":
        machines.end(tx, machine, at)
        return
    machine.look_at = None
    machines.change_deadline(machine, at)
    tx.machines.put(machine)
    tx.machines.end_request(machine.id)


def _put_off(tx: Transaction, session: Resource) -> bool:
    """Put off a deletion that fell due while the studio was away; return whether it did."""
    returned, due = clock_shift.returned_at(tx), time_of(session.document, "terminateAt")
    if returned is None or due is None or due > returned:
        return False
    later = returned + clock_shift.GRACE
    session.document |= {"terminateAt": stamp(later), "statusMessage": _PUT_OFF}
    session.due_at = time_of(session.document, "terminateAt")
    tx.put(session)
    machine = tx.machines.of_session(session.id)
    if machine is not None:
        machines.change_deadline(machine, returned)
        tx.machines.put(machine)
    return True


def _stop(
    tx: Transaction, session: Resource, at: datetime, by: str, step: Step | None = None
) -> None:
    state = session.state
    clear_timers(session.document)
    begin(session, Change.STOP, step, at, by)
    _mark(session, "stopped", at, by)
    backup_id = backups.begin(tx, session, at)
    tx.put(session)
    if step is not None:
        return
    machines.issue(
        tx,
        session,
        Verb.STOP,
        at,
        state=state,
        retention=session.document["volumeRetentionMode"],
        backup_id=backup_id,
    )


def _mark(session: Resource, what: str, at: datetime, by: str) -> None:
    session.document[f"{what}At"] = stamp(at)
    session.document[f"{what}By"] = by


def _stream_configuration(tx: Transaction, session: Resource) -> Document | None:
    """Return what the session's launch profile says now: nothing if it is gone.

    None where its record is bad, which must not hold up the session.
    """
    profile_id = session.document["launchProfileId"]
    with log_bad_record(Kind.LAUNCH_PROFILE, profile_id):
        launch_profile = tx.resource(Kind.LAUNCH_PROFILE, profile_id)
        if launch_profile is None:
            return {}
        configuration: Document = launch_profile.document["streamConfiguration"]
        if all(isinstance(configuration.get(name, 0), int) for name in LENGTHS):
            return configuration
        raise TypeError("a length is a whole number")
    return None
