"""Rules for further actions on a workstation: connect, keep, rename, restore a backup.

Sources: the AWS API reference, CreateStreamingSessionStream, StartStreamingSession (member
backupId), StreamingSession (members stopAt and terminateAt), TagResource.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.core.durations import in_words
from nimble_tui.core.model import SessionAction, SessionState
from nimble_tui.core.rules import (
    GONE,
    READ_ONLY,
    Allowed,
    Ending,
    Refused,
    are_times_unread,
    can_be_stopped,
    check_action,
    deadline,
    is_disk_kept,
    kept_for,
)
from nimble_tui.core.text import is_plain_id

if TYPE_CHECKING:
    from nimble_tui.core.backups import StreamingSessionBackup
    from nimble_tui.core.model import LaunchProfile, StreamingSession


def check_connect(session: StreamingSession, *, read_only: bool = False) -> Allowed | Refused:
    """Return whether a stream can be requested now."""
    common = _common(session, read_only=read_only)
    if common is not None:
        return common
    if session.state == SessionState.READY:
        return Allowed("Its desktop opens in your browser or in the DCV viewer.")
    if session.state == SessionState.STOPPED:
        return Refused("It is stopped; start it first, then connect.")
    return Refused(f"You can connect only to a READY workstation; this one is {session.state}.")


def check_keep(
    session: StreamingSession,
    launch_profile: LaunchProfile | None,
    *,
    read_only: bool = False,
    stuck: bool = False,
) -> Allowed | Refused:
    """Return whether its deletion can be postponed by starting it and stopping it again."""
    start = check_action(
        SessionAction.START, session, launch_profile, read_only=read_only, stuck=stuck
    )
    if isinstance(start, Refused) and session.state != SessionState.READY:
        return start
    if session.state != SessionState.STOPPED:
        return Refused("Only a stopped workstation needs to be kept; this one is not stopped.")
    nearest = deadline(session, launch_profile)
    if nearest is None and are_times_unread(session, nearest):
        return Refused(
            "Its times could not be read, so its deletion time is unknown. "
            "Start it and stop it again to be safe."
        )
    if nearest is None or nearest.ending != Ending.DELETE:
        return Refused("It is kept until you delete it; there is nothing to postpone.")
    stoppable = can_be_stopped(session, launch_profile)
    if stoppable is None:
        return Refused(
            "Its launch profile can't be read, so it might not stop again and can't be kept. "
            "Start it and save your work elsewhere."
        )
    if not stoppable:
        return Refused(
            "Its launch profile doesn't allow stopping, so it can't be kept. "
            "Start it and save your work elsewhere."
        )
    kept = kept_for(session, launch_profile)
    again = f"for another {in_words(kept)}" if kept else "until you delete it"
    return Allowed(
        "Keeping it starts the workstation and stops it again, which takes a few minutes at the "
        f"usual price. After that it is kept {again}. "
        "If you quit before it has stopped, it keeps running, at this price, until the app is "
        "open again."
    )


def check_rename(session: StreamingSession, *, read_only: bool = False) -> Allowed | Refused:
    """Return whether it can be given another `Name` tag."""
    if read_only:
        return READ_ONLY
    if session.state in GONE:
        return Refused("It was deleted.")
    if not session.arn:
        return Refused(
            "The studio reported no ARN, so it can't be renamed. Refresh, then try again."
        )
    return Allowed("Everyone who can see the workstation sees its new name.")


def check_restore(
    backup: StreamingSessionBackup,
    session: StreamingSession,
    *,
    read_only: bool = False,
    stuck: bool = False,
) -> Allowed | Refused:
    """Return whether this backup can be restored to the workstation."""
    start = check_action(SessionAction.START, session, None, read_only=read_only, stuck=stuck)
    if isinstance(start, Refused):
        return start
    if backup.session_id != session.session_id:
        return Refused("This backup belongs to another workstation.")
    if not backup.usable:
        return Refused(
            f"Only a READY backup can be restored; this one is {backup.state or 'unknown'}."
        )
    if is_disk_kept(session) is False:
        return Allowed("Restores the disk as it was at that time.")
    return Allowed(
        "Restores the disk as it was at that time. Everything saved on it since then is lost."
    )


def _common(session: StreamingSession, *, read_only: bool) -> Refused | None:
    if read_only:
        return READ_ONLY
    if not is_plain_id(session.session_id):
        return Refused("Its id contains unsafe characters. Ask your admin.")
    if session.state in GONE:
        return Refused("It was deleted.")
    return None
