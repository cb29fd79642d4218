"""A small studio on loopback that can be told to fail, and keeps a ledger of what it did."""

import json
import random
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

STUDIO_ID = "us-west-2:stid-nyoqq12fteqy1x48"
PRINCIPAL_ID = "92677b4b19-e9fd012a-94ad-4f16-9866-c69a63ab6486"

_EFFECT = {
    "stop": ("StopStreamingSession", "STOP_IN_PROGRESS"),
    "start": ("StartStreamingSession", "START_IN_PROGRESS"),
    "": ("DeleteStreamingSession", "DELETE_IN_PROGRESS"),
}


@dataclass(frozen=True)
class Request:
    method: str
    path: tuple[str, ...]
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes
    target: str = ""


class Answer(NamedTuple):
    status: int
    body: bytes
    headers: Mapping[str, str] = MappingProxyType({})

    def as_bytes(self, *, length: int | None = None) -> bytes:
        known = {"Content-Type": "application/json", **self.headers}
        lines = [f"HTTP/1.1 {self.status} Answer"]
        lines += [f"{name}: {value}" for name, value in known.items()]
        lines.append(f"Content-Length: {len(self.body) if length is None else length}")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


class Line:
    """What a fault may do with a connection."""

    def __init__(self, sock: socket.socket, closing: threading.Event) -> None:
        self.sock = sock
        self.closing = closing

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def reset(self) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def hold(self) -> None:
        """Keep it open, silent, until the client goes or the test ends."""
        self.sock.settimeout(0.01)
        while not self.closing.is_set():
            with suppress(TimeoutError):
                if not self.sock.recv(4096):
                    return

    def drip(self, data: bytes) -> None:
        """Send a byte now and then, for ever."""
        for byte in data:
            self.sock.sendall(bytes([byte]))
            if self.closing.wait(0.02):
                return
        self.hold()


Fault = Callable[[Line, Answer], bool]
"""Answers in its own way and returns whether the connection stays open."""


@dataclass
class FaultyStudio:
    """Knows sessions by id and state, and applies each client token once.

    `plan` decides, for each request and the operation's name, whether a fault strikes, and
    whether before or after the request is applied.
    """

    states: dict[str, str] = field(default_factory=dict)
    profiles: list[dict[str, Any]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    ledger: list[tuple[str, str]] = field(default_factory=list)
    plan: Callable[[str, Request], tuple[Fault, bool] | None] = lambda _operation, _request: None
    url: str = ""
    page_size: int = 100
    connections: int = 0

    def __post_init__(self) -> None:
        self._tokens: dict[str, str] = {}
        self._lock = threading.Lock()

    def strike(self, fault: Fault, *, on: Iterable[str], before: bool, times: int = 10**6) -> None:
        """Let `fault` strike the first `times` requests of the operations named."""
        left = [times]
        operations = set(on)

        def plan(operation: str, _: Request) -> tuple[Fault, bool] | None:
            if operation not in operations or not left[0]:
                return None
            left[0] -= 1
            return fault, before

        self.plan = plan

    def operation_of(self, request: Request) -> str:
        match request.method, request.path[2:]:
            case "GET", (_,):
                return "GetStudio"
            case "GET", (_, "launch-profiles"):
                return "ListLaunchProfiles"
            case "GET", (_, "launch-profiles", _):
                return "GetLaunchProfile"
            case "GET", (_, "launch-profiles", _, "details"):
                return "GetLaunchProfileDetails"
            case "GET", (_, "streaming-sessions"):
                return "ListStreamingSessions"
            case "GET", (_, "streaming-sessions", _):
                return "GetStreamingSession"
            case "POST", (_, "streaming-sessions", _, "stop" | "start" as word):
                return _EFFECT[word][0]
            case "DELETE", (_, "streaming-sessions", _):
                return "DeleteStreamingSession"
        raise AssertionError(request)

    def answer(self, operation: str, request: Request) -> Answer:
        """Do what is asked and say so."""
        with self._lock:
            if operation == "GetStudio":
                return ok({"studio": {"studioId": STUDIO_ID, "displayName": "Northwind"}})
            if operation == "ListLaunchProfiles":
                return self._page("launchProfiles", self.profiles, request)
            if operation.startswith("GetLaunchProfile"):
                return self._profile(operation, request.path[4])
            if operation == "ListStreamingSessions":
                sessions = [self.session(one) for one in self.states]
                return self._page("sessions", sessions, request)
            if request.path[4] not in self.states:
                return no(404, "ResourceNotFoundException", "no such session")
            if operation != "GetStreamingSession":
                self._apply(operation, request)
            return ok({"session": self.session(request.path[4])})

    def session(self, session_id: str) -> dict[str, Any]:
        return {
            "sessionId": session_id,
            "state": self.states[session_id],
            "launchProfileId": "lp-1",
            "ownedBy": PRINCIPAL_ID,
            "createdAt": "2026-11-21T01:00:00+00:00",
            "tags": {"Name": "shot 7"},
        }

    def sent(self, operation: str) -> list[Request]:
        return [one for one in self.requests if self.operation_of(one) == operation]

    def _apply(self, operation: str, request: Request) -> None:
        token = request.headers["x-amz-client-token"]
        if token not in self._tokens:
            self._tokens[token] = operation
            word = request.path[5] if len(request.path) > 5 else ""
            self.states[request.path[4]] = _EFFECT[word][1]
            self.ledger.append((operation, request.path[4]))

    def _profile(self, operation: str, launch_profile_id: str) -> Answer:
        for one in self.profiles:
            if one["launchProfileId"] == launch_profile_id:
                extra: dict[str, object] = (
                    {"streamingImages": []} if operation.endswith("Details") else {}
                )
                return ok({"launchProfile": one, **extra})
        return no(404, "ResourceNotFoundException", "no longer exists")

    def _page(self, name: str, items: list[dict[str, Any]], request: Request) -> Answer:
        begin = int(request.query.get("nextToken", ["0"])[0])
        end = begin + self.page_size
        following = {"nextToken": str(end)} if end < len(items) else {}
        return ok({name: items[begin:end], **following})


def ok(content: object) -> Answer:
    return Answer(200, json.dumps(content).encode())


def no(status: int, name: str, message: str, **headers: str) -> Answer:
    body = json.dumps({"message": message}).encode()
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return Answer(status, body, {"x-amzn-ErrorType": name, **named})


class Server:
    """Serves a FaultyStudio on loopback until it is closed."""

    def __init__(self, studio: FaultyStudio, tls: ssl.SSLContext | None = None) -> None:
        self._studio = studio
        self._tls = tls
        self._closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.01)
        self._threads: list[threading.Thread] = []
        scheme = "https" if tls else "http"
        studio.url = f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"
        self._acceptor = threading.Thread(target=self._accept)
        self._acceptor.start()

    def close(self) -> None:
        self._closing.set()
        self._acceptor.join()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while not self._closing.is_set():
            with suppress(TimeoutError):
                sock, _ = self._listener.accept()
                self._studio.connections += 1
                thread = threading.Thread(target=self._serve, args=(sock,))
                thread.start()
                self._threads.append(thread)

    def _serve(self, sock: socket.socket) -> None:
        with suppress(OSError), sock:
            sock.settimeout(5)
            if self._tls is not None:
                with self._tls.wrap_socket(sock, server_side=True) as secure:
                    self._talk(secure)
            else:
                self._talk(sock)

    def _talk(self, sock: socket.socket) -> None:
        line = Line(sock, self._closing)
        while not self._closing.is_set():
            request = self._read(sock)
            if request is None:
                return
            self._studio.requests.append(request)
            operation = self._studio.operation_of(request)
            planned = self._studio.plan(operation, request)
            if planned is None:
                line.send(self._studio.answer(operation, request).as_bytes())
                continue
            fault, before = planned
            answer = Answer(200, b"{}") if before else self._studio.answer(operation, request)
            if not fault(line, answer):
                return

    def _read(self, sock: socket.socket) -> Request | None:
        data = b""
        sock.settimeout(0.01)
        while b"\r\n\r\n" not in data and not self._closing.is_set():
            with suppress(TimeoutError):
                part = sock.recv(65536)
                if not part:
                    return None
                data += part
        sock.settimeout(5)
        head, _, body = data.partition(b"\r\n\r\n")
        if self._closing.is_set():
            return None
        first, *rest = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = {n.lower(): v.strip() for n, _, v in (one.partition(":") for one in rest)}
        while len(body) < int(headers.get("content-length", "0")):
            body += sock.recv(65536)
        parts = urlsplit(target)
        path = tuple(unquote(one) for one in parts.path.strip("/").split("/"))
        return Request(method, path, parse_qs(parts.query), headers, body, target)


