"""Merging of freshly read lists with those known before."""

from collections.abc import Iterable, Iterator, Sequence
from operator import is_
from typing import TypeVar

from nimble_tui.core import packed
from nimble_tui.core.listing import Listing
from nimble_tui.core.model import LaunchProfile, StreamingSession

T = TypeVar("T")
Row = TypeVar("Row", StreamingSession, LaunchProfile)

MOST = 25_000
MOST_LENGTH = 32 * 1024 * 1024
"""The limits of old rows shown besides an incomplete list: their number, and length as JSON.

A studio that lists others each time would fill the memory.
"""


def same(some: Sequence[object], others: Sequence[object]) -> bool:
    """Return whether two lists hold the same objects in the same order."""
    return len(some) == len(others) and all(map(is_, some, others))


def same_ends(some: Sequence[object], others: Sequence[object]) -> tuple[int, int]:
    """Return how many equal objects two lists share at their start, and of the rest at their end.

    It is fast where nearly all are the same objects.
    """
    old, new = tuple(some), tuple(others)
    first = _shared(old, new)
    return first, _shared(old[first:][::-1], new[first:][::-1])


def _shared(some: tuple[object, ...], others: tuple[object, ...]) -> int:
    low, high = 0, min(len(some), len(others))
    while low < high:
        middle = (low + high + 1) // 2
        # Python compares slices of the same objects far faster than a loop of ours.
        if some[low:middle] == others[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def differing(before: Sequence[T], after: Sequence[T]) -> tuple[tuple[T, ...], tuple[T, ...]]:
    """Return the entries in only one of two lists: the old ones, and the new ones."""
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
    """Return the new list, completed from the old one if it is incomplete.

    If nothing changed, it is the same list object as before.
    """
    sessions = listing.items
    if not listing.complete:
        listed = {one.session_id for one in sessions}
        others = (one for one in before if one.session_id not in listed)
        sessions = (*sessions, *_some(others, MOST - len(sessions)))
    return before if same(sessions, before) else sessions


def unread(
    listing: Listing[StreamingSession], sessions: Sequence[StreamingSession]
) -> frozenset[str]:
    """Return the ids of `sessions` that an incomplete list did not include."""
    if listing.complete:
        return frozenset()
    listed = {one.session_id for one in listing.items}
    return frozenset(one.session_id for one in sessions if one.session_id not in listed)


def _some(rows: Iterable[Row], most: int) -> Iterator[Row]:
    """Yield rows up to the limits."""
    length = 0
    for number, row in enumerate(rows):
        length += packed.length_of(row.members)
        if number >= most or length > MOST_LENGTH:
            return
        yield row


def merged_profiles(
    listing: Listing[LaunchProfile], before: tuple[LaunchProfile, ...]
) -> tuple[LaunchProfile, ...]:
    """Return the new list of launch profiles, as `merged` does."""
    known = {one.launch_profile_id: one for one in before}
    profiles = []
    for one in listing.items:
        old = known.pop(one.launch_profile_id, None)
        equal = old is not None and old == one and old.members == one.members
        profiles.append(old if old is not None and equal else one)
    if not listing.complete:
        profiles += _some(known.values(), MOST - len(profiles))
    return before if same(profiles, before) else tuple(profiles)
