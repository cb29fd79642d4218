"""The snapshot of a studio's people: an immutable value that is replaced as a whole."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from nimble_tui.core.people.model import People
    from nimble_tui.core.people.plans import Plan
    from nimble_tui.view.people.person_rows import PersonRow

_NONE: frozenset[str] = frozenset()


class PlanRun(NamedTuple):
    """A plan run in this window: its steps, whether it is running, and why it stopped."""

    plan: Plan
    is_running: bool = False
    problem: str = ""


class PeopleSnapshot(NamedTuple):
    """All data shown about the people; `problem` is the reason if the last refresh failed.

    `plans` are the unfinished ones, `runs` those run in this window by their key; `pending` are the
    unanswered changes, `deleting` the workstations that are being deleted.
    """

    people: People | None = None
    rows: tuple[PersonRow, ...] = ()
    plans: tuple[Plan, ...] = ()
    runs: Mapping[str, PlanRun] = MappingProxyType({})
    updated_at: datetime | None = None
    problem: str = ""
    pending: frozenset[tuple[str, str]] = frozenset()
    deleting: frozenset[str] = _NONE
