"""Shows warnings before a workstation's deadline, and removes those that no longer apply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.tui import commands
from nimble_tui.view import notices

if TYPE_CHECKING:
    from nimble_tui.tui.host import Host
    from nimble_tui.workspace.store import Snapshot


def warn(host: Host, snapshot: Snapshot, here: str | None) -> None:
    """Warn of near deadlines, each once; only after the studio has answered in this run.

    `here` is the key of the workstation that the keys act on.
    """
    if not snapshot.is_live:
        return
    alarms, now = host.alarms[snapshot.info.name], host.clock.now()
    for notice in notices.of_alarms(
        alarms.due(snapshot.totals.ending, now),
        now,
        host.tz,
        commands.labels(host.keys),
        here=here,
        read_only=snapshot.info.read_only,
    ):
        host.alarm(notice)
    # A deadline that no longer applies needs no warning.
    for about in host.shown_toasts() - {notices.REFUSAL}:
        if not alarms.holds(about):
            host.remove_toast(about)
