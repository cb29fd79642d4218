"""A list of wrapped text lines under headings, with a cursor for copying a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

_MARGIN = 3
_NARROWEST = 10


@dataclass(frozen=True, slots=True)
class Reading:
    """One entry: its shown text and its text for copying; headings cannot be selected.

    `key` identifies it through every change. Lines after the first begin at `indent`.
    """

    key: str
    shown: Content
    copied: str = ""
    heading: bool = False
    indent: int = 0

    def laid_out(self, width: int) -> Content:
        """Return it in lines of at most `width` cells."""
        if not self.indent or self.shown.cell_length <= width:
            return self.shown
        head, rest = self.shown[: self.indent], self.shown[self.indent :]
        indent = self.indent
        if width - indent < _NARROWEST:
            indent = _MARGIN
            lines = [head.rstrip(), *rest.wrap(max(width - indent, _NARROWEST))]
        else:
            lines = rest.wrap(width - indent)
            lines[0] = head + lines[0]
        return Content("\n" + " " * indent).join(lines)


class ReadingList(OptionList):
    """Shows entries; the cursor stays on its entry when others change."""

    @dataclass
    class Chosen(Message):
        """An entry was chosen with enter or a click."""

        reading: Reading

    def __init__(self, name: str) -> None:
        super().__init__(id=name, compact=True, markup=False)
        self._readings: Sequence[Reading] = ()

    @property
    def readings(self) -> Sequence[Reading]:
        """The entries, in their order."""
        return self._readings

    @property
    def reading(self) -> Reading | None:
        """The selected entry."""
        return None if self.highlighted is None else self._readings[self.highlighted]

    def show(self, readings: Sequence[Reading]) -> None:
        """Show these entries; only changes are drawn, and the scroll position stays."""
        before, self._readings = self._readings, readings
        if [one.key for one in before] == [one.key for one in readings]:
            width = self._width
            for place, (old, new) in enumerate(zip(before, readings, strict=True)):
                if old != new:
                    self.replace_option_prompt_at_index(place, new.laid_out(width))
            return
        key = before[self.highlighted].key if self.highlighted is not None else None
        self._fill(key)

    def on_resize(self, event: events.Resize) -> None:
        """Lay everything out for the new width."""
        if self._readings and event.size.width:
            self._fill(self.reading.key if self.reading else None)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Post Chosen for the entry."""
        event.stop()
        self.post_message(self.Chosen(self._readings[event.option_index]))

    @property
    def _width(self) -> int:
        return max(self.scrollable_content_region.width, _MARGIN)

    def _fill(self, key: str | None) -> None:
        top, width = self.scroll_offset.y, self._width
        self.set_options(
            Option(one.laid_out(width), disabled=one.heading) for one in self._readings
        )
        places = [at for at, one in enumerate(self._readings) if not one.heading]
        known = next((at for at in places if self._readings[at].key == key), None)
        first = next(iter(places), None)
        self.highlighted = first if known is None else known
        self.scroll_to(y=top if known is not None else 0, animate=False)
