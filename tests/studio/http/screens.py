"""Workstations' screens for tests: an RFB socket with scripted answers, and browsers of it."""

import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from nimble_tui.studio.http.front import LOOPBACK_HOSTS
from nimble_tui.studio.http.observing import Answered
from nimble_tui.studio.http.public_server import PublicServer
from nimble_tui.studio.http.screen_handshake import SUBPROTOCOLS, Names
from nimble_tui.studio.store.transaction import Transaction
from tests.studio.compute.faulty_world import FaultyWorld, open_faulty
from tests.studio.http.harness import Authority
from tests.studio.world import MARA, STUDIO_ID

GREETING = b"RFB 003.008\n"


def wait_until(is_so: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for what happens in another thread; fails the test where it does not."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.005)


class RfbSocket:
    """A workstation's screen: greets, then sends back what it gets, or as it is set."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.greets = True
        self.floods = False
        self.reads = True
        self.got = bytearray()
        self.sent = 0
        self.connections: list[socket.socket] = []
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(path))
        self._listening.listen(16)
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def drop(self) -> None:
        """End every connection, as a workstation that stops."""
        for one in self.connections:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.drop()
        for thread in self._threads:
            thread.join(10)
        for one in self.connections:
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):
            if self.greets:
                connection.sendall(GREETING)
            while self.floods:
                connection.sendall(bytes(65536))
                self.sent += 65536
            while self.reads and (data := connection.recv(65536)):
                self.got += data
                connection.sendall(data)


@dataclass
class ScreenWorld:
    """A studio whose workstations show one screen, served to browsers."""

    world: FaultyWorld
    rfb: RfbSocket
    server: PublicServer
    authority: Authority | None = None
    answered: list[Answered] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.server.endpoint_url

    @property
    def open_screens(self) -> int:
        assert self.server.screens is not None
        return self.server.screens.open_screens

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Change the studio's data as another process would."""
        with self.world.studio._store.write() as tx:  # noqa: SLF001 - no call does it
            yield tx

    def ready(self) -> str:
        session_id = self.world.create()
        self.world.advance()
        assert self.world.state(session_id) == "READY"
        return session_id

    def link(self, session_id: str, by: str = MARA, **members: Any) -> tuple[str, str]:
        """Return the id and the token of a new stream."""
        stream_id = self.world.new_stream(session_id, by, **members)
        self.world.studio.tick()
        reply = self.world.client(by).get_streaming_session_stream(
            studioId=STUDIO_ID, sessionId=session_id, streamId=stream_id
        )
        token = urlsplit(reply["stream"]["url"]).query.removeprefix("authToken=")
        return stream_id, token

    def connect(self, stream_id: str, token: str, origin: str | None = None) -> ClientConnection:
        """Open a screen as the page's script does."""
        address = self.url.replace("http", "ws", 1)
        return connect(
            f"{address}/screen/{stream_id}/socket",
            origin=Origin(origin or self.url),
            subprotocols=[Subprotocol(one) for one in (*SUBPROTOCOLS, token)],
            compression=None,
            proxy=None,
            open_timeout=20,
            ssl=self.authority.client if self.authority else None,
        )


@contextmanager
def open_screens(
    folder: Path,
    authority: Authority | None = None,
    public_url: str | None = None,
    proxies: Collection[str] = (),
) -> Iterator[ScreenWorld]:
    rfb = RfbSocket(folder / "rfb.sock")
    answered: list[Answered] = []
    try:
        with open_faulty() as world:
            world.compute.screen = rfb.path
            server = PublicServer(
                world.studio.application,
                tls=(lambda: authority.server) if authority else None,
                proxies=proxies,
                observe=answered.append,
                gate=world.studio.screens,
                names=Names(LOOPBACK_HOSTS, public_url),
            )
            with server:
                yield ScreenWorld(world, rfb, server, authority, answered)
    finally:
        rfb.close()
