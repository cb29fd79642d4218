"""One sentence under the top line that stays for as long as it is true."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget


class Banner(Widget):
    """A warning that stays; nothing to say takes no room."""

    sentence: reactive[str | None] = reactive(None, layout=True)

    def watch_sentence(self, sentence: str | None) -> None:
        """Take no room without a sentence."""
        self.display = bool(sentence)

    def render(self) -> Content:
        """Return the sentence."""
        return Content.assemble(("▲ ", "bold $near"), self.sentence or "")
