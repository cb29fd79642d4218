"""The part of the main screen that stops, starts and deletes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from nimble_tui.core import transitions, usual
from nimble_tui.core.model import SessionAction
from nimble_tui.core.rules import Allowed, Refused
from nimble_tui.tui import commands
from nimble_tui.tui.screens.starting import StartingScreen
from nimble_tui.view import outcomes

if TYPE_CHECKING:
    from textual.binding import BindingType

    from nimble_tui.view.session_rows import SessionRow


class ActingScreen(StartingScreen):
    """Asks where it must, then acts on the workstation under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [*commands.bindings(("stop", "start", "delete"))]

    def refusal(self, action: str) -> str | None:
        """Return why an action would be refused now; None when it would not."""
        if action not in set(SessionAction):
            return super().refusal(action)
        entry = self.selected
        if entry is None:
            return self.none_here("There is no workstation to do that with.")
        if self.on_profiles:
            return "Go to a workstation first, with tab."
        verdict = self.verdicts(entry)[SessionAction(action)]
        return verdict.reason if isinstance(verdict, Refused) else None

    def is_stuck(self, entry: SessionRow) -> bool:
        """Return whether a workstation is in transition for too long."""
        usually = usual.usual(self.taken, entry.session)
        return transitions.is_stuck(entry.session, self.now, usually)

    def action_stop(self) -> None:
        """Ask, then stop."""
        self._ask(SessionAction.STOP)

    def action_start(self) -> None:
        """Start, at once where a stop is possible afterwards."""
        self._ask(SessionAction.START)

    def action_delete(self) -> None:
        """Ask for the last four characters of the id, then delete."""
        self._ask(SessionAction.DELETE)

    def _ask(self, action: SessionAction) -> None:
        entry = self.selected
        if self.refused(action) or entry is None:
            return
        if action == SessionAction.START:
            self.start(entry)
            return
        from nimble_tui.tui.dialogs.confirm import DeleteDialog, StopDialog

        verdict = self.verdicts(entry)[action]
        note = verdict.note if isinstance(verdict, Allowed) else ""
        session, profile = entry.session, entry.launch_profile
        note = outcomes.of_action(action, note, session, profile, now=self.now, tz=self.nimble.tz)
        ask = StopDialog if action == SessionAction.STOP else DeleteDialog
        dialog = ask(entry, note, self.nimble.clock)

        def confirmed(sure: bool | None) -> None:
            if sure:
                mode = dialog.volume_retention_mode if isinstance(dialog, StopDialog) else None
                self.act(action, entry, volume_retention_mode=mode)

        self.app.push_screen(dialog, confirmed)
