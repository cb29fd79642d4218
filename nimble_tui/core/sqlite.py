"""Opening and marking of SQLite files; the tables belong to the stores."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
"""The error codes of a file that another connection has locked."""


class Mark(NamedTuple):
    """The application id and the schema version in a file's header."""

    application_id: int
    version: int


def connect(path: Path | None, busy_seconds: float) -> sqlite3.Connection:
    """Open a file, or memory if the path is None; transactions are begun explicitly.

    One thread at a time may use the connection. A statement waits `busy_seconds` for others.
    """
    return sqlite3.connect(
        path or ":memory:",
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,
    )


def connect_read_only(path: Path, busy_seconds: float) -> sqlite3.Connection:
    """Open a file that is there, to read it alone."""
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro",
        uri=True,
        timeout=busy_seconds,
        isolation_level=None,
    )


@contextmanager
def transaction(connection: sqlite3.Connection, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    """Run the body in one transaction, rolled back if it raises."""
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
    """Raise sqlite3.DatabaseError if a file is damaged or not a database."""
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise sqlite3.DatabaseError


def read_mark(connection: sqlite3.Connection) -> Mark:
    """Return the mark of a file; zeros if it has none."""
    names = ("application_id", "user_version")
    return Mark(*(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names))


def write_mark(connection: sqlite3.Connection, mark: Mark) -> None:
    """Write the mark into a file."""
    connection.execute(f"PRAGMA application_id = {int(mark.application_id)}")
    connection.execute(f"PRAGMA user_version = {int(mark.version)}")


def kind(error: sqlite3.Error) -> int:
    """Return the primary code of an error, such as SQLITE_FULL; 0 if SQLite gives none."""
    # The lowest byte of an extended code is the primary one.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
