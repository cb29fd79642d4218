"""Makes the system changeable for a sandbox's own root, by a layer of folders over it.

The sandbox's own root may not change folders of this machine's root, whom it does not know. So
between the system and a workstation's own layer lies one that has every folder of the system again,
as the sandbox's own: files can be added, removed and replaced. Only changing one in its place is
refused, except below /etc, whose files are copied. It is in memory, and made by the sandbox itself.
"""

import os
import stat
from pathlib import Path
from typing import Final

LAYERED: Final = ("usr", "etc", "opt", "var/lib/dpkg", "var/lib/apt")
"""The folders of the system that setup scripts can change where there is a writable layer."""
_COPIED: Final = ("etc", "var/lib/dpkg", "var/lib/apt")
_LEFT_OUT: Final = ("/usr/share/doc",)
"""Folders with thousands of others in which nothing is changed."""
_WHITEOUT: Final = stat.S_IFCHR
"""The type of a file that hides one of the system: a device with the number 0, for anyone to make.

Source: Documentation/filesystems/overlayfs of Linux, whiteouts.
"""
_DEEPEST: Final = 6
"""The depth from which on nothing that is there can be changed; the deepest are the most."""


def layers() -> list[str]:
    """Return the folders of `LAYERED` that this machine has."""
    return [name for name in LAYERED if Path("/", name).is_dir()]


def make_folders(at: str) -> list[tuple[str, int]]:
    """Make the folders of the system again below `at`; return those to be made over them.

    In the folders whose files are copied, what is not for everyone would be in the way: it is
    hidden there. A folder's own modes come with its path, such as `var/lib/apt/lists/partial`.
    """
    hidden = []
    for name in layers():
        Path(at, name).mkdir(parents=True)
        pending = [(f"/{name}", f"{at}/{name}")]
        while pending:
            source, target = pending.pop()
            for entry in os.scandir(source):
                path = f"{target}/{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    mode = entry.stat().st_mode
                    if mode & 0o005 == 0o005:
                        Path(path).mkdir()
                        if source not in _LEFT_OUT and source.count("/") < _DEEPEST - 1:
                            pending.append((entry.path, path))
                    elif name in _COPIED:
                        os.mknod(path, _WHITEOUT)
                        hidden.append((entry.path[1:], stat.S_IMODE(mode)))
                elif name == "etc" or (name in _COPIED and source == f"/{name}"):
                    _copy(entry, path)
                elif name in _COPIED and not _is_for_everyone(entry):
                    os.mknod(path, _WHITEOUT)
    return hidden


def _is_for_everyone(entry: os.DirEntry[str]) -> bool:
    mode = entry.stat(follow_symlinks=False).st_mode
    return stat.S_ISLNK(mode) or bool(mode & stat.S_IROTH)


def _copy(entry: os.DirEntry[str], target: str) -> None:
    """Copy a file that everyone can read; put an empty one in the place of any other."""
    mode = entry.stat(follow_symlinks=False).st_mode
    if stat.S_ISREG(mode):
        path = Path(target)
        path.write_bytes(Path(entry.path).read_bytes() if mode & stat.S_IROTH else b"")
        path.chmod(stat.S_IMODE(mode) & 0o755)
