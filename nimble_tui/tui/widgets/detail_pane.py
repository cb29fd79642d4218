"""The detail pane: facts in columns, then the actions with their effect or refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from nimble_tui.tui.widgets.line import pad
from nimble_tui.view.details import Detail, Option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimble_tui.view.facts import Fact

_LABEL = 9
_GAP = 3
_NOTHING = Detail("")
_MARKS = {True: ("✓", "$ready"), False: ("–", "$muted"), None: ("·", "$muted")}


class DetailPane(Widget):
    """Shows the details of the selected row."""

    detail: reactive[Detail] = reactive(_NOTHING)
    keys: reactive[Mapping[str, str]] = reactive(dict)

    def watch_detail(self, before: Detail, detail: Detail) -> None:
        """Put the title on the border, without parsing markup in it."""
        if before.title != detail.title:
            self.border_title = Content(detail.title)

    def render(self) -> Content:
        """Return facts and options for the current size; without room the last facts go."""
        detail, (width, height) = self.detail, self.size
        below = [line for note in detail.notes for line in Content(note).wrap(width)]
        label = max((cell_len(option.label) + 1 for option in detail.options), default=0)
        label = max(label, _LABEL - 1)
        key = max((cell_len(self._key(option)) + 1 for option in detail.options), default=0)
        below += [
            line for option in detail.options for line in self._option(option, key, label, width)
        ]
        facts = self._facts(detail.facts, width)[: max(height - len(below), 1)]
        airy = [Content("")] if height > len(facts) + len(below) else []
        return Content("\n").join([*facts, *airy, *below])

    def _facts(self, facts: tuple[Fact, ...], width: int) -> list[Content]:
        columns = 1 if width < 66 else 2 if width < 130 else 3
        cell = (width - _GAP * (columns - 1)) // columns
        label = max((cell_len(fact.label) for fact in facts), default=0) + 2
        first = [self._fact(fact, label, width) for fact in facts[:1]]
        cells = [self._fact(fact, label, cell) for fact in facts[1:]]
        rest = (cells[start : start + columns] for start in range(0, len(cells), columns))
        return [*first, *(Content(" " * _GAP).join(row) for row in rest)]

    def _fact(self, fact: Fact, label: int, width: int) -> Content:
        style = f"bold ${fact.style}" if fact.style else "$foreground"
        value = (pad(fact.value, width - label), style)
        return Content.assemble((pad(fact.label, label), "$muted"), value)

    def _key(self, option: Option) -> str:
        return self.keys.get(option.action, "")

    def _option(self, option: Option, key: int, label: int, width: int) -> list[Content]:
        mark, style = _MARKS[option.allowed]
        is_refused = option.allowed is False
        head = [
            (f"{mark} ", style),
            (pad(self._key(option), key), f"bold {'$muted' if is_refused else '$accent'}"),
            (pad(option.label, label), "$muted" if is_refused else "bold"),
        ]
        indent = sum(cell_len(text) for text, _ in head)
        why = Content.styled(option.why, "$muted" if is_refused else "")
        wrapped = why.wrap(max(width - indent, 10))
        first = Content.assemble(*head, wrapped[0])
        return [first, *(Content(" " * indent) + more for more in wrapped[1:])]
