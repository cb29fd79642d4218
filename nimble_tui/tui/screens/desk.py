"""What every part of the main screen can ask it for, whatever it adds to it."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from nimble_tui.core.actions import BY_ID
from nimble_tui.tui.screens.live import LiveScreen
from nimble_tui.view import notices

if TYPE_CHECKING:
    from nimble_tui.core.model import LaunchProfile
    from nimble_tui.core.service import Finding
    from nimble_tui.view.session_rows import SessionRow


class Desk(LiveScreen):
    """The main screen as its parts see it.

    Each part adds actions, with their bindings and their refusals; what it does not know it
    leaves to the next one.
    """

    @property
    @abstractmethod
    def selected(self) -> SessionRow | None:
        """The workstation under the cursor."""

    @property
    @abstractmethod
    def selected_profile(self) -> LaunchProfile | None:
        """The launch profile under the cursor."""

    @property
    @abstractmethod
    def on_profiles(self) -> bool:
        """Whether the launch profiles have the focus."""

    @abstractmethod
    def is_stuck(self, entry: SessionRow) -> bool:
        """Return whether a workstation is in transition for too long."""

    @abstractmethod
    def follow(self, key: str) -> None:
        """Put the cursor on a workstation, if it is in the list."""

    @abstractmethod
    def reveal(self, key: str) -> None:
        """Bring a workstation into the list's sight, with cursor and focus on it."""

    def tell(self, notice: notices.Notice) -> None:
        """Tell the artist something in passing."""
        self.nimble.tell(notice)

    def found(self, findings: tuple[Finding, ...], *, earlier: bool) -> None:
        """Tell what came of what an earlier run, or a lost reply, left open."""
        for notice in notices.of_findings(findings, earlier=earlier):
            self.tell(notice)

    def none_here(self, sentence: str) -> str:
        """Return why nothing can be done where no workstation is under the cursor."""
        return sentence

    def refused(self, action: str) -> bool:
        """Return whether an action is not possible now, having told why."""
        reason = self.refusal(action)
        if reason is None and self.service is None:
            reason = self.UNANSWERED
        if reason is not None:
            self.tell(notices.of_refusal(BY_ID[action], reason))
        else:
            self.nimble.untell(notices.REFUSAL)
        return reason is not None
