"""The key bar: the keys of this screen, which can be clicked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

if TYPE_CHECKING:
    from textual import events

    from nimble_tui.tui.commands import Offer


class KeyBar(Widget):
    """Actions with their keys, as many as fit; a refused one is dim but can still be chosen."""

    offers: reactive[tuple[Offer, ...]] = reactive(())
    hovered: reactive[str | None] = reactive(None)

    @dataclass(eq=False, repr=False)
    class Chosen(Message):
        """An entry was clicked."""

        action: str

    def render(self) -> Content:
        """Return the line."""
        parts: list[tuple[str, str]] = [(" ", "")]
        for offer in self._fitting():
            name = offer.action.id
            ground = " on $hover" if name == self.hovered else ""
            key, label = ("$muted", "$muted") if offer.refusal_reason else ("bold $accent", "")
            parts += [
                (f" {_key(offer)}", key + ground),
                (f" {offer.action.label} ", label + ground),
            ]
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        """Choose the entry under the mouse."""
        action = self._at(event.x)
        if action is not None:
            self.post_message(self.Chosen(action))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Highlight the entry under the mouse."""
        self.hovered = self._at(event.x)

    def on_leave(self) -> None:
        """Remove the highlight."""
        self.hovered = None

    def _fitting(self) -> list[Offer]:
        """Return the entries that fit; the last two (help, all actions) have priority."""
        offers = [offer for offer in self.offers if offer.key]
        # The blank before the first entry counts instead of the one after the last.
        while offers and sum(_width(offer) for offer in offers) > self.size.width:
            del offers[-3 if len(offers) > 2 else -1]
        return offers

    def _at(self, x: int) -> str | None:
        end = 1
        for offer in self._fitting():
            start, end = end, end + _width(offer)
            if start <= x < end:
                return offer.action.id
        return None


def _key(offer: Offer) -> str:
    """Return a key in the short spelling of key bars, such as ^p, to leave room for the verbs."""
    return offer.key.replace("ctrl+", "^")


def _width(offer: Offer) -> int:
    return cell_len(_key(offer)) + cell_len(offer.action.label) + 3
