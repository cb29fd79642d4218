"""Pagination of lists: a `nextToken` says where to continue, in its own list alone."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

from nimble_tui.studio.http.errors import validation

PAGE: Final = 500
_NUMBER_BYTES: Final = 8
_MARK_BYTES: Final = 16


class Numbered(Protocol):
    """Something that has its place in a list, above 0; None before it is in one."""

    @property
    def number(self) -> int | None:
        """Its place."""
        ...


One = TypeVar("One", bound=Numbered)


class Page(NamedTuple, Generic[One]):
    """One page of a list, and the token of the next, None after the last."""

    resources: Sequence[One]
    next_token: str | None


class Pager:
    """Pages one list: an operation with its filters, for one person.

    A page holds `size` of them unless the call says how many, and at most `most`.
    """

    def __init__(
        self,
        operation: str,
        params: Mapping[str, Any],
        principal_id: str,
        size: int = PAGE,
        most: int = PAGE,
    ) -> None:
        filters = {k: v for k, v in params.items() if k not in {"nextToken", "maxResults"}}
        self._list = json.dumps([operation, principal_id, filters], sort_keys=True).encode()
        self.size = min(params.get("maxResults", size), most)
        self.after = self._read(params["nextToken"]) if params.get("nextToken") else 0

    @property
    def limit(self) -> int:
        """The number to fetch: one more than fit, which shows whether there is a next page."""
        return int(self.size) + 1

    def page(self, fetched: Sequence[One]) -> Page[One]:
        """Cut what was fetched with `after` and `limit` to a page."""
        shown = fetched[: self.size]
        if len(fetched) <= self.size or not shown:
            return Page(shown, None)
        return Page(shown, self._write(shown[-1].number or 0))

    def token_after(self, one: Numbered) -> str:
        """Return the token of a page that begins after something that was looked at."""
        return self._write(one.number or 0)

    def _write(self, number: int) -> str:
        packed = number.to_bytes(_NUMBER_BYTES, "big")
        return base64.urlsafe_b64encode(packed + self._mark(packed)).decode()

    def _read(self, token: str) -> int:
        try:
            packed = base64.b64decode(token, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            packed = b""
        number, mark = packed[:_NUMBER_BYTES], packed[_NUMBER_BYTES:]
        if mark != self._mark(number):
            message = "Invalid nextToken for this list."
            raise validation(message, "BAD_NEXT_TOKEN", {"nextToken": "is not from this list"})
        return int.from_bytes(number, "big", signed=True)

    def _mark(self, number: bytes) -> bytes:
        return hashlib.blake2b(self._list + number, digest_size=_MARK_BYTES).digest()
