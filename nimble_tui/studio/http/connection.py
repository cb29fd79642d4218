"""One client's connection to the local server: HTTP/1.1 with bounds on size and time."""

import io
import logging
import socket
import time
from collections.abc import Callable
from email.message import Message
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, Final

from nimble_tui.studio.http.codec import Reply, Request
from nimble_tui.studio.http.refusal import MAX_HEAD, refusal

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

IDLE_SECONDS: Final = 60.0
REQUEST_SECONDS: Final = 20.0
REPLY_SECONDS: Final = 20.0

Handler = Callable[[Request], Reply]
"""The handler of requests; it can be called in any thread, and in several at once."""

logger = logging.getLogger(__name__)


class HeadTooLargeError(Exception):
    """More was sent than a request's line and headers may hold."""


class BoundedReader(io.RawIOBase):
    """Reads a socket until a time, however slowly the bytes drip, and at most so many bytes."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__()
        self._connection = connection
        self.allow(0, 0)

    def allow(self, seconds: float, size: int) -> None:
        """Permit `size` more bytes to be read within the next `seconds`."""
        self._until = time.monotonic() + seconds
        self._left = size

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Read what is there; raise TimeoutError or HeadTooLargeError beyond what is allowed."""
        seconds = self._until - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        if self._left <= 0:
            raise HeadTooLargeError
        self._connection.settimeout(seconds)
        size = self._connection.recv_into(buffer)
        self._left -= size
        return size


class Connection(BaseHTTPRequestHandler):
    """Serves one application on one connection until either side ends it."""

    protocol_version = "HTTP/1.1"

    def __init__(self, connection: socket.socket, client: tuple[Any, ...], app: Handler) -> None:
        self.app = app
        self.reader = BoundedReader(connection)
        super().__init__(connection, client, None)  # type: ignore[arg-type] # no BaseServer here

    def setup(self) -> None:
        """Prepare the streams; a reply goes out in one piece, so nothing waits for an ACK."""
        super().setup()
        self.rfile.close()
        self.rfile = io.BufferedReader(self.reader)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)

    def handle_one_request(self) -> None:
        """Read a request and answer it."""
        self.close_connection = True
        try:
            self.reader.allow(IDLE_SECONDS, MAX_HEAD)
            if not self.rfile.peek(1):  # type: ignore[attr-defined] # a BufferedReader
                return
            self.reader.allow(REQUEST_SECONDS, MAX_HEAD)
            self.raw_requestline = self.rfile.readline(MAX_HEAD)
            if len(self.raw_requestline) == MAX_HEAD and not self.raw_requestline.endswith(b"\n"):
                # Some Pythons would take what was cut off here for a whole request.
                self.send_error(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            elif self.parse_request():
                self._serve()
        except HeadTooLargeError:
            self.send_error(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        except OSError:
            self.close_connection = True  # gone, too slow, or the server is closing

    def _serve(self) -> None:
        refused = _why_refused(self.request_version, self.path, self.headers)
        if refused is not None:
            self.send_error(refused)
            return
        length = int(self.headers.get("Content-Length") or 0)
        # What is read ahead counts too, so there is room for one request more than this.
        self.reader.allow(REQUEST_SECONDS, length + MAX_HEAD)
        body = self.rfile.read(length)
        if len(body) != length:
            self.close_connection = True
            return
        self._send(self._answer(body))

    def _send(self, reply: Reply) -> None:
        headers = {"Date": formatdate(usegmt=True), **reply.headers}
        if reply.status != HTTPStatus.NO_CONTENT:
            headers.setdefault("Content-Length", str(len(reply.body)))
        headers["Connection"] = "close" if self.close_connection else "keep-alive"
        phrase = HTTPStatus(reply.status).phrase
        lines = [f"{name}: {value}" for name, value in headers.items()]
        head = "\r\n".join([f"HTTP/1.1 {reply.status} {phrase}", *lines, "", ""])
        self.connection.settimeout(REPLY_SECONDS)
        self.connection.sendall(head.encode("latin-1") + reply.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what never became a request, and end the connection."""
        del message, explain  # they may repeat what was sent
        self.close_connection = True
        # The base answers 505 to a version that it does not know; that too is the client's fault.
        status = code if code < 500 else HTTPStatus.BAD_REQUEST
        self._send(Reply(status, {"Content-Type": "text/plain"}, b""))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Log nothing: a target can hold private names."""

    def _answer(self, body: bytes) -> Reply:
        """Return the application's reply; whatever it raises, the client gets an answer."""
        forwarded = self.headers.get("X-Forwarded-Proto", "").lower()
        request = Request.of(
            self.command,
            self.path,
            self.headers.items(),
            body,
            # Only this computer reaches the server, and so may say that it is a proxy.
            scheme="https" if forwarded == "https" else "http",
            client=self.client_address[0],
        )
        try:
            return self.app(request)
        except Exception as error:  # noqa: BLE001 - its text may hold a secret
            logger.warning("The application failed: %s", type(error).__name__)
            return Reply(500, {}, b"")


def _why_refused(version: str, target: str, headers: Message) -> HTTPStatus | None:
    if version == "HTTP/0.9":  # which has no headers; some Pythons give a plain dict for them
        return HTTPStatus.BAD_REQUEST
    if headers.defects or headers.get_payload():
        return HTTPStatus.BAD_REQUEST
    return refusal(version.removeprefix("HTTP/"), target, headers.items())
