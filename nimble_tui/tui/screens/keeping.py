"""The part of the main screen that keeps workstations from being deleted, and names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from nimble_tui.core.model import SessionAction
from nimble_tui.core.offers import can_keep, can_rename
from nimble_tui.core.rules import Allowed, Refused
from nimble_tui.tui import commands
from nimble_tui.tui.screens.desk import Desk
from nimble_tui.view import notices
from nimble_tui.view.session_rows import PendingAction, PendingName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType

    from nimble_tui.core.model import StreamingSession
    from nimble_tui.core.service import StudioService
    from nimble_tui.tui import messages
    from nimble_tui.tui.screens.live import Call
    from nimble_tui.tui.sight import Sight
    from nimble_tui.view.alarms import Alarms
    from nimble_tui.view.session_rows import Pending, SessionRow


class KeepingScreen(Desk):
    """Keeps and renames the workstation under the cursor, and warns before one ends."""

    BINDINGS: ClassVar[list[BindingType]] = [*commands.bindings(("keep", "rename"))]

    def refusal(self, action: str) -> str | None:
        """Return why an action would be refused now; None when it would not."""
        if action not in {"keep", "rename"}:
            return super().refusal(action)
        entry = self.selected
        if entry is None:
            return self.none_here("There is no workstation to do that with.")
        if self.on_profiles:
            return "Go to a workstation first, with tab."
        if action == "rename" and entry.key in self.asked:
            return "The studio has not answered yet; try again in a moment."
        verdict = self._can_keep(entry) if action == "keep" else self._can_rename(entry)
        return verdict.reason if isinstance(verdict, Refused) else None

    def _can_keep(self, entry: SessionRow) -> Allowed | Refused:
        return can_keep(
            entry.session,
            entry.launch_profile,
            read_only=self.info.read_only,
            stuck=self.is_stuck(entry),
        )

    def _can_rename(self, entry: SessionRow) -> Allowed | Refused:
        return can_rename(entry.session, read_only=self.info.read_only)

    # Keeping.

    def action_keep(self) -> None:
        """Ask, then start it, so that it can be stopped again."""
        entry = self.selected
        if self.refused("keep") or entry is None:
            return
        from nimble_tui.tui.dialogs.keep_dialog import KeepDialog

        def confirmed(sure: bool | None) -> None:
            if sure:
                self._keep_it(entry)

        verdict = self._can_keep(entry)
        note = verdict.note if isinstance(verdict, Allowed) else ""
        self.app.push_screen(KeepDialog(entry, note, self.nimble.clock), confirmed)

    def _keep_it(self, entry: SessionRow) -> None:
        def call(service: StudioService) -> StreamingSession:
            return service.keep(entry.key)

        if self.service is not None:
            self.keeping.add(entry.key)
        self.send("keep", entry, PendingAction(SessionAction.START, self.now), call)

    def kept(self, keeping: frozenset[str]) -> None:
        """Note which workstations are started only to be stopped again."""
        new = {*keeping, *(key for key in self.keeping if key in self.asked)}
        if new != self.keeping:
            self.keeping = new
            self.rebuild(self.sight.sessions)

    def action_failed(self, message: messages.ActFailed) -> None:
        """Tell why an action did not work; what could not be started is not being kept."""
        if message.action == "keep":
            self.keeping.discard(message.session_id)
            self.rebuild(self.sight.sessions)
        super().action_failed(message)

    def left_open(self) -> Iterable[notices.Notice]:
        """Return what must be told to somebody who goes to another studio."""
        kept = [entry.title for entry in self.sight.entries if entry.keeping]
        if kept:
            yield notices.of_left_open(kept, self.studio_name or self.info.name)

    # Warning.

    def changed(self, before: Sight, after: Sight) -> None:
        """Warn at once of what is new."""
        super().changed(before, after)
        self.warn()

    def warn(self) -> None:
        """Warn of what ends soon, once; only what the studio itself said counts."""
        if not self.sight.live:
            return
        alarms = self.nimble.alarms[self.info.name]
        due = alarms.due(self.sight.entries, self.now)
        for notice in notices.of_alarms(
            due,
            self.now,
            self.nimble.tz,
            commands.labels(self.nimble.keys),
            here=self.selected.key if self.selected and not self.on_profiles else None,
            read_only=self.info.read_only,
        ):
            self.nimble.alarm(notice)
        self._take_back(alarms)

    def _take_back(self, alarms: Alarms) -> None:
        """Take away the warnings of what is not going to happen any more."""
        standing = self.nimble.standing()
        if not standing:
            return
        there = {entry.key: entry for entry in self.sight.entries}
        for about in standing - {notices.REFUSAL}:
            if not alarms.holds(there.get(about)):
                self.nimble.untell(about)

    def send(self, action: str, entry: SessionRow, request: Pending, call: Call) -> None:
        """Do something with a workstation; a warning that this answers is taken away at once."""
        super().send(action, entry, request, call)
        self.warn()

    # Naming.

    def action_rename(self) -> None:
        """Ask for a name, then give it."""
        entry = self.selected
        if self.refused("rename") or entry is None:
            return
        from nimble_tui.tui.dialogs.rename_dialog import RenameDialog

        def named(name: str | None) -> None:
            if name is not None and name != entry.session.tags.get("Name", ""):
                self._name_it(entry, name)

        self.app.push_screen(RenameDialog(entry), named)

    def _name_it(self, entry: SessionRow, name: str) -> None:
        def call(service: StudioService) -> StreamingSession:
            return service.rename(entry.key, name)

        self.send("rename", entry, PendingName(name), call)
