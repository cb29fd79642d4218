"""Help for the screen it was asked on: its keys, and what its words and symbols mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget

from nimble_tui.core.actions import BY_ID
from nimble_tui.tui.screens.dialog import Dialog
from nimble_tui.tui.widgets.line import pad

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.app import ComposeResult
    from textual.geometry import Size

    from nimble_tui.tui.commands import Offer

Row = tuple[str, str]

_WORKSTATION = "This workstation"
_LISTS = "Lists"
_APP = "App"
_HERE = "Here"
_GROUPS = {
    _LISTS: {"new", "usage", "eulas", "people", "filter", "sort", "refresh"},
    _APP: {"studios", "help", "palette", "theme", "sign_in", "sign_out", "quit"},
}
_SEEN = (
    ("●", "READY", "ready", "runs, and costs money"),
    ("◐", "STARTING…", "moving", "busy, wait a little"),
    ("○", "STOPPED", "stopped", "asleep, its disk is kept"),
    ("✕", "…_FAILED", "failed", "the row says why"),
    ("━", "the bar", "calm", "fills up to what is next"),
    ("≈", "about", "muted", "worked out by this app"),
    ("▲", "warning", "near", "stops within the hour"),
    ("▲", "DELETED", "on-loud on $last", "gone within the hour"),
)
_KEY_WIDTH = 7
_WORD_WIDTH = 12


class Words(Widget):
    """Keys or symbols in groups, each with its meaning beside it in as many lines as it takes."""

    DEFAULT_CSS = "Words { height: auto; }"

    def __init__(self, *groups: Sequence[tuple[Content, str]], name: str) -> None:
        super().__init__(id=name)
        self._groups = groups

    def render(self) -> Content:
        """Return the groups, laid out for the room there is."""
        return self._laid_out(self.size.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's own signature
        """Return how many lines that takes."""
        return self._laid_out(width).plain.count("\n") + 1

    def _laid_out(self, width: int) -> Content:
        lines: list[Content] = []
        for group in self._groups:
            if lines:
                lines.append(Content(""))
            for head, meaning in group:
                indent = head.cell_length
                wrapped = Content(meaning).wrap(max(width - indent, 8)) or [Content("")]
                lines.append(head + wrapped[0])
                lines += [Content(" " * indent) + more for more in wrapped[1:]]
        return Content("\n").join(lines)


class HelpScreen(Dialog[None]):
    """What the keys do and what the symbols mean, in plain words."""

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,question_mark,enter,space", "leave", "Close", show=False),
    ]

    def __init__(self, offers: Iterable[Offer], moves: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self._rows: dict[str, list[Row]] = {_HERE: list(moves)}
        for offer in offers:
            group = self._rows.setdefault(_group(offer.action.id), [])
            group.append((offer.key, offer.action.words))

    def compose(self) -> ComposeResult:
        """Lay keys and symbols out side by side, below each other where it is narrow."""
        with Vertical(classes="dialog -large") as box:
            box.border_title = "Help"
            box.border_subtitle = "esc closes"
            with VerticalScroll(), Container(id="columns"):
                yield Words(*self._keys(_WORKSTATION, _APP), name="keys")
                yield Words(*self._keys(_HERE, _LISTS), _seen(), name="seen")

    def _keys(self, *names: str) -> Iterable[list[tuple[Content, str]]]:
        for name in names:
            if rows := self._rows.get(name):
                yield [_title(name), *(_key(key, meaning) for key, meaning in rows)]


def _group(action: str) -> str:
    if action not in BY_ID:
        return _HERE
    return next((name for name, ids in _GROUPS.items() if action in ids), _WORKSTATION)


def _title(name: str) -> tuple[Content, str]:
    return Content.styled(name, "bold $accent"), ""


def _key(key: str, meaning: str) -> tuple[Content, str]:
    shown = pad(key or "ctrl+p", _KEY_WIDTH)
    return Content.styled(shown, "bold" if key else "$muted"), meaning


def _seen() -> list[tuple[Content, str]]:
    rows = [_title("What you see")]
    for symbol, word, style, meaning in _SEEN:
        shown = Content.styled(f"{symbol} {word}", f"bold ${style}")
        rows.append((shown + " " * (_WORD_WIDTH - shown.cell_length), meaning))
    return rows
