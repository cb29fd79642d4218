"""Replies checked before they are believed."""

import re
from datetime import datetime
from typing import Any

from nimble_tui.client.error_sentences import refusal
from nimble_tui.client.faults import CallError, Peer, not_understood
from nimble_tui.client.json_body import begins_object, read_object
from nimble_tui.client.people import words as people
from nimble_tui.client.people.refusals import sibling_refusal
from nimble_tui.client.transport import Reply
from nimble_tui.core.service import ErrorKind
from nimble_tui.core.structures import read_time
from nimble_tui.core.text import clean

_PROMISED: dict[str, tuple[str, type]] = {
    "GetStudio": ("studio", dict),
    "ListLaunchProfiles": ("launchProfiles", list),
    "GetLaunchProfile": ("launchProfile", dict),
    "GetLaunchProfileDetails": ("launchProfile", dict),
    "ListStreamingSessions": ("sessions", list),
    "GetStreamingSession": ("session", dict),
    "StopStreamingSession": ("session", dict),
    "StartStreamingSession": ("session", dict),
    "DeleteStreamingSession": ("session", dict),
    "CreateStreamingSession": ("session", dict),
    "CreateStreamingSessionStream": ("stream", dict),
    "GetStreamingSessionStream": ("stream", dict),
    "ListStreamingSessionBackups": ("streamingSessionBackups", list),
    "GetStreamingSessionBackup": ("streamingSessionBackup", dict),
    "GetEula": ("eula", dict),
    "ListEulas": ("eulas", list),
    "ListEulaAcceptances": ("eulaAcceptances", list),
    "AcceptEulas": ("eulaAcceptances", list),
    **people.PROMISED,
}
_LISTS: dict[str, tuple[str, ...]] = {
    "GetLaunchProfileDetails": ("streamingImages", "studioComponentSummaries"),
}
"""Further members that may be left out, and are lists."""

READ_LATER = frozenset({"ListStreamingSessions"})
"""The operations whose replies are long: they are parsed once, by whoever asked."""

_SUCCESS = {"CreateUserProfile": 201}
_WITHOUT_A_BODY = frozenset({"TagResource", "UntagResource"})


def check(reply: Reply, operation: str, peer: Peer, now: datetime) -> dict[str, Any] | None:
    """Return a reply's members; CallError unless it is what the API promises for the operation.

    `operation` is the API's name, such as `GetStudio`. None for what has no body, and for a
    READ_LATER, whose body is up to `promised`. Parsers downstream take an empty or a cut
    body for an empty answer, and nothing is worse than an empty list that is not true.
    """
    if 300 <= reply.status < 400:
        raise CallError(
            ErrorKind.UNREACHABLE,
            f"{clean(peer.host)} points to another address, which is not followed; "
            "sign in to this network in a browser, or correct endpoint_url in the settings.",
        )
    if reply.status >= 400:
        siblings = people.DIRECTORY | people.USER_PROFILES
        told = sibling_refusal if operation in siblings else refusal
        values = read_object(reply.body) if _is_json(reply) else None
        raise told(reply, values or {}, operation, peer, now)
    if _is_html(reply):
        raise CallError(
            ErrorKind.UNREACHABLE,
            "A web page answered instead of the studio; sign in to this network in a browser, "
            "then try again.",
            maybe_applied=True,
        )
    if operation in _WITHOUT_A_BODY:
        if reply.status != 204:
            raise not_understood()
        return None
    if reply.status != _SUCCESS.get(operation, 200):
        raise not_understood()
    if not (_is_json(reply) or _is_json_without_its_name(reply, operation)):
        raise not_understood()
    return None if operation in READ_LATER else promised(reply.body, operation)


def promised(body: bytes, operation: str) -> dict[str, Any]:
    """Return the members of a reply's body; CallError unless the one that is promised is there."""
    values = read_object(body)
    if values is None:
        raise not_understood()
    if operation not in people.EMPTY:
        name, kind = _PROMISED[operation]
        if not isinstance(values.get(name), kind):
            raise not_understood()
        others = (values.get(other) for other in _LISTS.get(operation, ()))
        if not all(isinstance(one, list | None) for one in others):
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
    """Return whether a reply without a content type may still be read.

    A network's own page says that it is HTML, and a member that is promised is looked for all the
    same; where none is promised, any JSON object would do, so there its name is insisted on.
    """
    unnamed = "Content-Type" not in reply.headers
    return unnamed and operation not in people.EMPTY and begins_object(reply.body)
