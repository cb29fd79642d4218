"""The studio as an ASGI application: the same requests and replies as the local server's."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from http import HTTPStatus
from typing import Any, Final, TypeVar

from nimble_tui.studio.http.codec import Reply, Request
from nimble_tui.studio.http.connection import Handler
from nimble_tui.studio.http.observing import Answered
from nimble_tui.studio.http.proxies import Proxies, Sender
from nimble_tui.studio.http.refusal import refusal

THREADS: Final = 8
MAX_WAITING: Final = 1000
"""Calls that may wait for a thread or be in one."""
LARGE_BODY: Final = 64 * 1024
MAX_LARGE: Final = 32
MAX_LARGE_PER_ADDRESS: Final = 8
"""Bodies above `LARGE_BODY` that are held at a time, before their signature can be checked."""
RETRY_AFTER: Final = "2"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

Result = TypeVar("Result")

logger = logging.getLogger(__name__)


class TooBusyError(Exception):
    """More calls wait for a thread than may."""


class AsgiFront:
    """Calls `handler` in threads of its own, `THREADS` at a time, for an ASGI server.

    The scope's `raw_path` and `query_string` must be the target byte for byte, since that is what
    was signed. `proxies` says who a request comes from, and `observe` hears of every reply. `close`
    ends the threads.
    """

    def __init__(
        self,
        handler: Handler,
        proxies: Proxies | None = None,
        observe: Callable[[Answered], None] = lambda _: None,
    ) -> None:
        self._handler = handler
        self._proxies = proxies or Proxies()
        self._observe = observe
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="studio-call")
        self._waiting = 0
        self._large: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI 3 has it."""
        if scope["type"] != "http":
            return
        begun = time.monotonic()
        sender = self._proxies.sender(_peer(scope), scope["scheme"], scope["headers"])
        reply = await self._reply(scope, receive, sender)
        if reply is None:
            return
        path = scope["raw_path"].decode("latin-1")
        seconds = time.monotonic() - begun
        self._observe(Answered(scope["method"], path, sender.address, reply, seconds))
        headers = [
            (name.lower().encode(), value.encode("latin-1"))
            for name, value in reply.headers.items()
        ]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": reply.body})

    def close(self) -> None:
        """Let the threads end once they are done with their calls."""
        self._pool.shutdown(wait=False)

    async def _reply(self, scope: Scope, receive: Receive, sender: Sender) -> Reply | None:
        """Return the reply, None where the client left before its request was there."""
        headers = [
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
        ]
        refused = refusal(scope["http_version"], _target(scope), headers)
        if refused is not None:
            return bare(refused)
        is_large = int(dict(headers).get("content-length", "0")) > LARGE_BODY
        if is_large and not self._may_be_large(sender.address):
            return bare(HTTPStatus.SERVICE_UNAVAILABLE)
        self._large[sender.address] += is_large
        try:
            body = await _body(receive)
            if body is None:
                return None
            request = Request.of(
                scope["method"],
                _target(scope),
                headers,
                body,
                scheme=sender.scheme,
                client=sender.address,
            )
            return await self._call(request)
        finally:
            self._large[sender.address] -= is_large
            self._large += Counter()  # without those that hold none

    def _may_be_large(self, address: str) -> bool:
        return self._large.total() < MAX_LARGE and self._large[address] < MAX_LARGE_PER_ADDRESS

    async def in_thread(self, call: Callable[..., Result], *values: object) -> Result:
        """Return what a call returns that may block; TooBusyError where too many wait already."""
        if self._waiting >= MAX_WAITING:
            raise TooBusyError
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, call, *values)
        finally:
            self._waiting -= 1

    async def _call(self, request: Request) -> Reply:
        """Have a thread answer a request that is there as a whole."""
        try:
            return await self.in_thread(self._handler, request)
        except TooBusyError:
            return bare(HTTPStatus.SERVICE_UNAVAILABLE)
        except Exception as error:  # noqa: BLE001 - its text may hold a secret
            logger.warning("The application failed: %s", type(error).__name__)
            return bare(HTTPStatus.INTERNAL_SERVER_ERROR)


def bare(status: HTTPStatus) -> Reply:
    """Return a reply without a body, after which the connection ends."""
    headers = {"Date": formatdate(usegmt=True), "Content-Length": "0", "Connection": "close"}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = RETRY_AFTER
    return Reply(status, headers, b"")


def head_of(status: int, headers: Mapping[str, str]) -> bytes:
    """Return the head of a reply as it goes over the wire."""
    lines = [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *lines, "", ""]).encode(
        "latin-1"
    )


async def _body(receive: Receive) -> bytes | None:
    parts = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _peer(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


def _target(scope: Scope) -> str:
    path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path
