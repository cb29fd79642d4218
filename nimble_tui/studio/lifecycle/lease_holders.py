"""Names of the processes that hold leases, by which one that ended is recognised.

On Linux a name says which process it is, and of which start of which machine. Elsewhere, and of a
process that cannot be seen from here, nothing is known: its lease lasts until its end.
"""

import os
import secrets
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_STATE, _STARTED = 0, 19
"""The places of these in /proc/PID/stat, after the name of the program (see proc_pid_stat(5))."""


def new_name() -> str:
    """Return a name for a lease of this process, unlike any other."""
    pid = os.getpid()
    words = [_place(), str(pid), _started(pid)]
    return ".".join([*(words if all(words) else ()), secrets.token_hex(8)])


def has_ended(name: str) -> bool:
    """Return whether the process of a name has surely ended."""
    words = name.split(".")
    if len(words) != 4 or words[0] != _place() or not words[1].isdecimal():
        return False
    return _started(int(words[1])) != words[2]


def _place() -> str:
    """Return what names this start of the machine and its process ids, "" where that is unknown."""
    try:
        boot_id = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        namespace = (_PROC / "self/ns/pid").readlink()
    except OSError:
        return ""
    return boot_id + "".join(filter(str.isdecimal, str(namespace)))


def _started(pid: int) -> str:
    """Return when a process started, in ticks since the machine did; "" where it has ended."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[_STATE] in {"Z", "X"} else fields[_STARTED]
