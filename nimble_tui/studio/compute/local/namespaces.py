"""The namespaces of a sandbox, made by the process that becomes it.

A workstation's sandbox sees files in the folder `STAGE` of a mount namespace of its own: only what
was staged there before can be mounted into it. Its user ids are a range of the machine's that
nothing else has, or, where the studio is not root, the studio's own as one id.
"""

import ctypes
import fcntl
import os
import socket
import struct
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from nimble_tui.studio.compute.local import layer

STAGE: Final = "/tmp"  # noqa: S108 - the sandbox's own, hidden from all others
USER: Final = 1000
"""The artist's user id in the sandbox."""
UPPER: Final = "upper"
WORK: Final = "work"
_NEWNS, _NEWNET, _NEWUSER = 0x20000, 0x40000000, 0x10000000
_BIND, _REC, _PRIVATE, _NOSUID, _NODEV = 4096, 16384, 1 << 18, 2, 4
_SET_PDEATHSIG, _SET_DUMPABLE, _SIGKILL = 1, 4, 9
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1
_KEYCTL: Final = {"x86_64": 250, "aarch64": 219, "riscv64": 219, "ppc64le": 271, "s390x": 280}
"""The number of the system call keyctl by machine (asm/unistd.h)."""
_JOIN_SESSION_KEYRING: Final = 1
LAYER_FAILED: Final = 125
"""The exit status of a sandbox for which the kernel allows no writable layer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staging:
    """The folders and files that are staged: the workstation's own, and others by name.

    `first_uid` is the first of its user ids on this machine, None where the studio is not root.
    `files` are small files of text by name, `layer` is the name of the workstation's folder with
    the writable layer, if it has one.
    """

    folder: str
    first_uid: int | None
    folders: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    layer: str = ""
    own_network: bool = False

    @property
    def user(self) -> int:
        """The artist's user id in the outer namespace of the sandbox."""
        return USER if self.first_uid is not None else 0

    @property
    def host_user(self) -> int:
        """The artist's user id on this machine."""
        return os.getuid() if self.first_uid is None else self.first_uid + USER

    @property
    def host_root(self) -> int:
        """The user id on this machine of the sandbox's own root."""
        return os.getuid() if self.first_uid is None else self.first_uid


def enter(staging: Staging, ready: int, go: int, *, as_root: bool) -> None:
    """Become a process of the sandbox's outer namespaces; raises OSError where that fails.

    It writes to `ready` and waits for `go` twice: for its user ids, and for its network. It ends
    with its parent: either `go` is at its end, or the parent's death is a signal.
    """
    sources = {"home": f"{staging.folder}/home", "run": f"{staging.folder}/run", **staging.folders}
    if staging.layer:
        sources["layer"] = f"{staging.folder}/{staging.layer}"
    network = _NEWNET if staging.own_network else 0
    if staging.first_uid is None:
        _unshare(_NEWUSER | _NEWNS | network)
    else:
        _unshare(_NEWNS)
        _stage(sources)
        os.setgroups([])
        os.setresgid(*[staging.first_uid] * 3)
        os.setresuid(*[staging.first_uid] * 3)
        _unshare(_NEWUSER | _NEWNS | network)
    _dumpable()  # so that the parent finds its namespaces
    _pause(ready, go)
    if staging.first_uid is None:
        _stage(sources)
    else:
        os.setresgid(0, 0, 0)
        os.setresuid(0, 0, 0)
    join_new_keyring()
    if staging.own_network:
        _raise_loopback()
    for name, text in staging.files.items():
        Path(STAGE, "files", name).write_text(text, encoding="utf-8")
        Path(STAGE, "files", name).chmod(0o755 if text.startswith("#!") else 0o644)
    if staging.layer:
        users = {name: staging.files[name] for name in ("passwd", "group")}
        _mount_layer(users, is_writable=as_root)
    if not as_root and staging.user:
        os.setgroups([])
        os.setresgid(*[staging.user] * 3)
        os.setresuid(*[staging.user] * 3)
    _dumpable()
    end_with_parent()
    _pause(ready, go)


