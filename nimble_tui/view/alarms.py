"""Warnings before a workstation's deadline, each given once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from nimble_tui.core.rules import WARNED_AT, Ending, Urgency

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nimble_tui.core.rules import Deadline
    from nimble_tui.view.session_rows import SessionRow

_FAR = datetime.max.replace(tzinfo=UTC)
_FIRST = max(WARNED_AT.values())
_SAME = timedelta(minutes=1)


class Alarm(NamedTuple):
    """A workstation whose deadline is near; `is_loud` if it will be deleted."""

    row: SessionRow
    deadline: Deadline
    urgency: Urgency

    @property
    def is_loud(self) -> bool:
        """True if work will be lost permanently."""
        return self.deadline.ending == Ending.DELETE


class Alarms:
    """The warnings already given about the workstations of one studio."""

    def __init__(self) -> None:
        self._given: dict[str, tuple[Deadline, Urgency]] = {}
        self._near: dict[str, SessionRow] = {}
        self._seen: Sequence[SessionRow] | None = None
        self._next = _FAR

    def due(self, ending: Sequence[SessionRow], now: datetime) -> tuple[Alarm, ...]:
        """Return the warnings to give now, the most urgent first; each is returned only once.

        `ending` are the rows with a deadline, the earliest first. A call with the same ones costs
        nothing until the next warning is due.
        """
        if ending is self._seen and now < self._next:
            return ()
        self._seen = ending
        horizon = now + _FIRST
        self._next = _FAR
        found = []
        near = {}
        for row in ending:
            deadline = row.deadline
            if deadline is None:
                continue
            if deadline.at > horizon:
                self._next = min(self._next, deadline.at - _FIRST)
                break
            near[row.key] = row
            self._next = min(self._next, _next_step(deadline, now))
            if not row.session.in_transition and self._is_new(row.key, deadline, now):
                found.append(Alarm(row, deadline, deadline.urgency(now)))
        self._near = near
        self._given = {key: given for key, given in self._given.items() if key in near}
        return tuple(sorted(found, key=lambda alarm: (not alarm.is_loud, alarm.deadline.at)))

    def holds(self, key: str) -> bool:
        """Return whether the deadline of the last warning still stands."""
        return key in self._given and not self._near[key].session.in_transition

    def _is_new(self, key: str, deadline: Deadline, now: datetime) -> bool:
        urgency = deadline.urgency(now)
        given = self._given.get(key)
        if given is not None:
            before, at_urgency = given
            same = before.ending == deadline.ending and abs(before.at - deadline.at) < _SAME
            if same and urgency <= at_urgency:
                return False
        self._given[key] = (deadline, urgency)
        return True


def _next_step(deadline: Deadline, now: datetime) -> datetime:
    """Return the time of the next warning about a deadline."""
    steps = (deadline.at - left for left in WARNED_AT.values())
    return min((at for at in steps if at > now), default=_FAR)
