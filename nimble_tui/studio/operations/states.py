"""Refuses what a resource's state does not allow."""

from collections.abc import Set as AbstractSet

from nimble_tui.studio.http.errors import conflict, validation
from nimble_tui.studio.store.records import Resource


def require_settled(resource: Resource, allowed: AbstractSet[str], done: str) -> None:
    """Refuse with ConflictException in transition, else with ValidationException.

    `done` is what cannot be done to it, as in "it cannot be stopped".
    """
    state = resource.state
    context = {"resourceId": resource.id, "state": state}
    if resource.in_transition:
        raise conflict(f"The resource is {state}; wait until that finishes.", context=context)
    if state not in allowed:
        raise validation(f"It is {state} and cannot be {done}.", "INVALID_STATE", context)
