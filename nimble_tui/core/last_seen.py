"""Launch profiles that a studio no longer shows a person, as they were when they were last read."""

from collections.abc import Iterable
from dataclasses import replace

from nimble_tui.core.model import LaunchProfile, SessionState, StreamingSession


def unlisted(
    sessions: Iterable[StreamingSession], listed: Iterable[LaunchProfile]
) -> frozenset[str]:
    """Return the ids of the launch profiles of workstations that are not `listed`.

    A studio lists to an artist those they may use now, which those of their workstations may have
    been before. DELETED workstations need none.
    """
    needed = {one.launch_profile_id for one in sessions if one.state != SessionState.DELETED}
    return frozenset(filter(None, needed)) - {one.launch_profile_id for one in listed}


def last_seen(
    profile_ids: frozenset[str], before: Iterable[LaunchProfile]
) -> tuple[LaunchProfile, ...]:
    """Return the `profile_ids` ones of those known before, each marked as last seen."""
    return tuple(
        one if one.is_last_seen else replace(one, is_last_seen=True)
        for one in before
        if one.launch_profile_id in profile_ids
    )
