"""The process above a workstation's sandbox: it starts it, takes orders, and ends it in time.

It holds the lock of the workstation's folder, which is what running means, and needs neither the
studio's service nor its data. When it ends, so does everything in the sandbox.
"""

import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from nimble_tui.studio.compute.local import backups, folder
from nimble_tui.studio.compute.local.boot import Boot
from nimble_tui.studio.compute.local.folder import Folder, Phase
from nimble_tui.studio.compute.local.limits import Cage, remove_group
from nimble_tui.studio.compute.local.processes import Process, run_program
from nimble_tui.studio.compute.local.settings import Limits
from nimble_tui.studio.compute.local.watch import (
    DEADLINE,
    INTERNAL,
    EndedError,
    FailureError,
    Watch,
    said,
)

_NO_BACKUP: Final = "The backup could not be created"


class Supervisor:
    """Runs one workstation; `plan` is what the studio wrote about it, `lock` that of its folder."""

    def __init__(self, place: Folder, plan: dict[str, Any], lock: int) -> None:
        state = folder.state_of(plan["state"])
        self._place = place
        self._plan = plan
        self._watch = Watch(place, state, lock, plan.get("asked_before", 0.0))
        limits = Limits(cpus=state.cpus, memory=state.memory, disk=state.disk)
        self._cage = Cage(limits, state.machine_id, state.slot)

    def run(self) -> None:
        """Do what the plan says, and store how that ended."""
        try:
            if self._plan["mode"] == "run":
                Boot(self._watch, self._plan, self._cage).run()
                self._watch.enter(Phase.RUNNING)
                self._watch.begin_deadline(self._plan["seconds"])
                self._stay()
            else:
                self._watch.ending = self._plan["order"]
        except EndedError:
            pass
        except FailureError as error:
            self._fail(error.failure)
        except OSError as error:
            self._fail((INTERNAL, f"{_about(error)} Ask your admin, and start it again."))
        finally:
            self._watch.end_process()
        self._cage.remove()
        self._finish()

    def _stay(self) -> None:
        """Wait for the end of the session, of its time, or for an order to end it."""
        watch = self._watch
        while watch.ending is None:
            process = watch.process
            if process is None or process.poll() is not None:
                watch.reason = DEADLINE if watch.was_asked else _session_ended(process)
                watch.ending = {"verb": "stop", "ordered": False}
                return
            watch.turn()
        watch.end_process(is_graceful=watch.ending.get("graceful", False))

    def _finish(self) -> None:
        """Do what the order says about the disk, and store the end."""
        order = self._watch.ending or {"verb": "none"}
        if order["verb"] == "terminate":
            self._terminate(order)
        elif order["verb"] == "stop":
            self._watch.enter(Phase.STOPPING)
            failure = None
            try:
                self._finish_stop(order)
            except FailureError as error:
                failure = error.failure
            except OSError as error:
                failure = (INTERNAL, _about(error))
            self._watch.enter(Phase.STOPPED, failure)

    def _finish_stop(self, order: dict[str, Any]) -> None:
        if order.get("backup"):
            self._back_up(Path(order["backup"]), int(order["backups"]))
        if order.get("retention") == "DELETE":
            self._watch.state.kept = False
            self._watch.save()
            names = [folder.HOME, folder.LAYER]
            self._watch.run_all([["rm", "-rf", "--", *names]], "Its disk cannot be deleted")

    def _back_up(self, target: Path, most: int) -> None:
        if not backups.is_complete(Path.cwd()):
            raise FailureError(INTERNAL, f"{_NO_BACKUP}: The workstation's files are gone.")
        try:
            backups.make_parents(target)
        except OSError as error:
            raise FailureError(INTERNAL, f"{_NO_BACKUP}: {error.strerror}.") from None
        with suppress(OSError):
            (target.parent / backups.SLOT).write_text(str(self._watch.state.slot), encoding="ascii")
        try:
            self._watch.run_all(backups.copy_commands(target), _NO_BACKUP)
        except FailureError:
            run_program(backups.remove_command(backups.unfinished(target)))
            raise
        backups.finish(target)
        for old in backups.surplus(target.parent, most):
            self._watch.run_all([backups.remove_command(old)], "An old backup cannot be deleted")

    def _terminate(self, order: dict[str, Any]) -> None:
        self._watch.enter(Phase.TERMINATING)
        listed = order.get("backups_of")
        self._place.bury(None, Path(listed) if listed else None)
        remove_content(self._place.tombstone)

    def _fail(self, failure: tuple[str, str]) -> None:
        self._watch.end_process()
        if self._watch.ending is None or self._watch.ending["verb"] != "terminate":
            self._watch.ending = {"verb": "none"}
            self._watch.enter(Phase.STOPPED, failure)


def _session_ended(process: Process | None) -> str:
    words = said(process.tail) if process else ""
    return "Its desktop session ended." + (f" It said: {words}" if words else "")


def remove_content(tombstone: Path) -> None:
    """Remove all that a terminated workstation had but its last number."""
    left = [path for path in tombstone.iterdir() if path.name != "state.json"]
    run_program(backups.remove_command(*left))


def main(arguments: list[str]) -> int:
    """Read a plan from standard input, then run detached: ROOT, MACHINE_ID, LOCK."""
    root, machine_id, lock = Path(arguments[0]), arguments[1], int(arguments[2])
    os.set_inheritable(lock, False)
    # A service can be started with this one ignored: then the end of no child could be waited for.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    plan = json.loads(sys.stdin.buffer.read())
    if os.fork():
        os._exit(0)
    os.setsid()
    _detach()
    place = folder.Folder(root, machine_id)
    if plan["mode"] == "remove":
        remove_group(machine_id)
        remove_content(place.tombstone)
        return 0
    os.chdir(place.path)
    for number in (signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    Supervisor(place, plan, lock).run()
    return 0


def _detach() -> None:
    number = os.open(os.devnull, os.O_RDWR)
    for target in (0, 1, 2):
        os.dup2(number, target)
    os.close(number)


def _about(error: OSError) -> str:
    about = f" ({Path(str(error.filename)).name})" if error.filename else ""
    return f"The workstation's files cannot be used: {error.strerror or error}{about}."
