"""Running times and estimated costs of today and the last seven days."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from nimble_tui.core.durations import in_words
from nimble_tui.core.usage import Doing
from nimble_tui.tui.pages.page import Page
from nimble_tui.tui.widgets.column_head import ColumnHead
from nimble_tui.tui.widgets.day_bar import LOOKS, NO_RUN
from nimble_tui.tui.widgets.rows import Rows
from nimble_tui.tui.widgets.usage_list import UsageList
from nimble_tui.view import money
from nimble_tui.view.usage import week_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual import events
    from textual.widget import Widget

    from nimble_tui.core.prices import Prices
    from nimble_tui.view.usage import Week
    from nimble_tui.workspace.permissions import Target
    from nimble_tui.workspace.workspace import Workspace

_AIRY, _LEGEND = 30, 18
_ASSUMED = "Time in STARTING is not counted; if unknown, it is taken as 15 min."


class UsagePage(Page):
    """A bar for each workstation's day, columns for the last days, and the totals."""

    PAGE = "usage"
    PACE = 10.0
    AUTO_FOCUS = "UsageList"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "go('show')", "Details", show=False)]

    rows = getters.query_one(UsageList)

    def __init__(self, workspace: Workspace, target: Target) -> None:
        super().__init__(workspace, target)
        self._begin_at = target.session_id

    @property
    def about(self) -> str:
        """The id of the selected workstation."""
        row = self.rows.selected
        return row.key if row else ""

    def body(self) -> Iterable[Widget]:
        """Return the column headers, the list and the totals."""
        app = self.nimble
        rows = UsageList("usage", app.clock, app.tz, self._prices)
        yield ColumnHead(rows.heads)
        yield rows
        yield Static(id="sums", markup=False)

    def on_resize(self, event: events.Resize) -> None:
        """Leave blank lines between rows if there is room."""
        self.rows.airy = event.size.height >= _AIRY
        if self.rows.week is not None:
            self.draw()

    @on(Rows.Moved)
    def _moved(self) -> None:
        self.show_keys()

    def _prices(self) -> Prices:
        return self.nimble.settings.prices

    def draw(self) -> None:
        """Show running times up to now."""
        snapshot = self.workspace.snapshot
        week = week_of(
            snapshot.sessions,
            snapshot.known_profiles,
            snapshot.history.events,
            prices=self._prices(),
            now=self.workspace.now,
            tz=self.nimble.tz,
        )
        self.head(Content("Usage"))
        self.rows.show_week(week)
        self.rows.select(self._begin_at)
        self._begin_at = ""
        self.query_one(ColumnHead).refresh()
        self.query_one("#sums", Static).update(Content("\n").join(self._sums(week)))

    def moves(self) -> Iterable[tuple[str, str]]:
        """Return the navigation keys."""
        return (
            ("↑ ↓", "Choose a workstation"),
            ("enter", "Show all details"),
        )

    def _sums(self, week: Week) -> list[Content]:
        prices = self._prices()
        parts: list[tuple[str, str]] = [("Total   ", "$muted")]
        for name, length, cost in (
            ("today", week.ran_today, week.cost_today),
            ("last 7 days", week.ran_week, week.cost_week),
        ):
            parts += [(f"{name} ", "$muted"), (in_words(length, days=False), "bold")]
            if prices.per_hour:
                parts.append((f", {money.amount(cost, prices)}", "bold"))
            parts.append(("     ", ""))
        legend = []
        for doing in Doing:
            symbol, style = LOOKS[doing]
            legend += [(f"{symbol * 2} ", style), (f"{doing}   ", "$muted")]
        legend += [(f"{NO_RUN} ", "$muted"), ("no run that day", "$muted")]
        notes = [self._source(week), *([_ASSUMED] if week.has_assumed_moves else [])]
        sums = [Content.assemble(*parts)]
        if self.size.height >= _LEGEND:
            sums += [Content.assemble(*legend), *(Content.styled(one, "$muted") for one in notes)]
        return sums

    def _source(self, week: Week) -> str:
        if not self._prices().per_hour:
            return "Add hourly prices under [prices] in the settings to see costs."
        if week.unpriced:
            kinds = ", ".join(week.unpriced)
            return f"≈ estimated. No price set for {kinds}; those hours are not included."
        return "≈ estimated from the prices in your settings, for running time only."
