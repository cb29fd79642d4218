"""Lists as they were just seen, put together with what was known before."""

from collections.abc import Sequence
from operator import is_

from nimble_tui.core.model import LaunchProfile, StreamingSession
from nimble_tui.core.service import Listing


def same(some: Sequence[object], others: Sequence[object]) -> bool:
    """Return whether two lists hold the very same things in the same order."""
    return len(some) == len(others) and all(map(is_, some, others))


def merged(
    listing: Listing[StreamingSession], before: tuple[StreamingSession, ...]
) -> tuple[StreamingSession, ...]:
    """Return what was listed; what a partial list leaves out may still be there.

    What did not change is the very same object as before, and so known to be equal without
    looking into it; so is the whole list.
    """
    known = {one.session_id: one for one in before}
    sessions = []
    for one in listing.items:
        old = known.pop(one.session_id, None)
        sessions.append(old if old is not None and (old is one or old == one) else one)
    if listing.partial:
        sessions += known.values()
    return before if same(sessions, before) else tuple(sessions)


def merged_profiles(
    listing: Listing[LaunchProfile], before: tuple[LaunchProfile, ...]
) -> tuple[LaunchProfile, ...]:
    """Return what was listed, as `merged` does."""
    known = {one.launch_profile_id: one for one in before}
    profiles = []
    for one in listing.items:
        old = known.pop(one.launch_profile_id, None)
        equal = old is not None and old == one and old.members == one.members
        profiles.append(old if old is not None and equal else one)
    if listing.partial:
        profiles += known.values()
    return before if same(profiles, before) else tuple(profiles)
