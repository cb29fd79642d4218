"""The help of a screen: its keys, and the meaning of its words and symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget

from nimble_tui.core.actions import SCREENS
from nimble_tui.tui.dialogs.dialog import Dialog
from nimble_tui.tui.widgets.line import pad
from nimble_tui.view.symbols import SYMBOLS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.app import ComposeResult
    from textual.geometry import Size

    from nimble_tui.tui.nimble_screen import NimbleScreen
    from nimble_tui.view.symbols import Symbol

Row = tuple[str, str]
Group = list[tuple[Content, str]]

_WORKSTATION = "This workstation"
_LISTS = "Lists"
_APP = "App"
_HERE = "This screen"
_GROUPS = {
    _LISTS: {"new", "usage", "eulas", "people", "filter", "sort", "refresh"},
    _APP: {"studios", "help", "palette", "theme", "sign_in", "sign_out", "quit"},
}
_SHIFT = ("shift", "Hold to select text with the mouse")
_KEY_WIDTH = 7


class Words(Widget):
    """Groups of keys or symbols, each with its meaning beside it, wrapped."""

    DEFAULT_CSS = "Words { height: auto; }"

    def __init__(self, *groups: Sequence[tuple[Content, str]], name: str) -> None:
        super().__init__(id=name)
        self._groups = groups

    def render(self) -> Content:
        """Return the groups, laid out for the current width."""
        return self._laid_out(self.size.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's own signature
        """Return the number of lines."""
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
    """The keys and symbols of a screen with their meaning."""

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,question_mark,enter,space", "leave", "Close", show=False),
    ]

    def __init__(self, screen: NimbleScreen) -> None:
        super().__init__()
        self._page = screen.PAGE
        self._rows: dict[str, list[Row]] = {_HERE: list(screen.moves())}
        for offer in screen.offers():
            group = self._rows.setdefault(_group(offer.action.id), [])
            group.append((offer.key, offer.action.words))

        if screen.nimble.settings.mouse:
            self._rows.setdefault(_APP, []).append(_SHIFT)

    def compose(self) -> ComposeResult:
        """Lay keys and symbols out side by side, below each other where it is narrow."""
        with Vertical(classes="dialog -large") as box:
            box.border_title = "Help"
            box.border_subtitle = "esc closes"
            with VerticalScroll(), Container(id="columns"):
                left: list[Group] = []
                right: list[Group] = []
                for group in self._groups():
                    shorter = left if sum(map(len, left)) <= sum(map(len, right)) else right
                    shorter.append(group)
                yield Words(*left, name="left")
                yield Words(*right, name="right")

    def _groups(self) -> Iterable[Group]:
        for name in (_WORKSTATION, _HERE, _LISTS, _APP):
            if rows := self._rows.get(name):
                yield [_title(name), *(_key(key, meaning) for key, meaning in rows)]
        if symbols := SYMBOLS.get(self._page):
            width = max(len(one.word) for one in symbols) + 3
            yield [_title("Symbols"), *(_symbol(one, width) for one in symbols)]


def _group(action: str) -> str:
    if action not in SCREENS["main"]:
        return _HERE
    return next((name for name, ids in _GROUPS.items() if action in ids), _WORKSTATION)


def _title(name: str) -> tuple[Content, str]:
    return Content.styled(name, "bold $accent"), ""


def _key(key: str, meaning: str) -> tuple[Content, str]:
    shown = pad(key or "ctrl+p", _KEY_WIDTH)
    return Content.styled(shown, "bold" if key else "$muted"), meaning


def _symbol(one: Symbol, width: int) -> tuple[Content, str]:
    shown = Content.styled(f"{one.symbol} {one.word}", f"bold ${one.style}")
    return shown + " " * (width - shown.cell_length), one.meaning
