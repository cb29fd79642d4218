"""Running times of workstations, from the API's own times and from the recorded history.

A session holds only the times of its creation, last start and last stop; earlier runs are known
only from this computer's history. A run known from history alone never counts for longer than a
workstation can run; the rest of such a period is unknown.

Source: the AWS API reference, StreamingSession, members createdAt, startedAt, stoppedAt, updatedAt
and state; StreamConfiguration, member maxSessionLengthInMinutes.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple

from nimble_tui.core.history import BEGINS, Event, EventKind
from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.core.rules import DEFAULT_MAX_SESSION_LENGTH

LONGEST = timedelta(minutes=DEFAULT_MAX_SESSION_LENGTH)
"""The maximum running time if the launch profile gives none."""

LONGEST_MOVE = timedelta(minutes=15)
"""The length of a transition whose end was not recorded, or less if something else followed."""


class Doing(StrEnum):
    """The activity of a workstation during a span."""

    RUNNING = "running"
    MOVING = "in transition"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


class Span(NamedTuple):
    """A span of time, `end` excluded, with one activity."""

    start: datetime
    end: datetime
    doing: Doing


class Period(NamedTuple):
    """A period to sum up, such as a day; `end` is excluded."""

    start: datetime
    end: datetime


class Usage(NamedTuple):
    """The activity of one workstation; `session` is None if the studio no longer lists it."""

    session_id: str
    session: StreamingSession | None
    launch_profile_id: str | None
    ec2_instance_type: str | None
    spans: tuple[Span, ...]


_Mark = tuple[datetime, str]
_STARTING = frozenset({SessionState.CREATE_IN_PROGRESS, SessionState.START_IN_PROGRESS})
_MOVES = _STARTING | {SessionState.STOP_IN_PROGRESS, SessionState.DELETE_IN_PROGRESS}
_GONE = frozenset(
    {SessionState.DELETE_IN_PROGRESS, SessionState.DELETED, SessionState.CREATE_FAILED}
)
_OUTCOMES: Mapping[str, frozenset[SessionState]] = {
    SessionState.CREATE_IN_PROGRESS: frozenset({SessionState.READY, SessionState.CREATE_FAILED}),
    SessionState.START_IN_PROGRESS: frozenset({SessionState.READY, SessionState.START_FAILED}),
    SessionState.STOP_IN_PROGRESS: frozenset({SessionState.STOPPED, SessionState.STOP_FAILED}),
}
_DOING: Mapping[str, Doing | None] = {
    SessionState.CREATE_IN_PROGRESS: Doing.RUNNING,
    SessionState.START_IN_PROGRESS: Doing.RUNNING,
    SessionState.STOP_IN_PROGRESS: Doing.STOPPED,
    SessionState.DELETE_IN_PROGRESS: None,
    SessionState.READY: Doing.RUNNING,
    # A stop that failed leaves the machine running, a start that failed leaves it stopped.
    SessionState.STOP_FAILED: Doing.RUNNING,
    SessionState.STOPPED: Doing.STOPPED,
    SessionState.START_FAILED: Doing.STOPPED,
    SessionState.CREATE_FAILED: None,
    SessionState.DELETED: None,
}
"""The activity in a state, and after a transition; None once nothing is left."""


def spans_of(
    session: StreamingSession | None,
    events: Iterable[Event],
    now: datetime,
    longest: timedelta = LONGEST,
) -> tuple[Span, ...]:
    """Return the activity of a workstation until now, in order and without overlaps.

    `events` are those of this workstation, `session` is None if the studio no longer lists it.
    """
    observed = _observed_marks(events, now)
    if session is None:
        return tuple(_stretches(observed, now, longest, sure_from=None, moving=None, is_open=False))
    reported = _reported_marks(session, now)
    born = session.created_at
    sure_from = _sure_from(session, reported, now)
    marks = list(reported)
    for at, state in observed:
        if born is not None and at < born:
            continue
        if sure_from is None or at < sure_from or _agrees(state, at, reported):
            marks.append((at, state))
    present = _present(session, reported, marks, now)
    marks = [one for one in marks if one[0] <= present[0]]
    marks = [*sorted(marks, key=lambda one: one[0]), present]
    moving = session.state if session.in_transition else None
    return tuple(_stretches(marks, now, longest, sure_from=sure_from, moving=moving, is_open=True))


def usages(
    sessions: Iterable[StreamingSession],
    events: Iterable[Event],
    now: datetime,
    longest: Mapping[str, timedelta] | None = None,
) -> tuple[Usage, ...]:
    """Return the activity of each workstation in the studio's list or in the history.

    `longest` is the maximum running time, by launch profile id.
    """
    listed = {one.session_id: one for one in sessions}
    by_session: dict[str, list[Event]] = {one: [] for one in listed}
    for event in events:
        if event.principal_ids:
            continue  # not about a workstation
        by_session.setdefault(event.session_id, []).append(event)
    limits = longest or {}
    found = []
    for session_id, mine in by_session.items():
        session = listed.get(session_id)
        profile = (session.launch_profile_id if session else None) or _latest(
            one.launch_profile_id for one in mine
        )
        kind = (session.ec2_instance_type if session else None) or _latest(
            one.ec2_instance_type for one in mine
        )
        spans = spans_of(session, mine, now, limits.get(profile or "", LONGEST))
        found.append(Usage(session_id, session, profile, kind, spans))
    return tuple(found)


def running(spans: Iterable[Span], period: Period) -> timedelta:
    """Return the running time within a period."""
    return doing_in(spans, period).get(Doing.RUNNING, timedelta())


def doing_in(spans: Iterable[Span], period: Period) -> dict[Doing, timedelta]:
    """Return the duration of each activity within a period, without those that are zero."""
    found: dict[Doing, timedelta] = {}
    for span in spans:
        length = min(span.end, period.end) - max(span.start, period.start)
        if length > timedelta():
            found[span.doing] = found.get(span.doing, timedelta()) + length
    return found


def day(which: date, tz: tzinfo | None) -> Period:
    """Return a calendar day of a time zone (None: this computer's); 23 or 25 h at clock changes."""
    return Period(_midnight(which, tz), _midnight(which + timedelta(days=1), tz))


def last_days(now: datetime, tz: tzinfo | None, count: int) -> tuple[date, ...]:
    """Return the last `count` calendar days, ending with today."""
    today = now.astimezone(tz).date()
    return tuple(today - timedelta(days=back) for back in reversed(range(count)))


def today(now: datetime, tz: tzinfo | None) -> Period:
    """Return the current calendar day."""
    return day(now.astimezone(tz).date(), tz)


def _midnight(which: date, tz: tzinfo | None) -> datetime:
    return datetime.combine(which, time.min, tz).astimezone(UTC)


def _latest(values: Iterable[str | None]) -> str | None:
    return next((one for one in reversed(list(values)) if one), None)


def _observed_marks(events: Iterable[Event], now: datetime) -> list[_Mark]:
    """Return the marks of observed states and of accepted requests, up to now."""
    marks = []
    for event in events:
        seen = event.kind == EventKind.OBSERVED
        state = event.what if seen else BEGINS.get(event.what) if event.done else None
        if state is not None and event.at <= now:
            marks.append((event.at, state))
    return sorted(marks, key=lambda one: one[0])


def _reported_marks(session: StreamingSession, now: datetime) -> list[_Mark]:
    """Return the marks that the studio reports, in order; a time in the future counts as now."""
    times = (
        (session.created_at, SessionState.CREATE_IN_PROGRESS),
        (session.started_at, SessionState.START_IN_PROGRESS),
        (session.stopped_at, SessionState.STOP_IN_PROGRESS),
    )
    marks: list[_Mark] = [(min(at, now), state) for at, state in times if at is not None]
    return sorted(marks, key=lambda one: one[0])


def _sure_from(session: StreamingSession, reported: list[_Mark], now: datetime) -> datetime | None:
    """Return the time from which the studio's times are complete; None if there is none.

    Only the latest start and stop are reported, not those before them.
    """
    ends_unknown = session.state in _GONE and session.updated_at is None
    if not reported or ends_unknown:
        return None
    if session.started_at is None:
        return reported[0][0]
    last = [at for at in (session.started_at, session.stopped_at) if at is not None]
    return min(*last, now)


def _agrees(state: str, at: datetime, reported: list[_Mark]) -> bool:
    """Return whether a recorded state is consistent with the studio's times."""
    under_way = next((one for since, one in reversed(reported) if since <= at), None)
    return under_way is not None and state in _OUTCOMES[under_way]


def _present(
    session: StreamingSession, reported: list[_Mark], marks: list[_Mark], now: datetime
) -> _Mark:
    """Return the time since which it has been in its current state."""
    state = session.state or ""
    updated = min(session.updated_at, now) if session.updated_at else None
    if not reported:
        return updated or now, state
    since, last = reported[-1]
    if state == last:
        return since, state
    if state in _OUTCOMES[last]:
        seen = [at for at, one in marks if one == state and at >= since]
        changed = [updated] if updated is not None and updated >= since else []
        # A rename changes updatedAt too, long after the state did.
        at = min([*seen, *changed, since + min(LONGEST_MOVE, now - since)])
        return at, state
    return (updated if updated is not None and updated >= since else now), state


def _stretches(
    marks: list[_Mark],
    now: datetime,
    longest: timedelta,
    *,
    sure_from: datetime | None,
    moving: str | None,
    is_open: bool,
) -> Iterator[Span]:
    """Yield the spans between marks; the last one lasts until now if `is_open`."""
    for place, (at, state) in enumerate(marks):
        last = place == len(marks) - 1
        end = now if last else marks[place + 1][0]
        sure = sure_from is not None and at >= sure_from
        if last and not is_open:
            # No longer listed: it may have run for a while before it was deleted.
            end = at + min(longest, now - at) if _doing(state) == Doing.RUNNING else at
        middle = at
        if state in _MOVES:
            still = last and state == moving
            middle = end if still else at + min(LONGEST_MOVE, end - at)
            yield from _span(at, middle, Doing.MOVING)
        doing = _doing(state)
        if doing == Doing.RUNNING and not sure:
            ran = middle + min(longest, end - middle)
            yield from _span(middle, ran, doing)
            yield from _span(ran, end, Doing.UNKNOWN)
        elif doing is not None:
            yield from _span(middle, end, doing)


def _doing(state: str) -> Doing | None:
    return _DOING.get(state, Doing.UNKNOWN)


def _span(start: datetime, end: datetime, doing: Doing) -> Iterator[Span]:
    if end > start:
        yield Span(start, end, doing)
