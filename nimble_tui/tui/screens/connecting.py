"""The part of the main screen that connects to a workstation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from nimble_tui.core import offers, usual
from nimble_tui.core.actions import BY_ID
from nimble_tui.core.model import SessionAction, SessionState
from nimble_tui.core.rules import Refused
from nimble_tui.tui import commands
from nimble_tui.tui.screens.starting import StartingScreen
from nimble_tui.view import notices

if TYPE_CHECKING:
    from textual.binding import BindingType

    from nimble_tui.core.service import StudioInfo
    from nimble_tui.tui.sight import Sight
    from nimble_tui.view.session_rows import SessionRow

_COMING = frozenset({SessionState.CREATE_IN_PROGRESS, SessionState.START_IN_PROGRESS})


class ConnectingScreen(StartingScreen):
    """Opens a workstation's screen; of one that is not READY, as soon as it is.

    `wishes` are the ids of the workstations that are to be connected to when they are READY.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*commands.bindings(("connect",))]

    def __init__(self, info: StudioInfo) -> None:
        super().__init__(info)
        self._connecting: frozenset[str] = frozenset()

    def refusal(self, action: str) -> str | None:
        """Return why an action would be refused now; None when it would not."""
        if action != "connect":
            return super().refusal(action)
        if self.on_profiles:
            return super().refusal("new")
        entry = self.selected
        if entry is None:
            return self.none_here("There is no workstation to connect to; launch one.")
        found = offers.can_connect(entry.session, read_only=self.info.read_only)
        if not isinstance(found, Refused) or self._may_wish(entry):
            return None
        return found.reason

    def offer(self, name: str) -> commands.Offer:
        """Return an action as this screen offers it now; enter on a launch profile launches."""
        offer = super().offer(name)
        if name != "connect" or not self.on_profiles:
            return offer
        launches = replace(offer.action, label="Launch", words=BY_ID["new"].words)
        return offer._replace(action=launches)

    def action_connect(self) -> None:
        """Open the workstation's screen; on a launch profile, launch from it."""
        entry = self.selected
        if self.on_profiles:
            self.action_new()
        elif self.refused("connect") or entry is None:
            return
        elif entry.session.state == SessionState.READY:
            self._connect(entry)
        else:
            self._ask_wish(entry)

    def _connect(self, entry: SessionRow) -> None:
        from nimble_tui.tui.dialogs.connect_dialog import ConnectDialog

        if self.service is None:
            return
        self._connecting = frozenset({entry.key})
        self.wishes.discard(entry.key)

        def done(told: str | None) -> None:
            self._connecting = frozenset()
            if told:
                self.tell(notices.Notice(told, entry.title))

        self.app.push_screen(ConnectDialog(self.service, entry, self.nimble.clock), done)

    def spared(self) -> frozenset[str]:
        """Return the workstations that the artist connects to, or waits to."""
        return super().spared() | self.wishes | self._connecting

    # Of one that is not READY.

    def _may_wish(self, entry: SessionRow) -> bool:
        if self.info.read_only:
            return False
        if entry.session.state in _COMING:
            return True
        return not isinstance(self.verdicts(entry)[SessionAction.START], Refused)

    def _ask_wish(self, entry: SessionRow) -> None:
        from nimble_tui.tui.dialogs.wish_dialog import WishDialog

        starting = replace(entry.session, state=SessionState.START_IN_PROGRESS)
        coming = entry.session if entry.session.in_transition else starting
        usually = usual.usual(self.taken, coming)
        risk = "" if entry.session.in_transition else self.risk_of_start(entry)

        def answered(sure: bool | None) -> None:
            if not sure:
                return
            key = self.renamed.get(entry.key, entry.key)
            self.wishes.add(key)
            if not entry.session.in_transition:
                self.act(SessionAction.START, entry, may_not_stop=bool(risk))

        self.app.push_screen(WishDialog(entry, usually, self.nimble.clock, risk), answered)

    def changed(self, before: Sight, after: Sight) -> None:
        """Connect to what was waited for, if the artist is still here."""
        super().changed(before, after)
        there = {entry.key: entry for entry in after.entries} if self.wishes else {}
        for key in tuple(self.wishes):
            entry = there.get(key)
            if entry is not None and entry.session.in_transition:
                continue
            ready = entry is not None and entry.session.state == SessionState.READY
            if entry is not None and ready and self.is_current and self.app.app_focus:
                self._connect(entry)
            self.wishes.discard(key)
