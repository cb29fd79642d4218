"""The top line: app, studio, user, and the age of the lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.color import Color, ColorParseError
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from nimble_tui.tui.widgets.line import fit

if TYPE_CHECKING:
    from nimble_tui.core.clock import Clock
    from nimble_tui.core.service import StudioInfo
    from nimble_tui.workspace.store import Snapshot


class AccountLine(Widget):
    """Studio, region, user and age of the lists; narrow terminals leave out the least needed."""

    snapshot: reactive[Snapshot | None] = reactive(None, init=False, repaint=False)

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self.text = Content()

    def tick(self) -> None:
        """Draw again if time changed the text."""
        text = self._compose_text()
        if not text.is_same(self.text):
            self.text = text
            self.refresh()

    def watch_snapshot(self) -> None:
        """Show the snapshot."""
        self.tick()

    def on_resize(self) -> None:
        """Lay out for the new width."""
        self.tick()

    def render(self) -> Content:
        """Return the line."""
        return self.text

    def _compose_text(self) -> Content:
        snapshot, width = self.snapshot, self.size.width
        if snapshot is None:
            return Content()
        info = snapshot.info
        fresh, colour = snapshot.health.freshness(self._clock.now())
        badges = [("DEMO", "bold $on-demo on $demo")] if info.demo else []
        if info.read_only:
            badges.append(("READ-ONLY", "bold $on-demo on $muted"))
        right = [("  ", "")]
        for badge, style in badges:
            right += [(f" {badge} ", style), ("  ", "")]
        right += [(fresh, f"${colour}"), (" ", "")]
        room = width - sum(cell_len(text) for text, _ in right)
        left = _left(info, snapshot.studio_name, room)
        gap = room - sum(cell_len(text) for text, _ in left)
        return Content.assemble(*left, (" " * max(gap, 0), ""), *right)


def _left(info: StudioInfo, studio_name: str, room: int) -> list[tuple[str, str]]:
    accent = colour_of(info.accent)
    logo = [(" ◆ ", "$accent"), ("nimble", "bold $accent"), ("   ", "")]
    studio = [("▌", accent), (studio_name or info.name, "bold")]
    region = [("  ", ""), (info.region, "$muted")]
    person = [("  ", ""), (info.display_name or info.principal_id, "$muted")]
    for parts in (
        [*logo, *studio, *region, *person],
        [*logo, *studio, *person],
        [*logo, *studio],
        [(" ", ""), *studio],
    ):
        if sum(cell_len(text) for text, _ in parts) <= room:
            return parts
    return [(" ", ""), ("▌", accent), (fit(studio[1][0], room - 2), "bold")]


def colour_of(name: str | None) -> str:
    """Return a studio's own colour, or the theme's if it has no readable one."""
    if name:
        try:
            return Color.parse(name).hex
        except ColorParseError:
            return "$accent"
    return "$accent"
