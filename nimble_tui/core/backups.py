"""Backups of workstations, made by the studio when one stops.

Source: the AWS API reference, StreamingSessionBackup, whose states are those of a session.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from nimble_tui.core import structures
from nimble_tui.core.model import SessionState, no_members, no_tags
from nimble_tui.core.structures import AllMembers, Id


@dataclass(frozen=True, slots=True)
class StreamingSessionBackup:
    """A workstation's disk as it was when it stopped at `created_at`."""

    backup_id: Id
    session_id: Id | None = None
    launch_profile_id: Id | None = None
    owned_by: Id | None = None
    state: str | None = None
    status_code: str | None = None
    status_message: str | None = None
    arn: Id | None = None
    created_at: datetime | None = None
    tags: Mapping[str, str] = field(default_factory=no_tags, hash=False)
    members: AllMembers = field(default_factory=no_members, repr=False, compare=False, hash=False)

    @property
    def usable(self) -> bool:
        """True if a workstation can be started from it."""
        return self.state == SessionState.READY


read_backup = partial(structures.read, StreamingSessionBackup)


def of_session(
    backups: Iterable[StreamingSessionBackup], session_id: str
) -> tuple[StreamingSessionBackup, ...]:
    """Return the backups of one workstation that can still be listed, the newest first."""
    mine = [
        one for one in backups if one.session_id == session_id and one.state != SessionState.DELETED
    ]
    first = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(mine, key=lambda one: one.created_at or first, reverse=True))
