"""Studio components: admins can read them, operators can change them.

Source: the AWS API reference, StudioComponent. What a component says about file systems, scripts
and so on is stored as given.
"""

from collections.abc import Mapping
from typing import Any, Final

from nimble_tui.studio import rights
from nimble_tui.studio.http.errors import conflict, validation
from nimble_tui.studio.lifecycle import catalogue
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

PAGE: Final = 50
"""The API lets one ask for a hundred, and gives fifty at most."""

_MOST_NAMED: Final = 20
"""The most launch profiles to name that prevent the deletion of a component."""

_CONFIGURATIONS: Final = {
    "ACTIVE_DIRECTORY": "activeDirectoryConfiguration",
    "COMPUTE_FARM": "computeFarmConfiguration",
    "LICENSE_SERVICE": "licenseServiceConfiguration",
    "SHARED_FILE_SYSTEM": "sharedFileSystemConfiguration",
}
_TYPES_OF_SUBTYPES: Final = {
    "AWS_MANAGED_MICROSOFT_AD": "ACTIVE_DIRECTORY",
    "AMAZON_FSX_FOR_LUSTRE": "SHARED_FILE_SYSTEM",
    "AMAZON_FSX_FOR_WINDOWS": "SHARED_FILE_SYSTEM",
}
_SUBTYPES: Final = {
    # Its configuration names a directory of AWS Directory Service, which is a managed one.
    "ACTIVE_DIRECTORY": "AWS_MANAGED_MICROSOFT_AD",
    "COMPUTE_FARM": "CUSTOM",
    "CUSTOM": "CUSTOM",
    "LICENSE_SERVICE": "CUSTOM",
    # Only the subtype itself distinguishes a file system of Amazon FSx from another.
    "SHARED_FILE_SYSTEM": "CUSTOM",
}
"""The subtype of a component that names none, by its type; clients read it without looking."""

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
    return page_of(
        request,
        Kind.STUDIO_COMPONENT,
        "studioComponents",
        size=PAGE,
        states=params.get("states", ()),
        types=params.get("types", ()),
    )


def get_studio_component(request: Request) -> Document:
    """Return a component."""
    component = _find(request)
    rights.require_admin(request.person)
    return {"studioComponent": component.document}


def create_studio_component(request: Request) -> Document:
    """Create a component."""
    params = request.params
    check_tags(params.get("tags", {}))
    _check_kind(params)
    request.check_studio()
    rights.require_operator(request.person)

    def effect() -> Resource:
        members = with_subtype(given(request, _CHANGEABLE))
        component = new(request, Kind.STUDIO_COMPONENT, "studioComponentId", members)
        failure = catalogue.second_directory(request.tx, component)
        return begin(request, component, Change.CREATE, failure)

    return {"studioComponent": request.once(effect)}


def update_studio_component(request: Request) -> Document:
    """Change a component; a change that fails changes nothing."""
    component = _find(request)
    rights.require_operator(request.person)

    def effect() -> Resource:
        require_changeable(component)
        changes = given(request, _CHANGEABLE)
        document = component.document | changes
        if changes.get("type", component.document["type"]) != component.document["type"]:
            document = component.document | with_subtype(changes)
        _check_kind(document)
        changed = Resource(component.kind, component.id, document)
        failure = catalogue.second_directory(request.tx, changed)
        if failure is None:
            component.document = changed.document
        return begin(request, component, Change.UPDATE, failure)

    return {"studioComponent": request.once(effect)}


def delete_studio_component(request: Request) -> Document:
    """Delete a component that no launch profile has."""
    component = _find(request)
    rights.require_operator(request.person)

    def effect() -> Resource:
        require_deletable(component)
        used_by = request.tx.users_of(component.id, limit=_MOST_NAMED)
        if used_by:
            names = ", ".join(str(one.document.get("name", one.id)) for one in used_by)
            raise conflict(
                f"Launch profiles still have it: {names}; change those first.",
                "STUDIO_COMPONENT_IN_USE",
                {
                    "resourceId": component.id,
                    "launchProfileIds": ",".join(one.id for one in used_by),
                },
            )
        return begin(request, component, Change.DELETE)

    return {"studioComponent": request.once(effect)}


def with_subtype(component: Document) -> Document:
    """Return a component's document with the subtype that its type implies, if it names none."""
    return {"subtype": _SUBTYPES[component["type"]], **component}


def _find(request: Request) -> Resource:
    return request.find(Kind.STUDIO_COMPONENT, request.params["studioComponentId"])


def _check_kind(component: Mapping[str, Any]) -> None:
    """Refuse a subtype or a configuration that belongs to another type of component."""
    own = component["type"]
    subtype = component.get("subtype", "")
    problems = {}
    if _TYPES_OF_SUBTYPES.get(subtype, own) != own:
        problems["subtype"] = f"must not be {subtype} where the type is {own}"
    allowed = {_CONFIGURATIONS[own]} if own in _CONFIGURATIONS else set()
    if not component.get("configuration", {}).keys() <= allowed:
        what = f"hold {_CONFIGURATIONS[own]} alone" if allowed else "be left out"
        problems["configuration"] = f"must {what} where the type is {own}"
    if problems:
        text = "; ".join(f"{name} {problem}" for name, problem in problems.items())
        raise validation(f"{text}.", context=problems)
