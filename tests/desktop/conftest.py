"""A desktop of small scripts: each says what it was called with, and with which environment."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_INTEROP")
REMOTE = ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT")


@dataclass
class Program:
    """What a script on the desktop's PATH was told, once it ran."""

    told: Path

    @property
    def ran(self) -> bool:
        return (self.told / "arguments").exists()

    @property
    def arguments(self) -> list[str]:
        return (self.told / "arguments").read_bytes().decode().split("\0")[:-1]

    @property
    def environment(self) -> dict[str, str]:
        pairs = (self.told / "environment").read_bytes().decode().split("\0")[:-1]
        return dict(pair.split("=", 1) for pair in pairs)


Install = Callable[..., Program]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Empty the PATH, give a screen, and return what puts a program on the PATH."""
    if sys.platform != "linux":
        pytest.skip("the desktop of this system cannot be made of scripts")
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    for name in (*SCREENS, *REMOTE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":99")

    def put(name: str, *, code: int = 0, says: str = "") -> Program:
        told = tmp_path / name
        told.mkdir()
        script = folder / name
        script.write_text(
            "#!/bin/sh\n"
            f"/usr/bin/env -0 > '{told}/environment'\n"
            f"printf '%s\\0' \"$@\" > '{told}/arguments'\n"
            f"echo '{says}'\necho 'loud words of a browser' >&2\nexit {code}\n"
        )
        script.chmod(0o755)
        return Program(told)

    return put
