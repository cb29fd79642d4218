"""How long workstations ran: from the API's own times, and from history where those are silent.

A session tells when it was made and when it last started and last stopped, no more; what it did
before that is known only as far as this computer saw it. A run that history alone tells of never
counts for longer than a workstation may run; the rest of such a stretch is not known.

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
"""How long a workstation may run where its launch profile does not say."""

_LONGEST_MOVE = timedelta(minutes=15)


class Doing(StrEnum):
    """What a workstation did for a while."""

    RUNNING = "running"
    MOVING = "in transition"
    STOPPED = "stopped"
    UNKNOWN = "not known"


class Span(NamedTuple):
    """A stretch of time, `end` excluded, in which a workstation did one thing."""

    start: datetime
    end: datetime
    doing: Doing


class Period(NamedTuple):
    """A stretch of time to add up over, such as a day; `end` is excluded."""

    start: datetime
    end: datetime


class Usage(NamedTuple):
    """What one workstation did; `session` is None when the studio no longer lists it."""

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
"""What a state is, or leads to once it is through with it; None when nothing is left."""


def spans_of(
    session: StreamingSession | None,
    events: Iterable[Event],
    now: datetime,
    longest: timedelta = LONGEST,
) -> tuple[Span, ...]:
    """Return what a workstation did until now, in order and without overlaps.

    `events` are those of this workstation, `session` is None when the studio no longer lists it.
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
    """Return what each workstation did that the studio lists or history knows.

    `longest` is how long a workstation may run, by launch profile id.
    """
    listed = {one.session_id: one for one in sessions}
    by_session: dict[str, list[Event]] = {one: [] for one in listed}
    for event in events:
        if event.principal_ids:
            continue  # it is about no workstation
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
    """Return for how long of a period it ran."""
    return doing_in(spans, period).get(Doing.RUNNING, timedelta())


def doing_in(spans: Iterable[Span], period: Period) -> dict[Doing, timedelta]:
    """Return how long it did what within a period; what it never did is left out."""
    found: dict[Doing, timedelta] = {}
    for span in spans:
        length = min(span.end, period.end) - max(span.start, period.start)
        if length > timedelta():
            found[span.doing] = found.get(span.doing, timedelta()) + length
    return found


def day(which: date, tz: tzinfo | None) -> Period:
    """Return a calendar day of a time zone (None is this computer's); 23 or 25 h at its turns."""
    return Period(_midnight(which, tz), _midnight(which + timedelta(days=1), tz))


def last_days(now: datetime, tz: tzinfo | None, count: int) -> tuple[date, ...]:
    """Return the last `count` calendar days, today's the last."""
    today = now.astimezone(tz).date()
    return tuple(today - timedelta(days=back) for back in reversed(range(count)))


def today(now: datetime, tz: tzinfo | None) -> Period:
    """Return the calendar day that it is now."""
    return day(now.astimezone(tz).date(), tz)


def this_week(now: datetime, tz: tzinfo | None) -> Period:
    """Return the calendar week that it is now, from its Monday to the next."""
    monday = now.astimezone(tz).date()
    monday -= timedelta(days=monday.weekday())
    return Period(_midnight(monday, tz), _midnight(monday + timedelta(days=7), tz))


def _midnight(which: date, tz: tzinfo | None) -> datetime:
    return datetime.combine(which, time.min, tz).astimezone(UTC)


def _latest(values: Iterable[str | None]) -> str | None:
    return next((one for one in reversed(list(values)) if one), None)


def _observed_marks(events: Iterable[Event], now: datetime) -> list[_Mark]:
    """Return what this computer saw, or asked for and was granted, up to now."""
    marks = []
    for event in events:
        seen = event.kind == EventKind.OBSERVED
        state = event.what if seen else BEGINS.get(event.what) if event.done else None
        if state is not None and event.at <= now:
            marks.append((event.at, state))
    return sorted(marks, key=lambda one: one[0])


def _reported_marks(session: StreamingSession, now: datetime) -> list[_Mark]:
    """Return what the studio tells, in order; a time that lies ahead counts as now."""
    times = (
        (session.created_at, SessionState.CREATE_IN_PROGRESS),
        (session.started_at, SessionState.START_IN_PROGRESS),
        (session.stopped_at, SessionState.STOP_IN_PROGRESS),
    )
    marks: list[_Mark] = [(min(at, now), state) for at, state in times if at is not None]
    return sorted(marks, key=lambda one: one[0])


def _sure_from(session: StreamingSession, reported: list[_Mark], now: datetime) -> datetime | None:
    """Return from when on the studio's times leave nothing out; None when never.

    Only the latest start and stop are told: once it was started again, earlier ones are not.
    """
    ends_unknown = session.state in _GONE and session.updated_at is None
    if not reported or ends_unknown:
        return None
    if session.started_at is None:
        return reported[0][0]
    last = [at for at in (session.started_at, session.stopped_at) if at is not None]
    return min(*last, now)


def _agrees(state: str, at: datetime, reported: list[_Mark]) -> bool:
    """Return whether a remembered state can come of what the studio says it was doing."""
    under_way = next((one for since, one in reversed(reported) if since <= at), None)
    return under_way is not None and state in _OUTCOMES[under_way]


def _present(
    session: StreamingSession, reported: list[_Mark], marks: list[_Mark], now: datetime
) -> _Mark:
    """Return since when it is as it is now."""
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
        # A new name changes updatedAt too, long after it settled.
        at = min([*seen, *changed, since + min(_LONGEST_MOVE, now - since)])
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
    """Yield what lies between one mark and the next; the last one lasts until now if `is_open`."""
    for place, (at, state) in enumerate(marks):
        last = place == len(marks) - 1
        end = now if last else marks[place + 1][0]
        sure = sure_from is not None and at >= sure_from
        if last and not is_open:
            # It is listed no more: it may have run on for a while, and is gone since then.
            end = at + min(longest, now - at) if _doing(state) == Doing.RUNNING else at
        middle = at
        if state in _MOVES:
            still = last and state == moving
            middle = end if still else at + min(_LONGEST_MOVE, end - at)
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
