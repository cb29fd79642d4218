"""Bubblewrap's options: what a sandbox sees of this machine, and as whom."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from nimble_tui.studio.compute.local import layer
from nimble_tui.studio.compute.local.namespaces import STAGE, USER, Staging

HOME: Final = "/home/artist"
RUN: Final = "/run/nimble"
SCRIPT: Final = "script"
PATH: Final = "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"

_CAPABILITIES: Final = (
    *("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETFCAP"),
)
"""The capabilities of the sandbox's own root within it; mounting is not among them."""
_FOR_ROOT: Final = ("/var/cache/apt/archives/partial", "/var/log/apt")
_IN_MEMORY: Final = ("/run", "/tmp", "/var/tmp", "/dev/shm")  # noqa: S108
"""The folders in memory that everyone in the sandbox can write to; the last is below /dev."""
_SYSTEM: Final = ("usr", "etc", "opt")
_SHOWN: Final = ("/usr/", "/etc/", "/opt/")
"""The folders of this machine that a sandbox sees, but for what is hidden in them."""
_ROOT_FILES: Final = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")


def options(
    staging: Staging,
    environment: Mapping[str, str],
    mounts: Sequence[tuple[str, str]],
    hidden: Sequence[str],
    *,
    as_root: bool,
    hostname: str,
    memory: int,
) -> list[str]:
    """Return bubblewrap's options for a sandbox.

    `mounts` are names of staged folders and where they are shown: read-only those whose name
    begins with `ro-`. `hidden` are paths of this machine that it must not see. What an artist can
    store in memory has at most `memory` bytes.
    """
    words = ["--unshare-ipc", "--unshare-pid", "--unshare-uts", "--unshare-cgroup-try"]
    words += ["--die-with-parent", "--new-session", "--hostname", hostname, "--clearenv"]
    words += _user(as_root=as_root)
    size = str(memory // len(_IN_MEMORY))
    for path in _IN_MEMORY[:-1]:
        words += ["--size", size, "--tmpfs", path]
    words += _system(staging, as_root=as_root)
    words += ["--proc", "/proc", "--dev", "/dev", "--size", size, "--tmpfs", _IN_MEMORY[-1]]
    words += ["--remount-ro", "/dev"]
    words += ["--ro-bind-try", "/sys/devices/system/cpu", "/sys/devices/system/cpu"]
    words += _files(staging)
    for path in hidden:
        if path.startswith(_SHOWN) and Path(path).is_dir():
            words += ["--tmpfs", path, "--remount-ro", path]
        elif path.startswith(_SHOWN):
            words += ["--ro-bind", "/dev/null", path]
    words += ["--bind", f"{STAGE}/home", HOME, "--bind", f"{STAGE}/run", RUN]
    for name, target in mounts:
        words += ["--ro-bind" if name.startswith("ro-") else "--bind", f"{STAGE}/{name}", target]
    if not as_root:
        words += ["--remount-ro", "/"]
    for name, value in environment.items():
        words += ["--setenv", name, value]
    return [*words, "--chdir", environment.get("HOME", HOME)]


def _user(*, as_root: bool) -> Iterator[str]:
    if not as_root:
        yield from ("--unshare-user", "--uid", str(USER), "--gid", str(USER))
        return
    yield from ("--cap-drop", "ALL")
    for name in _CAPABILITIES:
        yield from ("--cap-add", f"CAP_{name}")
    for path in _FOR_ROOT:
        yield from ("--dir", path)
    yield from ("--tmpfs", "/root")


def _system(staging: Staging, *, as_root: bool) -> Iterator[str]:
    """Yield the mounts of the system: this machine's, or that with the workstation's layer."""
    bind = "--bind" if as_root else "--ro-bind"
    layered = layer.layers() if staging.layer else []
    for name in dict.fromkeys((*_SYSTEM, *layered)):
        if name in layered:
            yield from (bind, f"{STAGE}/system/{name}", f"/{name}")
        elif Path("/", name).is_dir():
            yield from ("--ro-bind", f"/{name}", f"/{name}")
    for path in map(Path, _ROOT_FILES):
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), str(path))
        elif path.is_dir():
            yield from ("--ro-bind", str(path), str(path))


def _files(staging: Staging) -> Iterator[str]:
    """Yield the mounts of small files: its users, its resolver and its script."""
    for name in staging.files:
        source = f"{STAGE}/files/{name}"
        if name == SCRIPT:
            yield from ("--ro-bind", source, f"/run/{SCRIPT}")
        elif name == "resolv.conf":  # which may lead out of /etc
            yield from ("--ro-bind", source, str(Path("/etc", name).resolve()))
        elif not staging.layer:
            yield from ("--ro-bind", source, f"/etc/{name}")
