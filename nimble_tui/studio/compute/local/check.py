"""Checks whether workstations can run on this machine, and what is limited here."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from nimble_tui.studio.compute import Finding
from nimble_tui.studio.compute.local import cgroups, desktop_session, shares
from nimble_tui.studio.compute.local.settings import LocalSettings

REQUIRED: Final[Mapping[str, str]] = {
    "bwrap": "bubblewrap",
    "Xvnc": "tigervnc-standalone-server",
}
"""The programs that every workstation needs, and the Debian package of each."""
_TUN: Final = Path("/dev/net/tun")
_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def runs_here() -> str:
    """Return why no workstations can run on this machine, "" where they can."""
    if sys.platform != "linux":
        return "Workstations on this machine need Linux."
    packages = missing_packages()
    if packages:
        return f"Packages are missing: apt install {' '.join(packages)}"
    return _sandbox_problem()


def missing_packages() -> list[str]:
    """Return the Debian packages that every workstation needs and that are not installed."""
    return [
        package for program, package in REQUIRED.items() if not shutil.which(program, path=_PATH)
    ]


def missing(settings: LocalSettings) -> str:
    """Return in a sentence which package a launch lacks, "" where it lacks none."""
    del settings
    packages = missing_packages()
    return (
        f"This machine lacks {', '.join(packages)}. Ask your admin to install it."
        if packages
        else ""
    )


def pasta() -> str:
    """Return the program that gives a workstation a network of its own, "" where there is none."""
    return (shutil.which("pasta", path=_PATH) or "") if _TUN.exists() else ""


def can_connect() -> bool:
    """Return whether the user of a workstation can open the device that its own network needs."""
    if os.geteuid() != 0:
        return os.access(_TUN, os.R_OK | os.W_OK)
    return _TUN.exists() and _TUN.stat().st_mode & 0o006 == 0o006


def findings(settings: LocalSettings) -> list[Finding]:
    """Return what is right and wrong with this machine as a host of workstations."""
    problem = runs_here()
    if problem:
        return [Finding(ok=False, text=problem)]
    found = [Finding(ok=True, text="Workstations run in bubblewrap's sandboxes on this machine.")]
    found.append(_folder_finding(settings))
    found.append(_limits_finding())
    text = "Only the size of a single file is limited, not all that a workstation stores."
    found.append(Finding(ok=True, text=text))
    found.append(_network_finding())
    if os.geteuid() != 0:
        text = (
            "The studio is not run as root: its workstations have its user id, and only their "
            "sandboxes separate them. As root, each would have its own user ids, and setup scripts "
            "could install packages."
        )
        found.append(Finding(ok=True, text=text))
    lacking = {
        package
        for program, package in desktop_session.PROGRAMS.items()
        if not shutil.which(program, path=_PATH)
    }
    if lacking:
        text = f"The default desktop lacks {', '.join(sorted(lacking))}."
        found.append(Finding(ok=False, text=text))
    return found + [
        Finding(ok=False, text=f"The folder of the share {name} {problem}: {path}.")
        for name, path in settings.shares.items()
        if (problem := shares.problem_of(path))
    ]


def _limits_finding() -> Finding:
    """Return which limits hold, for a service of this user where one has made its group."""
    if cgroups.make_parent() or cgroups.existing_parent():
        text = "Processors and memory are limited for all programs of a workstation (cgroup v2)."
        return Finding(ok=True, text=text)
    text = (
        "Memory is limited for each program separately, and processors by affinity, which a "
        "program can undo: control groups (cgroup v2) cannot be written here."
    )
    if (cgroups.ROOT / "cgroup.controllers").is_file():
        text += " docs/local.md, As a service, says how to let a service write them."
    return Finding(ok=True, text=text)


def _network_finding() -> Finding:
    if not pasta():
        text = (
            "Workstations share this machine's network, its own addresses such as 127.0.0.1 "
            "included: install passt to give each its own."
        )
        return Finding(ok=False, text=text)
    if not can_connect():
        text = f"Workstations have no network, because they cannot open {_TUN}: chmod 666 {_TUN}."
        return Finding(ok=False, text=text)
    text = "Each workstation has its own network, which can't reach this machine's loopback."
    return Finding(ok=True, text=text)


def _folder_finding(settings: LocalSettings) -> Finding:
    try:
        settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(settings.folder, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(13, "Permission denied")
        space = shutil.disk_usage(settings.folder)
    except OSError as error:
        text = f"The folder of workstations, {settings.folder}, cannot be used: {error.strerror}."
        return Finding(ok=False, text=text)
    text = (
        f"Workstations are stored in {settings.folder}, which has {space.free // 2**30} GiB left."
    )
    return Finding(ok=space.free > space.total // 20, text=text)


def _sandbox_problem() -> str:
    """Return why this machine allows no sandbox, "" where it does."""
    words = ["bwrap", "--unshare-user", "--unshare-pid", "--ro-bind", "/", "/", "true"]
    try:
        done = subprocess.run(  # noqa: S603 - fixed words
            words,
            env={"PATH": _PATH},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return "bubblewrap cannot be run on this machine."
    if done.returncode == 0:
        return ""
    if _is_chroot():
        return "Linux allows no sandboxes in a chroot: run the studio outside, or in a container."
    return (
        "This machine allows no sandboxes: bubblewrap failed. Allow user namespaces "
        "(sysctl kernel.unprivileged_userns_clone, or the machine's AppArmor rules)."
    )


def _is_chroot() -> bool:
    """Return whether this process's root is no mount of its own, as in a chroot."""
    try:
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return not any(line.split()[4] == "/" for line in mounts.splitlines())
