"""Running times as rows, bars and money."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from nimble_tui.core.durations import in_words
from nimble_tui.core.history import Event, EventKind
from nimble_tui.core.model import LaunchProfile, StreamConfiguration, StreamingSession
from nimble_tui.core.prices import Prices
from nimble_tui.core.usage import Doing, Period, Span, day, today
from nimble_tui.tui.widgets import day_bar
from nimble_tui.tui.widgets.usage_list import Columns, bar_width
from nimble_tui.view import money, usage

NOW = datetime(2026, 11, 21, 13, 26, tzinfo=UTC)
HOUR = timedelta(hours=1)
TODAY = today(NOW, UTC)
PRICES = Prices("€", {"g5.xlarge": 1.5})


def session(name: str, state: str, **members: object) -> StreamingSession:
    made = StreamingSession(name, state=state, ec2_instance_type="g5.xlarge", tags={"Name": name})
    return replace(made, **members)  # type: ignore[arg-type]


def ready(name: str, hours: float, **members: object) -> StreamingSession:
    """Return a workstation that runs for so long."""
    since = NOW - hours * HOUR
    return session(name, "READY", created_at=since, updated_at=since, **members)


def week(*sessions: StreamingSession, events: tuple[Event, ...] = ()) -> usage.Week:
    return usage.week_of(sessions, (), events, prices=PRICES, now=NOW, tz=UTC)


def test_who_ran_most_today_comes_first_and_all_is_added_up() -> None:
    deleted = session("gone", "DELETED", created_at=NOW - 30 * HOUR, updated_at=NOW - 26 * HOUR)
    found = week(ready("b", 2), ready("a", 3), deleted)
    assert [row.title for row in found.rows] == ["a", "b", "gone"]
    assert found.ran_today == 5 * HOUR
    assert found.ran_week == 9 * HOUR - timedelta(minutes=15)
    assert found.cost_today == pytest.approx(7.5)
    assert [one.total_seconds() for one in found.rows[0].days] == [0] * 6 + [3 * 3600]


def test_what_is_gone_for_long_is_left_out_and_what_stands_still_is_not() -> None:
    old = session("old", "DELETED", created_at=NOW - 900 * HOUR, updated_at=NOW - 800 * HOUR)
    asleep = session("asleep", "STOPPED", created_at=NOW - 900 * HOUR, stopped_at=NOW - 890 * HOUR)
    assert [row.title for row in week(old, asleep).rows] == ["asleep"]


def test_what_the_studio_forgot_counts_from_memory() -> None:
    events = (
        Event(NOW - 5 * HOUR, "gone", EventKind.SEEN, "READY", ec2_instance_type="g5.xlarge"),
        Event(NOW - HOUR, "gone", EventKind.SEEN, "DELETED"),
    )
    (row,) = week(events=events).rows
    assert (row.today, row.state) == (4 * HOUR, None)
    assert row.cost_today == pytest.approx(6.0)
    assert row.title == "Workstation · gone"


def test_a_type_without_a_price_is_named_and_not_counted() -> None:
    found = week(ready("a", 3, ec2_instance_type="g3s.xlarge"), ready("b", 1))
    assert found.unpriced == ("g3s.xlarge",)
    assert found.cost_week == pytest.approx(1.5)
    assert found.rows[0].cost_week is None


def test_a_launch_profile_bounds_what_is_remembered() -> None:
    profile = LaunchProfile(
        "p", stream_configuration=StreamConfiguration(max_session_length_in_minutes=60)
    )
    events = (Event(NOW - 9 * HOUR, "gone", EventKind.SEEN, "READY", launch_profile_id="p"),)
    (row,) = usage.week_of((), [profile], events, prices=PRICES, now=NOW, tz=UTC).rows
    assert row.today == HOUR


def test_today_in_one_line() -> None:
    def said(one: StreamingSession) -> str:
        return usage.ran_today(one, None, (), prices=PRICES, now=NOW, tz=UTC).value

    assert said(ready("a", 3.2)) == "ran 3 h 12 min, ≈ €4.80"
    assert said(ready("a", 3.2, ec2_instance_type="g3s.xlarge")) == "ran 3 h 12 min"
    asleep = session("a", "STOPPED", created_at=NOW - 90 * HOUR, stopped_at=NOW - 80 * HOUR)
    assert said(asleep) == "has not run"


def test_money_is_marked_as_an_estimate() -> None:
    assert money.amount(1234.5, PRICES) == "≈ €1,234.50"
    assert money.amount(1234.5, Prices("EUR")) == "≈ EUR 1,234.50"
    assert money.amount(0.5, Prices("kr.")) == "≈ kr. 0.50"
    assert money.cost(2 * HOUR, None, PRICES) is None
    assert in_words(43 * HOUR + timedelta(minutes=5), days=False) == "43 h 5 min"


def text(pieces: list[tuple[str, str]]) -> str:
    return "".join(piece for piece, _ in pieces)


def test_a_day_is_drawn_hour_by_hour_and_ends_now() -> None:
    spans = (
        Span(TODAY.start - HOUR, TODAY.start + 2 * HOUR, Doing.STOPPED),
        Span(TODAY.start + 2 * HOUR, TODAY.start + 3 * HOUR, Doing.MOVING),
        Span(TODAY.start + 3 * HOUR, TODAY.start + 6 * HOUR, Doing.RUNNING),
        Span(TODAY.start + 7 * HOUR, TODAY.start + 8 * HOUR, Doing.UNKNOWN),
    )
    assert text(day_bar.bar(spans, TODAY, 24)) == "──▒███ ·" + " " * 16
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
