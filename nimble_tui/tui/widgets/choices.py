"""A short list of choices: the cursor is the choice, and enter confirms it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from nimble_tui.tui.widgets.line import Line, pad

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from nimble_tui.view.choices import Choosable


class Choices(Widget, can_focus=True):
    """Shows as many lines as fit, around the selected one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("home", "edge(0)", "First", show=False),
        Binding("end", "edge(-1)", "Last", show=False),
        Binding("enter", "take", "Take", show=False),
    ]

    items: reactive[tuple[Choosable, ...]] = reactive((), layout=True)
    place: reactive[int] = reactive(0)

    @dataclass
    class Chosen(Message):
        """The cursor moved to another line."""

        choices: Choices
        key: str

        @property
        def control(self) -> Choices:
            """The list that posted the message."""
            return self.choices

    @dataclass
    class Taken(Message):
        """Enter was pressed on a line, or the line was clicked twice."""

        choices: Choices
        key: str

        @property
        def control(self) -> Choices:
            """The list that posted the message."""
            return self.choices

    def __init__(self, name: str, *, most: int = 5, radio: bool = True) -> None:
        super().__init__(id=name)
        self._most = most
        self._radio = radio

    @property
    def key(self) -> str:
        """The key of the selected line; empty if there is none."""
        return self.items[self.place].key if self.items else ""

    def show(self, items: Sequence[Choosable], key: str = "") -> None:
        """Show these lines; select the one with this key, else the one selected before."""
        wanted = key or self.key
        self.items = tuple(items)
        places = (place for place, one in enumerate(items) if one.key == wanted)
        self.set_reactive(Choices.place, next(places, 0))
        self.refresh()

    def get_content_height(self, *_: object) -> int:
        """Return the number of lines."""
        return max(min(len(self.items), self._most), 1)

    def render(self) -> Content:
        """Return the lines around the selected one."""
        seen = self._seen(self.size.height or 1)
        return Content("\n").join(self._line(place, self._more(place, seen)) for place in seen)

    def _seen(self, height: int) -> range:
        first = min(max(self.place - height // 2, 0), max(len(self.items) - height, 0))
        return range(first, min(first + height, len(self.items)))

    def _more(self, place: int, seen: range) -> str:
        """Return a text for the number of hidden lines beyond the first or last visible one."""
        if place == seen[-1] and place < len(self.items) - 1:
            return f" ↓ {len(self.items) - 1 - place} more"
        return f" ↑ {place} more" if place == seen[0] and place else ""

    def _line(self, place: int, more: str) -> Content:
        item, chosen = self.items[place], place == self.place
        ground = ""
        if chosen:
            ground = " on $cursor" if self.has_focus else " on $cursor-blur"
        line = Line(self.size.width - len(more))
        line.add("▌" if chosen else " ", "$edge-focus" if self.has_focus else "$edge")
        if self._radio:
            line.add("● " if chosen else "○ ", "bold $accent" if chosen else "$muted")
        for text, style, width in item.pieces:
            line.add(pad(text, width) if width else text, style)
        return Content.assemble(*line.pieces(ground), (more, f"$muted{ground}"))

    def action_move(self, by: int) -> None:
        """Select the next line; past an end, focus the next field."""
        if 0 <= self.place + by < len(self.items):
            self._choose(self.place + by)
        elif by < 0:
            self.screen.focus_previous()
        else:
            self.screen.focus_next()

    def action_edge(self, place: int) -> None:
        """Select the first line or the last."""
        if self.items:
            self._choose(place % len(self.items))

    def action_take(self) -> None:
        """Confirm the selected line."""
        self.post_message(self.Taken(self, self.key))

    def on_click(self, event: events.Click) -> None:
        """Select the clicked line; a second click confirms it."""
        offset = event.get_content_offset(self)
        seen = self._seen(self.size.height or 1)
        if offset is not None and offset.y < len(seen):
            self._choose(seen[offset.y])
            if event.chain > 1:
                self.action_take()

    def _choose(self, place: int) -> None:
        if place != self.place:
            self.place = place
            self.post_message(self.Chosen(self, self.key))

    def on_focus(self) -> None:
        """Draw the cursor in its focused style."""
        self.refresh()

    def on_blur(self) -> None:
        """Draw the cursor in its unfocused style."""
        self.refresh()
