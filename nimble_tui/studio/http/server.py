"""A small threaded server for one application, for loopback alone."""

import selectors
import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self

from nimble_tui.studio.http.connection import Connection, Handler
from nimble_tui.studio.http.listening import listen, url_of

MAX_CONNECTIONS: Final = 100
CLOSE_SECONDS: Final = 1.0


class LocalServer:
    """Serves `app` on `host` and `port` (0 takes any free one) in threads of its own.

    Use it as a context manager, or call `start` and `close`. Connections are kept alive, at most
    `MAX_CONNECTIONS` at a time; a client that is idle or slow for long is let go.
    """

    def __init__(self, app: Handler, host: str = "127.0.0.1", port: int = 0) -> None:
        self._app = app
        self._host = host
        self._port = port
        self._listener: socket.socket | None = None
        self._acceptor: threading.Thread | None = None
        self._wake: socket.socket | None = None
        self._lock = threading.Lock()
        self._closing = False
        self._connections: dict[socket.socket, threading.Thread] = {}

    @property
    def endpoint_url(self) -> str:
        """The address for clients, such as `http://127.0.0.1:8080`; known once started."""
        if self._listener is None:
            raise RuntimeError("The server has not been started.")
        return url_of("http", self._host, self._listener.getsockname()[1])

    def start(self) -> None:
        """Listen and serve; raises ListenError where it cannot."""
        self._listener = listen(self._host, self._port)
        self._listener.setblocking(False)
        self._wake, woken = socket.socketpair()
        self._acceptor = threading.Thread(
            target=self._accept, args=(self._listener, woken), name="studio-accept", daemon=True
        )
        self._acceptor.start()

    def close(self) -> None:
        """Stop: the port is free and every connection shut when it returns."""
        with self._lock:
            self._closing = True
            threads = list(self._connections.values())
            for connection in self._connections:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        if self._wake is not None:
            self._wake.close()
            self._wake = None
        if self._acceptor is not None:
            self._acceptor.join()
        if self._listener is not None:
            self._listener.close()
        until = time.monotonic() + CLOSE_SECONDS
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _accept(self, listener: socket.socket, woken: socket.socket) -> None:
        """Accept connections until the other end of `woken` is closed."""
        with woken, selectors.DefaultSelector() as selector:
            selector.register(listener, selectors.EVENT_READ)
            selector.register(woken, selectors.EVENT_READ)
            while True:
                ready = [key.fileobj for key, _ in selector.select()]
                if woken in ready:
                    return
                with suppress(OSError):  # the client left before it was taken
                    self._take(*listener.accept())

    def _take(self, connection: socket.socket, client: tuple[Any, ...]) -> None:
        thread = threading.Thread(
            target=self._serve, args=(connection, client), name="studio-connection", daemon=True
        )
        with self._lock:
            if self._closing or len(self._connections) >= MAX_CONNECTIONS:
                connection.close()
                return
            try:
                thread.start()
            except RuntimeError:  # the system has no thread to give
                connection.close()
                return
            self._connections[connection] = thread

    def _serve(self, connection: socket.socket, client: tuple[Any, ...]) -> None:
        try:
            with connection, suppress(OSError):
                Connection(connection, client, self._app)
        finally:
            with self._lock:
                del self._connections[connection]
