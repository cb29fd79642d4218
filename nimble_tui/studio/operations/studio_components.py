"""Studio components: admins may look, operators may change.

Source: the AWS API reference, StudioComponent. What a component says about file systems, scripts
and so on is kept as it was given.
"""

from typing import Final

from nimble_tui.studio import rights
from nimble_tui.studio.ids import new_id
from nimble_tui.studio.lifecycle import catalogue
from nimble_tui.studio.lifecycle.transitions import Change
from nimble_tui.studio.operations.request import Request
from nimble_tui.studio.operations.states import require_settled
from nimble_tui.studio.operations.tag_rules import check_tags
from nimble_tui.studio.paging import Pager
from nimble_tui.studio.store.records import Document, Failure, Kind, Resource, stamp
from nimble_tui.studio.wire.errors import conflict

PAGE: Final = 50
_CHANGEABLE: Final = (
    "name",
    "description",
    "type",
    "subtype",
    "configuration",
    "ec2SecurityGroupIds",
    "initializationScripts",
    "scriptParameters",
    "runtimeRoleArn",
    "secureInitializationRoleArn",
)


def list_studio_components(request: Request) -> Document:
    """Return the components, or those of some states and types."""
    request.check_studio()
    rights.require_admin(request.person)
    params = request.params
    # The API lets one ask for a hundred, and gives fifty at most.
    size = min(params.get("maxResults", PAGE), PAGE)
    pager = Pager(
        request.operation, {**params, "maxResults": size}, request.person.principal_id, PAGE
    )
    fetched = request.tx.page(
        Kind.STUDIO_COMPONENT,
        after=pager.after,
        limit=pager.limit,
        states=params.get("states", ()),
        types=params.get("types", ()),
    )
    page = pager.page(fetched)
    components = [one.document for one in page.resources]
    return {"studioComponents": components, "nextToken": page.next_token}


def get_studio_component(request: Request) -> Document:
    """Return a component."""
    component = _find(request)
    rights.require_admin(request.person)
    return {"studioComponent": component.document}


def create_studio_component(request: Request) -> Document:
    """Make a component."""
    params = request.params
    check_tags(params.get("tags", {}))
    request.check_studio()
    rights.require_operator(request.person)

    def effect() -> Resource:
        component_id = new_id(request.chance)
        document = _given(request) | {
            "studioComponentId": component_id,
            "arn": request.arn(Kind.STUDIO_COMPONENT, component_id),
            "tags": params.get("tags", {}),
            "createdAt": stamp(request.now),
            "createdBy": request.person.principal_id,
        }
        component = Resource(Kind.STUDIO_COMPONENT, component_id, document)
        failure = catalogue.second_directory(request.tx, component)
        _change(request, component, Change.CREATE, failure)
        return component

    return {"studioComponent": request.once(effect)}


def update_studio_component(request: Request) -> Document:
    """Change a component; a change that fails changes nothing."""
    component = _find(request)
    rights.require_operator(request.person)

    def effect() -> Resource:
        require_settled(component, {"READY", "UPDATE_FAILED", "DELETE_FAILED"}, "changed")
        changed = Resource(component.kind, component.id, component.document | _given(request))
        failure = catalogue.second_directory(request.tx, changed)
        if failure is None:
            component.document = changed.document
        _change(request, component, Change.UPDATE, failure)
        return component

    return {"studioComponent": request.once(effect)}


def delete_studio_component(request: Request) -> Document:
    """Delete a component that no launch profile has."""
    component = _find(request)
    rights.require_operator(request.person)

    def effect() -> Resource:
        require_settled(
            component, {"READY", "CREATE_FAILED", "UPDATE_FAILED", "DELETE_FAILED"}, "deleted"
        )
        used_by = catalogue.users_of(request.tx, component.id)
        if used_by:
            names = ", ".join(one.document["name"] for one in used_by)
            raise conflict(
                f"Launch profiles still have it: {names}; change those first.",
                "STUDIO_COMPONENT_IN_USE",
                {
                    "resourceId": component.id,
                    "launchProfileIds": ",".join(one.id for one in used_by),
                },
            )
        _change(request, component, Change.DELETE)
        return component

    return {"studioComponent": request.once(effect)}


def _find(request: Request) -> Resource:
    return request.find(Kind.STUDIO_COMPONENT, request.params["studioComponentId"])


def _given(request: Request) -> Document:
    return {name: request.params[name] for name in _CHANGEABLE if name in request.params}


def _change(
    request: Request, component: Resource, what: Change, failure: Failure | None = None
) -> None:
    by = request.person.principal_id
    catalogue.change(request.tx, component, what, at=request.now, by=by, failure=failure)
