"""The process above a workstation's sandbox: it starts it, takes orders, and ends it in time.

It holds the lock of the workstation's folder, which is what running means, and needs neither the
studio's service nor its data. When it ends, so does everything in the sandbox.
"""

import json
import os
import selectors
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from nimble_tui.studio.compute.local import backups, folder, sandbox, session, sockets
from nimble_tui.studio.compute.local.folder import Phase, State
from nimble_tui.studio.compute.local.limits import Cage
from nimble_tui.studio.compute.local.namespaces import LAYER_FAILED, Staging
from nimble_tui.studio.compute.local.sandbox import Process
from nimble_tui.studio.compute.local.settings import Limits

_TICK: Final = 1.0
_GRACE: Final = 8.0
"""Seconds that programs have to end after they were asked to."""
_SCREEN_WITHIN: Final = 30.0
_STEADY_FOR: Final = 0.3
"""Seconds that a session must last for its workstation to be ready."""
_LONGEST_ORDER: Final = 64 * 1024
_ORDER_WITHIN: Final = 2.0
_NO_BACKUP: Final = "The backup could not be made"
_INTERNAL: Final = "INTERNAL_ERROR"
_SCRIPT_FAILED: Final = "INITIALIZATION_SCRIPT_ERROR"
_ENDINGS: Final = {"stop": Phase.STOPPING, "terminate": Phase.TERMINATING}
_GREETING: Final = b"RFB "


class FailureError(Exception):
    """A workstation cannot start: a status code of the API, and a sentence."""

    def __init__(self, status_code: str, message: str) -> None:
        super().__init__(message)
        self.failure = (status_code, message)


class EndedError(Exception):
    """An order ends what is under way."""


