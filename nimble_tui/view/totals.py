"""The totals of the list of workstations, corrected for one row instead of counted again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from nimble_tui.core.turns import in_turns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nimble_tui.view.session_rows import SessionRow

_FAR = datetime.max.replace(tzinfo=UTC)


def _none() -> Mapping[str, int]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Totals:
    """The numbers of workstations, and the rows with a deadline.

    `by_profile` are the numbers by launch profile id, `by_type` by instance type ("" without one);
    `in_transition` is the number of those in transition. `ending` are the rows with a deadline,
    the earliest first.
    """

    by_profile: Mapping[str, int] = field(default_factory=_none)
    by_type: Mapping[str, int] = field(default_factory=_none)
    in_transition: int = 0
    ending: tuple[SessionRow, ...] = ()

    @classmethod
    def of(cls, rows: Iterable[SessionRow]) -> Totals:
        """Return the totals of these rows; slow for thousands, callable from any thread."""
        by_profile: Counter[str] = Counter()
        by_type: Counter[str] = Counter()
        in_transition = 0
        ending = []
        for row in in_turns(rows):
            by_profile[_profile_of(row)] += 1
            by_type[_type_of(row)] += 1
            in_transition += row.session.in_transition
            if row.deadline is not None:
                ending.append(row)
        ending.sort(key=_deadline_of)
        return cls(
            MappingProxyType(by_profile), MappingProxyType(by_type), in_transition, tuple(ending)
        )

    def patched(self, before: SessionRow | None, after: SessionRow | None) -> Totals:
        """Return the totals after a change of one row; None stands for no row."""
        others = self if before is None else _counting(self, before, -1)
        return others if after is None else _counting(others, after, 1)

    def next_deadline(self, now: datetime) -> datetime | None:
        """Return the nearest deadline of all workstations."""
        coming = bisect_right(self.ending, now, key=_deadline_of)
        return _deadline_of(self.ending[coming]) if coming < len(self.ending) else None


def _counting(totals: Totals, row: SessionRow, by: int) -> Totals:
    """Return the totals with one row more (1) or less (-1)."""
    ending = totals.ending
    by_profile = _changed(totals.by_profile, _profile_of(row), by)
    by_type = _changed(totals.by_type, _type_of(row), by)
    in_transition = totals.in_transition + by * row.session.in_transition
    if row.deadline is not None:
        place = bisect_left(ending, row.deadline.at, key=_deadline_of)
        if by > 0:
            ending = (*ending[:place], row, *ending[place:])
        else:
            place = ending.index(row, place)
            ending = (*ending[:place], *ending[place + 1 :])
    return Totals(by_profile, by_type, in_transition, ending)


def _changed(counts: Mapping[str, int], name: str, by: int) -> Mapping[str, int]:
    """Return the counts with another one for a name, and without it once that is 0."""
    number = counts.get(name, 0) + by
    others = {key: count for key, count in counts.items() if key != name}
    return MappingProxyType({**others, name: number} if number else others)


def _profile_of(row: SessionRow) -> str:
    return row.session.launch_profile_id or ""


def _type_of(row: SessionRow) -> str:
    return row.session.ec2_instance_type or ""


def _deadline_of(row: SessionRow) -> datetime:
    return row.deadline.at if row.deadline else _FAR
