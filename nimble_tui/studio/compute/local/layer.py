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
_DEEPEST: Final = 6
"""The depth from which on nothing that is there can be changed; the deepest are the most."""


def layers() -> list[str]:
    """Return the folders of `LAYERED` that this machine has."""
    return [name for name in LAYERED if Path("/", name).is_dir()]


def make_folders(at: str) -> None:
    """Make the folders of the system again below `at`."""
    for name in layers():
        Path(at, name).mkdir(parents=True)
        pending = [(f"/{name}", f"{at}/{name}")]
        while pending:
            source, target = pending.pop()
            for entry in os.scandir(source):
                path = f"{target}/{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    if entry.stat().st_mode & 0o005 == 0o005:
                        Path(path).mkdir()
                        if source not in _LEFT_OUT and source.count("/") < _DEEPEST - 1:
                            pending.append((entry.path, path))
                elif name == "etc" or (name in _COPIED and source == f"/{name}"):
                    _copy(entry, path)


def _copy(entry: os.DirEntry[str], target: str) -> None:
    """Copy a file that everyone can read; put an empty one in the place of any other."""
    mode = entry.stat(follow_symlinks=False).st_mode
    if stat.S_ISREG(mode):
        path = Path(target)
        path.write_bytes(Path(entry.path).read_bytes() if mode & stat.S_IROTH else b"")
        path.chmod(stat.S_IMODE(mode) & 0o755)
