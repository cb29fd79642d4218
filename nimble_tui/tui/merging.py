"""Lists as they were just seen, put together with what was known before."""

from collections.abc import Sequence
from operator import is_
from typing import TypeVar

from nimble_tui.core.model import LaunchProfile, StreamingSession
from nimble_tui.core.service import Listing

T = TypeVar("T")


def same(some: Sequence[object], others: Sequence[object]) -> bool:
    """Return whether two lists hold the very same things in the same order."""
    return len(some) == len(others) and all(map(is_, some, others))


def differing(before: Sequence[T], after: Sequence[T]) -> tuple[tuple[T, ...], tuple[T, ...]]:
    """Return what is only in one of two lists: what was, and what is instead."""
    if before is after:
        return (), ()
    were, are = set(map(id, before)), set(map(id, after))
    return (
        tuple(one for one in before if id(one) not in are),
        tuple(one for one in after if id(one) not in were),
    )


def merged(
    listing: Listing[StreamingSession], before: tuple[StreamingSession, ...]
) -> tuple[StreamingSession, ...]:
    """Return what was listed; what a partial list leaves out may still be there.

    Where nothing changed it is the very same list as before.
    """
    sessions = listing.items
    if listing.partial:
        seen = {one.session_id for one in sessions}
        sessions = (*sessions, *(one for one in before if one.session_id not in seen))
    return before if same(sessions, before) else sessions


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
