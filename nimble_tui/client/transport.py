"""Requests over the wire, on connections that end with the call that uses them.

It goes to one endpoint only, regardless of a request's own URL and of redirects.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, ProxyManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse
from urllib3.util import make_headers, parse_url

from nimble_tui.client.certificates import Authorities, new_context
from nimble_tui.client.deadlines import CURRENT
from nimble_tui.client.endpoint import Endpoint, Proxy
from nimble_tui.client.errors import too_large
from nimble_tui.core.service import ErrorKind, StudioError

_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of time and size.

    In seconds: a whole call, one silence of the other end, a connection, the first pause between
    two tries, an AWS profile's keys, a list of many pages, a stream until it is READY, the time
    between two polls of it. Then the tries of a call, the bytes of a reply; the bytes, pages and
    rows of a list.
    """

    call: float = 12.0
    attempt: float = 6.0
    connect: float = 4.0
    pause: float = 0.2
    sign_in: float = 30.0
    listing: float = 30.0
    stream: float = 30.0
    poll_interval: float = 0.5
    attempts: int = 3
    body: int = 4 * 1024 * 1024
    listing_bytes: int = 32 * 1024 * 1024
    pages: int = 500
    rows: int = 25_000


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP reply, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Plain(HTTPConnection):
    """A connection in plain text, for this machine alone."""

    def connect(self) -> None:
        super().connect()
        CURRENT.get().use(self, sending=True)

    def request(self, *args: Any, **kwargs: Any) -> None:
        # It may have to connect first, so nothing counts as sent yet unless it is open already.
        CURRENT.get().use(self, sending=self.sock is not None)
        super().request(*args, **kwargs)


class _Secure(HTTPSConnection):
    """A connection over TLS, its certificate checked."""

    def connect(self) -> None:
        CURRENT.get().use(self, sending=False)
        super().connect()

    def request(self, *args: Any, **kwargs: Any) -> None:
        CURRENT.get().use(self, sending=True)
        super().request(*args, **kwargs)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class Transport:
    """Sends requests to one endpoint; thread-safe, within a call."""

    def __init__(
        self,
        endpoint: Endpoint,
        proxy: Proxy | None,
        limits: Limits,
        *authorities: Authorities | None,
    ) -> None:
        self._limits = limits
        secure = endpoint.url.startswith("https:")
        self._manager = _manager(proxy, new_context(*authorities) if secure else None)
        self._manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
        self._pool = self._manager.connection_from_url(endpoint.url)

    def send(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None
    ) -> Reply:
        """Send one request and return the whole reply.

        `target` is path and query. Raises what urllib3 raises, or CallError.
        """
        call = CURRENT.get()
        limits = self._limits
        try:
            response = self._pool.urlopen(
                method,
                target,
                body=body,
                headers=headers,
                retries=False,
                redirect=False,
                assert_same_host=False,
                timeout=Timeout(connect=limits.connect, read=limits.attempt),
                preload_content=False,
                decode_content=False,
            )
            return Reply(response.status, response.headers, self._read(response))
        finally:
            call.release()

    def close(self) -> None:
        """Close idle connections."""
        self._manager.clear()

    def _read(self, response: BaseHTTPResponse) -> bytes:
        parts: list[bytes] = []
        length = 0
        whole = False
        try:
            for part in response.stream(_CHUNK, decode_content=False):
                length += len(part)
                if length > self._limits.body:
                    raise too_large()
                parts.append(part)
            whole = True
        finally:
            if not whole:
                response.close()
            response.release_conn()
        return b"".join(parts)


def _manager(proxy: Proxy | None, context: ssl.SSLContext | None) -> PoolManager:
    if proxy is None:
        return PoolManager(ssl_context=context, maxsize=8)
    try:
        parts = parse_url(proxy.url)
        headers = make_headers(proxy_basic_auth=parts.auth) if parts.auth else None
        return ProxyManager(
            f"{parts.scheme}://{parts.netloc}",
            ssl_context=context,
            maxsize=8,
            proxy_headers=headers,
        )
    except (HTTPError, ValueError, AssertionError):
        broken = StudioError(
            ErrorKind.SETTINGS,
            f"The proxy set by {proxy.setting} is not usable; correct or remove that setting.",
        )
    raise broken
