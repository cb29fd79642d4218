"""The rows of the list of launch profiles."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from nimble_tui.core.lookup import folded
from nimble_tui.core.model import LaunchProfileState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nimble_tui.core.model import LaunchProfile

_NONE: Mapping[str, int] = MappingProxyType({})


class ProfileRow(NamedTuple):
    """A launch profile and the number of the artist's workstations from it."""

    launch_profile: LaunchProfile
    mine: int

    @property
    def key(self) -> str:
        """Its id."""
        return self.launch_profile.launch_profile_id


def profile_rows(
    profiles: Iterable[LaunchProfile],
    counts: Mapping[str, int] = _NONE,
    known: Iterable[ProfileRow] = (),
) -> tuple[ProfileRow, ...]:
    """Return launch profiles by name, those for people first; equal rows of `known` are reused.

    `counts` are the numbers of workstations by launch profile id.
    """
    before = {row.key: row for row in known}
    rows = []
    for profile in profiles:
        if profile.state == LaunchProfileState.DELETED:
            continue
        row = ProfileRow(profile, counts.get(profile.launch_profile_id, 0))
        rows.append(before[row.key] if before.get(row.key) == row else row)
    return tuple(sorted(rows, key=_order))


def _order(row: ProfileRow) -> tuple[bool, bool, str, str]:
    profile = row.launch_profile
    usable = profile.state == LaunchProfileState.READY
    return profile.is_render_worker, not usable, folded(profile.title), row.key
