"""Slots for a short code that must be typed, as it is shown, letter by letter."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget


class CodeSlots(Widget):
    """Shows what was typed of a code; capital and small letters count.

    `does` is what enter does once the code is right; `insists` that it was pressed before.
    """

    typed: reactive[str] = reactive("")
    insists: reactive[bool] = reactive(default=False)

    def __init__(self, code: str, does: str) -> None:
        super().__init__()
        self.code = code
        self.does = does

    @property
    def right(self) -> bool:
        """Whether the whole code was typed as it is."""
        return self.typed == self.code

    def render(self) -> Content:
        """Return the slots, and a word about what is in them."""
        parts: list[tuple[str, str]] = []
        for place in range(len(self.code)):
            letter = self.typed[place : place + 1]
            if not letter:
                style = "$muted on $cursor"
            elif letter == self.code[place]:
                style = "bold $ready on $cursor"
            else:
                style = "bold $failed on $cursor"
            parts += [(f" {letter or '_'} ", style), (" ", "")]
        return Content.assemble(*parts, (f"  {self._word()}", "$muted"))

    def _word(self) -> str:
        if self.right:
            return f"✓ enter {self.does}"
        if self.insists:
            return "✕ wrong; nothing was done"
        if not self.code.startswith(self.typed):
            if self.code.casefold().startswith(self.typed.casefold()):
                return "✕ capital and small letters count"
            return "✕ not the same; backspace takes it back"
        return ""