class Supervisor:
    """Runs one workstation; `plan` is what the studio wrote about it."""

    def __init__(self, place: folder.Folder, plan: dict[str, Any], lock: int) -> None:
        self._place = place
        self._plan = plan
        self._lock = lock
        self._state: State = folder.state_of(plan["state"])
        self._selector = selectors.DefaultSelector()
        self._ending: dict[str, Any] | None = None
        self._reason = ""
        self._ends_at: float | None = None
        self._verb = "stop"
        self._version = -1
        self._asked_before: float = plan.get("asked_before", 0.0)
        self._asked = False
        self._process: Process | None = None
        first_uid = plan.get("first_uid")
        self._first_uid: int | None = first_uid
        self._cage = Cage(
            Limits(cpus=self._state.cpus, memory=self._state.memory, disk=self._state.disk),
            self._state.machine_id,
            self._state.slot,
            own_user=first_uid is not None,
        )
        listening = sockets.listen(folder.CONTROL)
        listening.setblocking(False)
        self._selector.register(listening, selectors.EVENT_READ, self._take_order)
        self._listening = listening

    def run(self) -> None:
        """Do what the plan says, and store how that ended."""
        mode = self._plan["mode"]
        try:
            if mode == "run":
                self._run()
            elif mode == "finish":
                self._ending = self._plan["order"]
        except EndedError:
            pass
        except FailureError as error:
            self._fail(error.failure)
        except OSError as error:
            self._fail((_INTERNAL, f"{_about(error)} Ask your admin, and start it again."))
        finally:
            self._end_sandbox(graceful=False)
        self._finish()

    def _run(self) -> None:
        self._cage.make()
        self._prepare_folders()
        layer_name = self._initialize_system()
        for script in self._plan["scripts"]:
            if not script["as_root"]:
                self._run_script(script, layer_name)
        self._start_session(layer_name)
        self._enter(Phase.RUNNING)
        seconds = self._plan["seconds"]
        if self._ends_at is None and seconds:
            self._ends_at = _now() + seconds
        while self._ending is None:
            process = self._process
            if process is None or process.poll() is not None:
                self._note_end(process)
                return
            self._turn()
        self._end_sandbox(graceful=self._ending.get("graceful", False))

    def _note_end(self, process: Process | None) -> None:
        """Say why a session ended that nothing was to end."""
        said = _said(process.tail) if process else ""
        self._reason = "Its desktop session ended." + (f" It said: {said}" if said else "")
        self._ending = {"verb": "stop", "ordered": False}

    def _prepare_folders(self) -> None:
        """Restore a backup, and make what is missing."""
        source = self._plan["restore"]
        if source:
            self._wait_for(backups.restore_commands(Path(source)), "The backup cannot be restored")
            backups.swap_in(Path.cwd())
        self._wait_for([["rm", "-rf", "--", folder.RUN]], "An old folder cannot be removed")
        user = self._staging("").host_user
        for name in (folder.HOME, folder.RUN):
            path = Path(name)
            if not path.exists():
                path.mkdir(mode=0o700)
                os.chown(path, user, -1 if self._first_uid is None else user)
        authority = Path(folder.RUN, "xauthority")
        number = os.open(authority, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with open(number, "wb") as file:
            file.write(bytes.fromhex(self._plan["authority"]))
            os.fchown(file.fileno(), user, -1 if self._first_uid is None else user)

    def _initialize_system(self) -> str:
        """Run the scripts that change the system; return the name of the writable layer, if any.

        They run once for a layer, which has its name when all of them have succeeded. Where there
        can be none, they run at each start and change nothing that lasts.
        """
        scripts = [one for one in self._plan["scripts"] if one["as_root"]]
        if Path(folder.LAYER).exists():
            return folder.LAYER
        if not scripts:
            return ""
        new = Path(f"{folder.LAYER}.new")
        owner = self._staging("").host_root
        self._wait_for([["rm", "-rf", "--", new.name]], "An old folder cannot be removed")
        new.mkdir(mode=0o755)
        os.chown(new, owner, -1 if self._first_uid is None else owner)
        name = new.name
        for script in scripts:
            if not self._run_script(script, name):
                note = "This machine allows no writable layer: set-up scripts change no system."
                self._state.notes, name = f"{self._state.notes} {note}".strip(), ""
                self._run_script(script, name)
        if name:
            new.rename(folder.LAYER)
        return folder.LAYER if name else ""

    def _run_script(self, script: dict[str, Any], layer_name: str) -> bool:
        """Run a script; return False where it was not begun, since its layer is not allowed."""
        text, name = script["text"], script["component"]
        command = [f"/run/{sandbox.SCRIPT}"]
        if not text.startswith("#!"):
            text, command = f"{text}\n", ["/bin/sh", *command]
        seconds = self._plan["script_seconds"]
        self._start(
            session.script_command(command),
            layer_name,
            as_root=script["as_root"],
            environment=script["environment"],
            script=text,
        )
        process = self._process
        status = self._until_ended(_now() + seconds)
        said = _said(process.tail) if process else ""
        words = f" It said: {said}" if said else ""
        if status is None:
            raise FailureError(
                _SCRIPT_FAILED,
                f"The set-up script of {name} took longer than {seconds / 60:g} minutes.{words}",
            )
        if status == LAYER_FAILED and process is not None and not process.has_begun:
            return False
        if status != 0:
            raise FailureError(
                _SCRIPT_FAILED, f"The set-up script of {name} failed with status {status}.{words}"
            )
        return True

    def _start_session(self, layer_name: str) -> None:
        plan = self._plan
        command = session.session_command(plan["server"], plan["session"])
        self._start(command, layer_name, environment=plan["environment"])
        until, seen = _now() + _SCREEN_WITHIN, 0.0
        while True:
            process = self._process
            status = process.poll() if process else -1
            if process is None or status is not None:
                said = _said(process.tail) if process else ""
                raise FailureError(
                    _INTERNAL,
                    f"The desktop session ended at once with status {status}."
                    + (f" It said: {said}" if said else " Ask your admin to look at its command."),
                )
            if not seen and self._screen_answers():
                seen = _now()
            if seen and _now() - seen >= _STEADY_FOR:
                return
            if _now() > until:
                raise FailureError(_INTERNAL, "The workstation's screen did not answer in time.")
            self._turn(0.02)
            self._check_ending()

    def _screen_answers(self) -> bool:
        with suppress(OSError):
            with sockets.connect(Path(folder.RUN, folder.SCREEN), 0.5) as connection:
                return connection.recv(12).startswith(_GREETING)
        return False

    def _staging(self, layer_name: str, script: str | None = None) -> Staging:
        plan = self._plan
        files = dict(plan["files"])
        if script is not None:
            files[sandbox.SCRIPT] = script
        return Staging(
            folder=str(Path.cwd()),
            first_uid=self._first_uid,
            folders=plan["folders"],
            files=files,
            layer=layer_name,
            own_network=bool(plan["pasta"]),
        )

    def _start(
        self,
        command: list[str],
        layer_name: str,
        *,
        as_root: bool = False,
        environment: dict[str, str] | None = None,
        script: str | None = None,
    ) -> None:
        plan = self._plan
        process = sandbox.start_sandbox(
            self._staging(layer_name, script),
            command,
            environment=environment or plan["environment"],
            mounts=[(name, target) for name, target in plan["mounts"]],
            hidden=plan["hidden"],
            cage=self._cage,
            as_root=as_root,
            pasta=plan["pasta"],
            hostname=plan["hostname"],
        )
        self._watch(process)
        process.order(session.BEGIN)

    def _watch(self, process: Process) -> None:
        self._process = process
        self._selector.register(process.output, selectors.EVENT_READ, self._take_output)

    def _let_go(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with suppress(KeyError, ValueError):
                self._selector.unregister(process.output)
            process.close()

    def _until_ended(self, until: float) -> int | None:
        """Wait for a process; return its exit status, None where it took too long and is ended."""
        process = self._process
        while process is not None and (status := process.poll()) is None:
            if _now() >= until:
                self._end_sandbox(graceful=False)
                return None
            self._turn(0.02)
            self._check_ending()
        self._let_go()
        return status if process is not None else None

    def _wait_for(self, commands: Sequence[list[str] | Callable[[], None]], problem: str) -> None:
        """Run programs or functions one after another; raises FailureError where one fails."""
        for command in commands:
            process = sandbox.start_program(command)
            self._watch(process)
            while (status := process.poll()) is None:
                self._turn(0.02)
            self._let_go()
            if status != 0:
                # Its last words are the reason; those before are paths of this machine.
                reason = _said(process.tail[-200:]).rpartition(": ")[2] or f"status {status}"
                raise FailureError(_INTERNAL, f"{problem}: {reason}.")

    def _turn(self, longest: float = _TICK) -> None:
        """Wait for something to happen, for so many seconds at most, and do what is due."""
        if self._ends_at is not None:
            left = self._ends_at - _now()
            for due in (left, left - self._asked_before):
                longest = min(longest, due) if due > 0 else longest
        for key, _ in self._selector.select(max(0.0, longest)):
            act: Callable[[], None] = key.data
            act()
        if not _is_same(self._lock, folder.LOCK):
            self._ending = self._ending or {"verb": "vanished"}
        self._keep_deadline()

    def _keep_deadline(self) -> None:
        if self._ends_at is None or self._ending is not None:
            return
        left = self._ends_at - _now()
        if left <= 0:
            self._reason = "It reached its deadline."
            self._ending = {"verb": "stop", "ordered": False, "graceful": False}
        elif left <= self._asked_before and not self._asked:
            self._asked = True
            if self._process is not None:
                self._process.order(session.END)

    def _check_ending(self) -> None:
        if self._ending is not None:
            raise EndedError

    def _take_output(self) -> None:
        process = self._process
        if process is not None and not process.read():
            self._selector.unregister(process.output)

    def _take_order(self) -> None:
        with suppress(OSError, ValueError, KeyError, TypeError):
            connection, _ = self._listening.accept()
            with connection:
                connection.settimeout(_ORDER_WITHIN)
                answer = self._answer(json.loads(_line(connection)))
                connection.sendall(json.dumps(answer).encode() + b"\n")

    def _answer(self, order: dict[str, Any]) -> dict[str, Any]:
        """Take an order and return what becomes of it."""
        verb = order["verb"]
        if verb == "deadline":
            return self._set_deadline(order)
        number = int(order["number"])
        if number < self._state.number:
            return {"refused": "late"}
        if number == self._state.number:
            return {"accepted": True}
        if self._ending is not None and not (
            verb == "terminate" and self._ending["verb"] != "terminate"
        ):
            return {"busy": True}
        self._state.number = number
        if verb in _ENDINGS:
            self._ending = order
            self._enter(_ENDINGS[verb])
        self._save()
        return {"accepted": True}

    def _set_deadline(self, order: dict[str, Any]) -> dict[str, Any]:
        version = int(order["version"])
        if version < self._version:
            return {"refused": "late"}
        self._version, seconds = version, order["seconds"]
        self._ends_at = None if seconds is None else _now() + float(seconds)
        if self._ends_at is not None and self._ends_at - _now() > self._asked_before:
            self._asked = False
        return {"accepted": True}

    def _end_sandbox(self, *, graceful: bool) -> None:
        """End all programs: asked to first, and given some seconds, where `graceful`."""
        process = self._process
        if process is None:
            return
        if graceful:
            process.order(session.END)
            until = _now() + _GRACE
            while process.poll() is None and _now() < until:
                self._turn(0.05)
        process.kill()
        while process.poll() is None:
            time.sleep(0.005)
        self._let_go()

    def _finish(self) -> None:
        """Do what the order says about the disk, and store the end."""
        order = self._ending or {"verb": "none"}
        verb = order["verb"]
        self._cage.remove()
        if verb == "vanished":
            return
        if verb == "terminate":
            self._terminate(order)
            return
        if verb != "stop":
            return
        self._enter(Phase.STOPPING)
        failure = None
        try:
            if order.get("backup"):
                self._back_up(Path(order["backup"]), int(order["backups"]))
            if order.get("retention") == "DELETE":
                self._state.kept = False
                self._save()
                names = [folder.HOME, folder.LAYER]
                self._wait_for([["rm", "-rf", "--", *names]], "Its disk cannot be deleted")
        except FailureError as error:
            failure = error.failure
        except OSError as error:
            failure = (_INTERNAL, _about(error))
        self._enter(Phase.STOPPED, failure=failure)

    def _back_up(self, target: Path, most: int) -> None:
        try:
            backups.make_parents(target)
        except OSError as error:
            raise FailureError(_INTERNAL, f"{_NO_BACKUP}: {error.strerror}.") from None
        with suppress(OSError):
            (target.parent / backups.SLOT).write_text(str(self._state.slot), encoding="ascii")
        try:
            self._wait_for(backups.copy_commands(target), _NO_BACKUP)
        except FailureError:
            shutil.rmtree(backups.unfinished(target), ignore_errors=True)
            raise
        backups.finish(target)
        for old in backups.surplus(target.parent, most):
            self._wait_for([["rm", "-rf", "--", str(old)]], "An old backup cannot be deleted")

    def _terminate(self, order: dict[str, Any]) -> None:
        self._enter(Phase.TERMINATING)
        listed = order.get("backups_of")
        self._place.bury(None, Path(listed) if listed else None)
        remove_content(self._place.tombstone)

    def _fail(self, failure: tuple[str, str]) -> None:
        self._end_sandbox(graceful=False)
        if self._ending is not None and self._ending["verb"] == "terminate":
            return
        self._ending = {"verb": "none"}
        self._cage.remove()
        self._enter(Phase.STOPPED, failure=failure)

    def _enter(self, phase: str, failure: tuple[str, str] | None = None) -> None:
        ordered = bool((self._ending or {}).get("ordered", True))
        self._state.ordered = ordered
        self._state.enter(phase, reason=self._reason, failure=failure)
        self._save()

    def _save(self) -> None:
        """Store the state; where that fails, the lock still says whether it runs."""
        with suppress(OSError):
            self._place.write(self._state)


def remove_content(tombstone: Path) -> None:
    """Remove all that a terminated workstation had but its last number."""
    for path in tombstone.iterdir():
        if path.name != "state.json":
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with suppress(OSError):
                    path.unlink()


def main(arguments: list[str]) -> int:
    """Read a plan from standard input, then run detached: ROOT, MACHINE_ID, LOCK."""
    root, machine_id, lock = Path(arguments[0]), arguments[1], int(arguments[2])
    os.set_inheritable(lock, False)
    plan = json.loads(sys.stdin.buffer.read())
    if os.fork():
        os._exit(0)
    os.setsid()
    _detach()
    place = folder.Folder(root, machine_id)
    if plan["mode"] == "remove":
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


def _line(connection: socket.socket) -> bytes:
    text, until = b"", time.monotonic() + _ORDER_WITHIN
    while b"\n" not in text:
        more = connection.recv(4096)
        text += more
        if not more or len(text) > _LONGEST_ORDER or time.monotonic() > until:
            raise ValueError("no order")
    return text


def _is_same(number: int, name: str) -> bool:
    """Return whether a file is still there under its name."""
    try:
        there = os.stat(name, follow_symlinks=False)
    except OSError:
        return False
    return os.path.samestat(there, os.fstat(number))


def _said(tail: bytes | bytearray) -> str:
    """Return the last lines of a program's output as one line that is safe to show."""
    from nimble_tui.core.text import clean

    lines = bytes(tail).decode("utf-8", "replace").splitlines()
    kept = [line for line in (clean(line, 200) for line in lines[-5:]) if line]
    return clean(" / ".join(kept), 500)


def _about(error: OSError) -> str:
    about = f" ({Path(str(error.filename)).name})" if error.filename else ""
    return f"The workstation's files cannot be used: {error.strerror or error}{about}."


def _now() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)
