"""Streaming images: admins may look, operators may change."""

from nimble_tui.studio import rights
from nimble_tui.studio.ids import new_id
from nimble_tui.studio.lifecycle import catalogue
from nimble_tui.studio.lifecycle.transitions import Change
from nimble_tui.studio.operations.request import Request
from nimble_tui.studio.operations.states import require_settled
from nimble_tui.studio.operations.tag_rules import check_tags
from nimble_tui.studio.paging import Pager
from nimble_tui.studio.store.records import Document, Kind, Resource

_CHANGEABLE = ("name", "description")


def list_streaming_images(request: Request) -> Document:
    """Return the images, or those of one owner."""
    request.check_studio()
    rights.require_admin(request.person)
    pager = Pager(request.operation, request.params, request.person.principal_id)
    fetched = request.tx.page(
        Kind.STREAMING_IMAGE,
        after=pager.after,
        limit=pager.limit,
        owner=request.params.get("owner"),
    )
    page = pager.page(fetched)
    images = [one.document for one in page.resources]
    return {"streamingImages": images, "nextToken": page.next_token}


def get_streaming_image(request: Request) -> Document:
    """Return an image."""
    image = _find(request)
    rights.require_admin(request.person)
    return {"streamingImage": image.document}


def create_streaming_image(request: Request) -> Document:
    """Make an image of a machine image."""
    params = request.params
    check_tags(params.get("tags", {}))
    request.check_studio()
    rights.require_operator(request.person)

    def effect() -> Resource:
        image_id = new_id(request.chance)
        document = {
            **{name: params[name] for name in _CHANGEABLE if name in params},
            "streamingImageId": image_id,
            "arn": request.arn(Kind.STREAMING_IMAGE, image_id),
            "ec2ImageId": params["ec2ImageId"],
            "eulaIds": [],
            "owner": request.about.studio_id,
            # Nobody looks into the machine image yet; its name is all there is to go by.
            "platform": "WINDOWS" if "windows" in params["name"].lower() else "LINUX",
            "tags": params.get("tags", {}),
        }
        image = Resource(Kind.STREAMING_IMAGE, image_id, document)
        _change(request, image, Change.CREATE)
        return image

    return {"streamingImage": request.once(effect)}


def update_streaming_image(request: Request) -> Document:
    """Change an image's name or description."""
    image = _find(request)
    rights.require_operator(request.person)

    def effect() -> Resource:
        require_settled(image, {"READY", "UPDATE_FAILED", "DELETE_FAILED"}, "changed")
        image.document |= {
            name: request.params[name] for name in _CHANGEABLE if name in request.params
        }
        _change(request, image, Change.UPDATE)
        return image

    return {"streamingImage": request.once(effect)}


def delete_streaming_image(request: Request) -> Document:
    """Delete an image."""
    image = _find(request)
    rights.require_operator(request.person)

    def effect() -> Resource:
        require_settled(
            image, {"READY", "CREATE_FAILED", "UPDATE_FAILED", "DELETE_FAILED"}, "deleted"
        )
        _change(request, image, Change.DELETE)
        return image

    return {"streamingImage": request.once(effect)}


def _find(request: Request) -> Resource:
    return request.find(Kind.STREAMING_IMAGE, request.params["streamingImageId"])


def _change(request: Request, image: Resource, what: Change) -> None:
    by = request.person.principal_id
    catalogue.change(request.tx, image, what, at=request.now, by=by)
