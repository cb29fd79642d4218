"""One sandbox: bubblewrap in namespaces of its own, with a process that waits for a word to begin.

Nothing of it outlives its parent, and all of its processes end with its first one.
"""

import json
import os
import select
import shutil
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from nimble_tui.studio.compute.local import layer, namespaces
from nimble_tui.studio.compute.local.limits import Cage
from nimble_tui.studio.compute.local.namespaces import STAGE, USER, Staging

HOME: Final = "/home/artist"
RUN: Final = "/run/nimble"
SCRIPT: Final = "script"
PATH: Final = "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
NAMESERVER: Final = "169.254.1.53"
"""The address at which a sandbox with a network of its own asks for names."""

_TAIL: Final = 4096
_NETWORK_TAKES: Final = 3.0
_STARTS_WITHIN: Final = 10.0
_UNTIL_INPUT_ENDS: Final = '"$@" </dev/null & read -r word; kill -KILL $!'
_CAPABILITIES: Final = (
    *("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETFCAP"),
)
"""What the sandbox's own root can do there; mounting is not among it."""
_FOR_ROOT: Final = ("/var/cache/apt/archives/partial", "/var/log/apt")
_SHOWN: Final = ("/usr/", "/etc/", "/opt/")
"""The folders of this machine that a sandbox sees, but for what is hidden in them."""
_ROOT_FILES: Final = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")


@dataclass(slots=True)
class Process:
    """A child, which may be a sandbox, and the end of what it wrote.

    `orders` is a pipe to its standard input, -1 where that is closed. A sandbox `has_begun` once
    it is complete.
    """

    pid: int
    output: int
    orders: int = -1
    first: int = -1
    tail: bytearray = field(default_factory=bytearray)
    status: int | None = None
    has_begun: bool = False
    helper: "Process | None" = None

    def read(self) -> bool:
        """Take up what it wrote; return whether there may be more."""
        try:
            text = os.read(self.output, 65536)
        except BlockingIOError:
            return True
        except OSError:
            text = b""
        self.tail = (self.tail + text)[-_TAIL:]
        return bool(text)

    def poll(self) -> int | None:
        """Return its exit status once it has ended, -N for a signal; None until then."""
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        if self.status is None or (self.first >= 0 and not _has_ended(self.first)):
            return None
        return self.status

    def order(self, word: str) -> None:
        """Write a line to its standard input."""
        with suppress(OSError):
            os.write(self.orders, f"{word}\n".encode())

    def kill(self) -> None:
        """End it at once, and all that runs in it."""
        if self.first >= 0:
            with suppress(OSError):
                signal.pidfd_send_signal(self.first, signal.SIGKILL)
        if self.status is None:
            with suppress(OSError):
                os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """Let go of it; a program that waits for the end of its input ends by that."""
        while self.read():
            if not select.select([self.output], [], [], 0)[0]:
                break
        for number in (self.output, self.orders, self.first):
            if number >= 0:
                os.close(number)
        self.output = self.orders = self.first = -1
        if self.helper is not None:
            self.helper.close()
            self.helper.poll()
            self.helper = None


