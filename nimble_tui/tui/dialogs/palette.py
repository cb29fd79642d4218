"""The palette: all actions of the screen, each with its description and key."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from nimble_tui.tui.dismiss_once import DismissOnce
from nimble_tui.tui.nimble_screen import NimbleScreen
from nimble_tui.tui.widgets.line import fit, pad

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable
    from typing import Any

    from nimble_tui.tui.commands import Offer

_KEY_WIDTH = 8
_WHY_WIDTH = 50


class ActionProvider(Provider):
    """Provides the actions for the palette; an unavailable one with the reason."""

    async def discover(self) -> Hits:
        """Yield all actions of the screen."""
        for offer, run in self._offers():
            shown = _shown(offer, Content(offer.action.words))
            yield DiscoveryHit(shown, run, offer.action.label)

    async def search(self, query: str) -> Hits:
        """Yield the actions with a matching description."""
        matcher = self.matcher(query)
        for offer, run in self._offers():
            action = offer.action
            score = max(matcher.match(action.words), matcher.match(action.label))
            if score > 0:
                shown = _shown(offer, matcher.highlight(action.words))
                yield Hit(score, shown, run, action.label)

    def _offers(self) -> Iterable[tuple[Offer, partial[Coroutine[Any, Any, None]]]]:
        """Return the offers of the screen under the palette, each with its callback."""
        screen = self.screen
        if isinstance(screen, NimbleScreen):
            for offer in screen.offers():
                if offer.action.id != "palette":
                    yield offer, partial(screen.run_offered, offer.action.id)


class ActionPalette(CommandPalette, DismissOnce[None]):
    """Textual's palette with our own actions, placeholder and style."""

    CSS_PATH = "palette.tcss"

    def __init__(self) -> None:
        super().__init__([ActionProvider], placeholder="What would you like to do?")

    def _action_command_list(self, action: str) -> None:
        # Textual's list does not know its lines before it is drawn; a key may come sooner.
        with suppress(KeyError):
            super()._action_command_list(action)


def _shown(offer: Offer, words: Content) -> Content:
    key = (pad(offer.key, _KEY_WIDTH), "bold $accent")
    if offer.refusal_reason is None:
        return Content.assemble(key, words)
    why = (f"\n{' ' * _KEY_WIDTH}unavailable: {fit(offer.refusal_reason, _WHY_WIDTH)}", "$muted")
    return Content.assemble((key[0], "$muted"), words.stylize("$muted"), why)
