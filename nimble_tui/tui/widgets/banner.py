"""A sentence under the top line that stays for as long as it is true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Callable

    from nimble_tui.core.clock import Clock
    from nimble_tui.workspace.store import Snapshot


class Banner(Widget):
    """A persistent warning, hidden while there is none.

    It is about the connection to the studio, or `otherwise` if that has no problem. `key_of`
    returns the label of an action's key.
    """

    snapshot: reactive[Snapshot | None] = reactive(None, init=False, repaint=False)
    otherwise: reactive[str | None] = reactive(None, init=False, repaint=False)
    sentence: reactive[str | None] = reactive(None, layout=True)

    def __init__(self, clock: Clock, key_of: Callable[[str], str]) -> None:
        super().__init__()
        self._clock = clock
        self._key_of = key_of

    def tick(self) -> None:
        """Update the sentence for the current time."""
        said = None
        if self.snapshot is not None:
            refresh, sign_in = self._key_of("refresh"), self._key_of("sign_in")
            said = self.snapshot.health.banner(self._clock.now(), refresh, sign_in)
        self.sentence = said or self.otherwise

    def watch_snapshot(self) -> None:
        """Show the snapshot's problem."""
        self.tick()

    def watch_otherwise(self) -> None:
        """Show this sentence if the connection has no problem."""
        self.tick()

    def watch_sentence(self, sentence: str | None) -> None:
        """Hide it without a sentence."""
        self.display = bool(sentence)

    def render(self) -> Content:
        """Return the sentence."""
        return Content.assemble(("▲ ", "bold $near"), self.sentence or "")
