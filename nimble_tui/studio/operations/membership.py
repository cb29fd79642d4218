"""Shared parts of both kinds of membership: of the studio, and of a launch profile."""

from collections.abc import Sequence
from typing import Final

from nimble_tui.studio.http.errors import not_found, validation
from nimble_tui.studio.operations.request import Request
from nimble_tui.studio.paging import Pager
from nimble_tui.studio.store.records import Document, Person

PAGE: Final = 20
"""Source: the AWS API reference, StudioMembershipList and LaunchProfileMembershipList."""


def pager_of(request: Request) -> Pager:
    """Return the pager of a list of members."""
    return Pager(request.operation, request.params, request.person.principal_id, PAGE, PAGE)


def named(request: Request) -> list[str]:
    """Return the principal ids of the members that a call names, each once.

    ValidationException when they are of another identity store, or one is named twice.
    """
    own = request.about.identity_store_id
    if request.params["identityStoreId"] != own:
        problem = f"must be the studio's own, {own}"
        raise validation(
            f"identityStoreId {problem}.", "UNKNOWN_IDENTITY_STORE", {"identityStoreId": problem}
        )
    principal_ids = [one["principalId"] for one in request.params["members"]]
    twice = next((one for one in principal_ids if principal_ids.count(one) > 1), None)
    if twice is not None:
        raise validation(
            f"members names {twice[:200]!r} more than once.", "NAMED_TWICE", {"principalId": twice}
        )
    return principal_ids


def find_people(request: Request, principal_ids: Sequence[str]) -> list[Person]:
    """Return the people with these ids; ResourceNotFoundException for the first unknown one."""
    return [_find(request, one) for one in principal_ids]


def document(request: Request, persona: str, principal_id: str, sid: str | None) -> Document:
    """Return a member as the API represents one."""
    return {
        "identityStoreId": request.about.identity_store_id,
        "persona": persona,
        "principalId": principal_id,
        "sid": sid,
    }


def _find(request: Request, principal_id: str) -> Person:
    person = request.tx.person(principal_id)
    if person is None:
        raise not_found(principal_id)
    return person
