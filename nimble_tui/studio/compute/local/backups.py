"""Copies of a workstation's disk: made at a stop, restored at a start, the oldest removed.

The current folder is the workstation's. Nothing of it runs meanwhile. Where the file system can, a
copy shares its data with the original.
"""

from pathlib import Path
from typing import Final

from nimble_tui.studio.compute.local.folder import HOME, LAYER

SLOT: Final = "slot"
"""The file with the place in the range of user ids that all backups of a session belong to."""

_COPY: Final = ("cp", "-a", "--reflink=auto", "--")
_UNFINISHED: Final = ".unfinished-"
_RESTORED: Final = "restored"


def is_complete(source: Path) -> bool:
    """Return whether a disk is there, or a backup of one."""
    return (source / HOME).is_dir()


def make_parents(target: Path) -> None:
    """Make the folder of a session's backups."""
    for path in (target.parent.parent, target.parent):
        path.mkdir(mode=0o700, exist_ok=True)


def unfinished(target: Path) -> Path:
    """Return where a backup is while it is being made."""
    return target.with_name(_UNFINISHED + target.name)


def remove_command(*paths: Path) -> list[str]:
    """Return the command that removes files and folders, however deep, without following a link."""
    return ["rm", "-rf", "--", *map(str, paths)]


def copy_commands(target: Path) -> list[list[str]]:
    """Return the commands that copy the current folder into a backup."""
    new = str(unfinished(target))
    names = [name for name in (HOME, LAYER) if Path(name).is_dir()]
    return [
        remove_command(unfinished(target)),
        ["mkdir", "-m", "700", "--", new],
        *([*_COPY, name, f"{new}/"] for name in names),
    ]


def finish(target: Path) -> None:
    """Give a backup its name now that it is complete."""
    unfinished(target).replace(target)


def surplus(parent: Path, most: int) -> list[Path]:
    """Return the oldest complete backups of a session beyond so many."""
    found = [path for path in parent.iterdir() if path.is_dir() and path.name[0] != "."]
    found.sort(key=lambda path: path.stat().st_ctime_ns)
    return found[: max(0, len(found) - most)]


def restore_commands(source: Path) -> list[list[str]]:
    """Return the commands that copy a backup beside the disk it is to replace."""
    names = [name for name in (HOME, LAYER) if (source / name).is_dir()]
    return [
        ["rm", "-rf", "--", _RESTORED],
        ["mkdir", "-m", "700", "--", _RESTORED],
        *([*_COPY, str(source / name), f"{_RESTORED}/"] for name in names),
        ["rm", "-rf", "--", HOME, LAYER],
    ]


def swap_in(path: Path) -> None:
    """Put what was restored in the place of the disk."""
    for name in (HOME, LAYER):
        if (path / _RESTORED / name).is_dir():
            (path / _RESTORED / name).rename(path / name)
    (path / _RESTORED).rmdir()
