"""What a hostile user tries against a workstation; run by another user's Python, without ours.

Reads facts about the workstation as JSON from standard input, and writes the result of each attack
as JSON: "kept", or "reached" with what was. It harms nothing that it reaches.
"""

import ctypes
import json
import os
import platform
import select
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

SECRET = b"of Mara"
_PTRACE_SEIZE, _PTRACE_DETACH = 0x4206, 17
_KEYCTL, _ADD_KEY = {"x86_64": (250, 248), "aarch64": (219, 217)}.get(platform.machine(), (0, 0))
_KEYCTL_SEARCH = 10
_SESSION_KEYRING, _USER_KEYRING = -3, -4

libc = ctypes.CDLL(None, use_errno=True)
facts: dict[str, Any] = {}


def in_files() -> Iterator[object]:
    """Read, list and write its files by their paths on the machine."""
    home, run = Path(facts["home"]), Path(facts["run"])
    for path in (home / "secret", run / "xauthority"):
        with suppress(OSError):
            yield path.read_bytes()
    for path in (home, run, home.parent, home.parent.parent):
        with suppress(OSError):
            yield list(path.iterdir())
        with suppress(OSError):
            (path / "planted").touch()
            yield path


def in_temporary_folders() -> Iterator[object]:
    """Find what it put where everyone may."""
    for name in ("/tmp/mara", "/var/tmp/mara", "/dev/shm/mara", "/run/nimble/mara"):  # noqa: S108
        with suppress(OSError):
            yield name, Path(name).read_bytes()


def at_the_display() -> Iterator[object]:
    """Open any display without a cookie, or its own socket in the abstract namespace."""
    hello = b"l\0\13\0\0\0\0\0\0\0\0\0"
    for number in range(10):
        name = f"/tmp/.X11-unix/X{number}"  # noqa: S108
        with suppress(OSError), connected(name) as display:
            display.sendall(hello)
            if display.recv(1) == b"\1":
                yield name
        with suppress(OSError), connected(f"\0{name}") as display:
            yield f"@{name}"


def at_its_sockets() -> Iterator[object]:
    """Connect to its screen, its supervisor and its message bus."""
    roots = [Path("/proc", str(pid), "root") for pid in facts["pids"]]
    runs = [Path(facts["run"]), *(root / "run/nimble" for root in roots)]
    names = [str(run / "rfb.sock") for run in runs]
    names += [str(Path(facts["home"]).parent / "control.sock")]
    for name in names:
        with suppress(OSError), connected(name):
            yield name


def at_its_message_bus() -> Iterator[object]:
    """Speak to its programs through D-Bus, wherever its address leads."""
    for address in facts["bus"].split(";"):
        kind, _, name = address.partition(",")[0].partition("=")
        names = [f"\0{name}"] if kind == "unix:abstract" else [name]
        names += [f"/proc/{pid}/root{name}" for pid in facts["pids"] if kind == "unix:path"]
        for one in names:
            with suppress(OSError), connected(one) as bus:
                bus.sendall(
                    b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\n"
                )
                if bus.recv(3) == b"OK ":
                    yield address


def in_its_processes() -> Iterator[object]:
    """See, read and take hold of its processes."""
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            about = (path / "cmdline").read_bytes() + (path / "environ").read_bytes()
            if facts["session"].encode() in about:
                yield path.name, "its variables"
    for pid in facts["pids"]:
        with suppress(OSError):
            yield pid, Path(f"/proc/{pid}/root/home/artist/secret").read_bytes()
        with suppress(OSError):
            yield pid, list(Path(f"/proc/{pid}/fd").iterdir())
        with suppress(OSError), Path(f"/proc/{pid}/mem").open("rb"):
            yield pid, "its memory"
        with suppress(OSError):
            os.kill(pid, 0)
            yield pid, "signals"
        if libc.ptrace(_PTRACE_SEIZE, pid, None, None) == 0:
            libc.ptrace(_PTRACE_DETACH, pid, None, None)
            yield pid, "ptrace"


def in_shared_memory() -> Iterator[object]:
    """Open memory, queues and semaphores that it shares with everyone."""
    for name in ("shmget", "semget"):
        if getattr(libc, name)(facts["ipc_key"], 1, 0) >= 0:
            yield name
    if libc.msgget(facts["ipc_key"], 0) >= 0:
        yield "msgget"
    for kind in ("shm", "sem", "msg"):
        with suppress(OSError):
            lines = Path("/proc/sysvipc", kind).read_text(encoding="ascii").splitlines()[1:]
            yield from (line for line in lines if int(line.split()[0]) == facts["ipc_key"])


def in_keyrings() -> Iterator[object]:
    """Find a key that it put into a keyring of the kernel."""
    for keyring in (_SESSION_KEYRING, _USER_KEYRING) if _KEYCTL else ():
        if libc.syscall(_KEYCTL, _KEYCTL_SEARCH, keyring, b"user", b"mara", 0) > 0:
            yield keyring


def at_its_abstract_socket() -> Iterator[object]:
    """Connect to a socket without a file."""
    with suppress(OSError), connected(facts["abstract"]):
        yield facts["abstract"]


def at_its_ports() -> Iterator[object]:
    """Connect to what listens on its addresses."""
    for port in facts["ports"]:
        for host in facts["hosts"]:
            with suppress(OSError), socket.create_connection((host, port), 0.3) as connection:
                if connection.recv(16) == SECRET:
                    yield host, port


def connected(name: str) -> socket.socket:
    """Return a connection to a unix socket."""
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(2)
        connection.connect(name)
    except OSError:
        connection.close()
        raise
    return connection


ATTACKS: dict[str, Callable[[], Iterator[object]]] = {
    "files": in_files,
    "temporary folders": in_temporary_folders,
    "display": at_the_display,
    "sockets": at_its_sockets,
    "message bus": at_its_message_bus,
    "processes": in_its_processes,
    "shared memory": in_shared_memory,
    "keyrings": in_keyrings,
    "abstract sockets": at_its_abstract_socket,
    "ports": at_its_ports,
}


def lay_out() -> None:
    """As the victim, put its secret wherever an attack looks for it, and serve it."""
    key = int(sys.argv[2])
    for name in ("/tmp/mara", "/var/tmp/mara", "/dev/shm/mara", "/run/nimble/mara"):  # noqa: S108
        Path(name).write_bytes(SECRET)
        Path(name).chmod(0o666)
    for create in (libc.shmget, libc.semget):
        create(key, 1, 0o1666)
    libc.msgget(key, 0o1666)
    for keyring in (_SESSION_KEYRING, _USER_KEYRING) if _ADD_KEY else ():
        libc.syscall(_ADD_KEY, b"user", b"mara", SECRET, len(SECRET), keyring)
    abstract = socket.socket(socket.AF_UNIX)
    abstract.bind(f"\0mara-{key}")
    servers = [abstract, socket.create_server(("127.0.0.1", 0)), socket.create_server(("", 0))]
    ports = [one.getsockname()[1] for one in servers[1:]]
    abstract.listen()
    facts = {"ports": ports, "bus": os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")}
    Path("facts.new").write_text(json.dumps(facts), encoding="ascii")
    Path("facts.new").rename("facts")
    while True:
        for one in select.select(servers, [], [])[0]:
            connection, _ = one.accept()
            with connection, suppress(OSError):
                connection.sendall(SECRET)


if __name__ == "__main__":
    if sys.argv[1:2] == ["lay-out"]:
        lay_out()
    facts.update(json.load(sys.stdin))
    results = {name: [repr(one)[:200] for one in attack()] for name, attack in ATTACKS.items()}
    json.dump(results, sys.stdout)
