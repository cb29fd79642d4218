"""Help for the screen it was asked on: its keys, and what its words and symbols mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from nimble_tui.tui.widgets.line import pad

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult

    from nimble_tui.tui.commands import Offer

_STATES = (
    ("●", "READY", "ready", "it runs, and costs money while it does"),
    ("◐", "STARTING…", "moving", "the studio is busy with it; wait a little"),
    ("○", "STOPPED", "stopped", "it sleeps with its disk; start it to work on it"),
    ("✕", "…_FAILED", "failed", "something went wrong; the row says what"),
    ("━", "the bar", "calm", "fills up until the time on its right has come"),
    ("≈", "about", "muted", "worked out by this app; the studio did not say it"),
    ("▲", "warning", "near", "it stops within the hour"),
    ("▲", "DELETED", "last", "it and its disk will be deleted within the hour"),
)


class HelpScreen(ModalScreen[None]):
    """What the keys do and what the symbols mean, in plain words."""

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,enter,space", "app.pop_screen", "Close", show=False),
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
            with VerticalScroll(), Horizontal(id="columns"):
                yield Static(self._keys())
                yield Static(_symbols())

    def _keys(self) -> Content:
        keys = [(offer.key, offer.action.words) for offer in self._offers]
        rows = [*self._moves, *((key, words) for key, words in keys if key)]
        rows += [("", words) for key, words in keys if not key]
        lines = [Content.styled("Keys", "bold $accent"), Content("")]
        lines += [Content.assemble((pad(key, 10), "bold"), words) for key, words in rows]
        return Content("\n").join(lines)


def _symbols() -> Content:
    lines = [Content.styled("What you see", "bold $accent"), Content("")]
    for symbol, word, style, meaning in _STATES:
        lines.append(Content.assemble((f"{symbol} {word}", f"bold ${style}")))
        lines.append(Content.assemble((f"  {meaning}", "$muted")))
    return Content("\n").join(lines)
