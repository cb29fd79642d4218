"""The folder of a workstation: its lock, which says whether it runs, its state and its files.

All folders are below one that the studio alone can enter. A workstation's programs see `home`,
`run` and `layer` of their own, and nothing else of it.
"""

import errno
import fcntl
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

MARK: Final = "ws-"
GONE: Final = ".gone-"
BACKUPS: Final = ".backups"
ROOT_MARK: Final = ".nimble-workstations"
"""The file that says that a folder is the one of workstations, and not an empty mount point."""
HOME: Final = "home"
RUN: Final = "run"
LAYER: Final = "layer"
CONTROL: Final = "control.sock"
SCREEN: Final = "rfb.sock"
LOCK: Final = "lock"

_ID: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")
_STATE: Final = "state.json"
_SMALLEST_STATE: Final = 4096
"""Bytes that a state takes at least, so that one can be replaced by another on a full disk."""
_LARGEST_STATE: Final = 64 * 1024
_REMEMBERED: Final = 7 * 24 * 3600.0
"""Seconds for which the number of a terminated workstation is stored."""


class Phase:
    """The phases of a workstation, as its state names them."""

    BOOTING = "booting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    TERMINATING = "terminating"


@dataclass(slots=True)
class State:
    """The stored state of a workstation.

    `number` is that of its last request, `slot` its place in the range of user ids, `since` when
    its phase began, in ISO 8601. `failure` is a status code and a sentence, `reason` why it is in
    this phase, `notes` what of its launch profile cannot be done here. `boot_id` is of the start of
    this machine in which all that was written. `ordered` is whether a request and not the
    workstation itself began the phase. The disk is `kept` unless a stop was to delete it.
    """

    machine_id: str
    session_id: str
    slot: int
    number: int = 0
    phase: str = Phase.STOPPED
    since: str = ""
    failure: tuple[str, str] | None = None
    reason: str = ""
    notes: str = ""
    boot_id: str = ""
    ordered: bool = True
    kept: bool = True
    cpus: int = 0
    memory: int = 0
    disk: int = 0

    def enter(
        self, phase: str, *, reason: str = "", failure: tuple[str, str] | None = None
    ) -> None:
        """Begin a phase now."""
        self.phase, self.since = phase, datetime.now(UTC).isoformat()
        self.failure, self.reason, self.boot_id = failure, reason, boot_id()


class Folder:
    """One workstation's folder below `root`; it need not be there."""

    def __init__(self, root: Path, machine_id: str) -> None:
        """Raise ValueError for an id that is no plain name."""
        if not _ID.fullmatch(machine_id):
            raise ValueError("not the id of a machine")
        self.machine_id = machine_id
        self.root = root
        self.path = root / f"{MARK}{machine_id}"
        self.tombstone = root / f"{GONE}{machine_id}"

    @property
    def screen(self) -> Path:
        """The socket of its screen."""
        return self.path / RUN / SCREEN

    @property
    def control(self) -> Path:
        """The socket of its supervisor."""
        return self.path / CONTROL

    def make(self) -> None:
        """Make what is missing of the folder."""
        self.path.mkdir(mode=0o700, exist_ok=True)

    def read(self) -> State | None:
        """Return its state, None where there is none; ValueError where that cannot be read."""
        return read_state(self.path)

    def write(self, state: State) -> None:
        """Replace its state."""
        write_state(self.path, state)

    def is_locked(self) -> bool:
        """Return whether a process holds its lock: whether it runs."""
        try:
            number = os.open(self.path / LOCK, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(number, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(number)
        return False

    def lock(self, seconds: float) -> int | None:
        """Return the lock's descriptor, or None where another process holds it for so long."""
        until = time.monotonic() + seconds
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        number = os.open(self.path / LOCK, flags, 0o600)
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return number
            if time.monotonic() >= until:
                os.close(number)
                return None
            time.sleep(0.02)

    def bury(self, state: State | None, backups: Path | None) -> None:
        """Move it out of the way, with a session's backups; what is left holds its last number."""
        if state is not None:
            with suppress(OSError):  # a full disk must not keep it from being deleted
                self.write(state)
        self.path.rename(self.tombstone)
        if backups is not None and backups.is_dir():
            backups.rename(self.tombstone / BACKUPS)


def read_state(path: Path) -> State | None:
    """Return the state in a folder, None where there is none; ValueError for a bad one."""
    try:
        number = os.open(path / _STATE, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    with os.fdopen(number, "rb") as file:
        content = file.read(_LARGEST_STATE)
    values = json.loads(content)
    if not isinstance(values, dict):
        raise ValueError("no object")
    failure = values.get("failure")
    values["failure"] = (str(failure[0]), str(failure[1])) if failure else None
    known = {one.name for one in fields(State)}
    try:
        return State(**{name: value for name, value in values.items() if name in known})
    except TypeError:
        raise ValueError("a member is missing") from None


def write_state(path: Path, state: State) -> None:
    """Replace the state in a folder: at once, or in its place where the disk is full."""
    content = json.dumps(asdict(state)).encode().ljust(_SMALLEST_STATE)
    temporary = path / f"{_STATE}.new"
    try:
        temporary.write_bytes(content)
        temporary.replace(path / _STATE)
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        with suppress(OSError):
            temporary.unlink()
        if not (path / _STATE).exists():
            raise
        number = os.open(path / _STATE, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            os.pwrite(number, content, 0)
            os.ftruncate(number, len(content))
        finally:
            os.close(number)


def folders(root: Path) -> Iterator[Folder]:
    """Return every folder with our mark."""
    for name in sorted(path.name for path in root.iterdir()):
        if name.startswith(MARK):
            with suppress(ValueError):
                yield Folder(root, name.removeprefix(MARK))


def tombstones(root: Path) -> Iterator[Folder]:
    """Return the workstations that were terminated in the last days."""
    for name in sorted(path.name for path in root.iterdir()):
        if name.startswith(GONE):
            with suppress(ValueError):
                yield Folder(root, name.removeprefix(GONE))


def forget_tombstones(root: Path) -> None:
    """Remove what is left of workstations that were terminated long ago."""
    for folder in tombstones(root):
        with suppress(OSError):
            if time.time() - folder.tombstone.stat().st_mtime > _REMEMBERED:
                (folder.tombstone / _STATE).unlink(missing_ok=True)
                folder.tombstone.rmdir()


@contextmanager
def reserving(root: Path) -> Iterator[None]:
    """Have places given out one at a time: user ids, and what is left of the machine."""
    with (root / ROOT_MARK).open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def backups_of(root: Path, session_id: str) -> Path:
    """Return the folder of a session's backups; ValueError for an id that is no plain name."""
    if not _ID.fullmatch(session_id):
        raise ValueError("not the id of a session")
    return root / BACKUPS / session_id


def backup_of(root: Path, session_id: str, backup_id: str) -> Path:
    """Return the folder of one backup; ValueError for an id that is no plain name."""
    if not _ID.fullmatch(backup_id):
        raise ValueError("not the id of a backup")
    return backups_of(root, session_id) / backup_id


def boot_id() -> str:
    """Return what distinguishes this start of the machine from its others."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def as_document(state: State) -> dict[str, Any]:
    """Return a state as JSON holds it."""
    return asdict(state)


def state_of(document: dict[str, Any]) -> State:
    """Return the state that a document holds."""
    return State(**(document | {"failure": None}))
