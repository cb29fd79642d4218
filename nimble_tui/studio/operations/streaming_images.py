"""Streaming images: admins can read them, operators can change them."""

from nimble_tui.studio import rights
from nimble_tui.studio.http.errors import access_denied
from nimble_tui.studio.lifecycle.transitions import Change
from nimble_tui.studio.operations.changes import (
    begin,
    given,
    new,
    require_changeable,
    require_deletable,
)
from nimble_tui.studio.operations.listing import page_of
from nimble_tui.studio.operations.request import Request
from nimble_tui.studio.operations.tag_rules import check_tags
from nimble_tui.studio.store.records import Document, Kind, Resource

_CHANGEABLE = ("name", "description")


def list_streaming_images(request: Request) -> Document:
    """Return the images, or those of one owner."""
    request.check_studio()
    rights.require_admin(request.person)
    owner = request.params.get("owner")
    return page_of(request, Kind.STREAMING_IMAGE, "streamingImages", owner=owner)


def get_streaming_image(request: Request) -> Document:
    """Return an image."""
    image = _find(request)
    rights.require_admin(request.person)
    return {"streamingImage": image.document}


def create_streaming_image(request: Request) -> Document:
    """Create an image from a machine image."""
    params = request.params
    check_tags(params.get("tags", {}))
    request.check_studio()
    rights.require_operator(request.person)

    def effect() -> Resource:
        members = given(request, (*_CHANGEABLE, "ec2ImageId")) | {
            "eulaIds": [],
            "owner": request.about.studio_id,
            # Nobody looks into the machine image yet; its name is all there is to go by.
            "platform": "WINDOWS" if "windows" in params["name"].lower() else "LINUX",
        }
        image = new(request, Kind.STREAMING_IMAGE, "streamingImageId", members)
        return begin(request, image, Change.CREATE)

    return {"streamingImage": request.once(effect)}


def update_streaming_image(request: Request) -> Document:
    """Change an image's name or description."""
    image = _find_own(request)

    def effect() -> Resource:
        require_changeable(image)
        image.document |= given(request, _CHANGEABLE)
        return begin(request, image, Change.UPDATE)

    return {"streamingImage": request.once(effect)}


def delete_streaming_image(request: Request) -> Document:
    """Delete an image."""
    image = _find_own(request)

    def effect() -> Resource:
        require_deletable(image)
        return begin(request, image, Change.DELETE)

    return {"streamingImage": request.once(effect)}


def _find(request: Request) -> Resource:
    return request.find(Kind.STREAMING_IMAGE, request.params["streamingImageId"])


def _find_own(request: Request) -> Resource:
    """Return the image of the studio's own that an operator can change."""
    image = _find(request)
    rights.require_operator(request.person)
    if image.document["owner"] != request.about.studio_id:
        raise access_denied("This image is Amazon's, not the studio's own.", "NOT_THE_STUDIOS")
    return image
