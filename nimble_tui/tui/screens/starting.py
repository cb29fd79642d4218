"""The part of the main screen that starts workstations, and asks where no stop undoes a start."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nimble_tui.core import rules
from nimble_tui.core.model import SessionAction
from nimble_tui.core.rules import Allowed, Refused, verdict
from nimble_tui.tui.screens.launching import LaunchingScreen
from nimble_tui.view import outcomes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimble_tui.core.model import LaunchProfile
    from nimble_tui.core.service import StudioInfo
    from nimble_tui.view.session_rows import PendingAction, SessionRow


class StartingScreen(LaunchingScreen):
    """Starts at once where a stop is possible afterwards; elsewhere it says so and asks."""

    def __init__(self, info: StudioInfo) -> None:
        super().__init__(info)
        self._checked: tuple[object, ...] = ()
        self._verdicts: Mapping[SessionAction, Allowed | Refused] = {}

    def verdicts(self, entry: SessionRow) -> Mapping[SessionAction, Allowed | Refused]:
        """Return what the rules say of each action on a workstation now.

        They are applied again only where something differs from the last time.
        """
        session, profile = entry.session, entry.launch_profile
        read_only, stuck = self.info.read_only, self.is_stuck(entry)
        checked = (session, profile, read_only, stuck)
        if checked != self._checked:
            self._checked = checked
            self._verdicts = rules.verdicts(session, profile, read_only=read_only, stuck=stuck)
        return self._verdicts

    def start(self, entry: SessionRow) -> None:
        """Start a workstation, once that was confirmed where it needs to be."""
        if self.risk_of_start(entry):
            self._confirm_start(entry)
        else:
            self.act(SessionAction.START, entry)

    def risk_of_start(self, entry: SessionRow) -> str:
        """Return the warning that no stop may be possible after a start; empty where one is."""
        return outcomes.of_start(
            entry.session, entry.launch_profile, now=self.now, tz=self.nimble.tz
        )

    def start_unconfirmed(
        self, entry: SessionRow, asked: PendingAction, launch_profile: LaunchProfile | None
    ) -> bool:
        """Ask about a start that was not sent, going by the launch profile as it is now.

        Return whether it could be asked: not while something else is on top of this.
        """
        if not self.is_current:
            return False
        self._confirm_start(replace(entry, launch_profile=launch_profile), asked.backup_id)
        return True

    def _confirm_start(self, entry: SessionRow, backup_id: str | None = None) -> None:
        from nimble_tui.tui.dialogs.confirm import StartDialog

        connects = entry.key in self.wishes
        answer = verdict(SessionAction.START, entry.session, entry.launch_profile)
        # Of a backup, what the disk holds was confirmed with it.
        note = answer.note if isinstance(answer, Allowed) and backup_id is None else ""
        warning = f"{self.risk_of_start(entry)} {note}".strip()

        def confirmed(sure: bool | None) -> None:
            if sure:
                if connects:
                    self.wishes.add(entry.key)
                self.act(SessionAction.START, entry, backup_id=backup_id, may_not_stop=True)

        self.app.push_screen(StartDialog(entry, warning, self.nimble.clock), confirmed)
