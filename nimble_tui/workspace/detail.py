"""The detail pane's content for the selected row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.core import usual_durations
from nimble_tui.view import details
from nimble_tui.view.details import Detail

if TYPE_CHECKING:
    from nimble_tui.workspace.permissions import Target
    from nimble_tui.workspace.workspace import Workspace


def detail_of(workspace: Workspace, target: Target) -> Detail:
    """Return the facts about a launch profile or a workstation, and its actions."""
    snapshot, row = workspace.snapshot, target.row
    read_only = snapshot.info.read_only
    if target.on_profiles and target.profile is not None:
        return details.of_profile(target.profile, snapshot.details, read_only=read_only)
    if row is None:
        return Detail("")
    return details.of_session(
        row,
        workspace.now,
        workspace.context.tz,
        read_only=read_only,
        details=snapshot.details,
        ran=workspace.ran_today(row),
        usually=usual_durations.usual_duration(snapshot.durations, row.session),
        checks=workspace.permissions.check_all(row),
    )
