"""Changes of what a studio offers: launch profiles, images, components, and the studio itself."""

from collections.abc import Iterable
from typing import Final

from nimble_tui.studio.ids import new_id
from nimble_tui.studio.lifecycle import catalogue
from nimble_tui.studio.lifecycle.transitions import Change
from nimble_tui.studio.operations.request import Request
from nimble_tui.studio.operations.states import require_settled
from nimble_tui.studio.store.records import Document, Failure, Kind, Resource, stamp

CHANGEABLE: Final = frozenset({"READY", "UPDATE_FAILED", "DELETE_FAILED"})
_DELETABLE: Final = CHANGEABLE | {"CREATE_FAILED"}


def given(request: Request, names: Iterable[str]) -> Document:
    """Return those of some members that a call came with."""
    return {name: request.params[name] for name in names if name in request.params}


def new(request: Request, kind: Kind, id_member: str, members: Document) -> Resource:
    """Return a new resource of these members, with an id, an ARN, its tags and who makes it."""
    resource_id = new_id(request.chance)
    document = members | {
        id_member: resource_id,
        "arn": request.arn(kind, resource_id),
        "tags": request.params.get("tags", {}),
    }
    if kind != Kind.STREAMING_IMAGE:  # the API gives images no times and no creator
        document |= {"createdAt": stamp(request.now), "createdBy": request.person.principal_id}
    return Resource(kind, resource_id, document)


def require_changeable(resource: Resource) -> None:
    """Require a state in which a resource can be changed."""
    require_settled(resource, CHANGEABLE, "changed")


def require_deletable(resource: Resource) -> None:
    """Require a state in which a resource can be deleted."""
    require_settled(resource, _DELETABLE, "deleted")


def begin(
    request: Request, resource: Resource, what: Change, failure: Failure | None = None
) -> Resource:
    """Begin to create, update or delete a resource; `failure` is how that will end, if not well."""
    by = request.person.principal_id
    catalogue.change(request.tx, resource, what, at=request.now, by=by, failure=failure)
    return resource
