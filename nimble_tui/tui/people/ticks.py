"""A short list with boxes: space or a click ticks, enter continues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from nimble_tui.tui.widgets.choices import Choices
from nimble_tui.view.choices import Choosable, Piece

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual import events


class Ticks(Choices):
    """Shows `[ ]` or `[x]` before each line."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "tick", "Tick", show=False)]

    @dataclass
    class Ticked(Message):
        """A line was ticked, or no longer is."""

        ticks: Ticks

        @property
        def control(self) -> Ticks:
            """The list it happened in."""
            return self.ticks

    def __init__(self, name: str, *, most: int) -> None:
        super().__init__(name, most=most, radio=False)
        self._lines: Mapping[str, str] = {}
        self._fixed: tuple[str, ...] = ()
        self.ticked: tuple[str, ...] = ()

    def tell(self, lines: Mapping[str, str], fixed: tuple[str, ...]) -> None:
        """Show these lines, by key; those `fixed` are ticked and stay so."""
        self._lines = lines
        self._fixed = tuple(one for one in fixed if one in lines)
        self._tick(self._fixed)

    def action_tick(self) -> None:
        """Tick the line under the cursor, or no longer."""
        key = self.key
        if not key or key in self._fixed:
            return
        others = tuple(one for one in self.ticked if one != key)
        self._tick(others if key in self.ticked else (*others, key))
        self.post_message(self.Ticked(self))

    def _tick(self, ticked: tuple[str, ...]) -> None:
        self.ticked = ticked
        self.show([self._choosable(key, text) for key, text in self._lines.items()])

    def on_click(self, event: events.Click) -> None:
        """Tick what was clicked."""
        event.prevent_default()
        offset = event.get_content_offset(self)
        seen = self._seen(self.size.height or 1)
        if offset is not None and offset.y < len(seen):
            self._choose(seen[offset.y])
            self.action_tick()

    def _choosable(self, key: str, text: str) -> Choosable:
        if key in self._fixed:
            return Choosable(key, (Piece(f"[x] {text}", "$muted"), Piece("  already", "$muted")))
        on = key in self.ticked
        mark = Piece("[x] ", "bold $accent") if on else Piece("[ ] ", "$muted")
        return Choosable(key, (mark, Piece(text, "bold" if on else "")))
