"""Plans of Keep: workstations to stop again once they are READY."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from nimble_tui.client.intent import LONGEST_TOKEN
from nimble_tui.client.journal.own_rows import Claimable, OwnRows
from nimble_tui.core.structures import read_time

_LONGEST_ID = 1024
_MOST = 1_000
_PLANS = Claimable(
    "SELECT rowid AS number, * FROM plans WHERE whose = :whose "
    "AND (claimed_until <= :now OR claimed_until > :longest) ORDER BY planned_at LIMIT :most",
    "UPDATE plans SET claimed_until = ? WHERE rowid = ?",
    "DELETE FROM plans WHERE rowid = ?",
)


@dataclass(frozen=True, slots=True)
class KeepPlan:
    """That a workstation is kept: started under one token, to be stopped under another.

    `started_at` is the time of our start as the studio reports it, None until then.
    """

    session_id: str
    start_token: str
    stop_token: str
    planned_at: datetime
    started_at: datetime | None = None


class KeepPlans:
    """The plans of one person in one studio, one for a workstation."""

    def __init__(self, rows: OwnRows) -> None:
        self._rows = rows

    def put(self, plan: KeepPlan) -> None:
        """Write a plan down, in the place of an older one."""
        self._rows.execute(
            "INSERT OR REPLACE INTO plans (whose, session_id, start_token, stop_token, planned_at, "
            "started_at, claimed_until) VALUES (:whose, :session_id, :start_token, :stop_token, "
            ":planned_at, :started_at, 0)",
            session_id=plan.session_id,
            start_token=plan.start_token,
            stop_token=plan.stop_token,
            planned_at=plan.planned_at.timestamp(),
            started_at=plan.started_at.timestamp() if plan.started_at else None,
        )

    def started(self, start_token: str, started_at: datetime) -> None:
        """Record the time of our own start, to tell it from others."""
        sql = "UPDATE plans SET started_at = :at WHERE whose = :whose AND start_token = :token"
        self._rows.execute(sql, at=started_at.timestamp(), token=start_token)

    def drop(self, session_id: str) -> bool:
        """Give up the plan for a workstation; return whether there was one."""
        sql = "DELETE FROM plans WHERE whose = :whose AND session_id = :session_id"
        rows = self._rows.execute(sql, "SELECT changes()", session_id=session_id)
        return bool(rows[0][0])

    def all(self) -> tuple[KeepPlan, ...]:
        """Return every plan, whether or not another process works on it."""
        sql = "SELECT * FROM plans WHERE whose = :whose ORDER BY planned_at LIMIT :most"
        rows = self._rows.execute(sql, most=_MOST)
        return tuple(one for one in map(_read, rows) if one)

    def claim(self, now: datetime, lease: timedelta) -> tuple[KeepPlan, ...]:
        """Claim the unclaimed plans, and return them."""
        return self._rows.claim(_PLANS, now, lease, _read)

    def release(self, session_id: str) -> None:
        """Release a plan for other processes."""
        sql = "UPDATE plans SET claimed_until = 0 WHERE whose = :whose AND session_id = :session_id"
        self._rows.execute(sql, session_id=session_id)


def _read(row: sqlite3.Row) -> KeepPlan | None:
    """Parse a row; None if malformed."""
    session_id, start_token, stop_token = row["session_id"], row["start_token"], row["stop_token"]
    planned_at = read_time(row["planned_at"])
    if not (isinstance(session_id, str) and 0 < len(session_id) <= _LONGEST_ID and planned_at):
        return None
    if not (isinstance(start_token, str) and isinstance(stop_token, str)):
        return None
    if not all(1 <= len(one) <= LONGEST_TOKEN for one in (start_token, stop_token)):
        return None
    return KeepPlan(session_id, start_token, stop_token, planned_at, read_time(row["started_at"]))
