"""What is to be done once a workstation is there: stop those again that were started to be kept."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from nimble_tui.client.intent import LONGEST_TOKEN
from nimble_tui.client.journal.claims import Claimable, claim
from nimble_tui.client.journal.database import Database
from nimble_tui.core.structures import read_time

_LONGEST_ID = 1024
_MOST = 1_000
_PLANS = Claimable(
    "SELECT rowid AS number, * FROM plans WHERE whose = ? "
    "AND (claimed_until <= ? OR claimed_until > ?) ORDER BY planned_at LIMIT ?",
    "UPDATE plans SET claimed_until = ? WHERE rowid = ?",
    "DELETE FROM plans WHERE rowid = ?",
)


@dataclass(frozen=True, slots=True)
class KeepPlan:
    """That a workstation is kept: started under one token, to be stopped under another.

    `started_at` is what the studio says of our start, None until it said so.
    """

    session_id: str
    start_token: str
    stop_token: str
    planned_at: datetime
    started_at: datetime | None = None


class KeepPlans:
    """The plans of one person in one studio, one for a workstation."""

    def __init__(self, database: Database, whose: str) -> None:
        self._database = database
        self._whose = whose

    def put(self, plan: KeepPlan) -> None:
        """Write a plan down, in the place of an older one."""
        started_at = plan.started_at.timestamp() if plan.started_at else None

        self._database.execute(
            "INSERT OR REPLACE INTO plans (whose, session_id, start_token, stop_token, "
            "planned_at, started_at, claimed_until) VALUES (?, ?, ?, ?, ?, ?, 0)",
            self._whose,
            plan.session_id,
            plan.start_token,
            plan.stop_token,
            plan.planned_at.timestamp(),
            started_at,
        )

    def started(self, start_token: str, started_at: datetime) -> None:
        """Write down when our own start was, so that nobody else's is taken for it."""
        self._database.execute(
            "UPDATE plans SET started_at = ? WHERE whose = ? AND start_token = ?",
            started_at.timestamp(),
            self._whose,
            start_token,
        )

    def drop(self, session_id: str) -> bool:
        """Give up the plan for a workstation; return whether there was one."""
        which = (self._whose, session_id)
        sql = "DELETE FROM plans WHERE whose = ? AND session_id = ?"
        return self._database.change(lambda connection: connection.execute(sql, which).rowcount > 0)

    def all(self) -> tuple[KeepPlan, ...]:
        """Return every plan, whether or not another process works on it."""
        sql = "SELECT * FROM plans WHERE whose = ? ORDER BY planned_at LIMIT ?"
        rows = self._database.execute(sql, self._whose, _MOST)
        return tuple(one for one in map(_read, rows) if one)

    def claim(self, now: datetime, lease: timedelta) -> tuple[KeepPlan, ...]:
        """Return the plans that are in nobody's hands; they are in ours from now on."""
        return claim(self._database, _PLANS, self._whose, now, lease, read=_read)

    def release(self, session_id: str) -> None:
        """Let a plan go, for whoever looks next."""
        self._database.execute(
            "UPDATE plans SET claimed_until = 0 WHERE whose = ? AND session_id = ?",
            self._whose,
            session_id,
        )


def _read(row: sqlite3.Row) -> KeepPlan | None:
    """Read a row, believing nothing; None when it is not one that we wrote."""
    session_id, start_token, stop_token = row["session_id"], row["start_token"], row["stop_token"]
    planned_at = read_time(row["planned_at"])
    if not (isinstance(session_id, str) and 0 < len(session_id) <= _LONGEST_ID and planned_at):
        return None
    if not (isinstance(start_token, str) and isinstance(stop_token, str)):
        return None
    if not all(1 <= len(one) <= LONGEST_TOKEN for one in (start_token, stop_token)):
        return None
    return KeepPlan(session_id, start_token, stop_token, planned_at, read_time(row["started_at"]))
