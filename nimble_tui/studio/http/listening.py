"""Listening on an address, and what stands in the way as a sentence."""

import errno
import socket
from typing import Final

_BACKLOG: Final = 2048
_REASONS: Final = {
    errno.EADDRINUSE: "another program is using this port; choose another, or 0 for any",
    errno.EACCES: "this port is for the system's own services; choose one above 1023",
}
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


class ListenError(Exception):
    """The server cannot listen on its address and port; its text is a sentence for people."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on a host and a port, 0 for any free one; ListenError."""
    if not 0 <= port <= 65535:
        raise _cannot_listen(host, port, 0)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise _cannot_listen(host, port, error.errno) from None


def url_of(scheme: str, host: str, port: int) -> str:
    """Return the address of a server that listens there; of this computer where it is any."""
    host = _EVERYWHERE.get(host, host)
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _cannot_listen(host: str, port: int, number: int | None) -> ListenError:
    reason = _REASONS.get(number or 0, "this machine has no such address or port")
    return ListenError(f"The studio cannot listen on {host} port {port}: {reason}.")
