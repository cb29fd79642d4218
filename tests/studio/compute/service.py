"""Processes that serve one studio whose machines are in a room: made to be killed and suspended."""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from subprocess import PIPE, Popen
from typing import IO, Any, Final

from nimble_tui.core.clock import SystemClock
from nimble_tui.studio.compute import Accepted, Compute, Failure, MachineRequest
from nimble_tui.studio.compute.local.backend import LocalCompute
from nimble_tui.studio.compute.local.settings import DEFAULT, Limits, LocalSettings
from nimble_tui.studio.http.server import LocalServer
from nimble_tui.studio.lifecycle.dispatcher import Terms
from nimble_tui.studio.studio import Studio
from tests.studio.compute.faulty import FaultyCompute
from tests.studio.compute.room import RemoteRoom
from tests.studio.world import MARA, client_of

STUBBORN_IMAGE: Final = "ami-0stubborn"
"""The image of local workstations whose session does not end when it is asked to."""
STUBBORN: Final = ("sh", "-c", "trap '' TERM; while :; do sleep 1; done")
LONGEST: Final = 600.0
"""Seconds after which a process ends by itself."""


@dataclass(frozen=True, kw_only=True)
class SuspendedCompute(LocalCompute):
    """Workstations on this machine, with a call before each request."""

    before_apply: Callable[[MachineRequest], None]

    def apply(self, request: MachineRequest) -> Accepted | Failure:
        """Begin what is requested."""
        self.before_apply(request)
        return super().apply(request)


def terms_of(lease: float) -> Terms:
    """Return short terms in the proportions of the real ones."""
    one = timedelta(seconds=lease)
    return Terms(one, one / 2, one / 3, while_changing=one / 20, while_quiet=one)


@dataclass(frozen=True)
class Service:
    """A process that serves the studio, with a client of its artist."""

    pid: int
    client: Any

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        self.client.close()

    def go_on(self) -> None:
        os.kill(self.pid, signal.SIGCONT)


@dataclass(frozen=True)
class Services:
    """Starts processes that serve one studio; they are forks of one, which is quick."""

    stdin: IO[str]
    stdout: IO[str]

    def start(self, suspended_at: str = "") -> Service:
        """Start a process, which suspends itself in its first call of this verb."""
        self.stdin.write(f"{suspended_at}\n")
        self.stdin.flush()
        told = json.loads(self.stdout.readline())
        return Service(told["pid"], client_of(told["url"], told["key"], told["secret"]))


def settings_of(folder: Path) -> LocalSettings:
    """Return the settings of small workstations on this machine, below a folder."""
    return LocalSettings(
        folder=folder,
        types={DEFAULT: Limits(cpus=1, memory=2**31, disk=2**33)},
        images={DEFAULT: ("sleep", "3600"), STUBBORN_IMAGE: STUBBORN},
        cpus=64,
        memory=2**40,
    )


@contextmanager
def services(store: Path, room: Path, lease: float) -> Iterator[Services]:
    """Run a process that starts the others, and end all of them at the end.

    `room` is the socket of a room, or the folder of workstations on this machine.
    """
    words = (str(store), str(room), str(lease))
    command = [sys.executable, "-m", "tests.studio.compute.service", *words]
    root = Path(__file__).parents[3]
    with Popen(command, cwd=root, stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield Services(process.stdin, process.stdout)
        finally:
            process.stdin.close()
            process.wait(30)


def _serve(store: Path, room: Path, terms: Terms, suspended_at: str) -> None:
    def before_apply(request: MachineRequest) -> None:
        if request.verb == suspended_at:
            # Not within a transaction of another thread, which would hold the data file.
            with opened[0]._store._lock:  # noqa: SLF001
                store.with_name("suspended").touch()
                # To this thread: of a signal to the process another thread may take notice, and
                # until it does, this one would make its call.
                signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)

    opened: list[Studio] = []
    clock = SystemClock()
    compute: Compute = FaultyCompute(RemoteRoom(room), clock.now, before_apply=before_apply)
    if room.is_dir():
        compute = SuspendedCompute(settings_of(room), before_apply=before_apply)
    with (
        Studio.open(store, compute=compute, terms=terms) as studio,
        LocalServer(studio.application) as server,
    ):
        opened.append(studio)
        who = next(one for one in studio.people() if one.principal_id == MARA)
        told = {
            "pid": os.getpid(),
            "url": server.endpoint_url,
            "key": who.access_key_id,
            "secret": who.secret_access_key,
        }
        print(json.dumps(told), flush=True)  # noqa: T201 - for the parent
        time.sleep(LONGEST)


def _main(store: Path, room: Path, lease: float) -> None:
    """Fork a process for each line, and end them all with the input."""
    children = []
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            threading.Timer(LONGEST, os._exit, [1]).start()
            try:
                _serve(store, room, terms_of(lease), line.strip())
            except BaseException as error:  # noqa: BLE001 - the test that waits must know
                print(json.dumps({"error": repr(error)}), flush=True)  # noqa: T201
            os._exit(0)
        children.append(pid)
    for pid in children:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    _main(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]))
