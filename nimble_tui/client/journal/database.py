"""The journal's database: one file for all processes of a person, or memory where that fails."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from nimble_tui.client.errors import closed
from nimble_tui.client.journal import place
from nimble_tui.client.journal.schema import MARK, STATEMENTS
from nimble_tui.config.modes import advice
from nimble_tui.config.paths import DATA_VARIABLE
from nimble_tui.core import sqlite
from nimble_tui.core.text import clean

T = TypeVar("T")

Work = Callable[[sqlite3.Connection], T]

_BUSY_SECONDS = 2.0
_LONGEST_VALUE = 1_000_000
_INSTEAD = "so your requests are recorded only until this program ends"


class Database:
    """Runs transactions one after the other; thread-safe.

    If the file is not usable, memory replaces it, and `problem` says so in one sentence.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._problem: str | None = None
        self._lacking: str | None = None
        self._closed = False
        self._connection = self._open_or_memory(path) if path else _memory()

    def change(self, work: Work[T]) -> T:
        """Return what `work` returns, alone among all processes; it is on the disk then.

        `work` may be called twice: when the file fails it, again in memory.
        """
        with self._lock:
            if self._closed:
                raise closed()
            try:
                return self._do(work)
            except sqlite3.Error as error:
                if self._path is None:
                    raise
                self._leave_file(error)
            return self._do(work)

    def execute(self, *statements: str, **values: object) -> list[sqlite3.Row]:
        """Return the rows of the last of some statements, done like one change.

        Each names the `values` that it takes, as in `:whose`.
        """

        def work(connection: sqlite3.Connection) -> list[sqlite3.Row]:
            *before, last = statements
            for statement in before:
                connection.execute(statement, values)
            return connection.execute(last, values).fetchall()

        return self.change(work)

    def take_problem(self) -> str | None:
        """Return why memory stands in for the file, or where a damaged one is; once."""
        with self._lock:
            problem, self._problem = self._problem, None
            return problem

    @property
    def lacking(self) -> str | None:
        """Why memory stands in for the file, as a clause; None where it does not."""
        return self._lacking

    @property
    def has_problem(self) -> bool:
        """True if there is a problem to report."""
        return self._problem is not None

    def close(self) -> None:
        """Close the file; later calls raise the error of a closed studio."""
        with self._lock:
            self._closed = True
            self._connection.close()

    def _do(self, work: Work[T]) -> T:
        with sqlite.transaction(self._connection):
            return work(self._connection)

    def _open_or_memory(self, path: Path) -> sqlite3.Connection:
        try:
            try:
                return _open(path)
            except place.DamagedFileError:
                aside = place.set_aside(path)
            connection = _open(path)
        except place.NoModesPlaceError as error:
            why = clean(f"{error}; {advice(DATA_VARIABLE)}")
        except place.UnusableFileError as error:
            why = clean(str(error)).rstrip(".")
        except place.DamagedFileError:
            why = "it was damaged again immediately"
        except sqlite3.Error as error:
            why = _reason(error)
        else:
            self._problem = (
                f"The journal of your requests was damaged and moved to {clean(str(aside))}. Check "
                "the result of your last request."
            )
            return connection
        self._stand_in(path, why)
        return _memory()

    def _leave_file(self, error: sqlite3.Error) -> None:
        with suppress(sqlite3.Error):
            self._connection.close()
        if self._path is not None:
            self._stand_in(self._path, _reason(error))
        self._connection = _memory()

    def _stand_in(self, path: Path, why: str) -> None:
        """Note that memory stands in for the file at `path`, and why."""
        self._path = None
        self._lacking = f"Can't use the journal {clean(str(path))} ({why})"
        self._problem = f"{self._lacking}, {_INSTEAD}."


def _open(path: Path) -> sqlite3.Connection:
    place.prepare(path)
    connection = _connect(path)
    try:
        sqlite.check(connection)
        # The rollback journal works on network drives, which know no shared memory.
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        connection.execute("PRAGMA synchronous = FULL")
        _lay_out(connection)
    except sqlite3.OperationalError:
        connection.close()
        raise
    except sqlite3.DatabaseError:
        connection.close()
        raise place.DamagedFileError from None
    except BaseException:
        connection.close()
        raise
    return connection


def _memory() -> sqlite3.Connection:
    connection = _connect(None)
    _lay_out(connection)
    return connection


def _connect(path: Path | None) -> sqlite3.Connection:
    connection = sqlite.connect(path, _BUSY_SECONDS)
    connection.row_factory = sqlite3.Row
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    connection.execute("PRAGMA trusted_schema = OFF")
    # What is forgotten is not to be found in the file either.
    connection.execute("PRAGMA secure_delete = ON")
    return connection


def _lay_out(connection: sqlite3.Connection) -> None:
    with sqlite.transaction(connection):
        mark = sqlite.read_mark(connection)
        tables = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        there = {sql for (sql,) in tables}
        if mark.application_id == MARK.application_id and mark.version > MARK.version:
            raise place.UnusableFileError("it was created by a newer nimble-tui; update this one")
        if there:
            # A foreign trigger or view could do anything.
            if mark.application_id != MARK.application_id or there != set(STATEMENTS):
                raise place.DamagedFileError
            return
        for statement in STATEMENTS:
            connection.execute(statement)
        sqlite.write_mark(connection, MARK)


def _reason(error: sqlite3.Error) -> str:
    kind = sqlite.kind(error)
    if kind in sqlite.BUSY:
        return "it is locked by another program"
    if kind == sqlite3.SQLITE_FULL:
        return "the disk is full"
    if kind in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return "it cannot be written"
    return "the disk or the file is damaged"
