"""What an action leads to, in sentences that name the time where it is lived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.core import rules
from nimble_tui.core.durations import in_words
from nimble_tui.core.model import SessionAction, SessionState
from nimble_tui.view import times

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from nimble_tui.core.model import LaunchProfile, StreamingSession

DISK_LOST = "Its disk is thrown away for good, with all that is saved on it alone"


def of_action(
    action: SessionAction,
    note: str,
    session: StreamingSession,
    launch_profile: LaunchProfile | None,
    *,
    now: datetime,
    tz: tzinfo | None,
) -> str:
    """Return what an action that is allowed leads to; `note` is what the rules say of it."""
    parts = [note]
    if action == SessionAction.START:
        parts.insert(0, of_start(session, launch_profile, now=now, tz=tz))
    elif action == SessionAction.DELETE:
        parts.append(instead_of_delete(session, launch_profile, now=now, tz=tz))
    return " ".join(part for part in parts if part)


def of_start(
    session: StreamingSession,
    launch_profile: LaunchProfile | None,
    *,
    now: datetime,
    tz: tzinfo | None,
) -> str:
    """Return the warning that no stop may be possible after a start; empty where one is."""
    risk = rules.risk_of_start(session, launch_profile)
    if risk is None:
        return ""
    if not risk.certain:
        return (
            "Its launch profile cannot be read: it may not be possible to stop it again, and then "
            "it will be deleted when its time is up."
        )
    at = risk.deleted_at(now)
    ending = times.moment(at, now, tz) if at else "when its time is up"
    return f"It cannot be stopped again and will be deleted {ending}."


def instead_of_delete(
    session: StreamingSession,
    launch_profile: LaunchProfile | None,
    *,
    now: datetime,
    tz: tzinfo | None,
) -> str:
    """Return what would be kept of a workstation that is not deleted; empty where nothing is."""
    stoppable = rules.can_be_stopped(session, launch_profile)
    if session.state == SessionState.READY:
        if stoppable is None:
            return "Its launch profile cannot be read, so what a stop would keep is not known."
        if not stoppable:
            return "Nothing of it can be kept instead: it cannot be stopped."
        length = rules.kept_for(session, launch_profile)
        forever = rules.is_kept_until_deleted(session)
        unknown = "until you delete it" if forever else "for a time that is not known"
        until = f"for {in_words(length)}" if length else unknown
        return f"Stopped instead, it would be kept {until}."
    if session.state == SessionState.STOPPED:
        ending = rules.deadline(session, launch_profile)
        if ending is not None:
            return f"Left stopped, it is kept until {times.local_time(ending.at, now, tz)}."
        if rules.are_times_unread(session, ending):
            return "Its times could not be read, so how long it would be kept is not known."
        if stoppable:
            return "Left stopped, it is kept until you delete it."
    return ""


def of_lost_disk(session: StreamingSession) -> str:
    """Return what a stop leads to that throws the disk away."""
    if rules.has_backups(session):
        return (
            f"{DISK_LOST}. Started again, it comes back as new, unless you start it from a backup."
        )
    return f"{DISK_LOST}, and there are no backups of it. Started again, it comes back as new."
