"""Help for the screen it was asked on: its keys, and what its words and symbols mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from nimble_tui.tui.screens.dialog import Dialog
from nimble_tui.tui.widgets.line import pad

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult

    from nimble_tui.tui.commands import Offer

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


class HelpScreen(Dialog[None]):
    """What the keys do and what the symbols mean, in plain words."""

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,question_mark,enter,space", "leave", "Close", show=False),
    ]

    def __init__(self, offers: Iterable[Offer], moves: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self._offers = tuple(offers)
        self._moves = tuple(moves)

    def compose(self) -> ComposeResult:
        """Lay keys and symbols out side by side, below each other where it is narrow."""
        with Vertical(classes="dialog -large") as box:
            box.border_title = "Help"
            box.border_subtitle = "esc closes"
            with VerticalScroll(), Container(id="columns"):
                yield Static(self._keys(), id="keys")
                yield Static(_seen(), id="seen")

    def _keys(self) -> Content:
        rows = [*self._moves, *((offer.key, offer.action.words) for offer in self._offers)]
        lines = [Content.styled("Keys", "bold $accent"), Content("")]
        lines += [
            Content.assemble((pad(key or "ctrl+p", _KEY_WIDTH), "bold" if key else "$muted"), words)
            for key, words in rows
        ]
        return Content("\n").join(lines)


def _seen() -> Content:
    lines = [Content.styled("What you see", "bold $accent"), Content("")]
    for symbol, word, style, meaning in _SEEN:
        lines.append(Content.styled(f"{symbol} {word}", f"bold ${style}"))
        lines.append(Content.styled(f"  {meaning}", "$muted"))
    return Content("\n").join(lines)
