"""The folders of shared file systems on this machine, which may be mount points."""

import os
import re
from pathlib import Path
from typing import Final

_FSTAB: Final = Path("/etc/fstab")
_MOUNTS: Final = Path("/proc/self/mountinfo")
_ESCAPE: Final = re.compile(r"\\([0-7]{3})")


def problem_of(folder: Path) -> str:
    """Return why a share's folder cannot be used, as in "does not exist"; "" where it can."""
    try:
        if not folder.is_dir():
            return "does not exist"
        if _awaited_mounts(folder) - _mounts():
            return "is not mounted"
        with os.scandir(folder) as entries:
            next(entries, None)
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return ""


def seems_unmounted(folder: Path) -> bool:
    """Return whether a share's folder is empty, and no file system is mounted there."""
    with os.scandir(folder) as entries:
        is_empty = next(entries, None) is None
    return is_empty and str(folder.resolve()) not in _mounts()


def _awaited_mounts(folder: Path) -> set[str]:
    """Return the mount points of /etc/fstab at a folder and above it, but for the root."""
    if not _FSTAB.is_file():
        return set()
    place = folder.resolve()
    awaited = set()
    for line in _FSTAB.read_text(encoding="utf-8", errors="replace").splitlines():
        fields = line.partition("#")[0].split()
        if len(fields) > 1 and fields[1].startswith("/") and fields[1] != "/":
            awaited.add(os.path.normpath(_plain(fields[1])))
    return {one for one in awaited if place.is_relative_to(one)}


def _mounts() -> set[str]:
    """Return the mount points of this machine."""
    lines = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    return {_plain(line.split()[4]) for line in lines}


def _plain(text: str) -> str:
    """Return a path whose blanks are written as octal numbers."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 8)), text)
