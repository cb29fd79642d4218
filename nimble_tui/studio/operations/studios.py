"""Studio operations: everyone reads it, so that an app can show its name; operators change it.

Source: the AWS API reference, CreateStudio, UpdateStudio, DeleteStudio and
StartStudioSSOConfigurationRepair.
"""

from typing import Final

from nimble_tui.studio import rights
from nimble_tui.studio.http.errors import conflict, quota
from nimble_tui.studio.lifecycle.transitions import Change
from nimble_tui.studio.operations.changes import (
    begin,
    given,
    require_changeable,
    require_deletable,
)
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
    """Change the studio's name, and the roles that it names."""
    studio = _find(request)
    rights.require_operator(request.person)

    def effect() -> Resource:
        require_changeable(studio)
        studio.document |= given(request, _CHANGEABLE)
        return begin(request, studio, Change.UPDATE)

    return {"studio": request.once(effect)}


def create_studio(request: Request) -> Document:
    """Refuse another studio: an account has one in a region, and a store holds one."""
    rights.require_operator(request.person)
    raise quota(
        f"This region already has a studio, {request.about.studio_id}. Another one needs its own "
        "store.",
        "STUDIO_QUOTA_EXCEEDED",
        {"limit": "1", "studioId": request.about.studio_id},
    )


def delete_studio(request: Request) -> Document:
    """Delete the studio, which ends all changes in it; its data stay, and can be read.

    ConflictException while it has a workstation.
    """
    studio = _find(request)
    rights.require_operator(request.person)

    def effect() -> Resource:
        require_deletable(studio)
        if request.tx.has_any_live(Kind.STREAMING_SESSION):
            raise conflict(
                "It still has workstations; delete those first.",
                "STUDIO_WITH_STREAMING_SESSIONS",
                {"resourceId": studio.id},
            )
        return begin(request, studio, Change.DELETE)

    return {"studio": request.once(effect)}


def start_studio_sso_configuration_repair(request: Request) -> Document:
    """Return the studio as it is: its people sign in with its own keys, so nothing can break."""
    studio = _find(request)
    rights.require_operator(request.person)

    def effect() -> Resource:
        require_changeable(studio)
        return studio

    return {"studio": request.once(effect)}


def _find(request: Request) -> Resource:
    return request.find(Kind.STUDIO, request.params["studioId"])
