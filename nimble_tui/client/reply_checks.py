"""Checks of replies before they are parsed."""

import re
from datetime import datetime
from typing import Any

from nimble_tui.client.error_sentences import call_error
from nimble_tui.client.errors import CallError, Peer, not_understood
from nimble_tui.client.json_body import begins_object, read_object
from nimble_tui.client.operations import OPERATIONS
from nimble_tui.client.transport import Reply
from nimble_tui.core.service import ErrorKind
from nimble_tui.core.structures import read_time
from nimble_tui.core.text import clean

PARSED_LATER = frozenset({"ListStreamingSessions"})
"""The operations with long replies, which their caller parses once."""


def check(reply: Reply, operation: str, peer: Peer, now: datetime) -> dict[str, Any] | None:
    """Return a reply's members; CallError unless it matches the API.

    `operation` is the API's name, such as `GetStudio`. None for what has no body, and for a
    READ_LATER, whose body is up to `parse_body`. Parsers downstream take an empty or a cut
    body for an empty answer, and nothing is worse than an empty list that is not true.
    """
    if 300 <= reply.status < 400:
        raise CallError(
            ErrorKind.UNREACHABLE,
            f"{clean(peer.host)} points to another address, which is not followed; "
            "sign in to this network in a browser, or correct endpoint_url in the settings.",
        )
    if reply.status >= 400:
        values = read_object(reply.body) if _is_json(reply) else None
        raise call_error(reply, values or {}, operation, peer, now)
    if _is_html(reply):
        raise CallError(
            ErrorKind.UNREACHABLE,
            "A web page answered instead of the studio; sign in to this network in a browser, "
            "then try again.",
            maybe_applied=True,
        )
    if reply.status != OPERATIONS[operation].status:
        raise not_understood()
    if reply.status == 204:
        return None
    if not (_is_json(reply) or _is_json_without_its_name(reply, operation)):
        raise not_understood()
    return None if operation in PARSED_LATER else parse_body(reply.body, operation)


def parse_body(body: bytes, operation: str) -> dict[str, Any]:
    """Return the members of a reply's body; CallError if the required one is missing."""
    values = read_object(body)
    if values is None:
        raise not_understood()
    holds = OPERATIONS[operation]
    if holds.member and not isinstance(values.get(holds.member), holds.type):
        raise not_understood()
    if not all(isinstance(values.get(name), list | None) for name in holds.lists):
        raise not_understood()
    return values


def timestamp(value: object) -> object:
    """Return a timestamp member as ISO 8601 in UTC, or as it came when it is none."""
    if isinstance(value, str) and value.endswith(("+00:00", "Z")):
        return value
    at = read_time(value)
    return at.isoformat() if at else value


def _is_html(reply: Reply) -> bool:
    begins = reply.body[:64].lstrip().lower()
    return "html" in _content_type(reply) or begins.startswith((b"<!doctype", b"<html"))


def _content_type(reply: Reply) -> str:
    return reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _is_json(reply: Reply) -> bool:
    return re.fullmatch(r"application/(x-amz-)?json(-1\.\d)?", _content_type(reply)) is not None


def _is_json_without_its_name(reply: Reply, operation: str) -> bool:
    """Return whether a reply without a content type can be parsed.

    A network's own page says that it is HTML, and a member that is promised is looked for all the
    same; where none is promised, any JSON object would do, so there its name is insisted on.
    """
    unnamed = "Content-Type" not in reply.headers
    return unnamed and bool(OPERATIONS[operation].member) and begins_object(reply.body)
