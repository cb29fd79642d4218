"""The data file itself: creating it, recognising it, and copying it before an upgrade."""

import os
import sqlite3
import stat
import threading
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from nimble_tui.core import sqlite
from nimble_tui.studio.store.errors import StoreError

BUSY_SECONDS: Final = 5.0
DAMAGED: Final = "{} is damaged or not a data file. Move it away to start again."
_MAGIC: Final = b"SQLite format 3\0"

opening: Final = threading.Lock()
open_here: Final[Counter[tuple[int, int] | None]] = Counter()
"""The number of stores of this process that have a file open, by its identity.

None of them is opened and closed in any other way than SQLite's: on POSIX that ends all locks of
the process on it, and another process would take the file for its own and the log away.
"""


def identity_of(path: Path | None) -> tuple[int, int] | None:
    """Return what distinguishes a file from one put in its place; None in memory."""
    if path is None:
        return None
    try:
        about = path.stat()
    except OSError:
        return (0, 0)
    return about.st_dev, about.st_ino


def prepare(path: Path) -> None:
    """Make the file, readable by its owner alone, and refuse what is no ordinary file."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        about = path.lstat()
        if not stat.S_ISREG(about.st_mode):
            raise StoreError(f"{path} is not a regular file; choose another data file.")
        if not open_here[about.st_dev, about.st_ino]:
            with path.open("rb") as file:
                if file.read(len(_MAGIC)) not in {b"", _MAGIC}:
                    # SQLite itself would take a short one for empty and write over it.
                    raise StoreError(DAMAGED.format(f"The studio's data file {path}"))
        if stat.S_IMODE(about.st_mode) & 0o077:
            path.chmod(0o600)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StoreError(
            f"The studio's data file {path} cannot be used: {reason[:1].lower()}{reason[1:]}; "
            "choose another file."
        ) from error


def copy_of_version(path: Path, version: int) -> None:
    """Copy a data file beside itself, while others may read it; a copy that is there stays."""
    copy = path.with_name(f"{path.name}.version-{version}")
    if copy.exists():
        return
    part = path.with_name(f"{path.name}.version-{version}.part")
    try:
        with suppress(FileNotFoundError):
            part.unlink()
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with (
            closing(sqlite.connect(path, BUSY_SECONDS)) as source,
            closing(sqlite.connect(part, BUSY_SECONDS)) as target,
        ):
            source.backup(target)
        part.replace(copy)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"The studio's data file {path} is of an older nimble-tui and cannot be copied before "
            "it is upgraded; check the folder's permissions and the disk."
        ) from error
