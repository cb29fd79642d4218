"""Running times of a week, in hours and in money."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nimble_tui.core.durations import in_words
from nimble_tui.core.history import Event, EventKind
from nimble_tui.core.model import LaunchProfile, StreamConfiguration, StreamingSession
from nimble_tui.core.prices import Prices
from nimble_tui.view import money, usage

NOW = datetime(2026, 11, 21, 13, 26, tzinfo=UTC)
HOUR = timedelta(hours=1)
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
    assert found.has_assumed_moves
    assert not week(ready("a", 3)).has_assumed_moves
    assert found.cost_today == pytest.approx(7.5)
    assert [one.total_seconds() for one in found.rows[0].days] == [0] * 6 + [3 * 3600]


def test_the_seven_days_of_the_bars_are_added_up_whatever_day_it_is() -> None:
    monday = datetime(2026, 11, 23, 12, tzinfo=UTC)
    saturday = monday - 48 * HOUR
    one = session("a", "STOPPED", created_at=saturday, stopped_at=saturday + 5 * HOUR)
    found = usage.week_of([one], (), (), prices=PRICES, now=monday, tz=UTC)
    assert found.ran_week == sum(found.rows[0].days, timedelta()) > 4 * HOUR


def test_what_is_gone_for_long_is_left_out_and_what_stands_still_is_not() -> None:
    old = session("old", "DELETED", created_at=NOW - 900 * HOUR, updated_at=NOW - 800 * HOUR)
    asleep = session("asleep", "STOPPED", created_at=NOW - 900 * HOUR, stopped_at=NOW - 890 * HOUR)
    assert [row.title for row in week(old, asleep).rows] == ["asleep"]


def test_what_the_studio_forgot_counts_from_memory() -> None:
    events = (
        Event(NOW - 5 * HOUR, "gone", EventKind.OBSERVED, "READY", ec2_instance_type="g5.xlarge"),
        Event(NOW - HOUR, "gone", EventKind.OBSERVED, "DELETED"),
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
    events = (Event(NOW - 9 * HOUR, "gone", EventKind.OBSERVED, "READY", launch_profile_id="p"),)
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
