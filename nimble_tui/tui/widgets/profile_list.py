"""Launch profiles: what kinds of workstation there are and what a stop keeps of each."""

from __future__ import annotations

from collections import Counter
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from nimble_tui.core.lookup import folded
from nimble_tui.core.model import LaunchProfileState
from nimble_tui.tui.widgets.line import Line, pad
from nimble_tui.tui.widgets.rows import Rows
from nimble_tui.view import labels

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nimble_tui.core.model import LaunchProfile
    from nimble_tui.view.session_rows import SessionRow


class ProfileRow(NamedTuple):
    """A launch profile and how many workstations of the artist came from it."""

    launch_profile: LaunchProfile
    mine: int

    @property
    def key(self) -> str:
        """What it is known by."""
        return self.launch_profile.launch_profile_id


def profile_rows(
    profiles: Iterable[LaunchProfile],
    entries: Iterable[SessionRow],
    known: Iterable[ProfileRow] = (),
) -> tuple[ProfileRow, ...]:
    """Return launch profiles by name, those for people first; equal ones of `known` are kept."""
    counts = Counter(map(attrgetter("session.launch_profile_id"), entries))
    before = {row.key: row for row in known}
    rows = []
    for profile in profiles:
        if profile.state == LaunchProfileState.DELETED:
            continue
        row = ProfileRow(profile, counts[profile.launch_profile_id])
        rows.append(before[row.key] if before.get(row.key) == row else row)
    return tuple(sorted(rows, key=_order))


def _order(row: ProfileRow) -> tuple[bool, bool, str, str]:
    profile = row.launch_profile
    usable = profile.state == LaunchProfileState.READY
    return profile.is_render_worker, not usable, folded(profile.title), row.key


class ProfileList(Rows[ProfileRow]):
    """The launch profiles this artist may use."""

    KEEPS_CURSOR = False  # what may be done is done with workstations

    def paint(self, row: ProfileRow, width: int) -> list[Line]:
        """Return the two lines of a launch profile."""
        profile = row.launch_profile
        usable = profile.state == LaunchProfileState.READY and not profile.is_render_worker
        first = Line(width).add(" ")
        count = f" {row.mine} " if row.mine else ""
        title = "bold" if usable else "$muted"
        first.add(pad(profile.title, first.left - len(count) - 1), title).add(" ")
        first.add(count, "bold $edge-focus")
        broken = profile.state != LaunchProfileState.READY
        second = Line(width).add(" ")
        second.add(
            ("✕ " if broken else "") + labels.keeping_of(profile), "$failed" if broken else "$muted"
        )
        return [first, second]
