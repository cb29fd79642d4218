"""Lists as they were just seen, put together with what was known before."""

from nimble_tui.core.model import LaunchProfile, StreamingSession
from nimble_tui.core.service import Listing


def merged(
    listing: Listing[StreamingSession], before: tuple[StreamingSession, ...]
) -> tuple[StreamingSession, ...]:
    """Return what was listed; what a partial list leaves out may still be there.

    What did not change is the very same object as before, and so known to be equal without
    looking into it.
    """
    known = {one.session_id: one for one in before}
    sessions = []
    for one in listing.items:
        old = known.pop(one.session_id, None)
        sessions.append(old if old is not None and old == one else one)
    return (*sessions, *known.values()) if listing.partial else tuple(sessions)


def merged_profiles(
    listing: Listing[LaunchProfile], before: tuple[LaunchProfile, ...]
) -> tuple[LaunchProfile, ...]:
    """Return what was listed; what a partial list leaves out may still be there."""
    if not listing.partial:
        return listing.items
    seen = {one.launch_profile_id for one in listing.items}
    return (*listing.items, *(one for one in before if one.launch_profile_id not in seen))
