"""The place of a data file, which distinguishes it from copies with the same bytes.

A file is in the place that it has noted as long as it is on the same machine, under the same
resolved path, and the same file of its file system. A copy, a restored backup and a moved disk are
elsewhere. Not recognised: a file whose content was written over, and a machine that was put back
to an earlier state as a whole.

Sources: machine-id(5) of Linux, which asks not to pass the id on as it is; gethostuuid(2) of macOS;
the value MachineGuid of Windows. macOS and Windows go by that documentation: they were not tried.
"""

import hashlib
import hmac
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

if sys.platform == "darwin":
    import ctypes
if sys.platform == "win32":
    import winreg

PLACE: Final = "place"
"""The fact that says where the file is in charge of its machines; a demo's is nowhere."""


def place_of(path: Path) -> str:
    """Return the place of a file, as the file itself notes it."""
    digest = hmac.digest(_machine_id(), b"nimble-tui store", hashlib.sha256).hex()[:32]
    try:
        inode = path.stat().st_ino
    except OSError:
        inode = 0
    return json.dumps({"machine": digest, "path": str(path.resolve()), "inode": inode})


def copied_from(noted: str) -> str:
    """Return what a copy, made now, notes for its place: none, and where it is from."""
    try:
        path = json.loads(noted)["path"]
    except (ValueError, TypeError, KeyError):
        path = ""
    return json.dumps({"copy_of": path})


def _machine_id() -> bytes:
    with suppress(OSError, AttributeError, ValueError):
        return _system_machine_id()
    return b""


if sys.platform == "darwin":

    def _system_machine_id() -> bytes:
        uuid = ctypes.create_string_buffer(16)
        wait = (ctypes.c_long * 2)(1, 0)
        ctypes.CDLL(None).gethostuuid(uuid, wait)
        return uuid.raw

elif sys.platform == "win32":

    def _system_machine_id() -> bytes:
        name = r"SOFTWARE\Microsoft\Cryptography"
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, name) as key:
            return str(winreg.QueryValueEx(key, "MachineGuid")[0]).encode()

else:

    def _system_machine_id() -> bytes:
        return Path("/etc/machine-id").read_bytes().strip()
