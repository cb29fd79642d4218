"""Drives without file modes: chmod has no effect, and every user can change every file.

Such are Windows' own drives in WSL (/mnt/c), exFAT and many network shares.
"""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

OTHERS = 0o077


def has_modes(folder: Path) -> bool:
    """Return whether chmod has an effect in a folder, which need not exist yet.

    A file is made there and removed again. True where none can be made: then it is not known.
    """
    if os.name != "posix":
        return True
    try:
        handle, name = tempfile.mkstemp(prefix=".nimble-tui-", dir=_nearest(folder))
    except OSError:
        return True
    try:
        with suppress(OSError):
            os.fchmod(handle, 0o600)
        return not stat.S_IMODE(os.fstat(handle).st_mode) & OTHERS
    finally:
        os.close(handle)
        with suppress(OSError):
            Path(name).unlink()


def folder_instead() -> Path | None:
    """Return a private folder where chmod has an effect; None if none is found."""
    own = Path("~").expanduser()
    some = (own / ".local" / "nimble-tui", Path("/home") / own.name, Path("/var/tmp"))  # noqa: S108
    for one in some:
        nearest = _nearest(one)
        if os.access(nearest, os.W_OK) and has_modes(nearest):
            return one if one.name != "tmp" else one / f"nimble-tui-{os.geteuid()}"
    return None


def advice(variable: str, ending: str = "") -> str:
    """Return where to put files instead, as the value of a variable of the environment."""
    folder = folder_instead()
    where = f"to {folder}{ending}, which is on another" if folder else "to a folder on another"
    return f"set {variable} {where} drive, and move your data there"


def _nearest(folder: Path) -> Path:
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return folder
