"""The names of people from the identity store, cached for the run and optional.

Source: the AWS API reference of Identity Store, ListUsers and DescribeUser.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nimble_tui.client.listing import Entries, gather
from nimble_tui.client.people.aws_service import AwsService
from nimble_tui.client.reply_parsing import read_reply, require_same
from nimble_tui.client.transport import Limits
from nimble_tui.core.clock import Clock
from nimble_tui.core.listing import Listing
from nimble_tui.core.people.model import Identity, read_identity
from nimble_tui.core.service import ErrorKind, StudioError

_IDENTITIES = Entries("Users", read_identity, lambda one: one.principal_id)
_FRESH = 120.0
_MOST_ONE_BY_ONE = 10
_MOST_IN_A_PAGE = 100
_RESTING = "It failed a moment ago. The next try is in 30 seconds."


class Directory:
    """The names of people; thread-safe, and raises nothing."""

    def __init__(
        self, service: AwsService, store_id: Callable[[], str], limits: Limits, clock: Clock
    ) -> None:
        self._service = service
        self._store_id = store_id
        self._limits = limits
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, Identity] = {}
        self._unknown: set[str] = set()
        self._listed_at: float | None = None

    def list_all(self, *, fresh: bool = False) -> Listing[Identity]:
        """Return all users of the store; from the cache if it was listed a moment ago."""
        listed_at = self._listed_at
        if not fresh:
            if listed_at is not None and self._clock.monotonic() - listed_at < _FRESH:
                return Listing(self._remembered())
            if self._service.is_resting:
                return self._without(_RESTING)
        try:
            listing = self._list()
        except StudioError as error:
            return self._without(error.message)
        if listing.problem is None:
            return Listing(self._remembered())
        return Listing(
            self._remembered(), partial=True, skipped=listing.skipped, problem=listing.problem
        )

    def identities(self, principal_ids: Sequence[str], *, fresh: bool = False) -> Listing[Identity]:
        """Return the names of these people; unknown ones are left out."""
        wanted = tuple(dict.fromkeys(principal_ids))
        with self._lock:
            if fresh:
                self._unknown.clear()
            known = {*self._known, *self._unknown}
        missing = [one for one in wanted if one not in known]
        problem = None
        if missing and self._service.is_resting and not fresh:
            problem = self._without(_RESTING).problem
        elif missing:
            problem = self._learn(missing)
        with self._lock:
            found = tuple(self._known[one] for one in wanted if one in self._known)
        return Listing(found, partial=problem is not None, problem=problem)

    def _learn(self, missing: Sequence[str]) -> str | None:
        """Request names; return the reason where that fails."""
        if len(missing) > _MOST_ONE_BY_ONE:
            try:
                listing = self._list()
            except StudioError as error:
                # Who may not list may still look up one after the other.
                if error.kind != ErrorKind.DENIED:
                    return self._without(error.message).problem
            else:
                return listing.problem
        for one in missing:
            try:
                self._describe(one)
            except StudioError as error:
                if error.kind not in {ErrorKind.NOT_FOUND, ErrorKind.INVALID}:
                    return self._without(error.message).problem
                with self._lock:
                    self._unknown.add(one)
        return None

    def _list(self) -> Listing[Identity]:
        store_id = self._store_id()

        def page(token: str, seconds: float) -> Mapping[str, Any]:
            more = {"NextToken": token} if token else {}
            reply = self._service.ask(
                "list_users",
                seconds,
                IdentityStoreId=store_id,
                MaxResults=_MOST_IN_A_PAGE,
                **more,
            )
            return {**reply, "nextToken": reply.get("NextToken")}

        self._service.prepare()
        listing = gather(page, _IDENTITIES, self._limits, self._clock)
        with self._lock:
            if listing.problem is None:
                self._known.clear()
                self._unknown.clear()
                self._listed_at = self._clock.monotonic()
            self._known.update((one.principal_id, one) for one in listing.items)
        return listing

    def _describe(self, principal_id: str) -> None:
        reply = self._service.ask(
            "describe_user", IdentityStoreId=self._store_id(), UserId=principal_id
        )
        identity = read_reply(read_identity, reply)
        require_same(identity, identity.principal_id, principal_id)
        with self._lock:
            self._known[principal_id] = identity

    def _remembered(self) -> tuple[Identity, ...]:
        with self._lock:
            return tuple(self._known.values())

    def _without(self, why: str) -> Listing[Identity]:
        return Listing(
            self._remembered(),
            partial=True,
            problem=f"Names are unavailable, so some people are shown by id. {why}",
        )
