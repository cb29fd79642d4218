"""The clock that counts every second since the machine started, asleep or awake.

Sources: clock_gettime(2) of Linux, CLOCK_BOOTTIME; Apple's clock_gettime(3), CLOCK_MONOTONIC_RAW,
which counts sleep there but not on Linux; Microsoft's GetTickCount64, which counts sleep and
hibernation. macOS and Windows go by that documentation: they were not tried.
"""

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

if sys.platform in {"darwin", "win32"}:
    import ctypes
if sys.platform == "win32":
    import winreg


class BootClock(NamedTuple):
    """`seconds` counts since a start of the machine, which `boot_id` distinguishes from its others.

    Two processes with the same `boot_id` read the same clock.
    """

    boot_id: str
    seconds: Callable[[], float]


def system_boot_clock() -> BootClock | None:
    """Return this machine's own; None where its starts cannot be distinguished."""
    # The parts of Python and of the system that this needs may be missing.
    with suppress(OSError, AttributeError, ValueError):
        return _system_boot_clock()
    return None


if sys.platform == "linux":

    def _system_boot_clock() -> BootClock | None:
        boot_id = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        time.clock_gettime(time.CLOCK_BOOTTIME)
        return BootClock(boot_id, lambda: time.clock_gettime(time.CLOCK_BOOTTIME))

elif sys.platform == "darwin":

    def _system_boot_clock() -> BootClock | None:
        length = ctypes.c_size_t(64)
        text = ctypes.create_string_buffer(length.value)
        name = b"kern.bootsessionuuid"
        if ctypes.CDLL(None).sysctlbyname(name, text, ctypes.byref(length), None, 0) != 0:
            return None
        boot_id = text.value.decode("ascii")
        return BootClock(boot_id, lambda: time.clock_gettime(time.CLOCK_MONOTONIC_RAW))

elif sys.platform == "win32":

    def _system_boot_clock() -> BootClock | None:
        place = (
            r"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management"
            r"\PrefetchParameters"
        )
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place) as key:
            boot_id = str(winreg.QueryValueEx(key, "BootId")[0])
        ticks = ctypes.windll.kernel32.GetTickCount64
        ticks.restype = ctypes.c_uint64
        return BootClock(boot_id, lambda: ticks() / 1000)

else:

    def _system_boot_clock() -> BootClock | None:
        return None
