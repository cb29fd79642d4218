"""What else may be done with a workstation: connect to it, keep it, rename it, bring it back.

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
    """Return whether a stream can be asked for now."""
    common = _common(session, read_only=read_only)
    if common is not None:
        return common
    if session.state == SessionState.READY:
        return Allowed("Its screen opens in your browser or in the DCV viewer.")
    if session.state == SessionState.STOPPED:
        return Refused("It is stopped; start it first, then connect.")
    return Refused(f"Only a READY workstation shows its screen, and it is {session.state}.")


def check_keep(
    session: StreamingSession,
    launch_profile: LaunchProfile | None,
    *,
    read_only: bool = False,
    stuck: bool = False,
) -> Allowed | Refused:
    """Return whether its deletion can be put off by starting it and stopping it again."""
    start = check_action(
        SessionAction.START, session, launch_profile, read_only=read_only, stuck=stuck
    )
    if isinstance(start, Refused) and session.state != SessionState.READY:
        return start
    if session.state != SessionState.STOPPED:
        return Refused("Only a stopped workstation needs keeping; this one is not stopped.")
    nearest = deadline(session, launch_profile)
    if nearest is None and are_times_unread(session, nearest):
        return Refused(
            "Its times could not be read, so whether it is deleted by itself is not known; "
            "start it and stop it again to be safe."
        )
    if nearest is None or nearest.ending != Ending.DELETE:
        return Refused("It is kept until you delete it; there is nothing to put off.")
    stoppable = can_be_stopped(session, launch_profile)
    if stoppable is None:
        return Refused(
            "Its launch profile cannot be read, so it might not stop again and cannot be kept; "
            "start it and save your work elsewhere."
        )
    if not stoppable:
        return Refused(
            "Its launch profile does not let it stop again, so it cannot be kept; "
            "start it and save your work elsewhere."
        )
    kept = kept_for(session, launch_profile)
    then = f"is kept for another {in_words(kept)}" if kept else "is kept until you delete it"
    return Allowed(
        f"It is started, then stopped again as soon as it is READY, and {then}. "
        "If you leave the app before that, the next start of the app finishes it."
    )


def check_rename(session: StreamingSession, *, read_only: bool = False) -> Allowed | Refused:
    """Return whether it can be given another `Name` tag."""
    if read_only:
        return READ_ONLY
    if session.state in GONE:
        return Refused("It is deleted; nothing more can be done with it.")
    if not session.arn:
        return Refused("The studio does not tell its ARN, which a new name needs; refresh.")
    return Allowed("Everybody who may see it sees its new name.")


def check_restore(
    backup: StreamingSessionBackup,
    session: StreamingSession,
    *,
    read_only: bool = False,
    stuck: bool = False,
) -> Allowed | Refused:
    """Return whether the workstation can be started from this backup of it."""
    start = check_action(SessionAction.START, session, None, read_only=read_only, stuck=stuck)
    if isinstance(start, Refused):
        return start
    if backup.session_id != session.session_id:
        return Refused("This backup is of another workstation.")
    if not backup.usable:
        return Refused(f"Only a READY backup can be used, and it is {backup.state or 'unknown'}.")
    if is_disk_kept(session) is False:
        return Allowed("It gets its disk back as it was at that time.")
    return Allowed(
        "Its disk becomes what it was at that time; what was saved on it since then is gone."
    )


def _common(session: StreamingSession, *, read_only: bool) -> Refused | None:
    if read_only:
        return READ_ONLY
    if not is_plain_id(session.session_id):
        return Refused("Its id holds characters that cannot be shown safely; ask your admin.")
    if session.state in GONE:
        return Refused("It is deleted; nothing more can be done with it.")
    return None