def end_with_parent() -> None:
    """Have this process end when its parent does."""
    _call("prctl", _SET_PDEATHSIG, _SIGKILL, 0, 0, 0)


def join_new_keyring() -> None:
    """Leave the keyring of the studio's own session, in which all could read each other's keys.

    Where the kernel allows no such call, a workstation cannot make it either.
    """
    number = _KEYCTL.get(os.uname().machine)
    if number is not None:
        ctypes.CDLL(None).syscall(number, _JOIN_SESSION_KEYRING, None)


def let_map(pid: int, staging: Staging) -> None:
    """Give a child its user ids."""
    process = Path("/proc", str(pid))
    if staging.first_uid is None:
        (process / "setgroups").write_text("deny")
        ids = [f"0 {os.getuid()} 1", f"0 {os.getgid()} 1"]
    else:
        ids = [f"0 {staging.first_uid} 65536"] * 2
    (process / "uid_map").write_text(ids[0])
    (process / "gid_map").write_text(ids[1])


def _raise_loopback() -> None:
    """Let programs of a workstation reach each other, with or without a way out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))


def _stage(sources: Mapping[str, str]) -> None:
    """Mount folders below `STAGE`, which hides what was there."""
    _mount("none", "/", None, _REC | _PRIVATE)
    found = {name: os.open(path, os.O_PATH | os.O_CLOEXEC) for name, path in sources.items()}
    _mount("tmpfs", STAGE, "tmpfs", _NOSUID | _NODEV, "mode=755")
    for name, number in found.items():
        Path(STAGE, name).mkdir()
        _mount(f"/proc/self/fd/{number}", f"{STAGE}/{name}", None, _BIND | _REC)
        os.close(number)
    for name in ("files", "system"):
        Path(STAGE, name).mkdir()
        Path(STAGE, name).chmod(0o777)  # no other process sees it
    Path(STAGE).chmod(0o777)


def _mount_layer(files: Mapping[str, str], *, is_writable: bool) -> None:
    """Mount the system with the workstation's layer over it below `STAGE`.

    `files` take the place of those of /etc from the first time on.
    """
    folders, hidden = f"{STAGE}/folders", []
    if is_writable:
        Path(folders).mkdir()
        hidden = layer.make_folders(folders)
    for name in layer.layers():
        at, own = Path(STAGE, "system", name), Path(STAGE, "layer", name.replace("/", "-"))
        upper = Path(own, UPPER)
        for path in (at, upper, Path(own, WORK)) if is_writable else (at,):
            path.mkdir(parents=True, exist_ok=True)
        if name == "etc" and is_writable:
            for file, text in files.items():
                with suppress(FileExistsError), (upper / file).open("x", encoding="utf-8") as new:
                    new.write(text)
        options = f"lowerdir={upper}:/{name},userxattr"
        if is_writable:
            lower = f"lowerdir={folders}/{name}:/{name}"
            options = f"{lower},upperdir={upper},workdir={own}/{WORK},userxattr"
        try:
            _mount("overlay", str(at), "overlay", _NODEV, options)
        except OSError as error:
            os.write(2, f"{error}\n".encode())
            os._exit(LAYER_FAILED)
    for shown_at, mode in hidden:
        with suppress(FileExistsError):
            Path(STAGE, "system", shown_at).mkdir(mode)


def _pause(ready: int, go: int) -> None:
    os.write(ready, b".")
    if not os.read(go, 1):
        os._exit(1)


def _dumpable() -> None:
    _call("prctl", _SET_DUMPABLE, 1, 0, 0, 0)


def _unshare(flags: int) -> None:
    _call("unshare", flags)


def _mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    _call(
        "mount",
        source.encode(),
        target.encode(),
        kind.encode() if kind else None,
        ctypes.c_ulong(flags),
        options.encode() or None,
    )


def _call(name: str, *arguments: object) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
