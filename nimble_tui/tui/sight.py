"""What a screen knows of one studio, as one value that is replaced and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nimble_tui.core.model import LaunchProfile, StreamingSession
    from nimble_tui.view.session_rows import SessionRow

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What is known of the studio; `live` once it was seen in this run.

    `gaps` says that the last list of workstations was incomplete, `unread` names those from before
    that it did not hold. `last_seen` are launch profiles of workstations that are no longer listed.
    """

    launch_profiles: tuple[LaunchProfile, ...] = ()
    sessions: tuple[StreamingSession, ...] = ()
    entries: tuple[SessionRow, ...] = ()
    live: bool = False
    unread: frozenset[str] = _NONE
    gaps: bool = False
    last_seen: tuple[LaunchProfile, ...] = ()

    @property
    def known_profiles(self) -> tuple[LaunchProfile, ...]:
        """All launch profiles that are known, those that may be launched from and others."""
        return (*self.last_seen, *self.launch_profiles)

    def is_same(self, other: Sight) -> bool:
        """Return whether it holds the very same lists; nothing is looked into, however long."""
        return (
            self.launch_profiles is other.launch_profiles
            and self.sessions is other.sessions
            and self.entries is other.entries
            and self.live == other.live
            and self.unread == other.unread
            and self.gaps == other.gaps
            and self.last_seen == other.last_seen
        )