# The faults, each as it looks on the wire.


def reset(line: Line, _: Answer) -> bool:
    line.reset()
    return False


def hang_up(_line: Line, _: Answer) -> bool:
    return False


def reset_in_body(line: Line, answer: Answer) -> bool:
    line.send(answer.as_bytes(length=len(answer.body) + 100))
    line.reset()
    return False


def cut_body(line: Line, answer: Answer) -> bool:
    line.send(answer.as_bytes(length=len(answer.body) + 100))
    return False


def cut_json(line: Line, answer: Answer) -> bool:
    line.send(Answer(200, answer.body[: len(answer.body) // 2]).as_bytes())
    return True


def silence(line: Line, _: Answer) -> bool:
    line.hold()
    return False


def slow_head(line: Line, answer: Answer) -> bool:
    line.drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 5000 + answer.as_bytes())
    return False


def slow_body(line: Line, answer: Answer) -> bool:
    line.send(answer.as_bytes(length=100_000)[: -len(answer.body)])
    line.drip(answer.body + b" " * 5000)
    return False


def continues(line: Line, _: Answer) -> bool:
    """Something comes all the time, but never often enough for Python to count it as a flood."""
    while not line.closing.wait(0.1):
        line.send(b"HTTP/1.1 100 Continue\r\n\r\n")
    return False


def continues_in_a_flood(line: Line, _: Answer) -> bool:
    while not line.closing.wait(0.05):
        line.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)
    return False


def huge(line: Line, _: Answer) -> bool:
    line.send(Answer(200, b"").as_bytes(length=10**9))
    while not line.closing.is_set():
        line.send(b" " * 65536)
    return False


def noise(seed: int) -> Fault:
    data = random.Random(seed).randbytes(3000)  # noqa: S311 - the same noise every time

    def say(line: Line, _: Answer) -> bool:
        line.send(data)
        return False

    return say


def replaced(answer: Answer) -> Fault:
    """Answer something else."""

    def say(line: Line, _: Answer) -> bool:
        line.send(answer.as_bytes())
        return True

    return say
