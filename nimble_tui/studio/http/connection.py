"""One client's connection to the local server: HTTP/1.1 with bounds on size and time."""

import io
import logging
import socket
import sys
import time
from collections.abc import Callable
from email.message import Message
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

MAX_HEAD: Final = 64 * 1024
MAX_BODY: Final = 2 * 1024 * 1024
IDLE_SECONDS: Final = 60.0
REQUEST_SECONDS: Final = 20.0
REPLY_SECONDS: Final = 20.0

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
    """Serves one WSGI application on one connection until either side ends it."""

    protocol_version = "HTTP/1.1"

    def __init__(
        self, connection: socket.socket, client: tuple[Any, ...], app: "WSGIApplication"
    ) -> None:
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
        refusal = _refusal(self.request_version, self.headers)
        if refusal is not None:
            self.send_error(refusal)
            return
        length = int(self.headers.get("Content-Length") or 0)
        # What is read ahead counts too, so there is room for one request more than this.
        self.reader.allow(REQUEST_SECONDS, length + MAX_HEAD)
        body = self.rfile.read(length)
        if len(body) != length:
            self.close_connection = True
            return
        status, headers, content = _run(self.app, self._environ(body))
        self._send(status, headers, content)

    def _send(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        names = {name.lower() for name, _ in headers}
        if "date" not in names:
            headers.append(("Date", formatdate(usegmt=True)))
        if "content-length" not in names and not status.startswith("204"):
            headers.append(("Content-Length", str(len(body))))
        headers.append(("Connection", "close" if self.close_connection else "keep-alive"))
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers), "", ""]
        self.connection.settimeout(REPLY_SECONDS)
        self.connection.sendall("\r\n".join(lines).encode("latin-1") + body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what never became a request, and end the connection."""
        del message, explain  # they may repeat what was sent
        self.close_connection = True
        # The base answers 505 to a version that it does not know; that too is the client's fault.
        status = HTTPStatus(code) if code < 500 else HTTPStatus.BAD_REQUEST
        self._send(f"{status.value} {status.phrase}", [("Content-Type", "text/plain")], b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Log nothing: a target can hold private names."""

    def _environ(self, body: bytes) -> "WSGIEnvironment":
        raw_path, _, query = self.path.partition("?")
        host, port = self.connection.getsockname()[:2]
        environ: WSGIEnvironment = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(raw_path, "latin-1"),
            "QUERY_STRING": query,
            "REQUEST_URI": self.path,
            "SERVER_NAME": host,
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
                key = f"HTTP_{key}"
            # A header sent twice is one header with both values.
            environ[key] = f"{environ[key]},{value}" if key in environ else value
        return environ


def _refusal(version: str, headers: Message) -> HTTPStatus | None:
    """Return why a request cannot be read safely, or None; two readers must not differ on it."""
    if version == "HTTP/0.9":  # which has no headers; some Pythons give a plain dict for them
        return HTTPStatus.BAD_REQUEST
    lengths = headers.get_all("Content-Length", [])
    if headers.defects or headers.get_payload():
        return HTTPStatus.BAD_REQUEST
    if any("_" in name for name in headers):
        return HTTPStatus.BAD_REQUEST
    if "Transfer-Encoding" in headers:
        return HTTPStatus.LENGTH_REQUIRED
    if len(lengths) > 1 or not all(text.isascii() and text.isdigit() for text in lengths):
        return HTTPStatus.BAD_REQUEST
    if lengths and (len(lengths[0]) > 9 or int(lengths[0]) > MAX_BODY):
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return None


def _run(
    app: "WSGIApplication", environ: "WSGIEnvironment"
) -> tuple[str, list[tuple[str, str]], bytes]:
    """Call the application and return its status, headers and whole body."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: object = None
    ) -> Callable[[bytes], object]:
        del exc_info  # nothing is sent before all is there
        started[:] = [(status, list(headers))]
        return written.append

    try:
        parts = app(environ, start_response)
        try:
            written.extend(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        status, headers = started[0]
    except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets an answer
        logger.warning("The application failed: %s", type(error).__name__)
        return "500 Internal Server Error", [], b""
    return status, headers, b"".join(written)
