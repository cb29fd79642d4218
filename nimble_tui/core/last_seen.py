"""Launch profiles that a studio no longer lists for a person, as they were last read."""

from collections.abc import Iterable
from dataclasses import replace

from nimble_tui.core.model import LaunchProfile, SessionState, StreamingSession


def unlisted(
    sessions: Iterable[StreamingSession], listed: Iterable[LaunchProfile]
) -> frozenset[str]:
    """Return the ids of the launch profiles of workstations that are not `listed`.

    A studio lists only the launch profiles that the artist can use now; a workstation may come
    from another one that they could use earlier. DELETED workstations need none.
    """
    needed = {one.launch_profile_id for one in sessions if one.state != SessionState.DELETED}
    return frozenset(filter(None, needed)) - {one.launch_profile_id for one in listed}


def last_seen(
    profile_ids: frozenset[str], before: Iterable[LaunchProfile]
) -> tuple[LaunchProfile, ...]:
    """Return the launch profiles of `profile_ids` in `before`, marked as last seen."""
    return tuple(
        one if one.is_last_seen else replace(one, is_last_seen=True)
        for one in before
        if one.launch_profile_id in profile_ids
    )
