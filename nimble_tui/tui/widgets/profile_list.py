"""The list of launch profiles, and what a stop keeps of their workstations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.reactive import reactive

from nimble_tui.core.model import LaunchProfileState
from nimble_tui.tui.widgets.line import Line, pad
from nimble_tui.tui.widgets.rows import Rows
from nimble_tui.view import labels
from nimble_tui.view.profile_rows import ProfileRow, profile_rows

if TYPE_CHECKING:
    from nimble_tui.workspace.store import Snapshot


class ProfileList(Rows[ProfileRow]):
    """The launch profiles that this artist can use."""

    KEEPS_CURSOR = False  # most actions are about workstations

    snapshot: reactive[Snapshot | None] = reactive(None, init=False, repaint=False)

    def watch_snapshot(self, before: Snapshot | None, snapshot: Snapshot | None) -> None:
        """Show the launch profiles, each with the number of its workstations."""
        if snapshot is None:
            return
        if before is None or any(
            one is not other for one, other in zip(_parts(before), _parts(snapshot), strict=True)
        ):
            rows = profile_rows(snapshot.launch_profiles, snapshot.totals.by_profile, self.rows)
            with self.prevent(self.Moved):
                self.show(rows, "None yet." if snapshot.is_live else "")

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
        stopping = labels.stopping_of(profile, labelled=False)
        second.add(f"✕ {stopping}" if broken else stopping, "$failed" if broken else "$muted")
        return [first, second]


def _parts(snapshot: Snapshot) -> tuple[object, ...]:
    """Return the parts of a snapshot that the list depends on."""
    return snapshot.launch_profiles, snapshot.totals, snapshot.is_live
