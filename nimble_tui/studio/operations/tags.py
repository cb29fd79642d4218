"""ListTagsForResource, TagResource and UntagResource, by ARN."""

from nimble_tui.studio import rights
from nimble_tui.studio.http.errors import not_found, validation
from nimble_tui.studio.ids import parse_arn
from nimble_tui.studio.operations.request import Request
from nimble_tui.studio.operations.tag_rules import check_tags
from nimble_tui.studio.store.records import Document, Kind, Resource


def list_tags_for_resource(request: Request) -> Document:
    """Return a resource's tags; for its owner, and for admins."""
    resource = _find(request)
    rights.require_owner(request.person, resource)
    return {"tags": resource.document.get("tags", {})}


def tag_resource(request: Request) -> Document:
    """Add tags, or change those with the same keys; a token is no part of this operation."""
    new = request.params.get("tags", {})
    check_tags(new)
    resource = _find(request)
    rights.require_tagger(request.person, resource)
    tags = {**resource.document.get("tags", {}), **new}
    check_tags(tags)
    _set(request, resource, tags)
    return {}


def untag_resource(request: Request) -> Document:
    """Remove the tags with these keys, where there are any."""
    resource = _find(request)
    rights.require_tagger(request.person, resource)
    gone = set(request.params["tagKeys"])
    tags = resource.document.get("tags", {})
    _set(request, resource, {key: value for key, value in tags.items() if key not in gone})
    return {}


def _find(request: Request) -> Resource:
    text = request.params["resourceArn"]
    named = parse_arn(text)
    if named is None:
        message = "This is not the ARN of anything in a studio."
        raise validation(message, "INVALID_ARN", {"resourceArn": "is not an ARN of this service"})
    kind, resource_id = named
    if kind == Kind.STUDIO:  # whose ARN leaves out the region that its id begins with
        resource_id = request.about.studio_id
    resource = request.tx.resource(kind, resource_id)
    if resource is None or resource.document.get("arn") != text:
        raise not_found(text)
    return resource


def _set(request: Request, resource: Resource, tags: dict[str, str]) -> None:
    if resource.state == "DELETED":
        raise validation("It is deleted; its tags can no longer be changed.", "DELETED")
    resource.document["tags"] = tags
    request.tx.put(resource)
