"""Studio operations: everyone reads it, so that an app can show its name; operators change it.

Source: the AWS API reference, UpdateStudio.
"""

from typing import Final

from nimble_tui.studio import rights
from nimble_tui.studio.lifecycle.transitions import Change
from nimble_tui.studio.operations.changes import begin, given, require_changeable
from nimble_tui.studio.operations.listing import page_of
from nimble_tui.studio.operations.request import Request
from nimble_tui.studio.store.records import Document, Kind, Resource

_CHANGEABLE: Final = ("displayName", "adminRoleArn", "userRoleArn")


def list_studios(request: Request) -> Document:
    """Return the one studio."""
    return page_of(request, Kind.STUDIO, "studios")


def get_studio(request: Request) -> Document:
    """Return the studio."""
    return {"studio": _find(request).document}


def update_studio(request: Request) -> Document:
    """Change what the studio is called, and the roles that it names."""
    studio = _find(request)
    rights.require_operator(request.person)

    def effect() -> Resource:
        require_changeable(studio)
        studio.document |= given(request, _CHANGEABLE)
        return begin(request, studio, Change.UPDATE)

    return {"studio": request.once(effect)}


def _find(request: Request) -> Resource:
    return request.find(Kind.STUDIO, request.params["studioId"])