def start_sandbox(
    staging: Staging,
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    mounts: Sequence[tuple[str, str]],
    cage: Cage,
    hidden: Sequence[str] = (),
    as_root: bool = False,
    pasta: str = "",
    hostname: str = "workstation",
) -> Process:
    """Start a command as the artist, or as the sandbox's own root; raises OSError.

    `mounts` are names of staged folders and where they are shown: those read-only whose name
    begins with `ro-`. The process is stopped before the command until `begin`.
    """
    arguments = _arguments(
        staging, environment, mounts, hidden=hidden, as_root=as_root, hostname=hostname
    )
    ready, ready_end = os.pipe()
    go_end, go = os.pipe()
    info, info_end = os.pipe()
    process, input_end, output_end = _piped()
    argument_file = os.memfd_create("arguments", 0)
    os.write(argument_file, b"".join(word.encode() + b"\0" for word in arguments))
    os.lseek(argument_file, 0, os.SEEK_SET)
    process.pid = os.fork()
    if process.pid == 0:
        try:
            for number in (ready, go, info, process.output, process.orders):
                os.close(number)
            for number, target in ((input_end, 0), (output_end, 1), (output_end, 2)):
                os.dup2(number, target)
            _default_signals()
            os.setsid()
            cage.limit()
            namespaces.enter(staging, ready_end, go_end, as_root=as_root)
            for number in (argument_file, info_end):
                os.set_inheritable(number, True)
            options = ["--args", str(argument_file), "--info-fd", str(info_end)]
            words = ["bwrap", *options, "--", *command]
            os.execve(shutil.which("bwrap", path=PATH) or "bwrap", words, {"PATH": PATH})
        except BaseException as error:  # noqa: BLE001 - the child must not return
            os.write(2, f"{error}\n".encode())
        finally:
            os._exit(126)
    for number in (ready_end, go_end, info_end, input_end, output_end, argument_file):
        os.close(number)
    try:
        if _awaited(ready):
            namespaces.let_map(process.pid, staging)
            cage.take_in(process.pid)
            os.write(go, b".")
        if _awaited(ready):
            if pasta:
                process.helper = _connect(pasta, process.pid, staging)
            os.write(go, b".")
            child = _child_pid(info)
            if child:
                process.first = os.pidfd_open(child)
                process.has_begun = True
    except OSError:
        process.kill()
    finally:
        for number in (ready, go, info):
            os.close(number)
    return process


def start_program(
    command: Sequence[str] | Callable[[], None], *, ends_itself: bool = False
) -> Process:
    """Start a program of this machine, or a function, as the user that the studio is.

    It ends with this process, or by itself where its input does.
    """
    process, input_end, output_end = _piped()
    process.pid = os.fork()
    if process.pid == 0:
        try:
            for number, target in ((input_end, 0), (output_end, 1), (output_end, 2)):
                os.dup2(number, target)
            _default_signals()
            if not ends_itself:
                os.close(process.orders)
                namespaces.end_with_parent()
            if callable(command):
                command()
                os._exit(0)
            os.execvpe(command[0], list(command), {"PATH": os.defpath, "LC_ALL": "C"})
        except BaseException as error:  # noqa: BLE001 - the child must not return
            os.write(2, f"{error}\n".encode())
        finally:
            os._exit(126)
    os.close(input_end)
    os.close(output_end)
    return process


def _arguments(
    staging: Staging,
    environment: Mapping[str, str],
    mounts: Sequence[tuple[str, str]],
    *,
    hidden: Sequence[str],
    as_root: bool,
    hostname: str,
) -> list[str]:
    """Return bubblewrap's options."""
    words = ["--unshare-ipc", "--unshare-pid", "--unshare-uts", "--unshare-cgroup-try"]
    words += ["--die-with-parent", "--new-session", "--hostname", hostname, "--clearenv"]
    if as_root:
        words += ["--cap-drop", "ALL"]
        words += [word for name in _CAPABILITIES for word in ("--cap-add", f"CAP_{name}")]
    else:
        words += ["--unshare-user", "--uid", str(USER), "--gid", str(USER)]
    words += ["--tmpfs", "/run", "--tmpfs", "/tmp", "--tmpfs", "/var/tmp"]  # noqa: S108
    bind = "--bind" if as_root else "--ro-bind"
    layered = layer.layers() if staging.layer else ()
    for name in ("usr", "etc", "opt"):
        if name in layered:
            words += [bind, f"{STAGE}/system/{name}", f"/{name}"]
        elif Path("/", name).is_dir():
            words += ["--ro-bind", f"/{name}", f"/{name}"]
    for name in layered:
        if "/" in name:
            words += [bind, f"{STAGE}/system/{name}", f"/{name}"]
    for name in _ROOT_FILES:
        if Path(name).is_symlink():
            words += ["--symlink", str(Path(name).readlink()), name]
        elif Path(name).is_dir():
            words += ["--ro-bind", name, name]
    words += ["--proc", "/proc", "--dev", "/dev"]
    words += ["--ro-bind-try", "/sys/devices/system/cpu", "/sys/devices/system/cpu"]
    if not staging.layer:
        for name in ("passwd", "group"):
            words += ["--ro-bind", f"{STAGE}/files/{name}", f"/etc/{name}"]
    if "resolv.conf" in staging.files:
        resolver = str(Path("/etc/resolv.conf").resolve())
        words += ["--ro-bind", f"{STAGE}/files/resolv.conf", resolver]
    for path in hidden:
        if path.startswith(_SHOWN):
            words += ["--tmpfs", path] if Path(path).is_dir() else ["--ro-bind", "/dev/null", path]
    words += ["--bind", f"{STAGE}/home", HOME, "--bind", f"{STAGE}/run", RUN]
    if SCRIPT in staging.files:
        words += ["--ro-bind", f"{STAGE}/files/{SCRIPT}", f"/run/{SCRIPT}"]
    for name, target in mounts:
        words += ["--ro-bind" if name.startswith("ro-") else "--bind", f"{STAGE}/{name}", target]
    for name, value in environment.items():
        words += ["--setenv", name, value]
    if as_root:
        words += ["--tmpfs", "/root"]
        words += [word for path in _FOR_ROOT for word in ("--dir", path)]
    return [*words, "--chdir", environment.get("HOME", HOME)]


