"""Lists gathered page by page, of which a part is better than nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from nimble_tui.client.api_client import BODY, ApiClient
from nimble_tui.client.errors import CallError, not_understood
from nimble_tui.client.parsing import LENGTH
from nimble_tui.client.transport import Limits
from nimble_tui.core.clock import Clock
from nimble_tui.core.listing import Listing
from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.core.structures import read_all
from nimble_tui.core.turns import take_turn

T = TypeVar("T")

Page = Callable[[str, float], Mapping[str, Any]]
"""Asks for the page of a nextToken (the first when empty) within so many seconds."""


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """The content of one page: entries, the number of unreadable ones, the next page's token."""

    items: tuple[T, ...]
    skipped: int
    token: str


class Parts(Protocol[T]):
    """The parser of a list's pages."""

    def part(self, reply: Mapping[str, Any]) -> Part[T]:
        """Return the content of a page; CallError if malformed."""
        ...

    def id_of(self, item: T) -> str:
        """Return the id of an entry."""
        ...


@dataclass(frozen=True, slots=True)
class Entries(Generic[T]):
    """A list's name in a reply, the parser of an entry and its id."""

    name: str
    read: Callable[[object], T]
    id_of: Callable[[T], str]

    def part(self, reply: Mapping[str, Any]) -> Part[T]:
        """Return the content of a page; CallError if its token is malformed."""
        return Part(*read_all(self.read, reply[self.name]), next_token(reply))


def pages(api: ApiClient, operation: str, **members: object) -> Page:
    """Return a function that requests pages of a list, such as `list_launch_profiles`."""

    def page(token: str, seconds: float) -> Mapping[str, Any]:
        requested = {**members, "nextToken": token} if token else members
        return api.call(lambda client: getattr(client, operation)(**requested), seconds)

    return page


def gather(page: Page, entries: Parts[T], limits: Limits, clock: Clock) -> Listing[T]:
    """Return a list, page by page, within one budget of bytes, rows, pages and seconds.

    When a later page fails, or the budget is spent, the list so far is returned as partial, with
    the reason; when the first page fails, CallError is raised. Of an entry that is listed twice
    the last is returned.
    """
    budget = _Budget(limits, clock)
    found: dict[str, T] = {}
    skipped = 0
    problem = None
    seen: set[str] = set()
    token = ""
    while True:
        try:
            take_turn()
            reply = page(token, budget.seconds_left())
            take_turn()
            part = entries.part(reply)
        except CallError as fault:
            if not seen:
                raise
            problem = fault.message
            break
        token = part.token
        skipped += part.skipped
        found.update((entries.id_of(item), item) for item in part.items)
        if not token:
            break
        if token in seen:
            problem = "The studio repeated a page of the list; try again in a moment."
            break
        seen.add(token)
        problem = budget.spend(reply, len(part.items) + part.skipped)
        if problem is not None:
            break
    return Listing(
        tuple(found.values()),
        partial=problem is not None,
        skipped=skipped,
        problem=_sentence(problem, skipped),
    )


class _Budget:
    """The budget of one list over all of its pages."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._end = clock.monotonic() + limits.listing
        self._bytes = self._rows = self._pages = 0

    def seconds_left(self) -> float:
        """Return the seconds left for all further pages."""
        return self._end - self._clock.monotonic()

    def spend(self, reply: Mapping[str, Any], rows: int) -> str | None:
        """Count a page; return the reason to stop, or None."""
        limits = self._limits
        self._bytes += _length(reply)
        self._rows += rows
        self._pages += 1
        if self._bytes >= limits.listing_bytes or self._rows >= limits.rows:
            size = f"{self._rows:,} entries, {self._bytes / 2**20:.0f} MiB"
            return f"It was cut off, because it is too long ({size}); ask your admin."
        if self._pages >= limits.pages:
            return f"It was cut off after {self._pages} pages; ask your admin."
        if self.seconds_left() <= 0:
            return (
                f"It took too long and was cut off after {limits.listing:.0f} s; try again in a "
                "moment."
            )
        return None


def _length(reply: Mapping[str, Any]) -> int:
    if BODY in reply:
        return len(reply[BODY])
    length: int = reply["ResponseMetadata"][LENGTH]
    return length


def next_token(reply: Mapping[str, Any]) -> str:
    """Return the nextToken of a page, empty after the last; CallError when it is no text."""
    token = reply.get("nextToken")
    if token is not None and not isinstance(token, str):
        raise not_understood()
    return token or ""


def _sentence(problem: str | None, skipped: int) -> str | None:
    if problem is not None:
        return f"The list is incomplete: {problem[0].lower()}{problem[1:]}"
    if skipped:
        entries = "1 entry" if skipped == 1 else f"{skipped} entries"
        return f"{entries} of the list could not be read; ask your admin."
    return None


def lacks_times(session: StreamingSession) -> bool:
    """Return whether times of a workstation that is still there could not be read."""
    return bool(session.unread_times) and session.state != SessionState.DELETED


def with_unread_times(problem: str | None, unread: int) -> str | None:
    """Return the problem of a list in which `unread` workstations lack times."""
    if not unread:
        return problem
    whose = "1 workstation" if unread == 1 else f"{unread:,} workstations"
    sentence = f"Times of {whose} could not be read, so deadlines may be missing; ask your admin."
    return f"{problem} {sentence}" if problem else sentence
