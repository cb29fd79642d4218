"""Parses error responses; the texts are not safe to show."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from nimble_tui.client.errors import Peer
from nimble_tui.client.transport import Reply
from nimble_tui.core.text import clean

LONGEST_WAIT = 120.0
"""The longest Retry-After that is honoured, in seconds."""

_LONGEST_MESSAGE = 300


@dataclass(frozen=True, slots=True)
class ErrorReply:
    """The content of an error response (status 400 and up), and its sender.

    `code` and `context` are unchanged and not safe to show. `skew` is how far
    this machine's clock is ahead of theirs, `retry_after` how many seconds they ask to wait,
    which may be absurd.
    """

    status: int
    name: str
    code: str
    context: Mapping[str, str]
    message: str
    operation: str
    peer: Peer
    skew: timedelta
    retry_after: float

    @property
    def wait(self) -> float:
        """The seconds to wait, LONGEST_WAIT at most."""
        return min(self.retry_after, LONGEST_WAIT)

    @property
    def said(self) -> str:
        """The service's message, as the end of a sentence."""
        return f": {self.message.rstrip('.!? ')}" if self.message else ""


def read_error_reply(
    reply: Reply, values: dict[str, object], operation: str, peer: Peer, now: datetime
) -> ErrorReply:
    """Read a reply; `values` is its body, if it was JSON, `now` the time on this machine."""
    return ErrorReply(
        status=reply.status,
        name=_error_name(reply, values),
        code=_text(values, "code"),
        context=_context(values),
        message=_message(values),
        operation=operation,
        peer=peer,
        skew=_skew(reply, now),
        retry_after=_retry_after(reply, now),
    )


def _error_name(reply: Reply, values: dict[str, object]) -> str:
    for value in (
        reply.headers.get("x-amzn-ErrorType"),
        values.get("__type"),
        values.get("code"),
        values.get("Code"),
    ):
        if isinstance(value, str) and value:
            return value.partition(":")[0].rpartition("#")[2].strip()
    return ""


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _context(values: Mapping[str, object]) -> Mapping[str, str]:
    context = values.get("context")
    return {name: _text(context, name) for name in context} if isinstance(context, dict) else {}


def _message(values: dict[str, object]) -> str:
    said = values.get("message", values.get("Message"))
    if not isinstance(said, str) or "<" in said:
        return ""
    # A word this long belongs to no sentence; it may be a signature or a token sent back.
    if any(len(word) > 60 for word in said.split()):
        return ""
    return clean(said, _LONGEST_MESSAGE)


def _skew(reply: Reply, now: datetime) -> timedelta:
    try:
        there = parsedate_to_datetime(reply.headers.get("Date", ""))
        return now - there
    except (ValueError, TypeError, OverflowError):
        return timedelta()


def _retry_after(reply: Reply, now: datetime) -> float:
    requested = reply.headers.get("Retry-After", "")
    try:
        seconds = float(requested)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(requested) - now).total_seconds()
        except (ValueError, TypeError, OverflowError):
            return 0.0
    return max(seconds, 0.0) if math.isfinite(seconds) else 0.0
