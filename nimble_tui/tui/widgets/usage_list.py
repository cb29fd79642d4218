"""The list of running times, two lines each: times and cost, then bars of day and week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from nimble_tui.core.durations import in_words
from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.tui.widgets import day_bar
from nimble_tui.tui.widgets.line import Line, pad
from nimble_tui.tui.widgets.rows import Rows
from nimble_tui.view import labels, money
from nimble_tui.view.usage import DAYS, Ran, Week

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta, tzinfo

    from nimble_tui.core.clock import Clock
    from nimble_tui.core.prices import Prices

_INDENT = 2
_GAP = 3
_DAY = 3
_DAYS_WIDTH = DAYS * _DAY - 1
_LENGTH, _SHORT_LENGTH = 12, 10
_MONEY, _MUCH = 12, 9_999.99
_KIND = 14
_STEP = 12
_LEAST, _ROOMY = 10, 34
_NARROWEST, _WIDEST = 24, 96


@dataclass(frozen=True, slots=True)
class Columns:
    """The width of each column in cells; 0 if there is no room for it."""

    bar: int
    days: int
    title: int
    kind: int
    length: int
    money: int

    @classmethod
    def of(cls, width: int, prices: Prices) -> Columns:
        """Return the columns for rows of `width` cells; without prices there is no cost."""
        bar = bar_width(width)
        whole = _INDENT + bar + _GAP + _DAYS_WIDTH
        roomy = whole <= width
        length = _LENGTH if roomy else _SHORT_LENGTH
        room = min(whole, width) - _INDENT - 2 * length
        wide = max(cell_len(money.amount(_MUCH, prices)) + 1, _MONEY)
        spent = wide if prices.per_hour and roomy and room - wide >= _LEAST else 0
        room -= spent
        kind = _KIND if room >= _ROOMY else 0
        days = _DAYS_WIDTH if roomy else 0
        return cls(bar, days, max(room - kind, 0), kind, length, spent)


def bar_width(width: int) -> int:
    """Return the width of a day's bar; the hours of its axis stay whole cells apart."""
    room = width - _INDENT - _GAP - _DAYS_WIDTH
    return min(max(room // _STEP * _STEP, _NARROWEST), _WIDEST)


class UsageList(Rows[Ran]):
    """The running time of each workstation."""

    def __init__(
        self, name: str, clock: Clock, tz: tzinfo | None, prices: Callable[[], Prices]
    ) -> None:
        super().__init__(id=name)
        self._clock = clock
        self._tz = tz
        self._prices = prices
        self.week: Week | None = None

    def show_week(self, week: Week) -> None:
        """Show these running times."""
        self.week = week
        self.show(week.rows, "No running times recorded in the last seven days.")

    def heads(self, width: int) -> Content:
        """Return the column headers, then the hours of the day and the days of the week."""
        if self.week is None:
            return Content("")
        at = Columns.of(width, self._prices())
        today = self.week.days[-1]
        long = f"{today:%A}, {today.day} {today:%B}"
        short = f"{today:%a}, {today.day} {today:%b}"
        room = at.title + at.kind
        named = pad(long if len(long) <= room else short, room)
        heads = [(one, at.length) for one in ("today", "7 days")] + [("7-day cost", at.money)]
        names = "".join(pad(one, width, right=True) for one, width in heads)
        edge = " " * (_INDENT + 1)
        first = Content.assemble(edge, (named, "bold"), (names, "$muted"))
        days = "".join(pad(f"{one:%a}"[:2], _DAY) for one in self.week.days) if at.days else ""
        hours = day_bar.axis(self.week.today, self._clock.now(), self._tz, at.bar)
        second = Content.assemble(edge, *hours, " " * _GAP, (days, "$muted"))
        return Content("\n").join([first, second])

    def paint(self, row: Ran, width: int) -> list[Line]:
        """Return the two lines of a workstation."""
        return [self._first(row, width), self._second(row, width)]

    def _first(self, row: Ran, width: int) -> Line:
        label = labels.state_label(StreamingSession(row.key, state=row.state or "DELETED"))
        line = Line(width).add(f"{label.symbol} ", f"${label.style}")
        week = f"≥ {_length(row.week)}" if row.unsure and row.week else _length(row.week)
        prices = self._prices()
        at = Columns.of(width, prices)
        gone = row.state in {None, SessionState.DELETED}
        title = f"{row.title} · deleted" if gone else row.title
        line.add(pad(title, at.title - 1), "$muted" if gone else "bold").add(" ")
        line.add(pad(row.ec2_instance_type or "", at.kind), "$muted")
        line.add(pad(_length(row.today), at.length, right=True), "bold" if row.today else "$muted")
        line.add(pad(week, at.length, right=True), "" if row.week else "$muted")
        spent = pad(_spent(row, prices), at.money, right=True)
        return line.add(spent, "" if row.cost_week else "$muted")

    def _second(self, row: Ran, width: int) -> Line:
        line = Line(width).add(" " * _INDENT)
        if self.week is None:
            return line
        at = Columns.of(width, self._prices())
        for text, style in day_bar.bar(row.spans, self.week.today, at.bar):
            line.add(text, style)
        if not at.days:
            return line
        line.add(" " * _GAP)
        for place, length in enumerate(row.days):
            column = day_bar.column(length)
            style = "$ready" if place == DAYS - 1 else "$calm"
            line.add(pad(column * 2 if length else column, _DAY), style if length else "$faint")
        return line


def _length(length: timedelta) -> str:
    return in_words(length, days=False) if length else "–"


def _spent(row: Ran, prices: Prices) -> str:
    """Return the cost of the week, if there is a price."""
    if not row.week:
        return "–"
    return "no price" if row.cost_week is None else money.amount(row.cost_week, prices)
