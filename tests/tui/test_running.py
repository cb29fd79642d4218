"""Running times as rows, bars and money."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from nimble_tui.core.prices import Prices
from nimble_tui.core.usage import Doing, Period, Span, day, today
from nimble_tui.tui.widgets import day_bar
from nimble_tui.tui.widgets.usage_list import Columns, bar_width
from nimble_tui.view import money

NOW = datetime(2026, 11, 21, 13, 26, tzinfo=UTC)
HOUR = timedelta(hours=1)
TODAY = today(NOW, UTC)
PRICES = Prices("€", {"g5.xlarge": 1.5})


def text(pieces: list[tuple[str, str]]) -> str:
    return "".join(piece for piece, _ in pieces)


def test_a_day_is_drawn_hour_by_hour_and_ends_now() -> None:
    spans = (
        Span(TODAY.start - HOUR, TODAY.start + 2 * HOUR, Doing.STOPPED),
        Span(TODAY.start + 2 * HOUR, TODAY.start + 3 * HOUR, Doing.MOVING),
        Span(TODAY.start + 3 * HOUR, TODAY.start + 6 * HOUR, Doing.RUNNING),
        Span(TODAY.start + 7 * HOUR, TODAY.start + 8 * HOUR, Doing.UNKNOWN),
    )
    assert text(day_bar.bar(spans, TODAY, 24)) == "──▒███ ?" + " " * 16
    assert text(day_bar.bar((), TODAY, 24)) == " " * 24


def test_the_axis_names_hours_and_marks_now() -> None:
    assert text(day_bar.axis(TODAY, NOW, UTC, 24)) == "0  3  6  9   ▼ 15 18 21 "
    assert text(day_bar.axis(TODAY, NOW, UTC, 48)) == (
        "0     3     6     9     12▼   15    18    21    "
    )


@pytest.mark.parametrize("which", [date(2026, 3, 29), date(2026, 10, 25)])
@pytest.mark.parametrize("width", [24, 48, 96])
def test_days_of_23_and_25_hours_are_drawn_whole(which: date, width: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    there = day(which, zone)
    whole = (Span(there.start, there.end, Doing.RUNNING),)
    assert text(day_bar.bar(whole, there, width)) == "█" * width
    drawn = text(day_bar.axis(there, there.start + 5 * HOUR, zone, width))
    assert len(drawn) == width
    assert drawn.count("▼") == 1


@pytest.mark.parametrize(
    ("hours", "drawn"), [(0, "·"), (0.1, "▁"), (12, "▅"), (24, "█"), (25, "█")]
)
def test_a_day_as_a_column(hours: float, drawn: str) -> None:
    assert day_bar.column(hours * HOUR) == drawn


def test_bars_fit_where_they_stand() -> None:
    for width in range(49, 200):
        assert bar_width(width) in range(24, 97, 12)
        assert bar_width(width) + 25 <= width


@pytest.mark.parametrize("prices", [Prices(), PRICES, Prices("ducats ¤", {"g5.xlarge": 1.0})])
def test_columns_fit_where_they_stand(prices: Prices) -> None:
    for width in range(34, 200):
        at = Columns.of(width, prices)
        assert 2 + at.title + at.kind + 2 * at.length + at.money <= width
        assert at.title >= 8
        assert not at.money or len(money.amount(1234.5, prices)) < at.money
    assert Columns.of(34, PRICES).days == 0
    assert Columns.of(60, PRICES).days == 20


def test_a_bar_never_draws_what_is_outside_its_day() -> None:
    tomorrow = Period(TODAY.end, TODAY.end + 24 * HOUR)
    assert not text(day_bar.bar((Span(TODAY.start, NOW, Doing.RUNNING),), tomorrow, 24)).strip()
