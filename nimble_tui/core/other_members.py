"""Members that only a few calls bring: of streams, of backups, of licences.

They are read as `members` reads the others.
"""

from datetime import datetime

from nimble_tui.core import fields
from nimble_tui.core.backups import StreamingSessionBackup
from nimble_tui.core.eulas import Eula, EulaAcceptance
from nimble_tui.core.members import read_tags, read_time
from nimble_tui.core.streams import StreamingSessionStream

_LONGEST_URL = 4096


def read_stream(value: object) -> StreamingSessionStream:
    """Read a StreamingSessionStream; ValueError when it is none or has no streamId."""
    m = fields.structure(value)
    return StreamingSessionStream(
        stream_id=fields.an_id(m, "streamId"),
        state=fields.text(m, "state"),
        status_code=fields.text(m, "statusCode"),
        url=fields.raw(m, "url", _LONGEST_URL),
        created_at=_time(m, "createdAt"),
        created_by=fields.raw(m, "createdBy"),
        expires_at=_time(m, "expiresAt"),
        owned_by=fields.raw(m, "ownedBy"),
    )


def read_backup(value: object) -> StreamingSessionBackup:
    """Read a StreamingSessionBackup; ValueError when it is none or has no backupId."""
    m = fields.structure(value)
    return StreamingSessionBackup(
        backup_id=fields.an_id(m, "backupId"),
        session_id=fields.raw(m, "sessionId"),
        launch_profile_id=fields.raw(m, "launchProfileId"),
        owned_by=fields.raw(m, "ownedBy"),
        state=fields.text(m, "state"),
        status_code=fields.text(m, "statusCode"),
        status_message=fields.text(m, "statusMessage"),
        arn=fields.raw(m, "arn"),
        created_at=_time(m, "createdAt"),
        tags=read_tags(m),
        members=m,
    )


def read_eula(value: object) -> Eula:
    """Read a Eula; ValueError when it is none or has no eulaId."""
    m = fields.structure(value)
    return Eula(
        eula_id=fields.an_id(m, "eulaId"),
        name=fields.text(m, "name"),
        content=fields.text(m, "content"),
        created_at=_time(m, "createdAt"),
        updated_at=_time(m, "updatedAt"),
    )


def read_eula_acceptance(value: object) -> EulaAcceptance:
    """Read a EulaAcceptance; ValueError when it is none or has no eulaId."""
    m = fields.structure(value)
    return EulaAcceptance(
        eula_id=fields.an_id(m, "eulaId"),
        eula_acceptance_id=fields.raw(m, "eulaAcceptanceId"),
        accepted_at=_time(m, "acceptedAt"),
        accepted_by=fields.raw(m, "acceptedBy"),
        acceptee_id=fields.raw(m, "accepteeId"),
    )


def _time(m: fields.Members, name: str) -> datetime | None:
    return read_time(m.get(name))
