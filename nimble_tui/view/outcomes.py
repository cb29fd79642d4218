"""The consequences of an action, as sentences with local times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.core import rules
from nimble_tui.core.durations import in_words
from nimble_tui.core.model import SessionAction, SessionState
from nimble_tui.view import times

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from nimble_tui.core.model import LaunchProfile, StreamingSession

DISK_LOST = "Its disk is deleted permanently, with everything saved only there"


def of_action(
    action: SessionAction,
    note: str,
    session: StreamingSession,
    launch_profile: LaunchProfile | None,
    *,
    now: datetime,
    tz: tzinfo | None,
) -> str:
    """Return the consequence of an allowed action; `note` is the rules' own note."""
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
    """Return the warning that a stop might not be possible after a start; empty if it is."""
    risk = rules.risk_of_start(session, launch_profile)
    if risk is None:
        return ""
    if not risk.certain:
        return (
            "Its launch profile can't be read: it might not be possible to stop it again, and then "
            "it will be deleted when its time is up."
        )
    at = risk.deleted_at(now)
    ending = times.moment(at, now, tz) if at else "when its time is up"
    return f"You can't stop it again, and it will be deleted {ending}."


def instead_of_delete(
    session: StreamingSession,
    launch_profile: LaunchProfile | None,
    *,
    now: datetime,
    tz: tzinfo | None,
) -> str:
    """Return the alternative to deleting a workstation; empty if there is none."""
    stoppable = rules.can_be_stopped(session, launch_profile)
    if session.state == SessionState.READY:
        if stoppable is None:
            return "Its launch profile can't be read, so it is unknown what a stop would keep."
        if not stoppable:
            return "There is no way to keep it: it can't be stopped."
        length = rules.kept_for(session, launch_profile)
        forever = rules.is_kept_until_deleted(session)
        unknown = "until you delete it" if forever else "for an unknown time"
        until = f"for {in_words(length)}" if length else unknown
        return f"If you stop it instead, it is kept {until}."
    if session.state == SessionState.STOPPED:
        ending = rules.deadline(session, launch_profile)
        if ending is not None:
            return (
                "If you leave it stopped, it will be deleted anyway, "
                f"{times.moment(ending.at, now, tz)}."
            )
        if rules.are_times_unread(session, ending):
            return "Its times could not be read, so it is unknown how long it would be kept."
        if stoppable:
            return "If you leave it stopped, it is kept until you delete it."
    return ""


def of_lost_disk(session: StreamingSession) -> str:
    """Return the consequence of a stop that deletes the disk."""
    if rules.has_backups(session):
        return f"{DISK_LOST}. The next start begins with a new disk, unless you restore a backup."
    return f"{DISK_LOST}. There are no backups. The next start begins with a new disk."
