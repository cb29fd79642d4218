"""The access log, and the pages on health and metrics."""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, NamedTuple

from nimble_tui.core.endpoints import is_loopback
from nimble_tui.studio.http.codec import Reply, Request
from nimble_tui.studio.http.connection import Handler

_LONGEST: Final = 200
_TEXT: Final = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
_METRICS: Final = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}

access = logging.getLogger(f"{__name__}.access")


class Answered(NamedTuple):
    """A request that was answered: its method and path, who sent it, and how long that took."""

    method: str
    path: str
    client: str
    reply: Reply
    seconds: float


def log_access(answered: Answered) -> None:
    """Log a request as one line of JSON, without its query, its body and any header.

    The path is there where it is one of the API or a page: any other may hold anything.
    """
    if not access.isEnabledFor(logging.INFO):
        return
    reply = answered.reply
    line = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "client": answered.client,
        "method": answered.method[:16],
        "path": answered.path[:_LONGEST] if reply.operation else None,
        "operation": reply.operation or None,
        "status": reply.status,
        "milliseconds": round(answered.seconds * 1000, 1),
        "request_id": reply.headers.get("x-amzn-RequestId"),
    }
    access.info("%s", json.dumps(line))


class StatusPages:
    """Answers `/healthz` and `/metrics`, and leaves everything else to `handler`.

    `is_healthy` says whether the studio can read its data. `metrics` is the text for Prometheus;
    this computer alone is shown it, and nobody through a proxy.
    """

    def __init__(
        self, handler: Handler, is_healthy: Callable[[], bool], metrics: Callable[[], bytes]
    ) -> None:
        self._handler = handler
        self._is_healthy = is_healthy
        self._metrics = metrics

    def __call__(self, request: Request) -> Reply:
        """Answer one request."""
        if request.method in {"GET", "HEAD"}:
            if request.raw_path == "/healthz":
                return self._health()
            if request.raw_path == "/metrics" and _is_local(request):
                return _reply(200, _METRICS, self._metrics(), "metrics")
        return self._handler(request)

    def _health(self) -> Reply:
        if self._is_healthy():
            return _reply(200, _TEXT, b"The studio is well.\n", "healthz")
        return _reply(503, _TEXT, b"The studio cannot read its data.\n", "healthz")


def _is_local(request: Request) -> bool:
    forwarded = {"x-forwarded-for", "x-forwarded-proto", "forwarded"} & request.headers.keys()
    return not forwarded and is_loopback(request.client)


def _reply(status: int, headers: dict[str, str], body: bytes, operation: str) -> Reply:
    return Reply(status, headers | {"Content-Length": str(len(body))}, body, operation)
