"""A front with nothing behind it but a notebook, and ways to talk to it."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPResponse
from typing import Any, NamedTuple

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from nimble_tui.api import new_botocore_session
from nimble_tui.studio.http.front import LOOPBACK_HOSTS, Application, Call
from nimble_tui.studio.http.server import LocalServer

REGION = "us-west-2"
KEY = "AKIDMARA"
SECRET = "example/secret+of/mara"


@dataclass
class Front:
    """What was called, what the next calls answer, and the clock it goes by."""

    calls: list[Call] = field(default_factory=list)
    output: Mapping[str, Any] = field(default_factory=dict)
    error: Exception | None = None
    behind: timedelta = timedelta()
    url: str = ""

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
    def address(self) -> tuple[str, int]:
        host, _, port = self.url.removeprefix("http://").partition(":")
        return host, int(port)

    def client(self, key: str = KEY, secret: str = SECRET, region: str = REGION) -> Any:
        session: Any = boto3.Session(botocore_session=new_botocore_session())
        return session.client(
            "nimble",
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            config=Config(retries={"mode": "standard", "total_max_attempts": 1}),
        )


@contextmanager
def open_front() -> Iterator[Front]:
    front = Front()
    with LocalServer(front.application()) as server:
        front.url = server.endpoint_url
        yield front


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
    host = front.url.removeprefix("http://")
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
    with socket.create_connection(front.address, timeout=10) as connection:
        connection.sendall(data)
        return read_answer(connection)
