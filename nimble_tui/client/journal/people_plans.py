"""Unfinished onboarding and offboarding plans.

The steps of a plan and their progress come from the studio each time; only what no service can
report is stored: the choices, and the operator's steps that are marked as done.
"""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from nimble_tui.client.journal.own_rows import OwnRows
from nimble_tui.core.structures import read_time

KEPT = timedelta(days=90)
_LONGEST_ID = 1024
_MOST = 1_000
_MOST_IDS = 500
_SKIP = "skip "


@dataclass(frozen=True, slots=True)
class BegunPlan:
    """A plan as it is written down; `kind` is a PlanKind.

    `ticked` and `skipped` are ids of steps that are done, or left out.
    """

    kind: str
    principal_id: str
    launch_profile_ids: tuple[str, ...] = ()
    administrator: bool = False
    ticked: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()


class PeoplePlans:
    """The plans that one person began in one studio; one for each person it is about."""

    def __init__(self, rows: OwnRows) -> None:
        self._rows = rows

    def put(self, plan: BegunPlan, now: datetime) -> None:
        """Store a plan; it replaces any older one for the same person."""
        self._rows.execute(
            "DELETE FROM people_plans WHERE whose = :whose AND changed_at < :old",
            "DELETE FROM people_plans WHERE whose = :whose AND principal_id = :principal_id",
            "INSERT INTO people_plans (whose, kind, principal_id, launch_profile_ids, "
            "administrator, ticked, changed_at) VALUES (:whose, :kind, :principal_id, "
            ":launch_profile_ids, :administrator, :ticked, :now)",
            kind=plan.kind,
            principal_id=plan.principal_id,
            launch_profile_ids=json.dumps(plan.launch_profile_ids),
            administrator=plan.administrator,
            ticked=json.dumps(_marks(plan)),
            now=now.timestamp(),
            old=(now - KEPT).timestamp(),
        )

    def all(self) -> tuple[BegunPlan, ...]:
        """Return every plan, the one changed last first."""
        rows = self._rows.execute(
            "SELECT kind, principal_id, launch_profile_ids, administrator, ticked, changed_at "
            "FROM people_plans WHERE whose = :whose ORDER BY changed_at DESC LIMIT :most",
            most=_MOST,
        )
        return tuple(one for one in map(_read, rows) if one)

    def drop(self, kind: str, principal_id: str) -> None:
        """Remove a plan."""
        self._rows.execute(
            "DELETE FROM people_plans WHERE whose = :whose AND kind = :kind "
            "AND principal_id = :principal_id",
            kind=kind,
            principal_id=principal_id,
        )


def _read(row: sqlite3.Row) -> BegunPlan | None:
    """Parse a row; None if malformed."""
    kind, principal_id, launch_profile_ids, administrator, ticked, changed_at = row
    if not (isinstance(kind, str) and isinstance(principal_id, str)):
        return None
    if not all(0 < len(one) <= _LONGEST_ID for one in (kind, principal_id)):
        return None
    if read_time(changed_at) is None:
        return None
    marks = _ids(ticked)
    return BegunPlan(
        kind,
        principal_id,
        _ids(launch_profile_ids),
        administrator == 1,
        frozenset(one for one in marks if not one.startswith(_SKIP)),
        frozenset(one.removeprefix(_SKIP) for one in marks if one.startswith(_SKIP)),
    )


def _marks(plan: BegunPlan) -> list[str]:
    """Return the ids of the ticked steps, and those of the skipped ones with their sign."""
    return [*sorted(plan.ticked), *(f"{_SKIP}{one}" for one in sorted(plan.skipped))]


def _ids(value: object) -> tuple[str, ...]:
    try:
        ids = json.loads(value) if isinstance(value, str) else []
    except (ValueError, RecursionError):
        return ()
    if not isinstance(ids, list):
        return ()
    known = (one for one in ids if isinstance(one, str) and 0 < len(one) <= _LONGEST_ID)
    return tuple(dict.fromkeys(known))[:_MOST_IDS]
