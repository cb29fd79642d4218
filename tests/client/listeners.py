"""Listeners on loopback that take connections and say nothing."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress


@contextmanager
def silent_peer() -> Iterator[socket.socket]:
    """A listener that takes connections and says nothing."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        yield listener


def port_of(listener: socket.socket) -> int:
    port: int = listener.getsockname()[1]
    return port


def visited(listener: socket.socket) -> bool:
    listener.setblocking(False)
    with suppress(BlockingIOError):
        listener.accept()[0].close()
        return True
    return False
