"""watch: the workstations, then each change of them, one per line."""

import json
import random
from argparse import Namespace
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from nimble_tui.cli import exit_codes, preload
from nimble_tui.cli.context import opened
from nimble_tui.cli.errors import say
from nimble_tui.cli.fetched_lists import Lists, fetch_lists
from nimble_tui.cli.output import coloured, pause, style_of
from nimble_tui.cli.waiting import TEMPORARY
from nimble_tui.config.plain import iso, plain
from nimble_tui.core.cadence import Intervals, PollState, seconds_to_next_poll
from nimble_tui.core.clock import Clock, SystemClock
from nimble_tui.core.model import FAILED_STATES, SessionState
from nimble_tui.core.service import ErrorKind, StudioError, StudioService
from nimble_tui.view import labels
from nimble_tui.view.session_rows import SessionRow
from nimble_tui.view.totals import Totals


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a workstation: `present` at first, then `new`, `changed` or `gone`."""

    what: str
    row: SessionRow
    before: SessionRow | None = None


@dataclass
class Watcher:
    """Polls a studio at the intervals of the settings."""

    service: StudioService
    intervals: Intervals
    clock: Clock = field(default_factory=SystemClock)
    _known: Mapping[str, SessionRow] | None = None
    _failures: int = 0
    _retry_after: float = 0.0
    _answered: bool = False
    _noted: str | None = None

    def poll(self) -> list[Change]:
        """Return the changes since the last poll; at first, all workstations.

        An unavailable studio is reported once, and its return too; StudioError when a poll
        fails permanently.
        """
        try:
            lists = fetch_lists(self.service)
        except StudioError as error:
            if error.kind not in TEMPORARY:
                raise
            if not self._failures:
                say(f"{error.message} Still watching.")
            self._failures, self._retry_after = self._failures + 1, error.retry_after
            self._answered = error.kind == ErrorKind.NOT_UNDERSTOOD
            return []
        if self._failures:
            say("The studio is responding again.")
        self._failures, self._retry_after = 0, 0.0
        problem = lists.sessions.problem
        if problem and problem != self._noted:
            say(problem)
        self._noted = problem
        rows = _rows(lists)
        before = self._known
        changes = list(_changes(before, rows, complete=lists.sessions.complete))
        kept = before if before and not lists.sessions.complete else {}
        self._known = {**kept, **rows}
        return changes

    def rest(self) -> float:
        """Return the seconds until the next poll."""
        totals, now = Totals.of((self._known or {}).values()), self.clock.now()
        seen = PollState(
            now,
            in_transition=bool(totals.in_transition),
            failures=self._failures,
            retry_after=self._retry_after,
            next_deadline=totals.next_deadline(now),
            answered=self._answered,
        )
        return max(seconds_to_next_poll(seen, self.intervals, random.random()), self._retry_after)  # noqa: S311


def watch(args: Namespace) -> int:
    """Print each change until ctrl+c."""
    with opened(args) as (settings, service):
        watcher = Watcher(service, settings.refresh)
        ready = False
        try:
            while True:
                for change in watcher.poll():
                    now = watcher.clock.now()
                    line = as_json(change, now) if args.json else as_text(change, now)
                    print(line, flush=True)
                if not ready:
                    preload.for_commands()
                    ready = True
                pause(watcher.rest())
        except KeyboardInterrupt:
            return exit_codes.DONE


def _rows(lists: Lists) -> dict[str, SessionRow]:
    return {
        one.session_id: SessionRow.of(one, lists.profile_of(one))
        for one in lists.sessions.items
        if one.state != SessionState.DELETED
    }


def _changes(
    before: Mapping[str, SessionRow] | None, after: Mapping[str, SessionRow], *, complete: bool
) -> Iterator[Change]:
    if before is None:
        yield from (Change("present", row) for row in after.values())
        return
    for key, row in after.items():
        old = before.get(key)
        if old is None:
            yield Change("new", row)
        elif _shown(old) != _shown(row):
            yield Change("changed", row, old)
    if complete:
        yield from (Change("gone", old) for key, old in before.items() if key not in after)


def _shown(row: SessionRow) -> tuple[object, ...]:
    """Return the facts that a line shows; other changes are not reported."""
    due = row.deadline
    ends = (due.ending, due.at) if due else row.times_unread
    session = row.session
    return row.title, session.state, session.status_code, session.ec2_instance_type, ends


def as_text(change: Change, now: datetime) -> str:
    """Return a change as a line for people."""
    row, session = change.row, change.row.session
    state = coloured(session.state or "UNKNOWN", style_of(session))
    name = row.title
    if change.before and change.before.title != name:
        name = f"{change.before.title} → {name}"
    if change.before and change.before.session.state != session.state:
        state = f"{change.before.session.state or 'UNKNOWN'} → {state}"
    if change.what == "gone":
        state = "gone"
    note = labels.reason_of(session) if session.state in FAILED_STATES else ""
    due = labels.deadline_in_words(row.deadline, now, None) if row.deadline else row.times_unread
    tail = "" if change.what == "gone" else due or note
    parts = [f"{now.astimezone():%H:%M:%S}", name, state, session.short_id, tail]
    return "  ".join(part for part in parts if part)


def as_json(change: Change, now: datetime) -> str:
    """Return a change as a JSON object in one line of visible ASCII."""
    session = change.row.session
    line = {
        "at": iso(now),
        "change": change.what,
        "title": change.row.title,
        "before": change.before.session.state if change.before else None,
        "session": plain(session.members),
    }
    return json.dumps(line, ensure_ascii=True)
