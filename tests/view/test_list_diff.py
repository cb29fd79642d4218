"""Lists put together with what was known before."""

from nimble_tui.core.listing import Listing
from nimble_tui.core.model import (
    LaunchProfile,
    StreamingSession,
    read_launch_profile,
    read_streaming_session,
)
from nimble_tui.view.list_diff import MOST, merged, merged_profiles, same_ends
from tests.tables import table


def test_what_stays_from_before_is_bounded() -> None:
    """A studio whose incomplete lists hold others each time does not fill the memory."""

    def rows(look: int, count: int, size: int) -> tuple[StreamingSession, ...]:
        text = "x" * size
        members = ({"sessionId": f"ses.{look}.{n}", "text": text} for n in range(count))
        return tuple(read_streaming_session(one) for one in members)

    large: tuple[StreamingSession, ...] = ()
    for look in range(6):
        large = merged(Listing(rows(look, 10, 1024 * 1024), partial=True), large)
    assert len(large) == 10 + 31
    small: tuple[StreamingSession, ...] = ()
    for look in range(4):
        small = merged(Listing(rows(look, 10_000, 1), partial=True), small)
    assert len(small) == MOST


def test_launch_profiles_that_stay_from_before_are_bounded() -> None:
    def profiles(look: int) -> tuple[LaunchProfile, ...]:
        text = "x" * 1024 * 1024
        members = ({"launchProfileId": f"lp.{look}.{n}", "text": text} for n in range(10))
        return tuple(read_launch_profile(one) for one in members)

    shown_now: tuple[LaunchProfile, ...] = ()
    for look in range(6):
        shown_now = merged_profiles(Listing(profiles(look), skipped=1), shown_now)
    assert len(shown_now) == 10 + 31


A, B, C, D = (object() for _ in range(4))


@table(
    [
        ((), (), (0, 0)),
        ((A, B), (A, B), (2, 0)),
        ((A, B, C), (A, D, C), (1, 1)),
        ((A, B), (A, D, B), (1, 1)),
        ((A, B), (B,), (0, 1)),
        ((A, A), (A,), (1, 0)),
        ((), (A,), (0, 0)),
    ]
)
def test_the_ends_that_two_lists_share_do_not_overlap(
    some: tuple[object, ...], others: tuple[object, ...], ends: tuple[int, int]
) -> None:
    assert same_ends(some, others) == ends
