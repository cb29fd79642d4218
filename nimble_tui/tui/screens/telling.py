"""The part of the main screen that tells more: everything, history, running times, backups."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.reactive import reactive

from nimble_tui.core.actions import BY_ID
from nimble_tui.core.service import StudioError
from nimble_tui.core.usual import changes
from nimble_tui.tui import commands, messages
from nimble_tui.tui.screens.naming import NamingScreen
from nimble_tui.view import notices, usage
from nimble_tui.view.timeline import Past

if TYPE_CHECKING:
    from textual.binding import BindingType

    from nimble_tui.core.service import StudioService
    from nimble_tui.tui.pages.page import Page
    from nimble_tui.tui.sight import Sight
    from nimble_tui.view.facts import Fact
    from nimble_tui.view.session_rows import SessionRow

REMEMBERED = timedelta(days=30)
"""How far back the screens look."""


class TellingScreen(NamingScreen):
    """Opens the screens that tell more, and keeps at hand what this computer remembers."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *commands.bindings(("backups", "show", "history", "usage"))
    ]

    past: reactive[Past] = reactive(Past, repaint=False)

    def refusal(self, action: str) -> str | None:
        """Return why an action would be refused now; None when it would not."""
        match action:
            case "show":
                target = self.selected_profile if self.on_profiles else self.selected
                return None if target else self.none_here("There is nothing to show.")
            case "backups" if self.on_profiles:
                return "Go to a workstation first, with tab."
            case "backups" if self.selected is None:
                return self.none_here("There is no workstation to look for backups of.")
            case _:
                return super().refusal(action)

    def action_show(self) -> None:
        """Show everything about what is under the cursor."""
        from nimble_tui.tui.pages.show import ShowPage

        profile, entry = self.selected_profile, self.selected
        if self.on_profiles and profile is not None:
            self._open_page(ShowPage(self, launch_profile_id=profile.launch_profile_id))
        elif entry is not None:
            self.tell_about("show", entry.key)
        else:
            self.tell(notices.of_refusal(BY_ID["show"], self.refusal("show") or ""))

    def action_history(self) -> None:
        """Show what happened to the workstation under the cursor, or to all."""
        entry = None if self.on_profiles else self.selected
        self.tell_about("history", entry.key if entry else "")

    def action_usage(self) -> None:
        """Show how long workstations ran, the cursor on the same one."""
        self.tell_about("usage", self.selected.key if self.selected else "")

    def action_backups(self) -> None:
        """Show the backups of the workstation under the cursor."""
        entry = self.selected
        if not self.refused("backups") and entry is not None:
            self.tell_about("backups", entry.key)

    def tell_about(self, page: str, session_id: str) -> None:
        """Open a page about a workstation, "" for all, and have the cursor on it here too."""
        self.follow(session_id)
        match page:
            case "show":
                from nimble_tui.tui.pages.show import ShowPage

                self._open_page(ShowPage(self, session_id=session_id))
            case "history":
                from nimble_tui.tui.pages.history import HistoryPage

                self._open_page(HistoryPage(self, session_id))
            case "usage":
                from nimble_tui.tui.pages.usage import UsagePage

                self._open_page(UsagePage(self, session_id))
            case _:
                from nimble_tui.tui.pages.backups import BackupsPage

                self._open_page(BackupsPage(self, session_id))

    def _open_page(self, page: Page) -> None:
        self.want_past()
        self.renew_names()
        self.app.push_screen(page)

    def ran_today(self, entry: SessionRow) -> Fact:
        """Return for how long a workstation ran today."""
        return usage.ran_today(
            entry.session,
            entry.launch_profile,
            self.past.by_session.get(entry.key, ()),
            prices=self.nimble.settings.prices,
            now=self.now,
            tz=self.nimble.tz,
        )

    # What this computer remembers.

    def changed(self, before: Sight, after: Sight) -> None:
        """Read what is remembered, once after each look that showed something else."""
        super().changed(before, after)
        if before.sessions is not after.sessions:
            self.want_past()

    def want_past(self) -> None:
        """Read what this computer remembers, in a worker."""
        if self.service is not None:
            self._read_past(self.service, self.past)

    @work(
        thread=True,
        exclusive=True,
        exit_on_error=False,
        group="past",
        description="read what this computer remembers",
    )
    def _read_past(self, service: StudioService, before: Past) -> None:
        try:
            events = service.history(self.now - REMEMBERED)
        except StudioError as error:
            past, taken = Past(known=True, problem=error.message), None
        else:
            past, taken = Past.of(events), changes(events)
        if not past.is_same(before):
            self.post_message(messages.Remembered(past, taken))

    @on(messages.Remembered)
    def _remembered(self, message: messages.Remembered) -> None:
        self.past = message.past
