"""Backup operations; allowed to the owner and to admins."""

from nimble_tui.studio import rights
from nimble_tui.studio.http.errors import validation
from nimble_tui.studio.operations.listing import page_of
from nimble_tui.studio.operations.request import Request
from nimble_tui.studio.store.records import Document, Kind, Resource


def list_streaming_session_backups(request: Request) -> Document:
    """Return backups, those DELETED within the hour included."""
    request.check_studio()
    owned_by = request.params.get("ownedBy")
    rights.require_self(request.person, owned_by, "ownedBy")
    kind = Kind.STREAMING_SESSION_BACKUP
    return page_of(request, kind, "streamingSessionBackups", owned_by=owned_by)


def get_streaming_session_backup(request: Request) -> Document:
    """Return a backup."""
    backup = request.find(Kind.STREAMING_SESSION_BACKUP, request.params["backupId"])
    rights.require_owner(request.person, backup)
    return {"streamingSessionBackup": backup.document}


def require_usable(backup: Resource, session: Resource) -> None:
    """Refuse to start a session from what is no backup of it, or not READY."""
    context = {"backupId": backup.id, "state": backup.state}
    if backup.document["sessionId"] != session.id:
        message = "This backup is of another workstation; choose one of this workstation's own."
        raise validation(message, "BACKUP_OF_ANOTHER_SESSION", context)
    if backup.state != "READY":
        message = f"This backup is {backup.state}; only one that is READY can be started from."
        raise validation(message, "INVALID_STATE", context)
