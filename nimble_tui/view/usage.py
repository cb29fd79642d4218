"""Running times and costs of today and the last seven days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from nimble_tui.core import usage
from nimble_tui.core.durations import in_words
from nimble_tui.core.lookup import folded
from nimble_tui.core.model import LaunchProfile, SessionState, StreamingSession
from nimble_tui.core.usage import Doing, Span, Usage
from nimble_tui.view import money
from nimble_tui.view.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, tzinfo

    from nimble_tui.core.history import Event
    from nimble_tui.core.prices import Prices
    from nimble_tui.core.usage import Period

DAYS = 7


class Ran(NamedTuple):
    """The running time and cost of one workstation; `days` are the last seven, ending with today.

    A cost is None if its type has no price; `unsure` says that parts of the week are unknown.
    """

    key: str
    title: str
    state: str | None
    ec2_instance_type: str | None
    spans: tuple[Span, ...]
    today: timedelta
    week: timedelta
    days: tuple[timedelta, ...]
    cost_today: float | None
    cost_week: float | None
    unsure: bool


class Week(NamedTuple):
    """The running times of all workstations."""

    today: Period
    days: tuple[date, ...]
    rows: tuple[Ran, ...]
    unpriced: tuple[str, ...]

    @property
    def has_assumed_moves(self) -> bool:
        """True if the week has a transition whose end is assumed, as it was not recorded."""
        start = self.today.end - timedelta(days=len(self.days))
        return any(
            span.doing == Doing.MOVING
            and span.end > start
            and span.end - span.start == usage.LONGEST_MOVE
            for row in self.rows
            for span in row.spans
        )

    @property
    def ran_today(self) -> timedelta:
        """The total running time of today."""
        return sum((row.today for row in self.rows), timedelta())

    @property
    def ran_week(self) -> timedelta:
        """The total running time of the seven days."""
        return sum((row.week for row in self.rows), timedelta())

    @property
    def cost_today(self) -> float:
        """The cost of today, of types with a price."""
        return sum(row.cost_today or 0.0 for row in self.rows)

    @property
    def cost_week(self) -> float:
        """The cost of the seven days, of types with a price."""
        return sum(row.cost_week or 0.0 for row in self.rows)


def longest_of(profiles: Iterable[LaunchProfile]) -> dict[str, timedelta]:
    """Return the maximum running times, by launch profile id."""
    found = {}
    for one in profiles:
        minutes = one.stream_configuration.max_session_length_in_minutes
        if minutes is not None and minutes > 0:
            found[one.launch_profile_id] = timedelta(minutes=minutes)
    return found


def week_of(
    sessions: Iterable[StreamingSession],
    profiles: Iterable[LaunchProfile],
    events: Iterable[Event],
    *,
    prices: Prices,
    now: datetime,
    tz: tzinfo | None,
) -> Week:
    """Return the running times, without deleted workstations that did not run lately."""
    known = {one.launch_profile_id: one for one in profiles}
    days = usage.last_days(now, tz, DAYS)
    periods = [usage.day(which, tz) for which in days]
    week = usage.Period(periods[0].start, periods[-1].end)
    rows = []
    for one in usage.usages(sessions, events, now, longest_of(known.values())):
        lengths = tuple(usage.running(one.spans, period) for period in periods)
        gone = one.session is None or one.session.state == SessionState.DELETED
        if gone and not any(lengths):
            continue
        ran = usage.doing_in(one.spans, week)
        in_week = ran.get(Doing.RUNNING, timedelta())
        kind = one.ec2_instance_type
        rows.append(
            Ran(
                one.session_id,
                _title(one, known),
                one.session.state if one.session else None,
                kind,
                one.spans,
                lengths[-1],
                in_week,
                lengths,
                money.cost(lengths[-1], kind, prices),
                money.cost(in_week, kind, prices),
                Doing.UNKNOWN in ran,
            )
        )
    unpriced = {row.ec2_instance_type for row in rows if row.week and row.cost_week is None}
    ordered = sorted(rows, key=lambda row: (-row.today, -row.week, folded(row.title), row.key))
    named = tuple(sorted(one or "an unknown type" for one in unpriced))
    return Week(periods[-1], days, tuple(ordered), named)


def ran_today(
    session: StreamingSession,
    profile: LaunchProfile | None,
    events: Iterable[Event],
    *,
    prices: Prices,
    now: datetime,
    tz: tzinfo | None,
) -> Fact:
    """Return a workstation's running time of today, with the cost if it has a price."""
    limits = longest_of([profile] if profile else [])
    longest = limits.get(session.launch_profile_id or "", usage.LONGEST)
    length = usage.running(usage.spans_of(session, events, now, longest), usage.today(now, tz))
    if not length:
        return Fact("Today", "has not run")
    cost = money.cost(length, session.ec2_instance_type, prices)
    spent = f", {money.amount(cost, prices)}" if cost is not None else ""
    return Fact("Today", f"ran {in_words(length, days=False)}{spent}")


def _title(one: Usage, known: Mapping[str, LaunchProfile]) -> str:
    session = one.session or StreamingSession(one.session_id)
    return session.title(known.get(one.launch_profile_id or ""))
