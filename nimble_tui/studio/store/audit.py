"""The part of a transaction that is about who did what."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from nimble_tui.studio.store.people import readable

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_ENTRY: Final = "number, at, principal_id, name, action, session_id, about, source"
_ENDING: Final = 4


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change: who made it, what it was, when, and where it came from.

    `principal_id` is "" for the operator at the studio's computer. `about` are ids, names and the
    names of what was changed; no values that could be secret. `source` is an IP address, or says in
    a word what else it came from.
    """

    at: datetime
    principal_id: str
    name: str
    action: str
    about: Mapping[str, Any]
    source: str
    session_id: str = ""
    number: int = 0


class AuditTable:
    """Reads the audit log, adds to it, and removes what is old."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, entry: AuditEntry) -> None:
        """Add an entry."""
        self._run(
            "INSERT INTO audit (at, principal_id, name, action, session_id, about, source) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            _number(entry.at),
            entry.principal_id,
            entry.name,
            entry.action,
            entry.session_id,
            json.dumps(entry.about, separators=(",", ":"), ensure_ascii=False),
            entry.source,
        )

    def page(
        self,
        *,
        before: int | None = None,
        limit: int,
        principal_id: str | None = None,
        name: str | None = None,
        session: str | None = None,
    ) -> list[AuditEntry]:
        """Return entries, the latest first, that are older than number `before`.

        `session` is a session's id or at least the last four characters of one.
        """
        where, values = ["1"], []
        for clause, value in (
            ("number < ?", before),
            ("principal_id = ?", principal_id),
            ("name = ?", name),
            ("substr(session_id, -4) = ?", session[-_ENDING:] if session else None),
            ("substr(session_id, -length(?)) = ?", session),
        ):
            if value is not None:
                where.append(clause)
                values += [value] * clause.count("?")
        rows = self._run(
            f"SELECT {_ENTRY} FROM audit WHERE {' AND '.join(where)} "  # noqa: S608 - constants
            "ORDER BY number DESC",
            *values,
        )
        return readable(rows, lambda row: ("audit entry", row[0]), _entry, limit)

    def forget(self, before: datetime, limit: int) -> None:
        """Remove the oldest entries, at most `limit`, as far as they are from before a time."""
        self._run(
            "DELETE FROM audit WHERE number IN "
            "(SELECT number FROM audit WHERE at < ? ORDER BY at LIMIT ?)",
            _number(before),
            limit,
        )

    def _run(self, sql: str, *values: object) -> sqlite3.Cursor:
        return self._connection.execute(sql, values)


def _entry(row: tuple[Any, ...]) -> AuditEntry:
    number, at, principal_id, name, action, session_id, about, source = row
    known = json.loads(about)
    if not isinstance(known, dict):
        raise TypeError("no object")
    return AuditEntry(
        _EPOCH + at * _MICROSECOND, principal_id, name, action, known, source, session_id, number
    )


def _number(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND
