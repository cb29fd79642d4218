"""Private files, written atomically, and never through a link."""

import os
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from nimble_tui.config.modes import OTHERS, has_modes

_STALE_AFTER = 3600.0
_NO_FOLLOW: int = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT: int = getattr(os, "O_NONBLOCK", 0)  # opening a FIFO must not wait for a writer
_BINARY: int = getattr(os, "O_BINARY", 0)


class UnsafeFileError(OSError):
    """The path has a file that is not ours or not safe."""


class NoModesError(UnsafeFileError):
    """The file or folder is on a drive where chmod has no effect."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is on a drive without file permissions (chmod has no effect), so other users "
            "could change it."
        )


def make_folder(folder: Path) -> Path:
    """Make a folder and its missing parents, with mode 0700 regardless of the umask."""
    missing = []
    here = folder
    while not here.exists() and here != here.parent:
        missing.append(here)
        here = here.parent
    for one in reversed(missing):
        with suppress(FileExistsError):
            one.mkdir(mode=0o700)
    return folder


def private_folder(folder: Path) -> Path:
    """Make a folder of our own, and close it to others where it stood open.

    UnsafeFileError when it belongs to another user, NoModesError when it cannot be closed.
    """
    make_folder(folder)
    status = folder.stat()
    if not _is_mine(status):
        raise UnsafeFileError(f"{folder} belongs to another user.")
    if os.name == "posix" and stat.S_IMODE(status.st_mode) & OTHERS:
        with suppress(OSError):
            folder.chmod(0o700)
        if stat.S_IMODE(folder.stat().st_mode) & OTHERS:
            raise NoModesError(folder)
    return folder


def read_file(path: Path, limit: int, *, private: bool) -> bytes:
    """Read a regular file of at most `limit` bytes; refuses world-writable files.

    A `private` one must be our own, no link, and have no second name. FileNotFoundError when
    there is none, NoModesError where chmod could not help, UnsafeFileError when it is anything
    else.
    """
    flags = os.O_RDONLY | _BINARY | _NO_WAIT | (_NO_FOLLOW if private else 0)
    try:
        handle = os.open(path, flags)
    except FileNotFoundError:
        raise
    except OSError as error:
        if private and path.is_symlink():
            raise UnsafeFileError(f"{path} is a link.") from error
        raise
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(file.fileno())
        _need_own(status, path, private=private)
        if os.name == "posix" and status.st_mode & stat.S_IWOTH:
            if not has_modes(path.parent):
                raise NoModesError(path)
            raise UnsafeFileError(f"{path} is world-writable; run: chmod o-w {path}")
        if status.st_size > limit:
            raise UnsafeFileError(f"{path} is too large.")
        content = file.read(limit + 1)
    if len(content) > limit:
        raise UnsafeFileError(f"{path} is too large.")
    return content


def open_to_append(path: Path) -> int:
    """Open a file of our own to append to, with mode 0600; return its descriptor.

    UnsafeFileError for anything but a private regular file.
    """
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | _BINARY | _NO_WAIT | _NO_FOLLOW
    try:
        handle = os.open(path, flags, 0o600)
    except OSError as error:
        if path.is_symlink():
            raise UnsafeFileError(f"{path} is a link.") from error
        raise
    try:
        status = os.fstat(handle)
        _need_own(status, path)
        if os.name == "posix" and stat.S_IMODE(status.st_mode) & 0o077:
            os.fchmod(handle, 0o600)
    except BaseException:
        os.close(handle)
        raise
    return handle


def write_file(path: Path, content: bytes) -> None:
    """Write `content` to `path` atomically and durably, with mode 0600.

    A reader sees all of the old content or all of the new. UnsafeFileError when something other
    than a regular file is there, NoModesError where others could change it whatever is done.
    """
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(path.lstat().st_mode):
            raise UnsafeFileError(f"{path} is not a regular file.")
    prefix = f".{path.name}."
    _sweep(path.parent, prefix)
    handle, name = tempfile.mkstemp(prefix=prefix, suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            if hasattr(os, "fchmod"):
                _close_to_others(file.fileno(), path)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _need_own(status: os.stat_result, path: Path, *, private: bool = True) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise UnsafeFileError(f"{path} is not a regular file.")
    # No name at all: a writer has put another in its place since it was opened here.
    if private and not (_is_mine(status) and status.st_nlink <= 1):
        raise UnsafeFileError(f"{path} is accessible to other users.")


def _close_to_others(handle: int, path: Path) -> None:
    with suppress(OSError):
        os.fchmod(handle, 0o600)
    if os.name == "posix" and os.fstat(handle).st_mode & stat.S_IWOTH:
        raise NoModesError(path)


def _is_mine(status: os.stat_result) -> bool:
    return os.name != "posix" or status.st_uid == os.geteuid()


def _sweep(folder: Path, prefix: str) -> None:
    """Remove temporary files of writers that were killed."""
    old = time.time() - _STALE_AFTER
    for left in folder.glob(f"{prefix}*.tmp"):
        with suppress(OSError):
            if left.lstat().st_mtime < old:
                left.unlink()


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    with suppress(OSError):  # some network file systems cannot
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
