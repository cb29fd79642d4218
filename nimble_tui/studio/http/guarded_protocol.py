"""HTTP/1.1 as uvicorn speaks it, with a deadline for each request and each reply."""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from nimble_tui.studio.http.asgi import bare, head_of
from nimble_tui.studio.http.screen_server import Arrival, ScreenServer

REQUEST_SECONDS: Final = 20.0
IDLE_SECONDS: Final = 60
REPLY_SECONDS: Final = 20.0
FAREWELL_SECONDS: Final = 1.0
_LENGTHS: Final = re.compile(rb"^content-length[ \t]*:(.*)$", re.IGNORECASE | re.MULTILINE)
_WAITS: Final = frozenset({h11.IDLE, h11.SEND_BODY})


class _Parser(h11.Connection):
    """Refuses lengths that come twice, which h11 makes one, and remembers what status suits."""

    status = HTTPStatus.BAD_REQUEST

    def next_event(self) -> Any:
        before = self.trailing_data[0] if self.their_state is h11.IDLE else b""
        try:
            event = super().next_event()
        except h11.RemoteProtocolError as error:
            # A coding or a version that it does not know is the client's fault all the same.
            if error.error_status_hint < 500:
                self.status = HTTPStatus(error.error_status_hint)
            raise
        if isinstance(event, h11.Request):
            head = before[: len(before) - len(self.trailing_data[0])]
            lengths = _LENGTHS.findall(head)
            if len(lengths) > 1 or b"," in b"".join(lengths):
                raise h11.RemoteProtocolError("more than one length")
        return event


class GuardedProtocol(H11Protocol):
    """One connection: however slowly its bytes drip, it is ended in time.

    A request must be there `REQUEST_SECONDS` after the connection, or after its first byte, and a
    reply be taken in `REPLY_SECONDS`. A `refused` connection is answered 503 and ended. `left` is
    called once it is over. `screens` take connections over that become a WebSocket.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        *,
        left: Callable[[], None],
        refused: bool = False,
        screens: ScreenServer | None = None,
    ) -> None:
        super().__init__(config, server_state, {})
        self._parser = _Parser(h11.SERVER, config.h11_max_incomplete_event_size or 0)
        self.conn = self._parser
        self._left = left
        self._refused = refused
        self._screens = screens
        self._is_over = False
        self._is_upgrading = False
        self._deadline: asyncio.TimerHandle | None = None
        self._reply_deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, with a deadline for the first request."""
        super().connection_made(transport)
        self._expect_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """End, and say so."""
        self._end_deadline()
        if self._reply_deadline is not None:
            self._reply_deadline.cancel()
        super().connection_lost(exc)
        self._left()

    def data_received(self, data: bytes) -> None:
        """Read on; the deadline ends with a complete request."""
        if self._is_over or self._is_upgrading:
            return
        if self._refused:
            self._send_bare(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        if self.conn.their_state in _WAITS:
            self._expect_request()
        super().data_received(data)
        if self.conn.their_state not in _WAITS:
            self._end_deadline()

    def eof_received(self) -> bool:  # type: ignore[override]
        """Answer a client that has said all it wants to, where it can still be answered."""
        cycle = self.cycle
        is_due = cycle is not None and not cycle.more_body and not cycle.response_complete
        if not is_due or not self.transport.can_write_eof():
            return False
        cycle.keep_alive = False
        return True

    def on_response_complete(self) -> None:
        """Continue with the next request, and wait for the client to take the reply."""
        super().on_response_complete()
        if self.transport.get_write_buffer_size() and self._reply_deadline is None:
            self._reply_deadline = self.loop.call_later(REPLY_SECONDS, self._end_unread)
        has_more = self.conn.their_state is h11.IDLE and bool(self.conn.trailing_data[0])
        if has_more or self.conn.their_state is h11.SEND_BODY:
            self._expect_request()

    def _should_upgrade(self) -> bool:
        return self._screens is not None and self._get_upgrade() == b"websocket"

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Have the screens take the connection over; nothing of it is read meanwhile."""
        del event
        if self._screens is None or self.conn.trailing_data[0]:  # it did not wait for our answer
            self._send_bare(HTTPStatus.BAD_REQUEST)
            return
        self._is_upgrading = True
        self.transport.pause_reading()
        task = self.loop.create_task(self._upgrade(self._screens))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    async def _upgrade(self, screens: ScreenServer) -> None:
        scope, query = self.scope, self.scope["query_string"]
        target = scope["raw_path"] + (b"?" + query if query else b"")
        arrival = Arrival(
            transport=self.transport,
            method=scope["method"],
            target=target.decode("latin-1"),
            version=scope["http_version"],
            headers=self.headers,
            peer=self.client[0] if self.client else "",
            scheme=self.scheme or "http",
            left=self._left,
        )
        self._end_deadline()
        if self._reply_deadline is not None:
            self._reply_deadline.cancel()
        status = await screens.open(arrival, self.connections)
        if status != HTTPStatus.SWITCHING_PROTOCOLS:
            self.transport.resume_reading()
            self._send_bare(status)
        else:
            self.connections.discard(self)

    def send_400_response(self, msg: str) -> None:
        """Answer what cannot be read, without repeating any of it."""
        del msg
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True  # its reply would follow this one
            self.cycle.message_event.set()
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            self._send_bare(self._parser.status)
        else:
            self.transport.abort()

    def _send_bare(self, status: HTTPStatus) -> None:
        """Answer and end; the rest of what was sent is read, or the answer would be lost to it."""
        if self._is_over or self.transport.is_closing():
            return
        self._is_over = True
        self.transport.write(head_of(status, bare(status).headers))
        if self.transport.can_write_eof():
            with suppress(OSError):  # the client is gone already
                self.transport.write_eof()
            self.loop.call_later(FAREWELL_SECONDS, self.transport.abort)
        else:  # TLS, which says goodbye in its own way
            self.transport.close()

    def _expect_request(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(REQUEST_SECONDS, self.transport.abort)

    def _end_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _end_unread(self) -> None:
        self._reply_deadline = None
        if self.transport.get_write_buffer_size():
            self.transport.abort()
