"""The states of a streaming session.

Source: the AWS API reference, StreamingSession, member state; StopStreamingSession,
StartStreamingSession, DeleteStreamingSession. Where that is silent: START_FAILED may be started
again and runs no deadline, so that nobody loses a disk to a shortage of machines; and what was
stopped with its disk deleted gets a new one from its image, unless it is started from a backup.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from nimble_tui.studio.compute import Compute, Machine
from nimble_tui.studio.lifecycle import backups, streams
from nimble_tui.studio.lifecycle.timers import (
    LENGTHS,
    can_be_stopped,
    clear_timers,
    deadline_of,
    set_timers,
)
from nimble_tui.studio.lifecycle.transitions import Change, begin, finish
from nimble_tui.studio.store.bad_records import log_bad_record
from nimble_tui.studio.store.records import Document, Failure, Kind, Resource, Step, stamp
from nimble_tui.studio.store.transaction import Transaction

REFUSED_STOP_TAKES: Final = timedelta(seconds=2)
_CANNOT_BE_STOPPED: Final = Failure(
    "INTERNAL_ERROR",
    "Workstations of this launch profile cannot be stopped; this one runs on and can only be "
    "deleted.",
)


def session_document(stream_configuration: Document, **members: object) -> Document:
    """Return a session's document, with what it takes over from its launch profile for good."""
    backup = stream_configuration.get("sessionBackup", {})
    taken_over = {
        "sessionPersistenceMode": stream_configuration.get("sessionPersistenceMode"),
        "automaticTerminationMode": stream_configuration.get("automaticTerminationMode"),
        "volumeConfiguration": stream_configuration.get("volumeConfiguration"),
        "backupMode": backup.get("mode"),
        "maxBackupsToRetain": backup.get("maxBackupsToRetain"),
    }
    return members | {name: value for name, value in taken_over.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Sessions:
    """Takes streaming sessions from state to state; whoever calls has checked that it may be."""

    compute: Compute

    def create(self, tx: Transaction, document: Document, at: datetime, by: str) -> Resource:
        """Make a session out of a document that lacks nothing but its state."""
        session = Resource(Kind.STREAMING_SESSION, document["sessionId"], document)
        begin(session, Change.CREATE, self.compute.launch(machine_of(session), at), at, by)
        tx.put(session)
        return session

    def stop(
        self,
        tx: Transaction,
        session: Resource,
        at: datetime,
        by: str,
        *,
        volume_retention_mode: str = "RETAIN",
    ) -> None:
        """Stop it; where its launch profile does not allow that, it fails after a moment."""
        streams.end_all(tx, session.id, at)
        session.document["volumeRetentionMode"] = volume_retention_mode
        if can_be_stopped(session.document, _stream_configuration(tx, session) or {}):
            self._stop(tx, session, at, by)
            return
        step = Step(at + REFUSED_STOP_TAKES, _CANNOT_BE_STOPPED)
        begin(session, Change.STOP, step, at, by)
        _mark(session, "stopped", at, by)
        tx.put(session)

    def start(
        self,
        tx: Transaction,
        session: Resource,
        at: datetime,
        by: str,
        *,
        backup_id: str | None = None,
    ) -> None:
        """Start it again, with its disk as it is or as it was in a backup."""
        clear_timers(session.document)
        session.document.pop("startedFromBackupId", None)
        if backup_id is not None:
            session.document["startedFromBackupId"] = backup_id
        begin(session, Change.START, self.compute.start(machine_of(session), at), at, by)
        _mark(session, "started", at, by)
        tx.put(session)

    def delete(self, tx: Transaction, session: Resource, at: datetime, by: str) -> None:
        """Delete it and its machine; its backups go once it is gone."""
        streams.end_all(tx, session.id, at)
        clear_timers(session.document)
        begin(session, Change.DELETE, self.compute.terminate(machine_of(session), at), at, by)
        tx.put(session)

    def go_on(self, tx: Transaction, session: Resource, at: datetime, studio_id: str) -> None:
        """Do what is due: end a step, or keep a deadline, which counts as the studio's doing."""
        if session.step is not None:
            self._finish(tx, session, session.step, at)
        elif "stopAt" in session.document:
            # What it was promised when it became READY holds, whatever its profile says now.
            session.document["volumeRetentionMode"] = "RETAIN"
            streams.end_all(tx, session.id, at)
            self._stop(tx, session, at, studio_id)
        elif "terminateAt" not in session.document:
            raise ValueError("no deadline: nothing says that it is to be deleted")
        else:
            self.delete(tx, session, at, studio_id)

    def _stop(self, tx: Transaction, session: Resource, at: datetime, by: str) -> None:
        clear_timers(session.document)
        begin(session, Change.STOP, self.compute.stop(machine_of(session), at), at, by)
        _mark(session, "stopped", at, by)
        backups.begin(tx, session, at)
        tx.put(session)

    def _finish(self, tx: Transaction, session: Resource, step: Step, at: datetime) -> None:
        left = step if step.failure else self.compute.state(machine_of(session), step, at)
        if left is not None and left.failure is None:
            session.step, session.due_at = left, left.due_at
            tx.put(session)
            return
        failure = left.failure if left else None
        change = finish(session, failure, at)
        if change == Change.STOP:
            backups.finish(tx, session, failure, at)
        elif session.state == "DELETED":
            backups.delete_all(tx, session.id, at)
        configuration = _stream_configuration(tx, session)
        if configuration is not None:  # else no deadline: it might delete what was to be stopped
            set_timers(session.document, configuration, at)
        deadline = deadline_of(session.document)
        if deadline:
            # A deadline that passed while the step lasted falls now, not before it.
            session.due_at = max(deadline, at)
        tx.put(session)


def machine_of(session: Resource) -> Machine:
    """Return the machine of a session."""
    document = session.document
    return Machine(
        session_id=session.id,
        ec2_instance_type=document["ec2InstanceType"],
        streaming_image_id=document["streamingImageId"],
        tags=document.get("tags", {}),
        state=session.state,
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
