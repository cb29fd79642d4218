"""How long workstations ran today and this week, and about what that cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from nimble_tui.core.durations import in_words
from nimble_tui.core.usage import Doing
from nimble_tui.tui.pages.page import Page
from nimble_tui.tui.widgets.day_bar import LOOKS
from nimble_tui.tui.widgets.rows import Rows
from nimble_tui.tui.widgets.usage_list import UsageHead, UsageList
from nimble_tui.view import money
from nimble_tui.view.usage import week_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual import events
    from textual.widget import Widget

    from nimble_tui.core.prices import Prices
    from nimble_tui.tui.screens.telling import TellingScreen
    from nimble_tui.view.usage import Week

_AIRY, _LEGEND = 30, 18


class UsagePage(Page):
    """A day as a bar for each workstation, the last days as columns, and what it adds up to."""

    PAGE = "usage"
    PACE = 10.0
    AUTO_FOCUS = "UsageList"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "show", "Show all", show=False)]

    rows = getters.query_one(UsageList)
    columns = getters.query_one(UsageHead)

    def __init__(self, desk: TellingScreen, session_id: str) -> None:
        super().__init__(desk)
        self._begin_at = session_id

    @property
    def about(self) -> str:
        """The id of the workstation under the cursor."""
        row = self.rows.selected
        return row.key if row else ""

    def body(self) -> Iterable[Widget]:
        """Return the columns' heads, the list, and the sums."""
        app = self.nimble
        yield UsageHead(app.clock, app.tz, self._prices)
        yield UsageList("usage", self._prices)
        yield Static(id="sums", markup=False)

    def on_mount(self) -> None:
        """Follow what is remembered."""
        self.watch(self.desk, "past", self._past_changed, init=False)

    def on_resize(self, event: events.Resize) -> None:
        """Leave blank lines between rows where there is room for them."""
        self.rows.airy = event.size.height >= _AIRY
        if self.rows.week is not None:
            self.draw()

    def _past_changed(self) -> None:
        self.draw()

    @on(Rows.Moved)
    def _moved(self) -> None:
        self.show_keys()

    def _prices(self) -> Prices:
        return self.nimble.settings.prices

    def draw(self) -> None:
        """Show running times up to now."""
        desk, sight = self.desk, self.desk.sight
        week = week_of(
            sight.sessions,
            sight.known_profiles,
            desk.past.events,
            prices=self._prices(),
            now=desk.now,
            tz=self.nimble.tz,
        )
        self.head(Content("Running time"))
        self.rows.tell(week)
        self.rows.select(self._begin_at)
        self._begin_at = ""
        self.columns.week = week
        self.query_one("#sums", Static).update(Content("\n").join(self._sums(week)))

    def moves(self) -> Iterable[tuple[str, str]]:
        """Return the keys that move about."""
        return (
            ("↑ ↓", "Move from workstation to workstation"),
            ("enter", "Show everything about it"),
        )

    def _sums(self, week: Week) -> list[Content]:
        prices = self._prices()
        parts: list[tuple[str, str]] = [("In all   ", "$muted")]
        for name, length, cost in (
            ("today", week.ran_today, week.cost_today),
            ("this week", week.ran_week, week.cost_week),
        ):
            parts += [(f"{name} ", "$muted"), (in_words(length, days=False), "bold")]
            if prices.per_hour:
                parts.append((f", {money.amount(cost, prices)}", "bold"))
            parts.append(("     ", ""))
        legend = []
        for doing in Doing:
            symbol, style = LOOKS[doing]
            legend += [(f"{symbol * 2} ", style), (f"{doing}   ", "$muted")]
        sums = [Content.assemble(*parts)]
        if self.size.height >= _LEGEND:
            sums += [Content.assemble(*legend), Content.styled(self._source(week), "$muted")]
        return sums

    def _source(self, week: Week) -> str:
        if not self._prices().per_hour:
            return "Name what an hour costs under [prices] in the settings to see money too."
        if week.unpriced:
            kinds = ", ".join(week.unpriced)
            return f"≈ estimated. No price is set for {kinds}: that is not counted as money."
        return "≈ estimated from the prices in your settings, for running time alone."
