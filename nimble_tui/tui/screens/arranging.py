"""The part of the main screen that arranges the list of workstations."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.reactive import reactive

from nimble_tui.tui import commands
from nimble_tui.tui.screens.desk import Desk
from nimble_tui.tui.widgets.session_list import SessionList

if TYPE_CHECKING:
    from textual.widgets import Input


class ArrangingScreen(Desk):
    """Filters the list, as it is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *commands.bindings(("filter",)),
        Binding("escape", "clear_filter", "Show all", show=False),
    ]

    wanted: reactive[str] = reactive("", repaint=False)

    async def action_filter(self) -> None:
        """Open the filter."""
        from textual.widgets import Input

        field = next(iter(self.query(Input)), None)
        if field is None:
            field = Input(id="filter", placeholder="name, state, type, profile", compact=True)
            await self.query_one("#right").mount(field, before=0)
        # At once: what is typed right after the key is meant for the filter.
        self.set_focus(field)

    async def action_clear_filter(self) -> None:
        """Show all workstations again."""
        self.set_focus(self.query_one("#workstations", SessionList))
        self.wanted = ""
        await self.query("#filter").remove()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what matches while it is typed."""
        self.wanted = event.value

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go back to the list, with what matches or with all."""
        if event.value.strip():
            self.set_focus(self.query_one("#workstations", SessionList))
        else:
            await self.action_clear_filter()
