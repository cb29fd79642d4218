"""The backups of a session: one at each stop, as many as it may have, none when it is gone.

Sources: the AWS API reference, StreamConfigurationSessionBackup, StreamingSessionBackup. Where
that is silent: a backup is there once its session is STOPPED, and goes when its session goes,
since nothing else could be started from it.
"""

import random
from datetime import datetime

from nimble_tui.studio.ids import new_id
from nimble_tui.studio.lifecycle.transitions import KEPT_DELETED
from nimble_tui.studio.store.records import Failure, Kind, Resource, stamp
from nimble_tui.studio.store.transaction import Transaction

MOST = 10
"""The number of backups where the launch profile does not say: as many as the API allows."""


def begin(tx: Transaction, session: Resource, at: datetime) -> str:
    """Begin the backup of a session that is being stopped; return its id, "" for none."""
    document = session.document
    if document.get("backupMode") != "AUTOMATIC" or not _most(session):
        return ""
    # Whichever process settles it, the same stop makes the same backup.
    backup_id = new_id(random.Random(f"{session.id} {at}"))  # noqa: S311 - no secret
    prefix = document["arn"].rpartition(":")[0]
    backup = Resource(
        Kind.STREAMING_SESSION_BACKUP,
        backup_id,
        {
            "backupId": backup_id,
            "arn": f"{prefix}:{Kind.STREAMING_SESSION_BACKUP}/{backup_id}",
            "sessionId": session.id,
            "launchProfileId": document["launchProfileId"],
            "ownedBy": document["ownedBy"],
            "createdAt": stamp(at),
            "tags": {},
        },
    )
    _enter(
        backup,
        "CREATE_IN_PROGRESS",
        "STREAMING_SESSION_CREATE_IN_PROGRESS",
        "It is being created while the workstation stops.",
    )
    tx.put(backup)
    return backup_id


def finish(tx: Transaction, session: Resource, failure: Failure | None, at: datetime) -> None:
    """End the backup of a stop that ended; the oldest go where there are too many then."""
    backups = _live(tx, session.id)
    for backup in backups:
        if not backup.in_transition:
            continue
        if failure:
            _enter(backup, "CREATE_FAILED", failure.status_code, failure.message)
        else:
            _enter(backup, "READY", "STREAMING_SESSION_READY", "It is ready.")
    ready = [one for one in backups if one.state == "READY"]
    for backup in ready[: max(0, len(ready) - _most(session))]:
        _delete(backup, at)
    tx.put_all(backups)


def ready(tx: Transaction, session_id: str) -> list[Resource]:
    """Return the backups that a session can be started from, the oldest first."""
    return [one for one in _live(tx, session_id) if one.state == "READY"]


def interrupt(tx: Transaction, session_id: str) -> None:
    """End the backups under way of a session whose machine changed without the studio."""
    under_way = [one for one in _live(tx, session_id) if one.in_transition]
    for backup in under_way:
        message = "The machine changed outside the studio meanwhile."
        _enter(backup, "CREATE_FAILED", "INTERNAL_ERROR", message)
    tx.put_all(under_way)


def delete_all(tx: Transaction, session_id: str, at: datetime) -> None:
    """Delete the backups of a session."""
    backups = _live(tx, session_id)
    for backup in backups:
        _delete(backup, at)
    tx.put_all(backups)


def _most(session: Resource) -> int:
    most: int = session.document.get("maxBackupsToRetain", MOST)
    return most


def _live(tx: Transaction, session_id: str) -> list[Resource]:
    """Return the backups of a session that are not DELETED, the oldest first."""
    backups = tx.page(Kind.STREAMING_SESSION_BACKUP, session_id=session_id)
    return [one for one in backups if one.state != "DELETED"]


def _delete(backup: Resource, at: datetime) -> None:
    _enter(backup, "DELETED", "STREAMING_SESSION_DELETED", "It is deleted.")
    backup.due_at = at + KEPT_DELETED


def _enter(backup: Resource, state: str, status_code: str, message: str) -> None:
    backup.document.update(state=state, statusCode=status_code, statusMessage=message)
