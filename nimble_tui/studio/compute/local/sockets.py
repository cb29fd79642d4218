"""Unix sockets below a workstation's folder, however long its path, and whatever is put there."""

import os
import socket
import stat
from pathlib import Path


def connect(path: Path, seconds: float) -> socket.socket:
    """Return a connection to a unix socket; raises OSError where there is none.

    A workstation's programs can put anything in the place of its sockets: a name that leads
    elsewhere is not followed.
    """
    number = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        if not stat.S_ISSOCK(os.fstat(number).st_mode):
            raise OSError(f"{path.name} is not a socket.")
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(seconds)
            connection.connect(f"/proc/self/fd/{number}")
        except BaseException:
            connection.close()
            raise
        return connection
    finally:
        os.close(number)


def listen(name: str) -> socket.socket:
    """Return a socket in the current folder that its user alone can open, in place of any other."""
    Path(name).unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)
    try:
        listening.bind(name)
    finally:
        os.umask(mask)
    listening.listen(16)
    return listening
