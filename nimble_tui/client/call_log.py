"""A log of calls for troubleshooting: each operation and its outcome.

It holds no query, no member, no key and no token, so that it can be given away.
"""

import json
import os
import re
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Final

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

from nimble_tui.config.files import UnsafeFileError, make_folder, open_to_append
from nimble_tui.core.text import clean

LARGEST: Final = 1024 * 1024
"""The largest size of a log in bytes; a full one becomes FILE.1."""

# As long as a UUID at most: a key or a signature that a server sent back is longer.
_REQUEST_ID = re.compile(r"[0-9A-Za-z-]{1,36}")


@dataclass(slots=True)
class CallRecord:
    """One call of an operation, all its tries together; the last one's status and request id.

    `status` is None where no reply came.
    """

    operation: str = ""
    status: int | None = None
    request_id: str = ""
    tries: int = 0

    def begin_try(self, operation: str) -> None:
        """Note that a request is about to be sent."""
        self.operation = operation
        self.tries += 1
        self.status, self.request_id = None, ""

    def end_try(self, status: int, request_id: str) -> None:
        """Record the reply's status; an invalid request id is ignored."""
        self.status = status
        self.request_id = request_id if _REQUEST_ID.fullmatch(request_id) else ""


RECORD: ContextVar[CallRecord] = ContextVar("RECORD")
"""The call that the running thread makes."""


class CallLog:
    """Appends a line of JSON per call; safe for threads and processes.

    Without a `path` there is none. A file that cannot be written is reported once, by one sentence
    to `report`, and holds nothing up.
    """

    def __init__(
        self, path: Path | None = None, report: Callable[[str], object] | None = None
    ) -> None:
        self._path = path
        self._report = report
        self._lock = Lock()
        self._failed = False

    def use(self, path: Path | None) -> None:
        """Write to this file from now on."""
        with self._lock:
            if path != self._path:
                self._path, self._failed = path, False

    def write(self, record: CallRecord, at: datetime, seconds: float, error: str = "") -> None:
        """Append a call that began `at`, took so many seconds and ended with this kind of error."""
        path = self._path
        if path is None or self._failed or not record.operation:
            return
        line = json.dumps(
            {
                "time": at.isoformat(timespec="milliseconds"),
                "operation": record.operation,
                "status": record.status,
                "request_id": record.request_id or None,
                "tries": record.tries,
                "duration": round(seconds, 3),
                "error": error or None,
            }
        )
        try:
            with self._lock:
                _append(path, f"{line}\n".encode())
        except OSError as problem:
            self._fail(path, problem)

    def _fail(self, path: Path, problem: OSError) -> None:
        with self._lock:
            reported, self._failed = self._failed, True
        if not reported and self._report is not None:
            unsafe = isinstance(problem, UnsafeFileError)
            why = str(problem).rstrip(".") if unsafe else f"{path}: {problem.strerror}"
            self._report(f"Can't write the log ({clean(why)}); choose another file for it.")


def _append(path: Path, line: bytes) -> None:
    make_folder(path.parent)
    file = open_to_append(path)
    try:
        is_full = os.fstat(file).st_size + len(line) > LARGEST
        if not is_full or (fcntl is not None and not _put_away(path, file)):
            # In one go, so that the lines of several processes do not mix.
            os.write(file, line)
            return
    finally:
        os.close(file)
    if fcntl is None:  # Windows renames no file that is open
        path.replace(_put_away_name(path))
    _append(path, line)


def _put_away(path: Path, file: int) -> bool:
    """Rotate the log at `path`; return False while another process does."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    with suppress(FileNotFoundError):
        # Otherwise another process has already rotated it.
        if os.path.samestat(path.stat(), os.fstat(file)):
            path.replace(_put_away_name(path))
    return True


def _put_away_name(path: Path) -> Path:
    return path.with_name(f"{path.name}.1")
