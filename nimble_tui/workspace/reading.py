"""The lists of one refresh, read and built into rows in a thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nimble_tui.core.last_seen import last_seen, unlisted
from nimble_tui.core.service import StudioError
from nimble_tui.view.list_diff import merged, merged_profiles, unread
from nimble_tui.workspace.rows import built

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from nimble_tui.core.clock import Clock
    from nimble_tui.core.listing import Listing
    from nimble_tui.core.model import LaunchProfile, StreamingSession
    from nimble_tui.core.service import StudioService
    from nimble_tui.view.session_rows import SessionRow
    from nimble_tui.view.sorting import Order
    from nimble_tui.view.totals import Totals
    from nimble_tui.workspace.store import Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """The lists of one refresh; `launch_profiles` is None if not requested.

    `at` is the time of day when it began, `began` the same in seconds of the monotonic clock;
    `notice` is a sentence about missing parts. The rest is as in Snapshot.
    """

    at: datetime
    began: float
    listing: Listing[StreamingSession]
    sessions: tuple[StreamingSession, ...]
    launch_profiles: tuple[LaunchProfile, ...] | None
    rows: tuple[SessionRow, ...]
    totals: Totals
    order: Order
    sorted_at: datetime
    unread: frozenset[str]
    last_seen: tuple[LaunchProfile, ...]
    notice: str | None
    complete: bool

    def arranged(self, order: Order, now: datetime) -> Reading:
        """Return it with the rows in another order; slow for thousands."""
        return replace(self, rows=order.arrange(self.rows, now), order=order, sorted_at=now)


def read_lists(
    service: StudioService,
    snapshot: Snapshot,
    clock: Clock,
    tz: tzinfo | None,
    *,
    with_profiles: bool,
) -> Reading:
    """Read the lists and build the rows, slow for thousands; raises StudioError."""
    at, began = clock.now(), clock.monotonic()
    listing = service.list_streaming_sessions()
    notice, complete = listing.problem, listing.complete
    sessions = merged(listing, snapshot.sessions)
    missing = unread(listing, sessions)
    profiles = None
    if with_profiles:
        try:
            found = service.list_launch_profiles()
        except StudioError as error:
            notice, complete = notice or error.message, False
        else:
            notice, complete = notice or found.problem, complete and found.complete
            profiles = merged_profiles(found, snapshot.launch_profiles)
    shown = snapshot.launch_profiles if profiles is None else profiles
    before = last_seen(unlisted(sessions, shown), snapshot.known_profiles)
    after = replace(
        snapshot, sessions=sessions, launch_profiles=shown, last_seen=before, unread=missing
    )
    after = built(after, at, tz)
    return Reading(
        at,
        began,
        listing,
        sessions,
        profiles,
        after.rows,
        after.totals,
        after.order,
        at,
        missing,
        before,
        notice,
        complete,
    )
