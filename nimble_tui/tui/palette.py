"""The palette: every action that fits the screen, in plain words, with its key."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from nimble_tui.tui.commands import Offer
from nimble_tui.tui.screens.base import NimbleScreen


class ActionProvider(Provider):
    """Every action in plain words for the palette; one that is refused says why."""

    async def discover(self) -> Hits:
        """Yield every action that the screen offers."""
        for offer in self._offers():
            yield DiscoveryHit(
                _shown(offer, Content(offer.action.words)), self._run(offer), offer.action.label
            )

    async def search(self, query: str) -> Hits:
        """Yield the actions whose words match."""
        matcher = self.matcher(query)
        for offer in self._offers():
            action = offer.action
            score = max(matcher.match(action.words), matcher.match(action.label))
            if score > 0:
                shown = _shown(offer, matcher.highlight(action.words))
                yield Hit(score, shown, self._run(offer), action.label)

    def _offers(self) -> Iterable[Offer]:
        screen = self.screen
        return screen.offers() if isinstance(screen, NimbleScreen) else ()

    def _run(self, offer: Offer) -> partial[Awaitable[None]]:
        run_offered = getattr(self.app, "run_offered")
        return partial(run_offered, offer.action.id)

def _shown(offer: Offer, words: Content) -> Content:
    key = f"  {offer.key}" if offer.key else ""
    first = Content.assemble(words, (key, "bold $accent"))
    if offer.refusal is None:
        return first
    return Content.assemble(first.stylize("$muted"), "\n", (f"  not now: {offer.refusal}", "$muted"))
