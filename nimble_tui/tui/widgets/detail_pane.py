"""The detail pane: facts in columns, then what may be done and why or why not."""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from nimble_tui.tui.details import Detail, Fact, Option
from nimble_tui.tui.widgets.line import fit, pad

_LABEL = 9
_GAP = 3
_NOTHING = Detail("")


class DetailPane(Widget):
    """Tells everything about what the cursor is on."""

    detail: reactive[Detail] = reactive(_NOTHING)
    keys: reactive[Mapping[str, str]] = reactive(dict)

    def watch_detail(self, detail: Detail) -> None:
        """Put the name on the border, as it is, without reading markup into it."""
        self.border_title = Content(fit(detail.title, max(self.size.width - 4, 8)))

    def render(self) -> Content:
        """Return facts and options, laid out for the room there is; the last facts go first."""
        detail, (width, height) = self.detail, self.size
        below = [line for note in detail.notes for line in Content(note).wrap(width)]
        below += [line for option in detail.options for line in self._option(option, width)]
        facts = self._facts(detail.facts, width)[: max(height - len(below), 1)]
        airy = [Content("")] if height > len(facts) + len(below) else []
        return Content("\n").join([*facts, *airy, *below])

    def _facts(self, facts: tuple[Fact, ...], width: int) -> list[Content]:
        columns = 1 if width < 66 else 2 if width < 130 else 3
        cell = (width - _GAP * (columns - 1)) // columns
        label = max((cell_len(fact.label) for fact in facts), default=0) + 2
        lines = []
        for start in range(0, len(facts), columns):
            parts: list[tuple[str, str]] = []
            for fact in facts[start : start + columns]:
                style = f"bold ${fact.style}" if fact.style else "$foreground"
                parts.append((pad(fact.label, label), "$muted"))
                parts.append((pad(fact.value, cell - label), style))
                parts.append((" " * _GAP, ""))
            lines.append(Content.assemble(*parts[:-1]))
        return lines

    def _option(self, option: Option, width: int) -> list[Content]:
        key = self.keys.get(option.action, "")
        mark, style = ("✓", "$ready") if option.allowed else ("–", "$muted")
        head = [(f"{mark} ", style), (pad(key, 2), f"bold {'$accent' if option.allowed else style}")]
        head.append((pad(option.label, _LABEL - 1), "bold" if option.allowed else style))
        indent = sum(cell_len(text) for text, _ in head)
        why = Content.styled(option.why, "" if option.allowed else "$muted")
        wrapped = why.wrap(max(width - indent, 10))
        first = Content.assemble(*head, wrapped[0])
        return [first, *(Content(" " * indent) + more for more in wrapped[1:])]
