"""Slots for a short code to type, letter by letter."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget


class CodeSlots(Widget):
    """Shows the typed part of a code; upper and lower case matter.

    `does` is the effect of enter once the code is right; `insists` says that it was pressed before.
    """

    typed: reactive[str] = reactive("")
    insists: reactive[bool] = reactive(default=False)

    def __init__(self, code: str, does: str) -> None:
        super().__init__()
        self.code = code
        self.does = does

    @property
    def right(self) -> bool:
        """True if the complete code was typed correctly."""
        return self.typed == self.code

    def render(self) -> Content:
        """Return the slots with a note on their content."""
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
            return "✕ doesn't match; no changes made"
        if not self.code.startswith(self.typed):
            if self.code.casefold().startswith(self.typed.casefold()):
                return "✕ upper and lower case matter"
            return "✕ doesn't match; press backspace"
        return ""
