"""What is known of the people of a studio, as one value that is replaced and never changed."""

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
    """A plan that was run in this window: how it stands, whether it runs, why it stopped."""

    plan: Plan
    is_running: bool = False
    problem: str = ""


class PeopleSnapshot(NamedTuple):
    """Everything that is shown of the people; `problem` says why the last refresh did not work.

    `plans` were begun and are not finished, `runs` are those run in this window by their key;
    `pending` are the changes that were not answered yet, `deleting` the workstations that are being
    deleted.
    """

    people: People | None = None
    rows: tuple[PersonRow, ...] = ()
    plans: tuple[Plan, ...] = ()
    runs: Mapping[str, PlanRun] = MappingProxyType({})
    updated_at: datetime | None = None
    problem: str = ""
    pending: frozenset[tuple[str, str]] = frozenset()
    deleting: frozenset[str] = _NONE
