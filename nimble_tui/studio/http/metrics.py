"""Metrics of the studio for Prometheus."""

from collections.abc import Callable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from nimble_tui.studio.http.observing import Answered

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """Counts replies and measures how long they take; any thread may use it.

    `connections` returns how many there are, `certificate_end` the time at which the certificate
    ends, in seconds since 1970, 0 where there is none.
    """

    def __init__(
        self, connections: Callable[[], float], certificate_end: Callable[[], float]
    ) -> None:
        self._registry = CollectorRegistry()
        self._replies = Counter(
            "nimble_replies",
            "Replies by operation and status.",
            ("operation", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "nimble_reply_seconds",
            "Seconds from a request's head to its reply.",
            ("operation",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        for name, text, value in (
            ("nimble_connections", "Open connections.", connections),
            (
                "nimble_certificate_end_timestamp_seconds",
                "When the TLS certificate ends; 0 without one.",
                certificate_end,
            ),
        ):
            Gauge(name, text, registry=self._registry).set_function(value)

    def observe(self, answered: Answered) -> None:
        """Count a reply; operations that there are not count as one."""
        operation = answered.reply.operation or "none"
        self._replies.labels(operation, str(answered.reply.status)).inc()
        self._seconds.labels(operation).observe(answered.seconds)

    def text(self) -> bytes:
        """Return all metrics in the text format of Prometheus."""
        return generate_latest(self._registry)
