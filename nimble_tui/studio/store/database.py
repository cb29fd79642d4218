"""The SQLite database: opening it safely, its layout, its transactions."""

import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from nimble_tui.studio.store.transaction import Transaction

# Marks the file as ours, whatever its name.
APPLICATION_ID: Final = 0x4E544949
VERSION: Final = 3
BUSY_SECONDS: Final = 5.0

_MAGIC: Final = b"SQLite format 3\0"
_DAMAGED: Final = "{} is damaged or no data file at all; move it away to begin anew."

_LAYOUT: Final = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE people (
    principal_id TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    access_key_id TEXT NOT NULL UNIQUE,
    secret_access_key TEXT NOT NULL,
    granted_sessions INTEGER NOT NULL,
    user_name TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    sid TEXT,
    active INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE members (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    launch_profile_id TEXT NOT NULL,
    principal_id TEXT NOT NULL,
    UNIQUE (launch_profile_id, principal_id)
);
CREATE TABLE resources (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    state TEXT NOT NULL,
    owned_by TEXT,
    launch_profile_id TEXT,
    document TEXT NOT NULL,
    failure TEXT,
    step_due_at INTEGER,
    due_at INTEGER,
    UNIQUE (kind, id)
);
CREATE INDEX resources_by_owner ON resources (kind, owned_by, number);
CREATE INDEX resources_by_kind ON resources (kind, number);
CREATE INDEX resources_by_ending ON resources (kind, substr(id, -4));
CREATE INDEX resources_by_due ON resources (due_at, number) WHERE due_at IS NOT NULL;
CREATE INDEX resources_by_session ON resources (kind, json_extract(document, '$.sessionId'));
CREATE TABLE tokens (
    principal_id TEXT NOT NULL,
    token TEXT NOT NULL,
    request TEXT NOT NULL,
    kind TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (principal_id, token)
) WITHOUT ROWID;
CREATE INDEX tokens_by_age ON tokens (used_at);
"""
# What brings a file of each earlier version to the next one.
_UPGRADES: Final = {
    1: "CREATE INDEX resources_by_session "
    "ON resources (kind, json_extract(document, '$.sessionId'))",
    2: """
ALTER TABLE people ADD COLUMN user_name TEXT NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN sid TEXT;
ALTER TABLE people ADD COLUMN active INTEGER NOT NULL DEFAULT 1;
ALTER TABLE members RENAME TO members_without_order;
CREATE TABLE members (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    launch_profile_id TEXT NOT NULL,
    principal_id TEXT NOT NULL,
    UNIQUE (launch_profile_id, principal_id)
);
INSERT INTO members (launch_profile_id, principal_id)
    SELECT launch_profile_id, principal_id FROM members_without_order;
DROP TABLE members_without_order;
""",
}


class StoreError(Exception):
    """The data file cannot be used; the text says why and what to do, in one sentence."""


class Store:
    """One studio's data, in the file at `path`, or in memory where that is None.

    Threads share one connection and take turns; processes share the file. A file that is
    damaged, foreign or of a newer version raises StoreError and is left as it is.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock = threading.RLock()
        if path is not None:
            _prepare(path)
        with self._explained():
            self._connection = sqlite3.connect(
                path or ":memory:",
                timeout=BUSY_SECONDS,
                isolation_level=None,  # transactions are begun here, by name
                check_same_thread=False,  # the lock sees to it
            )
        try:
            self._open()
        except BaseException:
            self._connection.close()
            raise

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """See one moment of the data; StoreError when it cannot be read."""
        with self._transaction("BEGIN") as transaction:
            yield transaction

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Change the data, alone among all processes: all of it happens, or none."""
        with self._transaction("BEGIN IMMEDIATE") as transaction:
            yield transaction

    def close(self) -> None:
        """Let go of the file; whoever asks again gets StoreError."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Transaction]:
        with self._lock, self._explained():
            self._connection.execute(begin)
            try:
                yield Transaction(self._connection)
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _open(self) -> None:
        with self._explained():
            if self._connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError
        with self._transaction("BEGIN IMMEDIATE"):
            self._lay_out()
        # Refused on some network drives and while others are busy; then it works as it is.
        with suppress(sqlite3.OperationalError):
            mode = self._connection.execute("PRAGMA journal_mode = WAL").fetchone()
            if mode == ("wal",):
                # Enough in WAL: a power cut can lose the last moment, never the file.
                self._connection.execute("PRAGMA synchronous = NORMAL")

    def _lay_out(self) -> None:
        application, version = (
            self._connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("application_id", "user_version")
        )
        if application == APPLICATION_ID:
            if version > VERSION:
                raise StoreError(
                    f"The studio's data file {self._path} was made by a newer nimble-tui; "
                    "update this one, or name another file."
                )
            for older in range(version, VERSION):
                for statement in _UPGRADES[older].split(";\n"):
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA user_version = {older + 1}")
            return
        if self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() != (0,):
            raise StoreError(
                f"The file {self._path} belongs to another program; name another file."
            )
        for statement in _LAYOUT.split(";\n"):
            self._connection.execute(statement)
        self._connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        self._connection.execute(f"PRAGMA user_version = {VERSION}")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what SQLite says into a sentence."""
        name = f"The studio's data file {self._path}" if self._path else "The studio's memory"
        try:
            yield
        except sqlite3.OperationalError as error:
            # The lowest byte of a code is its kind.
            if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise StoreError(f"{name} is busy with another program; try again.") from error
            raise StoreError(
                f"{name} cannot be read or written; look at its permissions and the disk."
            ) from error
        except sqlite3.ProgrammingError as error:
            raise StoreError(f"{name} is closed.") from error
        except sqlite3.DatabaseError as error:
            raise StoreError(_DAMAGED.format(name)) from error


def _prepare(path: Path) -> None:
    """Make the file, readable by its owner alone, and refuse what is no ordinary file."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        about = path.lstat()
        if not stat.S_ISREG(about.st_mode):
            raise StoreError(f"{path} is not an ordinary file; name another data file.")
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) not in {b"", _MAGIC}:
                # SQLite itself would take a short one for empty and write over it.
                raise StoreError(_DAMAGED.format(f"The studio's data file {path}"))
        if stat.S_IMODE(about.st_mode) & 0o077:
            path.chmod(0o600)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StoreError(
            f"The studio's data file {path} cannot be used: {reason[:1].lower()}{reason[1:]}; "
            "name another file."
        ) from error
