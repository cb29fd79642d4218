"""Limits of a workstation: of all its programs by a cgroup, else of each program.

Source: Documentation/admin-guide/cgroup-v2 of Linux, and getrlimit(2).
"""

import os
import resource
from contextlib import suppress
from typing import Final

from nimble_tui.studio.compute.local import cgroups
from nimble_tui.studio.compute.local.settings import Limits

PROCESSES: Final = 4096
_PERIOD: Final = 100_000
"""Microseconds in which a group's programs have their share of the processors."""


def remove_group(name: str) -> None:
    """Remove the group of a workstation that has ended, if there is one."""
    parent = cgroups.make_parent()
    if parent is not None:
        with suppress(OSError):
            (parent / name).rmdir()


class Cage:
    """The limits of one workstation, for every process that is started in it."""

    def __init__(self, limits: Limits, name: str, slot: int) -> None:
        self._limits = limits
        self._slot = slot
        parent = cgroups.make_parent()
        self._group = parent / name if parent else None

    def make(self) -> None:
        """Make its group, if there can be one; raises OSError."""
        if self._group is None:
            return
        self._group.mkdir(exist_ok=True)
        limits = self._limits
        for name, value in (
            ("memory.max", limits.memory),
            ("memory.swap.max", 0),
            ("cpu.max", f"{limits.cpus * _PERIOD} {_PERIOD}"),
            ("pids.max", PROCESSES),
        ):
            with suppress(FileNotFoundError):  # a kernel without swap
                (self._group / name).write_text(str(value), encoding="ascii")

    def remove(self) -> None:
        """Remove its group once nothing is in it."""
        if self._group is not None:
            remove_group(self._group.name)

    def take_in(self, pid: int) -> None:
        """Put a process into its group."""
        if self._group is not None:
            (self._group / "cgroup.procs").write_text(str(pid), encoding="ascii")

    def limit(self) -> None:
        """Limit the calling process, and those that it starts."""
        _lower(resource.RLIMIT_CORE, 0)
        _lower(resource.RLIMIT_FSIZE, self._limits.disk)
        if self._group is not None:
            return
        _lower(resource.RLIMIT_DATA, self._limits.memory)
        there = sorted(os.sched_getaffinity(0))
        first = self._slot * self._limits.cpus
        chosen = {there[(first + n) % len(there)] for n in range(self._limits.cpus)}
        os.sched_setaffinity(0, chosen)

    def limit_processes(self) -> None:
        """Limit how many processes a sandbox has; within its user namespace, they alone count."""
        if self._group is None:
            _lower(resource.RLIMIT_NPROC, PROCESSES)


def _lower(name: int, value: int) -> None:
    hard = resource.getrlimit(name)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(name, (value, value))