def _piped() -> tuple[Process, int, int]:
    """Return a process to be, and its ends of the pipes of its input and output."""
    input_end, orders = os.pipe()
    output, output_end = os.pipe()
    os.set_blocking(output, False)
    return Process(pid=0, output=output, orders=orders), input_end, output_end


def _awaited(ready: int) -> bool:
    return bool(select.select([ready], [], [], _STARTS_WITHIN)[0] and os.read(ready, 1))


def _child_pid(info: int) -> int | None:
    """Return the process that is the first of its own process ids."""
    text, until = b"", time.monotonic() + _STARTS_WITHIN
    while b"}" not in text:
        left = until - time.monotonic()
        if left <= 0 or not select.select([info], [], [], left)[0]:
            return None
        more = os.read(info, 1024)
        if not more:
            return None
        text += more
    found = json.loads(text).get("child-pid")
    return found if isinstance(found, int) else None


def _connect(pasta: str, pid: int, staging: Staging) -> Process:
    """Give a sandbox's network a way out that does not lead to this machine's own addresses."""
    process = Path("/proc", str(pid))
    words = [pasta, "--foreground", "--quiet", "--config-net", "--no-map-gw"]
    words += ["-t", "none", "-u", "none", "-T", "none", "-U", "none"]
    words += ["--dns-forward", NAMESERVER]
    words += ["--userns", f"{process}/ns/user", "--netns", f"{process}/ns/net"]
    if staging.first_uid is not None:
        owner = str(staging.first_uid)
        words = ["setpriv", "--reuid", owner, "--regid", owner, "--clear-groups", *words]
    # A parent's death is no signal to it, since it changes its user.
    helper = start_program(
        ["/bin/sh", "-c", _UNTIL_INPUT_ENDS, "network", *words], ends_itself=True
    )
    until = time.monotonic() + _NETWORK_TAKES
    while time.monotonic() < until and helper.poll() is None and not _has_route(process):
        time.sleep(0.01)
    return helper


def _has_route(process: Path) -> bool:
    """Return whether a process's network has a way out."""
    with suppress(OSError):
        for line in (process / "net" / "route").read_text().splitlines()[1:]:
            if line.split()[1] == "00000000":
                return True
        for line in (process / "net" / "ipv6_route").read_text().splitlines():
            words = line.split()
            if words[1] == "00" and words[-1] != "lo":
                return True
    return False


def _has_ended(pidfd: int) -> bool:
    return bool(select.select([pidfd], [], [], 0)[0])


def _default_signals() -> None:
    for number in (signal.SIGPIPE, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
