"""The writable layer over the system that set-up scripts of a workstation change.

The sandbox's own root may not change folders of this machine's root, whom it does not know. So the
layer has every folder of the system in it, as the sandbox's own: files can be added, removed and
replaced, and only changing one in its place is refused, except below /etc.
"""

import os
import stat
from pathlib import Path

from nimble_tui.studio.compute.local.namespaces import UPPER, WORK, layers


def make_layer(at: Path, owner: int, files: dict[str, str], root: str = "/") -> None:
    """Make an empty layer as `at`; `files` replace those of /etc. Raises OSError."""
    for name in layers(root):
        base = at / name.replace("/", "-")
        upper = base / UPPER
        for folder in (base, base / WORK, upper):
            folder.mkdir(parents=True, mode=0o755)
            os.chown(folder, owner, owner)
        source = os.path.join(root, name)
        for place, folders, plain in os.walk(source):
            target = upper / os.path.relpath(place, source)
            folders[:] = [one for one in folders if _is_open(os.path.join(place, one))]
            if name == "usr" and place.endswith("/share/doc"):
                folders.clear()  # thousands, in which nothing is changed
            for one in folders:
                _make_folder(os.path.join(place, one), target / one, owner)
            if name == "etc" or (name != "usr" and place == source):  # a database, and its locks
                for one in plain:
                    _copy(os.path.join(place, one), target / one, owner)
    for name, text in files.items():
        path = at / "etc" / UPPER / name
        path.write_text(text, encoding="utf-8")
        os.chown(path, owner, owner)


def _is_open(path: str) -> bool:
    """Return whether a path is a folder that everyone can enter."""
    mode = os.lstat(path).st_mode
    return stat.S_ISDIR(mode) and mode & 0o005 == 0o005


def _make_folder(source: str, target: Path, owner: int) -> None:
    target.mkdir()
    target.chmod(stat.S_IMODE(os.stat(source).st_mode) & 0o755)
    os.chown(target, owner, owner)


def _copy(source: str, target: Path, owner: int) -> None:
    """Copy a file that everyone can read; put an empty one in the place of any other."""
    mode = os.lstat(source).st_mode
    if stat.S_ISREG(mode):
        is_open = mode & stat.S_IROTH
        target.write_bytes(Path(source).read_bytes() if is_open else b"")
        target.chmod(stat.S_IMODE(mode) & 0o755)
        os.chown(target, owner, owner)
