"""Lists gathered page by page, of which a part is better than nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from nimble_tui.client.faults import CallError, not_understood
from nimble_tui.client.transport import Limits
from nimble_tui.client.wire import Wire
from nimble_tui.core.clock import Clock
from nimble_tui.core.members import read_all
from nimble_tui.core.service import Listing

T = TypeVar("T")

Page = Callable[[str, float], Mapping[str, Any]]
"""Asks for the page of a nextToken (the first when empty) within so many seconds."""


@dataclass(frozen=True, slots=True)
class Entries(Generic[T]):
    """What a list holds: its name in a reply, how an entry is read and what its id is."""

    name: str
    read: Callable[[object], T]
    id_of: Callable[[T], str]


def pages(wire: Wire, operation: str, **members: object) -> Page:
    """Return the way to ask for the pages of a list, such as `list_launch_profiles`."""

    def page(token: str, seconds: float) -> Mapping[str, Any]:
        asked = {**members, "nextToken": token} if token else members
        return wire.call(lambda client: getattr(client, operation)(**asked), seconds)

    return page


def gather(page: Page, entries: Entries[T], limits: Limits, clock: Clock) -> Listing[T]:
    """Return the whole list, page by page.

    When a later page fails, the list so far comes back as partial, with the reason; when the
    first fails, CallError is raised. What is listed twice is kept as it was listed last.
    """
    end = clock.monotonic() + limits.listing
    found: dict[str, T] = {}
    skipped = 0
    problem = None
    seen: set[str] = set()
    token = ""
    while True:
        try:
            reply = page(token, end - clock.monotonic())
            token = _next_token(reply)
        except CallError as fault:
            if not seen:
                raise
            problem = fault.message
            break
        items, unread = read_all(entries.read, reply[entries.name])
        skipped += unread
        found.update((entries.id_of(item), item) for item in items)
        if not token:
            break
        if token in seen:
            problem = "The studio repeats itself; try again in a moment."
            break
        seen.add(token)
        if len(seen) >= limits.pages or len(found) >= limits.rows:
            problem = "The list is too long to be shown whole."
            break
        if clock.monotonic() >= end:
            problem = "The studio is too slow; try again in a moment."
            break
    return Listing(
        tuple(found.values()),
        partial=problem is not None,
        skipped=skipped,
        problem=_sentence(problem, skipped),
    )


def _next_token(reply: Mapping[str, Any]) -> str:
    token = reply.get("nextToken")
    if token is not None and not isinstance(token, str):
        raise not_understood()
    return token or ""


def _sentence(problem: str | None, skipped: int) -> str | None:
    if problem is not None:
        return f"Only a part of the list came: {problem[0].lower()}{problem[1:]}"
    if skipped:
        entries = "1 entry" if skipped == 1 else f"{skipped} entries"
        return f"{entries} of the list could not be read; tell your admin."
    return None
