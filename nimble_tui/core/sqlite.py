"""How SQLite files are opened and marked; their tables are the business of their stores."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
"""The kinds of error of a file that another connection holds."""


class Mark(NamedTuple):
    """What a file says of itself in its head: whose it is, and the version of its layout."""

    application_id: int
    version: int


def connect(path: Path | None, busy_seconds: float) -> sqlite3.Connection:
    """Open a file, or memory where the path is None; transactions are begun by name.

    One thread at a time may use the connection. A statement waits `busy_seconds` for others.
    """
    return sqlite3.connect(
        path or ":memory:",
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,
    )


@contextmanager
def transaction(connection: sqlite3.Connection, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    """Do all of what is inside, or nothing where it raises."""
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk ends it
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        raise


def check(connection: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError where a file is damaged or no database."""
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise sqlite3.DatabaseError


def read_mark(connection: sqlite3.Connection) -> Mark:
    """Return what a file says of itself; zeros where it says nothing."""
    names = ("application_id", "user_version")
    return Mark(*(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names))


def write_mark(connection: sqlite3.Connection, mark: Mark) -> None:
    """Let a file say of itself what it is."""
    connection.execute(f"PRAGMA application_id = {int(mark.application_id)}")
    connection.execute(f"PRAGMA user_version = {int(mark.version)}")


def kind(error: sqlite3.Error) -> int:
    """Return the kind of an error, such as SQLITE_FULL; 0 where SQLite gives none."""
    # The lowest byte of a code is its kind.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
