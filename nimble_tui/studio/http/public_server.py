"""The server for a studio's artists: uvicorn, with TLS and limits."""

import asyncio
import functools
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any, Final, Self

from uvicorn import Config, Server

from nimble_tui.studio.http.asgi import AsgiFront
from nimble_tui.studio.http.connection import Handler
from nimble_tui.studio.http.connection_counts import (
    MAX_CONNECTIONS,
    MAX_PER_ADDRESS,
    ConnectionCounts,
    Verdict,
)
from nimble_tui.studio.http.guarded_protocol import (
    FAREWELL_SECONDS,
    IDLE_SECONDS,
    GuardedProtocol,
)
from nimble_tui.studio.http.listening import listen, url_of
from nimble_tui.studio.http.observing import Answered
from nimble_tui.studio.http.proxies import Proxies
from nimble_tui.studio.http.refusal import MAX_HEAD
from nimble_tui.studio.http.screen_gate import Gate
from nimble_tui.studio.http.screen_handshake import Names
from nimble_tui.studio.http.screen_server import ScreenServer

HANDSHAKE_SECONDS: Final = 10.0
LAST_REQUESTS_SECONDS: Final = 0.3
"""Time at shutdown to read requests that were already sent."""
FINISH_SECONDS: Final = 30
_FILES_LEFT: Final = 200
"""Descriptors that are not for connections: the store's, the log's, the system's."""

logger = logging.getLogger(__name__)


class PublicServer:
    """Serves `handler` on `host` and `port` (0 takes any free one), in a thread of its own.

    Use it as a context manager, or call `start` and `close`. `tls` returns the context for a new
    connection; without it the server speaks plain HTTP. `proxies` are the addresses of proxies that
    are trusted: their connections are many people's. `observe` hears of every reply. With a `gate`
    it shows the screens of workstations, to pages under its own `names`.
    """

    def __init__(
        self,
        handler: Handler,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        tls: Callable[[], ssl.SSLContext] | None = None,
        proxies: Collection[str] = (),
        observe: Callable[[Answered], None] = lambda _: None,
        gate: Gate | None = None,
        names: Names | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._tls = tls
        trusted = Proxies(proxies)
        self._front = AsgiFront(handler, trusted, observe)
        self.screens = (
            ScreenServer(gate, names or Names(), self._front, trusted, observe) if gate else None
        )
        most = _connections_of(_raise_file_limit())
        self.counts = ConnectionCounts(most, min(most, MAX_PER_ADDRESS), proxies)
        self._listener: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._server: _Server | None = None

    @property
    def endpoint_url(self) -> str:
        """The address for clients, such as `https://127.0.0.1:8443`; known once started."""
        if self._listener is None:
            raise RuntimeError("The server has not been started.")
        return url_of("https" if self._tls else "http", self._host, self._port)

    def start(self) -> None:
        """Listen and serve; raises ListenError where it cannot."""
        self._listener = listen(self._host, self._port)
        self._port = self._listener.getsockname()[1]
        config = Config(
            self._front,
            loop="asyncio",
            ws="none",  # the protocol hands WebSockets to `screens` itself
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level="critical",  # its messages repeat what was sent
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=IDLE_SECONDS,
            timeout_graceful_shutdown=FINISH_SECONDS,
            h11_max_incomplete_event_size=MAX_HEAD,
        )
        self._server = _Server(config, self._listener, self._tls, self.counts, self.screens)
        self._thread = threading.Thread(target=self._server.run, name="studio-server", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop: requests that were sent are answered first, for `FINISH_SECONDS` at most."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()
        self._front.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Server(Server):
    """uvicorn's server, taking connections one by one so that they are counted from the first byte.

    Otherwise a connection that never finishes its TLS handshake would be in no count.
    """

    def __init__(
        self,
        config: Config,
        listener: socket.socket,
        tls: Callable[[], ssl.SSLContext] | None,
        counts: ConnectionCounts,
        screens: ScreenServer | None,
    ) -> None:
        super().__init__(config)
        self._listener = listener
        self._tls = tls
        self._counts = counts
        self._screens = screens
        self._opening: set[asyncio.Task[None]] = set()
        self._acceptor: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take connections."""
        del sockets
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_log_kind)
        self.servers = []
        self._acceptor = loop.create_task(self._accept())
        self.started = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept no further connections, answer the requests already sent, and end."""
        if self._acceptor is not None:
            self._acceptor.cancel()
            await asyncio.wait([self._acceptor])
        self._listener.close()
        await asyncio.sleep(LAST_REQUESTS_SECONDS)
        for task in self._opening:
            task.cancel()
        await super().shutdown(sockets)

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        self._listener.setblocking(False)
        while True:
            try:
                connection, address = await loop.sock_accept(self._listener)
            except OSError:  # no descriptor is free, or the client left before it was taken
                await asyncio.sleep(0.05)
                continue
            verdict = self._counts.enter(address[0])
            if verdict is Verdict.DROP:
                connection.close()
                continue
            task = loop.create_task(self._open(connection, address[0], verdict))
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    async def _open(self, connection: socket.socket, address: str, verdict: Verdict) -> None:
        """Hand a connection over to its protocol, after the TLS handshake where there is one."""
        left = _once(functools.partial(self._counts.leave, address))
        protocol = GuardedProtocol(
            self.config,
            self.server_state,
            left=left,
            refused=verdict is Verdict.REFUSE,
            screens=self._screens,
        )
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
            context = self._tls() if self._tls else None
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: protocol,
                connection,
                ssl=context,
                ssl_handshake_timeout=HANDSHAKE_SECONDS if context else None,
                ssl_shutdown_timeout=FAREWELL_SECONDS if context else None,
            )
        except (OSError, asyncio.CancelledError):  # no TLS, too slow, or the server is closing
            left()
            with suppress(OSError):
                connection.close()


def _once(call: Callable[[], None]) -> Callable[[], None]:
    calls = iter([call])

    def first() -> None:
        for one in calls:
            one()

    return first


def _log_kind(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log that something failed on the loop, but nothing of it: that may hold what was sent."""
    del loop
    error = context.get("exception")
    if not isinstance(error, OSError):
        logger.error("A connection failed: %s", type(error).__name__)


def _raise_file_limit() -> int:
    """Let this process open as many files as it is allowed to; return how many."""
    try:
        import resource  # noqa: PLC0415 - POSIX alone
    except ImportError:
        return MAX_CONNECTIONS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_CONNECTIONS + 4 * _FILES_LEFT
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            soft = most
    return wanted if soft == resource.RLIM_INFINITY else soft


def _connections_of(files: int) -> int:
    return max(1, min(MAX_CONNECTIONS, files - 2 * _FILES_LEFT))
