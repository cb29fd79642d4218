"""Workstations on this machine, each below a supervisor of its own.

The lock of a workstation's folder says whether it runs: no process id is trusted. A request is
handed to the supervisor that holds it; where none does, it is taken here and handed on to a new
one, so that no moment is without a holder.
"""

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import nimble_tui
from nimble_tui.core.clock import SystemClock
from nimble_tui.studio.compute import (
    Accepted,
    Deadline,
    Enforcement,
    Failure,
    Finding,
    Machine,
    MachineRequest,
    ObservedState,
    Power,
    Stream,
    UnclearError,
    Verb,
)
from nimble_tui.studio.compute.local import backups, check, folder
from nimble_tui.studio.compute.local.folder import Folder, Phase, State
from nimble_tui.studio.compute.local.orders import order_of, send_order
from nimble_tui.studio.compute.local.plan import limits_of, plan_of, refusal
from nimble_tui.studio.compute.local.settings import LocalSettings, total_memory
from nimble_tui.studio.store.records import Step

_INTERNAL: Final = "INTERNAL_ERROR"
_LOCK_WITHIN: Final = 2.0
_STARTS_WITHIN: Final = 8.0
_SOON: Final = timedelta(seconds=0.25)
_LONGEST_ID: Final = 64
_LATE: Final = Failure(_INTERNAL, "This request is late; another one has followed it.")
_RUN: Final = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    "from nimble_tui.studio.compute.local.supervisor import main; sys.exit(main(sys.argv[1:]))"
)
_BY_ITSELF: Final = "by the workstation itself"
_BY_STUDIO: Final = "by the studio"
_POWERS: Final = {
    Phase.BOOTING: Power.BOOTING,
    Phase.RUNNING: Power.RUNNING,
    Phase.STOPPING: Power.STOPPING,
    Phase.TERMINATING: Power.TERMINATING,
    # Its supervisor is about to let go of the lock.
    Phase.STOPPED: Power.STOPPING,
}
_CUT_SHORT: Final = "The program that watches over it was ended."
_RESTARTED: Final = "This machine was restarted."
_NOT_KEPT: Final = f"The workstation did not keep running. {_CUT_SHORT}"
_UNREADABLE: Final = "The workstation's files cannot be read. Ask your admin."
_GONE: Final = "The workstation's files are gone; start it from a backup, or delete it."


