"""Running times, two lines a workstation: how long and how much, then its day and its week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.tui import money, when, words
from nimble_tui.tui.running import DAYS, Ran, Week
from nimble_tui.tui.widgets import day_bar
from nimble_tui.tui.widgets.line import Line, pad
from nimble_tui.tui.widgets.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta, tzinfo

    from nimble_tui.config.settings import Prices
    from nimble_tui.core.clock import Clock

_INDENT = 2
_GAP = 3
_DAY = 3
_DAYS_WIDTH = DAYS * _DAY - 1
_LENGTH = 12
_MONEY = 12
_KIND = 14
_STEP = 12
_NARROWEST, _WIDEST = 24, 96


def bar_width(width: int) -> int:
    """Return how many cells a day takes; the hours of its axis stay whole cells apart."""
    room = width - _INDENT - _GAP - _DAYS_WIDTH
    return min(max(room // _STEP * _STEP, _NARROWEST), _WIDEST)


class UsageList(Rows[Ran]):
    """How long each workstation ran."""

    def __init__(self, name: str, prices: Callable[[], Prices]) -> None:
        super().__init__(id=name)
        self._prices = prices
        self.week: Week | None = None

    def tell(self, week: Week) -> None:
        """Show these running times."""
        self.week = week
        self.show(week.rows, "Nothing ran in the last seven days, as far as is known.")

    def paint(self, row: Ran, width: int) -> list[Line]:
        """Return the two lines of a workstation."""
        return [self._first(row, width), self._second(row, width)]

    def _first(self, row: Ran, width: int) -> Line:
        look = words.look_of(StreamingSession(row.key, state=row.state or "DELETED"))
        line = Line(width).add(f"{look.symbol} ", f"${look.style}")
        week = f"≥ {_length(row.week)}" if row.unsure and row.week else _length(row.week)
        money_shown = _spent(row, self._prices())
        right = 2 * _LENGTH + (_MONEY if money_shown is not None else 0)
        total = _INDENT + bar_width(width) + _GAP + _DAYS_WIDTH
        room = min(total, width) - _INDENT - right
        kind = _KIND if room >= 34 else 0
        gone = row.state in {None, SessionState.DELETED}
        title = f"{row.title} · gone" if gone else row.title
        line.add(pad(title, room - kind - 1), "$muted" if gone else "bold").add(" ")
        line.add(pad(row.ec2_instance_type or "", kind), "$muted")
        line.add(pad(_length(row.today), _LENGTH, right=True), "bold" if row.today else "$muted")
        line.add(pad(week, _LENGTH, right=True), "" if row.week else "$muted")
        if money_shown is not None:
            line.add(pad(money_shown, _MONEY, right=True), "" if row.cost_week else "$muted")
        return line

    def _second(self, row: Ran, width: int) -> Line:
        line = Line(width).add(" " * _INDENT)
        if self.week is None:
            return line
        for text, style in day_bar.bar(row.spans, self.week.today, bar_width(width)):
            line.add(text, style)
        line.add(" " * _GAP)
        for place, length in enumerate(row.days):
            column = day_bar.column(length)
            style = "$ready" if place == DAYS - 1 else "$calm"
            line.add(pad(column * 2 if length else column, _DAY), style if length else "$faint")
        return line


class UsageHead(Widget):
    """What the columns mean, the hours of the day and the days of the week."""

    week: reactive[Week | None] = reactive(None)

    def __init__(self, clock: Clock, tz: tzinfo | None, prices: Callable[[], Prices]) -> None:
        super().__init__()
        self._clock = clock
        self._tz = tz
        self._prices = prices

    def render(self) -> Content:
        """Return the two lines above the list."""
        if self.week is None:
            return Content("")
        width = self.size.width - 2  # the list's cursor mark and its scrollbar
        bar = bar_width(width)
        priced = bool(self._prices().per_hour)
        right = 2 * _LENGTH + (_MONEY if priced else 0)
        room = min(_INDENT + bar + _GAP + _DAYS_WIDTH, width) - right
        today = self.week.days[-1]
        heads = ["today", "this week", *(["≈ cost"] if priced else [])]
        names = "".join(pad(one, _LENGTH, right=True) for one in heads)
        first = Content.assemble(
            (pad(f"   {today:%A}, {today.day} {today:%B}", room + 1), "bold"), (names, "$muted")
        )
        days = "".join(pad(f"{one:%a}"[:2], _DAY) for one in self.week.days)
        hours = day_bar.axis(self.week.today, self._clock.now(), self._tz, bar)
        second = Content.assemble(" " * (_INDENT + 1), *hours, " " * _GAP, (days, "$muted"))
        return Content("\n").join([first, second])


def _length(length: timedelta) -> str:
    return when.hours(length) if length else "–"


def _spent(row: Ran, prices: Prices) -> str | None:
    """Return what the week cost; None where no prices are set at all."""
    if not prices.per_hour:
        return None
    if row.cost_week is None:
        return "no price" if row.week else "–"
    return money.amount(row.cost_week, prices) if row.week else "–"
