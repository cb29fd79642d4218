"""The welcome screen: the demo studio, or signing in to a studio."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Button, Static

from nimble_tui.core.invite import PREFIX
from nimble_tui.core.service import DEMO
from nimble_tui.tui.nimble_screen import NimbleScreen, NoRoom
from nimble_tui.tui.widgets.keybar import KeyBar
from nimble_tui.tui.widgets.logo import Logo

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import PurePath

    from textual.app import ComposeResult

    from nimble_tui.config.settings import Settings
    from nimble_tui.tui.commands import Offer

_LOOK_EVERY = 3.0


class WelcomeScreen(NimbleScreen):
    """Offers the demo studio, an invite, or entering the details."""

    OFFERED: ClassVar[tuple[str, ...]] = ("studios", "help", "palette", "theme", "quit")
    CSS_PATH: ClassVar[list[str | PurePath]] = ["../dialogs/form.tcss", "welcome.tcss"]
    AUTO_FOCUS = "#demo"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", "Next", show=False),
        Binding("up", "app.focus_previous", "Previous", show=False),
        Binding("1", "choose('demo')", "Demo", show=False),
        Binding("2", "choose('invite')", "Invite", show=False),
        Binding("3", "choose('fields')", "Fields", show=False),
    ]

    def compose(self) -> ComposeResult:
        """Lay out the name and the three choices."""
        with Vertical(id="welcome"):
            yield Logo()
            yield Static("Your cloud workstations, in the terminal.", id="tagline")
            yield Button("1  Try the demo studio", id="demo", classes="choice")
            yield Static("Nothing to set up: a simulated studio on this computer.")
            yield Button("2  Paste an invite", id="invite", classes="choice")
            yield Static("One long string from your studio; it contains everything.")
            yield Button("3  Enter details", id="fields", classes="choice")
            yield Static("If you have access keys but no invite.")
        yield KeyBar()
        yield NoRoom()

    def on_mount(self) -> None:
        """Show the keys, and follow changes of the settings."""
        self._show_keys()
        self.set_interval(_LOOK_EVERY, self.nimble.check_settings)

    def offers(self) -> Iterable[Offer]:
        """Return the actions of this screen; Studios only if the settings contain any."""
        some = bool(self.nimble.studios.names())
        return (offer for offer in super().offers() if some or offer.action.id != "studios")

    def settings_changed(self, before: Settings) -> None:
        """Show the current keys."""
        super().settings_changed(before)
        self._show_keys()

    def _show_keys(self) -> None:
        self.query_one(KeyBar).offers = tuple(self.offers())

    def on_paste(self, event: events.Paste) -> None:
        """Accept an invite pasted into this screen."""
        if PREFIX in event.text:
            event.stop()
            self.nimble.navigation.ask_for_invite(pasted=event.text)

    @on(Button.Pressed, ".choice")
    def _pressed(self, event: Button.Pressed) -> None:
        self.action_choose(event.button.id or "")

    def action_choose(self, way: str) -> None:
        """Open the demo or a sign-in dialog."""
        match way:
            case "demo":
                self.nimble.navigation.open_studio(DEMO)
            case "invite":
                self.nimble.navigation.ask_for_invite()
            case _:
                self.nimble.navigation.ask_for_fields()

    @on(KeyBar.Chosen)
    async def _chosen(self, event: KeyBar.Chosen) -> None:
        await self.run_offered(event.action)
