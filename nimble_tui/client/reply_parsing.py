"""Replies parsed into our types; a missing or unrelated part raises CallError."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from nimble_tui.client.errors import not_understood
from nimble_tui.core.model import StreamingSession, read_streaming_session

T = TypeVar("T")


def read_reply(read: Callable[[object], T], value: object) -> T:
    """Return what `read` makes of a part of a reply; CallError when it can make nothing of it."""
    try:
        return read(value)
    except ValueError:
        raise not_understood() from None


def require_same(value: T, got: str, requested: str) -> T:
    """Return a value about the requested id; CallError for another one."""
    if got != requested:
        raise not_understood("The studio's response is about something else")
    return value


def session_of(reply: Mapping[str, Any], session_id: str) -> StreamingSession:
    """Return the session in a reply; CallError when it is another one or none."""
    session = new_session_of(reply)
    if session.session_id != session_id:
        raise not_understood(_ABOUT)
    return session


def new_session_of(reply: Mapping[str, Any]) -> StreamingSession:
    """Return the session in a reply; CallError if there is none."""
    try:
        return read_streaming_session(reply.get("session"))
    except ValueError:
        raise not_understood(_ABOUT) from None


_ABOUT = "The studio's response is not about this workstation"