@dataclass(frozen=True, slots=True)
class LocalCompute:
    """The workstations below a folder; `now` returns the studio's time.

    The folder carries the id of the store whose workstations they are: with a `store_id` another
    one's are neither seen nor touched.
    """

    settings: LocalSettings
    now: Callable[[], datetime] = SystemClock().now
    store_id: str = ""

    @property
    def simulated(self) -> bool:
        """False: its machines are real."""
        return False

    def apply(self, request: MachineRequest) -> Accepted | Failure:
        """Begin what is requested; the same request again has no second effect."""
        try:
            root = self._root(make=request.verb == Verb.LAUNCH)
            place = Folder(root, request.machine.id)
        except ValueError:
            return Failure(_INTERNAL, "The workstation's id is not one of this studio.")
        except OSError as error:
            return self._unusable(error)
        accepted = Accepted(place.path.name, self.now() + _SOON)
        if place.tombstone.exists():
            return accepted if request.verb == Verb.TERMINATE else _LATE
        try:
            return self._apply(place, request) or accepted
        except OSError as error:
            return self._unusable(error)

    def describe(self, machines: Collection[Machine]) -> Mapping[str, ObservedState]:
        """Return the states of machines, and those of all others with our mark."""
        if not self.settings.folder.exists() and not any(one.handle for one in machines):
            return {}  # nothing was ever launched
        try:
            root = self._root()
            folder.forget_tombstones(root)
            gone = {one.machine_id for one in folder.tombstones(root)}
            places = {one.machine_id: one for one in folder.folders(root)}
        except OSError as error:
            raise UnclearError(str(error)) from None
        states = {one.id: ObservedState(Power.GONE) for one in machines if one.id in gone}
        for machine_id, place in places.items():
            observed = self._observed(place)
            if observed is not None:
                states[machine_id] = observed
        return states

    def enforce(self, machine: Machine, deadline: Deadline | None) -> Enforcement:
        """Have a workstation's supervisor end it at a deadline."""
        place = Folder(self._root(), machine.id)
        seconds = (deadline.at - self.now()).total_seconds() if deadline else None
        version = deadline.version if deadline else 0
        order = {"verb": "deadline", "seconds": seconds, "version": version}
        if send_order(place, order) is not None:
            return Enforcement(_BY_ITSELF)
        if place.is_locked():
            raise UnclearError("its supervisor does not answer")
        return Enforcement(_BY_STUDIO)

    def open_stream(self, machine: Machine, at: datetime) -> Step:
        """Return that its screen can be shown at once."""
        del machine
        return Step(at)

    def stream_url(self, machine: Machine, stream: Stream, own_url: str) -> str:
        """Return the studio's page of its screen; the token stays in the browser."""
        del machine
        return f"{own_url}/screen/{stream.stream_id}#{stream.token}"

    def screen_socket(self, machine: Machine) -> Path | None:
        """Return the socket of its screen while it runs."""
        place = Folder(self.settings.folder, machine.id)
        return place.screen if place.is_locked() else None

    def check(self) -> Sequence[Finding]:
        """Return what is right and wrong with this machine as a host of workstations."""
        return check.findings(self.settings)

    def _root(self, *, make: bool = False) -> Path:
        """Return the folder of all workstations; raises OSError where it is not there."""
        root = self.settings.folder
        mark = root / folder.ROOT_MARK
        if make and not mark.exists():
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            if any(root.iterdir()):
                raise FileExistsError(errno.EEXIST, "it contains other files", str(root))
            mark.touch(mode=0o600)
            mark.write_text(self.store_id, encoding="ascii")
        if not mark.exists():  # it may be a disk that is not mounted
            raise FileNotFoundError(errno.ENOENT, "it does not exist", str(root))
        with mark.open(encoding="ascii", errors="replace") as file:
            carried = file.read(_LONGEST_ID)
        if self.store_id and carried not in {"", self.store_id}:
            raise PermissionError(errno.EACCES, "it belongs to another studio", str(root))
        return root

    def _unusable(self, error: OSError) -> Failure:
        about = error.strerror or type(error).__name__
        return Failure(
            _INTERNAL,
            f"The studio's folder of workstations cannot be used: {about}. Ask your admin.",
        )

    def _apply(self, place: Folder, request: MachineRequest) -> Failure | None:
        """Do what is requested; None where it is accepted. May raise OSError."""
        state = self._state(place)
        if state is not None and request.number < state.number:
            return _LATE
        if not place.path.exists():
            if not _needs_no_files(request):
                return Failure(_INTERNAL, _GONE)
            place.make()
            try:
                return self._apply_here(place, request)
            except OSError:
                shutil.rmtree(place.path, ignore_errors=True)
                raise
        return self._apply_here(place, request)

    def _apply_here(self, place: Folder, request: MachineRequest) -> Failure | None:
        """Hand what is requested to the supervisor of a workstation's folder, or a new one."""
        lock = place.lock(0)
        if lock is None:
            answer = send_order(place, order_of(request, self.settings.folder))
            if answer is not None and answer.get("accepted"):
                return None
            if answer is not None and "refused" in answer:
                return _LATE
            lock = place.lock(_LOCK_WITHIN)
            if lock is None:
                raise UnclearError("its supervisor is busy")
        try:
            return self._apply_locked(place, request, lock)
        finally:
            os.close(lock)

    def _apply_locked(self, place: Folder, request: MachineRequest, lock: int) -> Failure | None:
        """Do what is requested of a workstation that does not run."""
        state = self._state(place)  # it may have changed until the lock was held
        if state is not None and request.number < state.number:
            return _LATE
        if request.verb == Verb.TERMINATE:
            self._terminate(place, request, state, lock)
            return None
        is_new = _needs_no_files(request) and not (place.path / folder.HOME).exists()
        if state is None and not is_new:  # it may hold a disk: nothing is done to that
            return Failure(_INTERNAL, _UNREADABLE)
        if request.verb == Verb.STOP and state is not None:
            return self._finish_stop(place, request, state, lock)
        if state is not None and state.number == request.number and state.phase != Phase.BOOTING:
            return Failure(_INTERNAL, _NOT_KEPT) if state.phase == Phase.RUNNING else None
        return self._boot(place, request, state, lock)

    def _boot(
        self, place: Folder, request: MachineRequest, state: State | None, lock: int
    ) -> Failure | None:
        machine = request.machine
        refused = refusal(machine, self.settings)
        if refused is None and request.verb == Verb.START:
            refused = self._start_problem(place, machine, state)
        restore = None
        if refused is None and machine.backup_id:
            restore = folder.backup_of(place.root, machine.session_id, machine.backup_id)
            if not backups.is_complete(restore):
                refused = Failure(_INTERNAL, "The backup no longer exists; start it without one.")
        if refused is not None:
            if state is None:
                shutil.rmtree(place.path)
            return refused
        limits = limits_of(machine, self.settings)
        with folder.reserving(place.root):
            full = self._full(place, limits.cpus, limits.memory)
            if full is not None:
                if state is None:
                    shutil.rmtree(place.path)
                return full
            slot = state.slot if state else _free_slot(place, machine.session_id)
            is_root = os.geteuid() == 0
            plan, notes = plan_of(machine, self.settings, slot, restore, is_root=is_root)
            state = State(machine.id, machine.session_id, slot, request.number, notes=notes)
            state.cpus, state.memory, state.disk = limits.cpus, limits.memory, limits.disk
            state.enter(Phase.BOOTING)
            place.write(state)
        self._hand_over(place, plan | {"state": folder.as_document(state)}, lock)
        return None

    def _start_problem(
        self, place: Folder, machine: Machine, state: State | None
    ) -> Failure | None:
        is_there = (place.path / folder.HOME).is_dir()
        if state is not None and not is_there and state.kept and not machine.backup_id:
            return Failure(_INTERNAL, _GONE)
        return None

    def _full(self, place: Folder, cpus: int, memory: int) -> Failure | None:
        """Return that this machine has too little left, if so."""
        running = [
            state
            for one in folder.folders(place.root)
            if one.machine_id != place.machine_id and one.is_locked()
            if (state := self._state(one)) is not None
        ]
        all_cpus = self.settings.cpus or os.cpu_count() or 1
        all_memory = self.settings.memory or total_memory()
        left_cpus = all_cpus - sum(one.cpus for one in running)
        left_memory = all_memory - sum(one.memory for one in running)
        if cpus <= left_cpus and memory <= left_memory:
            return None
        return Failure(
            "INSUFFICIENT_CAPACITY",
            f"This machine has {max(0, left_cpus)} processors and {max(0, left_memory) >> 30} GiB "
            f"of memory left, and the workstation needs {cpus} and {memory >> 30} GiB. Stop "
            "another one, or try again later.",
        )

    def _finish_stop(
        self, place: Folder, request: MachineRequest, state: State, lock: int
    ) -> Failure | None:
        """Do what a stop does to the disk, where nothing runs."""
        if state.number == request.number and state.phase == Phase.STOPPED:
            return None
        order = order_of(request, self.settings.folder)
        state.number = request.number
        state.enter(Phase.STOPPING)
        place.write(state)
        plan = {"mode": "finish", "order": order, "state": folder.as_document(state)}
        self._hand_over(place, plan, lock)
        return None

    def _terminate(
        self, place: Folder, request: MachineRequest, state: State | None, lock: int
    ) -> None:
        if state is not None:
            state.number = request.number
        order = order_of(request, self.settings.folder)
        listed = order["backups_of"]
        place.bury(state, Path(listed) if listed else None)
        self._hand_over(place, {"mode": "remove"}, lock)

    def _hand_over(self, place: Folder, plan: Mapping[str, Any], lock: int) -> None:
        """Start a supervisor that holds the lock on; it needs this process no longer."""
        package = str(Path(nimble_tui.__file__).parents[1])
        words = [sys.executable, "-I", "-S", "-c", _RUN, package]
        words += [str(place.root), place.machine_id, str(lock)]
        process = subprocess.Popen(  # noqa: S603 - fixed words, and ids that were checked
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[lock],
            cwd="/",
            start_new_session=True,
        )
        try:
            process.communicate(json.dumps(plan).encode(), timeout=_STARTS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise UnclearError("its supervisor did not start in time") from None
        if process.returncode != 0:
            raise UnclearError("its supervisor did not start")

    def _observed(self, place: Folder) -> ObservedState | None:
        """Return the state of a workstation, None where its folder is just being made."""
        is_locked = False
        try:
            is_locked = place.is_locked()
            state = place.read()
        except (OSError, ValueError):
            if is_locked:
                return ObservedState(Power.RUNNING)
            unreadable = Failure(_INTERNAL, _UNREADABLE)
            return ObservedState(Power.STOPPED, None, unreadable, _UNREADABLE)
        if state is None:
            return None
        handle, since = place.path.name, datetime.fromisoformat(state.since)
        failure = Failure(*state.failure) if state.failure else None
        if is_locked:
            power = _POWERS[state.phase]
            if power == Power.RUNNING and state.boot_id != folder.boot_id():
                power = Power.BOOTING  # it is being started after a restart of this machine
            reason = state.notes if power == Power.RUNNING else ""
            look_at = None if power == Power.RUNNING else self.now() + _SOON
            return ObservedState(power, since, None, reason, handle=handle, look_at=look_at)
        if state.phase == Phase.STOPPED:
            # The failure of a stop says nothing about since when it is stopped.
            reason = failure.message if failure else state.reason
            since_then = None if failure else since
            return ObservedState(Power.STOPPED, since_then, failure, reason, handle=handle)
        reason = _CUT_SHORT if state.boot_id == folder.boot_id() else _RESTARTED
        if state.phase == Phase.BOOTING:
            failure = Failure(_INTERNAL, f"The workstation did not become ready. {reason}")
        elif state.ordered and state.phase in {Phase.STOPPING, Phase.TERMINATING}:
            # The request is sent again, and takes up where it was cut short.
            return ObservedState(Power.RUNNING, since, handle=handle)
        return ObservedState(Power.STOPPED, None, failure, reason, handle=handle)

    def _state(self, place: Folder) -> State | None:
        with suppress(ValueError):
            return place.read()
        return None


def _needs_no_files(request: MachineRequest) -> bool:
    """Return whether what is requested can be done where the workstation's files are gone."""
    # What is terminated takes its backups with it.
    can_be_new = request.verb in {Verb.LAUNCH, Verb.TERMINATE}
    return can_be_new or (request.verb == Verb.START and bool(request.machine.backup_id))


def _free_slot(place: Folder, session_id: str) -> int:
    """Return the place of a session in the range of user ids, which its backups keep."""
    taken: dict[int, str] = {}
    for one in folder.folders(place.root):
        with suppress(OSError, ValueError):
            state = one.read()
            if state is not None:
                taken[state.slot] = state.session_id
    for listed in (place.root / folder.BACKUPS).glob(f"*/{backups.SLOT}"):
        with suppress(OSError, ValueError):
            taken[int(listed.read_text(encoding="ascii"))] = listed.parent.name
    for slot, holder in taken.items():
        if holder == session_id:
            return slot
    return next(slot for slot in range(len(taken) + 1) if slot not in taken)
