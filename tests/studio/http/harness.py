"""A front with nothing behind it but a notebook, and ways to talk to it."""

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from http.client import HTTPResponse
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest
import trustme
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from nimble_tui.api import new_botocore_session
from nimble_tui.studio.http.codec import Reply, Request
from nimble_tui.studio.http.connection import Handler
from nimble_tui.studio.http.front import LOOPBACK_HOSTS, Application, Call
from nimble_tui.studio.http.public_server import PublicServer
from nimble_tui.studio.http.server import LocalServer

REGION = "us-west-2"
KEY = "AKIDMARA"
SECRET = "example/secret+of/mara"


class Authority:
    """A certificate authority that only these tests know, and a certificate for loopback."""

    def __init__(self, folder: Path) -> None:
        self._ca = trustme.CA()
        self.path = folder / "ca.pem"
        self._ca.cert_pem.write_to_path(self.path)
        self.server = self.server_for("127.0.0.1", "localhost")

    def server_for(self, *names: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._ca.issue_cert(*names).configure_cert(context)
        return context

    @cached_property
    def client(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.path)


KINDS = ("local", "public", "tls")
PARAMS = ("local", pytest.param("public", marks=pytest.mark.slow), "tls")
"""The kinds as parameters; on a plain port the public server differs in its socket alone."""
Server = LocalServer | PublicServer


def server_of(kind: str, handler: Handler, authority: Authority) -> Server:
    if kind == "local":
        return LocalServer(handler)
    return PublicServer(handler, tls=(lambda: authority.server) if kind == "tls" else None)


def connect_to(url: str, authority: Authority | None = None, timeout: float = 10) -> socket.socket:
    """Connect to a server, through TLS where its address says so."""
    scheme, _, netloc = url.partition("://")
    host, _, port = netloc.rpartition(":")
    connection = socket.create_connection((host, int(port)), timeout=timeout)
    if scheme == "http":
        return connection
    assert authority is not None
    return authority.client.wrap_socket(connection, server_hostname=host)


@dataclass
class Front:
    """What was called, what the next calls answer, and the clock it goes by."""

    calls: list[Call] = field(default_factory=list)
    output: Mapping[str, Any] = field(default_factory=dict)
    error: Exception | None = None
    behind: timedelta = timedelta()
    url: str = ""
    authority: Authority | None = None

    def dispatch(self, call: Call) -> Mapping[str, Any]:
        self.calls.append(call)
        if self.error is not None:
            raise self.error
        return self.output

    def times(self) -> tuple[datetime]:
        return (datetime.now(UTC) - self.behind,)

    def application(self) -> Application:
        return Application(
            dispatch=self.dispatch,
            page=lambda *_: None,
            secret_of={KEY: SECRET}.get,
            times=self.times,
            region=REGION,
            allowed_hosts=LOOPBACK_HOSTS,
        )

    @property
    def netloc(self) -> str:
        return self.url.partition("://")[2]

    def client(self, key: str = KEY, secret: str = SECRET, region: str = REGION) -> Any:
        session: Any = boto3.Session(botocore_session=new_botocore_session())
        return session.client(
            "nimble",
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            verify=str(self.authority.path) if self.authority else None,
            config=Config(retries={"mode": "standard", "total_max_attempts": 1}),
        )


@contextmanager
def open_front() -> Iterator[Front]:
    front = Front()
    with LocalServer(front.application()) as server:
        front.url = server.endpoint_url
        yield front


class Servers:
    """A server of each kind, started when first needed; each front has them for itself in turn."""

    def __init__(self, folder: Path) -> None:
        self.authority = Authority(folder)
        self._handlers: dict[str, Handler] = {}
        self._urls: dict[str, str] = {}
        self._running = ExitStack()

    @contextmanager
    def front(self, kind: str) -> Iterator[Front]:
        front = Front(authority=self.authority if kind == "tls" else None)
        self._handlers[kind] = front.application()
        if kind not in self._urls:
            server = server_of(kind, self._handler(kind), self.authority)
            self._running.enter_context(server)
            self._urls[kind] = server.endpoint_url
        front.url = self._urls[kind]
        yield front

    def close(self) -> None:
        self._running.close()

    def _handler(self, kind: str) -> Callable[[Request], Reply]:
        def handle(request: Request) -> Reply:
            return self._handlers[kind](request)  # whoever's turn it is

        return handle


class Raw(NamedTuple):
    """A request as it goes over the wire, to be altered after it was signed."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""

    def encoded(self) -> bytes:
        lines = [f"{self.method} {self.target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + self.body


def signed(
    front: Front,
    method: str,
    target: str,
    body: bytes = b"",
    *,
    headers: Mapping[str, str] | None = None,
    region: str = REGION,
) -> Raw:
    """Sign a request as botocore does, an independent reading of the rules."""
    given = ({"Content-Type": "application/json"} if body else {}) | dict(headers or {})
    request = AWSRequest(method=method, url=front.url + target, data=body, headers=given)
    SigV4Auth(Credentials(KEY, SECRET), "nimble", region).add_auth(request)
    sent = {name: str(value) for name, value in request.headers.items()}
    host = front.netloc
    sent |= {"Host": host, "Content-Length": str(len(body)), "Connection": "close"}
    return Raw(method, target, sent, body)


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> str:
        return self.headers.get("x-amzn-errortype", "")


def read_answer(connection: socket.socket, method: str = "GET") -> Answer:
    response = HTTPResponse(connection, method=method)
    try:
        response.begin()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, response.read())
    finally:
        response.close()


def exchange(front: Front, request: Raw | bytes) -> Answer:
    """Send a request on a connection of its own and read what comes back."""
    data = request if isinstance(request, bytes) else request.encoded()
    with connect_to(front.url, front.authority) as connection:
        connection.sendall(data)
        return read_answer(connection)
