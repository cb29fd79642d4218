"""Running times: what the studio tells is believed, what nobody knows is not made up."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nimble_tui.core import usage
from nimble_tui.core.history import Event, EventKind
from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.core.usage import Doing, Period, Span

NOW = datetime(2026, 11, 21, 13, 26, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
EVER = Period(datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


def session(state: str, **members: object) -> StreamingSession:
    return replace(StreamingSession("one", state=state), **members)  # type: ignore[arg-type]


def seen(hours: float, state: str) -> Event:
    """Return that the workstation was seen in a state, some hours ago."""
    return Event(NOW - hours * HOUR, "one", EventKind.OBSERVED, state)


def asked(hours: float, what: str, *, done: bool | None = True) -> Event:
    return Event(NOW - hours * HOUR, "one", EventKind.REQUESTED, what, done)


def told(*spans: Span) -> list[tuple[float, float, Doing]]:
    """Return spans in hours before now."""
    return [
        (round((NOW - one.start) / HOUR, 2), round((NOW - one.end) / HOUR, 2), one.doing)
        for one in spans
    ]


def test_one_that_runs_since_it_was_made_ran_all_along() -> None:
    one = session("READY", created_at=NOW - 30 * HOUR, updated_at=NOW - 29.9 * HOUR)
    assert told(*usage.spans_of(one, (), NOW)) == [
        (30, 29.9, Doing.MOVING),
        (29.9, 0, Doing.RUNNING),
    ]


def test_a_new_name_long_after_does_not_make_the_start_longer() -> None:
    one = session("READY", created_at=NOW - 30 * HOUR, updated_at=NOW - HOUR)
    assert told(*usage.spans_of(one, (), NOW)) == [
        (30, 29.75, Doing.MOVING),
        (29.75, 0, Doing.RUNNING),
    ]


def test_one_that_was_stopped_ran_from_its_latest_start() -> None:
    one = session(
        "STOPPED",
        created_at=NOW - 300 * HOUR,
        started_at=NOW - 20 * HOUR,
        stopped_at=NOW - 12 * HOUR,
        updated_at=NOW - 11.9 * HOUR,
    )
    spans = usage.spans_of(one, (), NOW)
    assert told(*spans)[-4:] == [
        (20, 19.75, Doing.MOVING),
        (19.75, 12, Doing.RUNNING),
        (12, 11.9, Doing.MOVING),
        (11.9, 0, Doing.STOPPED),
    ]
    # Before that it was started and stopped who knows how often: no more than one full run.
    assert told(*spans)[:3] == [
        (300, 299.75, Doing.MOVING),
        (299.75, 288.25, Doing.RUNNING),
        (288.25, 20, Doing.UNKNOWN),
    ]


def test_history_fills_what_the_studio_no_longer_tells() -> None:
    one = session(
        "READY",
        created_at=NOW - 100 * HOUR,
        stopped_at=NOW - 20 * HOUR,
        started_at=NOW - 4 * HOUR,
        updated_at=NOW - 3.9 * HOUR,
    )
    events = (
        seen(99.9, "READY"),
        asked(95, "stop"),
        seen(94.9, "STOPPED"),
        asked(26, "start"),
        seen(25.9, "READY"),
    )
    spans = usage.spans_of(one, events, NOW)
    assert told(*spans) == [
        (100, 99.9, Doing.MOVING),
        (99.9, 95, Doing.RUNNING),
        (95, 94.9, Doing.MOVING),
        (94.9, 26, Doing.STOPPED),
        (26, 25.9, Doing.MOVING),
        (25.9, 20, Doing.RUNNING),
        (20, 19.75, Doing.MOVING),
        (19.75, 4, Doing.STOPPED),
        (4, 3.9, Doing.MOVING),
        (3.9, 0, Doing.RUNNING),
    ]
    assert usage.running(spans, EVER) == (4.9 + 5.9 + 3.9) * HOUR


def test_the_studios_own_times_win_over_a_clock_that_is_off() -> None:
    one = session(
        "READY",
        created_at=NOW - 100 * HOUR,
        stopped_at=NOW - 20 * HOUR,
        started_at=NOW - 4 * HOUR,
        updated_at=NOW - 3.9 * HOUR,
    )
    late = (seen(19, "READY"), seen(3.99, "READY"), seen(2, "STOPPED"), seen(-5, "STOPPED"))
    assert told(*usage.spans_of(one, late, NOW))[-4:] == [
        (20, 19.75, Doing.MOVING),
        (19.75, 4, Doing.STOPPED),
        (4, 3.99, Doing.MOVING),
        (3.99, 0, Doing.RUNNING),
    ]


def test_a_run_that_history_alone_tells_of_is_no_longer_than_a_run_may_be() -> None:
    spans = usage.spans_of(None, (seen(72, "READY"),), NOW, longest=8 * HOUR)
    assert told(*spans) == [(72, 64, Doing.RUNNING)]
    between = usage.spans_of(None, (seen(72, "READY"), seen(48, "STOPPED")), NOW, longest=8 * HOUR)
    assert told(*between) == [(72, 64, Doing.RUNNING), (64, 48, Doing.UNKNOWN)]


def test_a_deleted_one_counts_up_to_its_end() -> None:
    listed = session("DELETED", created_at=NOW - 9 * HOUR, updated_at=NOW - 5 * HOUR)
    assert usage.running(usage.spans_of(listed, (), NOW), EVER) == 4 * HOUR - 15 * MINUTE
    gone = (seen(9, "READY"), asked(6, "delete"), seen(5.9, "DELETED"))
    assert usage.running(usage.spans_of(None, gone, NOW), EVER) == 3 * HOUR


def test_what_was_refused_or_is_open_changes_nothing() -> None:
    events = (seen(9, "READY"), asked(6, "stop", done=False), asked(5, "stop", done=None))
    assert told(*usage.spans_of(None, events, NOW)) == [(9, 0, Doing.RUNNING)]


@pytest.mark.parametrize(
    ("state", "doing"),
    [
        ("START_IN_PROGRESS", [Doing.MOVING]),
        ("START_FAILED", [Doing.MOVING, Doing.STOPPED]),
        ("STOP_FAILED", [Doing.RUNNING]),
        ("HIBERNATING", [Doing.RUNNING, Doing.UNKNOWN]),
        ("DELETE_IN_PROGRESS", [Doing.RUNNING, Doing.MOVING]),
        ("CREATE_FAILED", [Doing.RUNNING]),
    ],
)
def test_the_state_of_now_ends_the_line(state: str, doing: list[Doing]) -> None:
    one = session(
        state,
        created_at=NOW - 10 * HOUR,
        stopped_at=NOW - 9 * HOUR,
        started_at=NOW - 8 * HOUR,
        updated_at=NOW - 1 * MINUTE if state != "START_FAILED" else NOW - 7.9 * HOUR,
    )
    found = [one.doing for one in usage.spans_of(one, (), NOW)]
    assert found[-len(doing) :] == doing


def test_changes_of_people_are_no_workstation() -> None:
    event = Event(NOW, "", EventKind.REQUESTED, "people add", True, principal_ids=("theo",))
    assert usage.usages([], [event], NOW) == ()


def test_nothing_known_is_nothing_counted() -> None:
    assert usage.spans_of(session("READY"), (), NOW) == ()
    assert usage.spans_of(None, (), NOW) == ()
    assert usage.running((), EVER) == timedelta()


def test_all_that_is_listed_or_remembered_is_found_with_its_type_and_profile() -> None:
    events = (
        replace(seen(9, "READY"), session_id="gone", ec2_instance_type="g5.xlarge"),
        replace(seen(8, "DELETED"), session_id="gone", launch_profile_id="Comp"),
    )
    listed = session("READY", created_at=NOW - HOUR, ec2_instance_type="g4dn.xlarge")
    found = {one.session_id: one for one in usage.usages([listed], events, NOW)}
    assert set(found) == {"one", "gone"}
    assert found["gone"].session is None
    assert (found["gone"].ec2_instance_type, found["gone"].launch_profile_id) == (
        "g5.xlarge",
        "Comp",
    )
    assert found["one"].ec2_instance_type == "g4dn.xlarge"


@pytest.mark.parametrize(
    ("which", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 21), 24)],
)
def test_a_day_is_as_long_as_it_is_there(which: date, hours: int) -> None:
    there = usage.day(which, ZoneInfo("Europe/Berlin"))
    assert there.end - there.start == hours * HOUR
    whole = Span(there.start - DAY, there.end + DAY, Doing.RUNNING)
    assert usage.running([whole], there) == hours * HOUR


def test_a_day_that_begins_with_a_turn_of_the_clock_begins_where_the_one_before_ends() -> None:
    havana = ZoneInfo("America/Havana")  # the hour after midnight is left out
    before, turn = (usage.day(date(2026, 3, at), havana) for at in (7, 8))
    assert before.end == turn.start
    assert turn.end - turn.start == 23 * HOUR


def test_the_last_days_are_counted_where_the_artist_is() -> None:
    evening = datetime(2026, 11, 22, 11, tzinfo=UTC)
    assert usage.last_days(evening, timezone(14 * HOUR), 1) == (date(2026, 11, 23),)
    assert usage.last_days(NOW, UTC, 3) == tuple(date(2026, 11, at) for at in (19, 20, 21))
    assert usage.today(NOW, UTC) == Period(
        datetime(2026, 11, 21, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC)
    )


LOCAL = NOW.replace(tzinfo=None)  # as Hypothesis wants its bounds
IN_UTC = st.just(UTC)
TIMES = st.datetimes(LOCAL - 20 * DAY, LOCAL + 14 * DAY, timezones=IN_UTC)
ANY_TIME = TIMES | st.datetimes(LOCAL.replace(year=2), LOCAL.replace(year=9998), timezones=IN_UTC)
STATES = st.sampled_from([*SessionState, "HIBERNATING", "THAW_IN_PROGRESS", None])
SESSIONS = st.builds(
    StreamingSession,
    session_id=st.just("one"),
    state=STATES,
    created_at=st.none() | ANY_TIME,
    started_at=st.none() | ANY_TIME,
    stopped_at=st.none() | ANY_TIME,
    updated_at=st.none() | ANY_TIME,
)
EVENTS = st.lists(
    st.one_of(
        st.builds(
            Event,
            at=ANY_TIME,
            session_id=st.just("one"),
            kind=st.just(EventKind.OBSERVED),
            what=STATES.map(str),
        ),
        st.builds(
            Event,
            at=ANY_TIME,
            session_id=st.just("one"),
            kind=st.just(EventKind.REQUESTED),
            what=st.sampled_from(["launch", "start", "stop", "delete", "keep", "rename", "dance"]),
            done=st.sampled_from([True, False, None]),
        ),
    ),
    max_size=8,
)


@given(st.none() | SESSIONS, EVENTS, TIMES, st.integers(1, 72))
@example(StreamingSession("one", state="READY", started_at=NOW, stopped_at=NOW), [], NOW, 1)
def test_spans_are_in_order_never_overlap_and_never_reach_beyond_now(
    one: StreamingSession | None, events: list[Event], now: datetime, hours: int
) -> None:
    spans = usage.spans_of(one, events, now, hours * HOUR)
    assert all(span.start < span.end <= now for span in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    known = [event.at for event in events]
    known += [at for at in (one.created_at, one.started_at, one.stopped_at) if at] if one else []
    known += [one.updated_at] if one and one.updated_at else []
    if spans:
        assert spans[0].start >= min(known)
        assert usage.running(spans, EVER) <= now - spans[0].start


@given(st.none() | SESSIONS, EVENTS, TIMES)
def test_days_add_up_to_the_whole_in_any_zone(
    one: StreamingSession | None, events: list[Event], now: datetime
) -> None:
    zone = ZoneInfo("America/Havana")
    spans = usage.spans_of(one, events, now)
    days = [usage.day(which, zone) for which in usage.last_days(now, zone, 9)]
    whole = usage.running(spans, Period(days[0].start, days[-1].end))
    assert sum((usage.running(spans, one) for one in days), timedelta()) == whole
    assert all(usage.running(spans, one) <= one.end - one.start for one in days)
