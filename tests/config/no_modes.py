"""A drive without modes, such as Windows' own in WSL: all is 0777 and chmod does nothing."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

_OPEN = 0o777


class Drive:
    """The calls that make files and set modes, as they behave below a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._real = (os.chmod, os.fchmod, os.mkdir, os.open)

    def _has(self, path: Any) -> bool:
        return self._root in (Path(path), *Path(path).parents)

    def chmod(self, path: Any, mode: int, **more: Any) -> None:
        if not self._has(path):
            self._real[0](path, mode, **more)

    def fchmod(self, handle: int, mode: int) -> None:
        if not self._has(Path(f"/proc/self/fd/{handle}").readlink()):
            self._real[1](handle, mode)

    def mkdir(self, path: Any, mode: int = _OPEN, **more: Any) -> None:
        self._real[2](path, mode, **more)
        if self._has(path):
            self._real[0](path, _OPEN)

    def open(self, path: Any, flags: int, mode: int = _OPEN, **more: Any) -> int:
        handle = self._real[3](path, flags, mode, **more)
        if flags & os.O_CREAT and self._has(path):
            self._real[1](handle, _OPEN)
        return handle


@contextmanager
def without_modes(root: Path) -> Iterator[None]:
    """Let everything that is below `root`, or made there, be open to all whatever is requested."""
    for path in (root, *root.rglob("*")):
        path.chmod(_OPEN)
    drive = Drive(root)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("chmod", "fchmod", "mkdir", "open"):
            patch.setattr(os, name, getattr(drive, name))
        yield
