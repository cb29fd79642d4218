"""Copies of a data file: made while it is in use, checked, and never over another file."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from nimble_tui.core import sqlite
from nimble_tui.studio.store.data_file import BUSY_SECONDS
from nimble_tui.studio.store.errors import StoreError
from nimble_tui.studio.store.layout import MARK
from nimble_tui.studio.store.place import PLACE, copied_from

BESIDE: Final = ("-wal", "-shm", "-journal")
"""The files that SQLite puts beside a data file, by the endings of their names."""


def back_up(path: Path, target: Path) -> int:
    """Copy a studio's data file, which may be in use, to a new file.

    The copy is one moment of the data, checked, readable by its owner alone, and marked: it is
    read-only until it takes over. Returns its size in bytes. Raises StoreError where it cannot be
    made, or is not whole; then no file is left at `target`, and one that was there stays as it is.
    """
    return _copy(path, target, "the backup")


def restore(backup: Path, path: Path) -> int:
    """Copy a backup, or any other copy of a studio's data file, to where there is none yet.

    As `back_up`; what SQLite left beside a file that is gone stands in the way too.
    """
    return _copy(backup, path, "the data file")


def facts_of(path: Path) -> dict[str, str]:
    """Return the facts of a studio's data file, and change nothing; StoreError where it is none."""
    with closing(_open_read_only(path)) as connection:
        return _checked(connection, path)


def _copy(path: Path, target: Path, what: str) -> int:
    for one in (target, *(target.with_name(f"{target.name}{end}") for end in BESIDE)):
        if os.path.lexists(one):
            raise StoreError(f"{one} already exists, and nothing is overwritten.")
    part = target.with_name(f"{target.name}.part")
    try:
        with closing(_open_read_only(path)) as source:
            _checked(source, path)
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            try:
                _fill(source, part, path)
                size = part.stat().st_size
                _put(part, target)
            finally:
                part.unlink(missing_ok=True)
    except FileExistsError as error:
        raise StoreError(f"{error.filename or target} already exists; remove it first.") from None
    except OSError as error:
        raise StoreError(
            f"{what.capitalize()} {target} cannot be written: {error.strerror or error}."
        ) from None
    except sqlite3.Error as error:
        raise StoreError(
            f"{path} cannot be copied to {target} ({error}); check both disks."
        ) from None
    return size


def _fill(source: sqlite3.Connection, part: Path, path: Path) -> None:
    """Copy everything, mark the copy, check it, and have it on the disk."""
    with closing(sqlite.connect(part, BUSY_SECONDS)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")  # one file, whatever the source has
        noted = target.execute("SELECT value FROM facts WHERE name = ?", (PLACE,)).fetchone()
        place = copied_from(noted[0] if noted else "")
        target.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (PLACE, place))
        _checked(target, path)
        if target.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            raise StoreError(f"{path} is damaged, and so would be a copy of it.")
    with part.open("rb+") as file:
        os.fsync(file.fileno())


def _put(part: Path, target: Path) -> None:
    """Give a finished file its name, unless anything has that by now."""
    try:
        os.link(part, target)
    except (AttributeError, PermissionError, NotImplementedError):  # not on this file system
        if os.path.lexists(target):
            raise FileExistsError(17, "File exists", str(target)) from None
        part.rename(target)
    if os.name == "posix":
        folder = os.open(target.parent, os.O_RDONLY)
        with suppress(OSError):
            os.fsync(folder)
        os.close(folder)


def _open_read_only(path: Path) -> sqlite3.Connection:
    if not path.is_file() or not path.stat().st_size:
        raise StoreError(f"There is no studio in {path}.")
    return sqlite.connect_read_only(path, BUSY_SECONDS)


def _checked(connection: sqlite3.Connection, path: Path) -> dict[str, str]:
    """Return the facts of a data file; StoreError where it is no studio's, or newer."""
    try:
        mark = sqlite.read_mark(connection)
        if mark.application_id != MARK.application_id:
            raise StoreError(f"{path} is not the data file of a studio.")
        if mark.version > MARK.version:
            raise StoreError(
                f"{path} was made by a newer nimble-tui; update this one, then try again."
            )
        facts = dict(connection.execute("SELECT name, value FROM facts"))
    except sqlite3.DatabaseError:
        raise StoreError(f"{path} is damaged or not the data file of a studio.") from None
    if "studio_id" not in facts:
        raise StoreError(f"There is no studio in {path}.")
    return facts
