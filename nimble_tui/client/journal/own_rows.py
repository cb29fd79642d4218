"""The rows of one person in one studio; some are work that one process at a time claims.

A claim ends at a time, whichever process made it, since several computers may share the file.
"""

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from nimble_tui.client.journal.database import Database

T = TypeVar("T")

LONGEST_CLAIM = timedelta(minutes=10)
"""A longer claim comes from a wrong clock, and is ignored."""

_MOST = 10_000


class Claimable(NamedTuple):
    """The statements of a table: select unclaimed rows, claim a row, remove a row.

    `verbs` is what `:verbs` in the first is bound to.
    """

    select: str
    claim: str
    remove: str
    verbs: str = ""


class OwnRows:
    """Executes statements in which `:whose` is one person in one studio."""

    def __init__(self, database: Database, whose: str) -> None:
        self.database = database
        self.whose = whose

    def execute(self, *statements: str, **values: object) -> list[sqlite3.Row]:
        """Return the rows of the last statement, as `Database.execute` does."""
        return self.database.execute(*statements, whose=self.whose, **values)

    def claim(
        self,
        table: Claimable,
        now: datetime,
        lease: timedelta,
        read: Callable[[sqlite3.Row], T | None],
    ) -> tuple[T, ...]:
        """Claim unclaimed rows for `lease` and return them; remove malformed ones."""
        longest, until = (now + LONGEST_CLAIM).timestamp(), (now + lease).timestamp()
        which = {"whose": self.whose, "now": now.timestamp(), "longest": longest, "most": _MOST}
        which["verbs"] = table.verbs

        def work(connection: sqlite3.Connection) -> tuple[T, ...]:
            rows = connection.execute(table.select, which).fetchall()
            found = [(row["number"], read(row)) for row in rows]
            good = [(until, number) for number, one in found if one is not None]
            bad = [(number,) for number, one in found if one is None]
            connection.executemany(table.claim, good)
            connection.executemany(table.remove, bad)
            return tuple(one for _, one in found if one is not None)

        return self.database.change(work)
