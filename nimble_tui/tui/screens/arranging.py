"""The part of the main screen that arranges the list of workstations."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.reactive import reactive

from nimble_tui.config.keymap import key_label
from nimble_tui.core.actions import Action
from nimble_tui.core.lookup import folded
from nimble_tui.core.text import clean
from nimble_tui.tui import commands
from nimble_tui.tui.screens.desk import Desk
from nimble_tui.tui.widgets.session_list import SessionList
from nimble_tui.tui.widgets.text_field import TextField
from nimble_tui.view import sorting
from nimble_tui.view.session_rows import matching

if TYPE_CHECKING:
    from textual.widgets import Input

    from nimble_tui.view.session_rows import SessionRow

_LONGEST = 100
_TYPING = (
    Action("to_list", "To the list", "Go to what matches", "enter"),
    Action("clear_filter", "Show all", "Show all workstations again", "escape"),
)


class ArrangingScreen(Desk):
    """Sorts the list, and filters it as it is typed; both are found again at the next start."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # Done before the next key is looked at, so that what is typed right after it is meant for
        # the filter.
        *commands.bindings(("filter",), priority=True),
        *commands.bindings(("sort",)),
        Binding("escape", "clear_filter", "Show all", show=False),
    ]

    wanted: reactive[str] = reactive("", repaint=False)

    async def on_mount(self) -> None:
        """Show only what matched when the app was left, and say so by its field."""
        state = self.nimble.remembered.state
        if state.filter and state.filter_of == self.info.name:
            self.wanted = state.filter
            await self._open_filter()

    def on_unmount(self) -> None:
        """Remember a filter that was typed and never confirmed."""
        self._remember_filter()

    # Filter.

    @property
    def shown(self) -> tuple[SessionRow, ...]:
        """The workstations that match, in their order."""
        return matching(self.sight.entries, self.wanted, self._images())

    def none_here(self, sentence: str) -> str:
        """Return that the filter hides them all, where it is the filter."""
        hidden = self.wanted and self.sight.entries
        return "No workstation matches the filter; esc shows all again." if hidden else sentence

    def _images(self) -> dict[str, str]:
        """Return the names of all images that are known by now, in small letters."""
        if not self.wanted:
            return {}
        return {
            image.streaming_image_id: folded(image.name)
            for details in self.details.values()
            for image in details.streaming_images
        }

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let the filter's own key be typed into the filter; one typed ahead finds no list yet."""
        if action == "filter" and (self.typing or not self.is_mounted):
            return False
        return super().check_action(action, parameters)

    async def action_filter(self) -> None:
        """Open the filter."""
        field = await self._open_filter()
        field.select_all()
        self.set_focus(field)
        for profile in self.sight.launch_profiles if self.sight.live else ():
            self.want_details(profile.launch_profile_id)  # for the names of their images

    async def _open_filter(self) -> TextField:
        field = self._filter_field
        if field is None:
            field = TextField(
                self.wanted,
                id="filter",
                placeholder="any words that you see in the list",
                max_length=_LONGEST,
                enter=self.action_to_list,
            )
            await self.query_one("#right").mount(field, before=0)
        return field

    @property
    def _filter_field(self) -> TextField | None:
        return next(iter(self.query("#filter").results(TextField)), None)

    @property
    def typing(self) -> bool:
        """Whether what is typed goes into the filter."""
        return self.focused is not None and self.focused.id == "filter"

    def keys_of_filter(self) -> tuple[commands.Offer, ...]:
        """Return what keys do while something is typed into the filter."""
        offers = [commands.Offer(action, key_label(action.key)) for action in _TYPING]
        return (*offers, self.offer("palette"))

    async def action_to_list(self) -> None:
        """Go back to the list, with what matches or with all."""
        if (field := self._filter_field) is not None:
            self.wanted = field.value  # its message that it changed may be on its way still
        if self.wanted.strip():
            if self.selected is not None:
                self.follow(self.selected.key)  # this one is meant, also once all are shown again
            self.set_focus(self.query_one("#workstations", SessionList))
            self._remember_filter()
        else:
            await self.action_clear_filter()

    async def action_clear_filter(self) -> None:
        """Show all workstations again."""
        self.set_focus(self.query_one("#workstations", SessionList))
        if (field := self._filter_field) is not None:
            field.value = ""
        self.wanted = ""
        self._remember_filter()
        await self.query("#filter").remove()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what matches while it is typed."""
        self.wanted = event.input.value  # what is in it now, which may be newer

    def _remember_filter(self) -> None:
        remembered = self.nimble.remembered
        wanted = clean(self.wanted, _LONGEST)
        if wanted or remembered.state.filter_of == self.info.name:
            remembered.change(filter=wanted, filter_of=self.info.name)

    # Order.

    def action_sort(self) -> None:
        """Sort the workstations another way."""
        self.order = sorting.following(self.order)
        self.nimble.remembered.change(sort=self.order.id)
        self.rearrange()
