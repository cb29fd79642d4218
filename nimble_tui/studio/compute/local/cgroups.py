"""The control group (cgroup v2) below which each workstation gets a group of its own.

Groups can be made where systemd, or an administrator, left a part of the tree to the studio: in the
highest group above the studio's process that it can write. Its own group is none, since a group
with processes of its own can limit none below it. So the groups outlive a restart of the service.

Source: Documentation/admin-guide/cgroup-v2 of Linux.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path("/sys/fs/cgroup")
_OURS: Final = "nimble"
_CONTROLLERS: Final = ("cpu", "memory", "pids")
_OF_PROCESS: Final = Path("/proc/self/cgroup")
_ENABLED: Final = "cgroup.subtree_control"
_WRITTEN: Final = ("", "cgroup.procs", _ENABLED)
_DEEPEST: Final = 4
"""The number of groups between the root and ours: user.slice/user-N.slice/user@N.service/nimble."""


def make_parent(root: Path = ROOT, of_process: Path = _OF_PROCESS) -> Path | None:
    """Return the group in which those of workstations are made; None where there can be none."""
    for above in _above(root, of_process):
        ours = above / _OURS
        try:
            for parent in (above, ours):
                parent.mkdir(exist_ok=True)
                (parent / _ENABLED).write_text(
                    " ".join(f"+{name}" for name in _CONTROLLERS), encoding="ascii"
                )
        except OSError:
            continue
        return ours
    return None


def existing_parent(root: Path = ROOT) -> Path | None:
    """Return the group that a service of this user made; None where there is none."""
    for depth in range(_DEEPEST):
        for ours in root.glob("*/" * depth + _OURS):
            try:
                enabled = (ours / _ENABLED).read_text(encoding="ascii").split()
                if ours.stat().st_uid == os.geteuid() and set(_CONTROLLERS) <= set(enabled):
                    return ours
            except OSError:
                continue
    return None


def _above(root: Path, of_process: Path) -> Iterator[Path]:
    """Yield the groups above this process's that can be written, the highest first."""
    try:
        lines = of_process.read_text(encoding="ascii").splitlines()
        controllers = (root / "cgroup.controllers").read_text(encoding="ascii").split()
    except OSError:
        return
    own = next((line[3:].strip("/") for line in lines if line.startswith("0::/")), None)
    if own is None or ".." in own or not set(_CONTROLLERS) <= set(controllers):
        return
    group = root / own
    above = [root / part for part in reversed(group.relative_to(root).parents)]
    for path in above or [root]:  # which alone can hold processes, and groups with limits
        if all(os.access(path / name, os.W_OK) for name in _WRITTEN):
            yield path
