"""One sandbox: bubblewrap in namespaces of its own, with a process that waits for a word to begin.

Nothing of it outlives its parent, and all of its processes end with its first one.
"""

import json
import os
import select
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nimble_tui.studio.compute.local import namespaces
from nimble_tui.studio.compute.local.bubblewrap import PATH
from nimble_tui.studio.compute.local.limits import Cage
from nimble_tui.studio.compute.local.namespaces import Staging
from nimble_tui.studio.compute.local.processes import (
    Process,
    default_signals,
    piped,
    start_program,
)

NAMESERVER: Final = "169.254.1.53"
"""The address at which a sandbox with a network of its own asks for names."""

_NETWORK_TAKES: Final = 3.0
_STARTS_WITHIN: Final = 60.0
_STEP: Final = 0.005
_UNTIL_INPUT_ENDS: Final = '"$@" </dev/null & read -r word; kill -KILL $!'


@dataclass(frozen=True, slots=True)
class _Pipes:
    """The parent's ends of a sandbox's pipes, and the child's."""

    ready: int
    ready_end: int
    go_end: int
    go: int
    info: int
    info_end: int


def start_sandbox(
    staging: Staging,
    options: Sequence[str],
    command: Sequence[str],
    cage: Cage,
    *,
    as_root: bool = False,
    pasta: str = "",
    wait: Callable[[float], None] = time.sleep,
) -> Process:
    """Start a command as the artist, or as the sandbox's own root; raises OSError.

    `wait` is called with some seconds as often as there is something to wait for.

    `options` are bubblewrap's. With `pasta`, the program of that name, its network has a way out.
    """
    pipes = _Pipes(*os.pipe(), *os.pipe(), *os.pipe())
    process, input_end, output_end = piped()
    arguments = os.memfd_create("arguments", 0)
    os.write(arguments, b"".join(word.encode() + b"\0" for word in options))
    os.lseek(arguments, 0, os.SEEK_SET)
    process.pid = os.fork()
    if process.pid == 0:
        try:
            for number in (pipes.ready, pipes.go, pipes.info, process.output, process.orders):
                os.close(number)
            for number, target in ((input_end, 0), (output_end, 1), (output_end, 2)):
                os.dup2(number, target)
            default_signals()
            os.setsid()
            cage.limit()
            namespaces.enter(staging, pipes.ready_end, pipes.go_end, as_root=as_root)
            cage.limit_processes()
            _become(arguments, pipes.info_end, command)
        except BaseException as error:  # noqa: BLE001 - the child must not return
            os.write(2, f"{error}\n".encode())
        finally:
            os._exit(126)
    ends = (pipes.ready_end, pipes.go_end, pipes.info_end, input_end, output_end, arguments)
    for number in ends:
        os.close(number)
    try:
        if not _complete(process, pipes, staging, cage, pasta=pasta, wait=wait):
            process.kill()
    except OSError:
        process.kill()
    finally:
        for number in (pipes.ready, pipes.go, pipes.info):
            os.close(number)
    return process


def _become(arguments: int, info: int, command: Sequence[str]) -> None:
    """Replace this process by bubblewrap, with options that no one else can read."""
    for number in (arguments, info):
        os.set_inheritable(number, True)
    words = ["bwrap", "--args", str(arguments), "--info-fd", str(info), "--", *command]
    program = shutil.which("bwrap", path=PATH) or "bwrap"
    os.execve(program, words, {"PATH": PATH})  # noqa: S606 - no shell


def _complete(
    process: Process,
    pipes: _Pipes,
    staging: Staging,
    cage: Cage,
    *,
    pasta: str,
    wait: Callable[[float], None],
) -> bool:
    """Give a sandbox its user ids, limits and network; return whether it has begun, or ended."""
    if not _awaited(pipes.ready, wait):
        return process.poll() is not None
    namespaces.let_map(process.pid, staging)
    cage.take_in(process.pid)
    os.write(pipes.go, b".")
    if not _awaited(pipes.ready, wait):
        return process.poll() is not None
    if pasta:
        process.helper = _connect(pasta, process.pid, staging)
    os.write(pipes.go, b".")
    child = _child_pid(pipes.info)
    if child:
        process.first = os.pidfd_open(child)
        process.has_begun = True
    return process.has_begun


def _awaited(ready: int, wait: Callable[[float], None]) -> bool:
    """Wait for a child's word; return False where it says none, or ends."""
    until = time.monotonic() + _STARTS_WITHIN
    while not select.select([ready], [], [], 0)[0]:
        if time.monotonic() > until:
            return False
        wait(_STEP)
    return bool(os.read(ready, 1))


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
    if NAMESERVER in staging.files.get("resolv.conf", ""):
        # Answers of the machine's nameserver then come from this address alone.
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
