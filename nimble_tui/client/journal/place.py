"""The journal's file: private to its user, and never lost when it is not usable."""

import os
import stat
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from nimble_tui.config.files import NoModesError, private_folder
from nimble_tui.config.modes import OTHERS, has_modes

_LARGEST = 64 * 1024 * 1024
_SMALLEST = 512
_BESIDE = "-journal"
_NO_FOLLOW: int = getattr(os, "O_NOFOLLOW", 0)


class UnusableFileError(Exception):
    """The file is not to be touched; the text says why, as the middle of a sentence."""


class NoModesPlaceError(UnusableFileError):
    """The file would be on a drive where chmod has no effect."""

    def __init__(self) -> None:
        super().__init__(
            "its drive has no file permissions (chmod has no effect), so other users could change "
            "it"
        )


class DamagedFileError(Exception):
    """The file holds no journal that can be read; it is to be set aside."""


def prepare(path: Path) -> None:
    """Create the file if it is missing, and check that it is private.

    Raises UnusableFileError or DamagedFileError. It is looked at without being opened: closing a
    file ends the locks that SQLite holds on it anywhere in this process.
    """
    try:
        private_folder(path.parent)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | _NO_FOLLOW, 0o600))
        status = path.lstat()
        if _is_open(status) and not has_modes(path.parent):
            raise NoModesPlaceError
        _check(status)
        with suppress(FileNotFoundError):
            _check(path.with_name(path.name + _BESIDE).lstat())
        if _is_open(status):
            path.chmod(0o600)
    except NoModesError:
        raise NoModesPlaceError from None
    except OSError as error:
        raise UnusableFileError(error.strerror or str(error)) from None
    if status.st_size > _LARGEST or 0 < status.st_size < _SMALLEST:
        # SQLite would take a short one for empty and write over it.
        raise DamagedFileError


def set_aside(path: Path) -> Path:
    """Move a damaged database and its side files aside; return the new path.

    Raises UnusableFileError.
    """
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    aside = path.with_name(f"{path.name}.damaged-{moment}")
    try:
        path.rename(aside)
        with suppress(FileNotFoundError):
            path.with_name(path.name + _BESIDE).rename(aside.with_name(aside.name + _BESIDE))
    except OSError as error:
        raise UnusableFileError(error.strerror or str(error)) from None
    return aside


def _is_open(status: os.stat_result) -> bool:
    return os.name == "posix" and bool(stat.S_IMODE(status.st_mode) & OTHERS)


def _check(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise UnusableFileError("it is not a regular file")
    if os.name != "posix":
        return
    if status.st_uid != os.geteuid() or status.st_nlink != 1:
        raise UnusableFileError("other users can access it")
    if status.st_mode & 0o022:
        raise UnusableFileError("other users can write to it")
