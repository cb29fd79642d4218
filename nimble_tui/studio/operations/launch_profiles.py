"""Launch profiles: members can use them, operators can change them."""

from nimble_tui.studio import rights
from nimble_tui.studio.http.errors import not_found
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
from nimble_tui.studio.operations.stream_configuration import complete
from nimble_tui.studio.operations.tag_rules import check_tags
from nimble_tui.studio.store.records import Document, Kind, Resource, Role

PAGE = 100
_SUMMARY = (
    "studioComponentId",
    "name",
    "description",
    "type",
    "subtype",
    "createdAt",
    "createdBy",
    "updatedAt",
    "updatedBy",
)
_CHANGEABLE = (
    "name",
    "description",
    "launchProfileProtocolVersions",
    "studioComponentIds",
    "streamConfiguration",
)


def list_launch_profiles(request: Request) -> Document:
    """Return the launch profiles that `principalId` can use, or all of them."""
    request.check_studio()
    principal_id = request.params.get("principalId")
    rights.require_self(request.person, principal_id, "principalId")
    person = request.tx.person(principal_id) if principal_id else None
    uses_all = person is not None and person.role != Role.ARTIST
    return page_of(
        request,
        Kind.LAUNCH_PROFILE,
        "launchProfiles",
        size=PAGE,
        states=request.params.get("states", ()),
        member=None if uses_all else principal_id,
    )


def get_launch_profile(request: Request) -> Document:
    """Return a launch profile."""
    return {"launchProfile": find_usable(request).document}


def get_launch_profile_details(request: Request) -> Document:
    """Return a launch profile with its images, and its components in short."""
    document = find_usable(request).document
    images = request.tx.page(
        Kind.STREAMING_IMAGE, ids=document["streamConfiguration"]["streamingImageIds"]
    )
    components = request.tx.page(Kind.STUDIO_COMPONENT, ids=document["studioComponentIds"])
    return {
        "launchProfile": document,
        "streamingImages": [one.document for one in images],
        "studioComponentSummaries": [
            {name: one.document[name] for name in _SUMMARY if name in one.document}
            for one in components
        ],
    }


def create_launch_profile(request: Request) -> Document:
    """Create a launch profile."""
    params = request.params
    configuration = complete(params["streamConfiguration"])
    check_tags(params.get("tags", {}))
    request.check_studio()
    _check_components(request)
    rights.require_operator(request.person)

    def effect() -> Resource:
        members = given(request, (*_CHANGEABLE, "ec2SubnetIds"))
        members["streamConfiguration"] = configuration
        profile = new(request, Kind.LAUNCH_PROFILE, "launchProfileId", members)
        failure = catalogue.missing_image(request.tx, configuration["streamingImageIds"])
        return begin(request, profile, Change.CREATE, failure)

    return {"launchProfile": request.once(effect)}


def update_launch_profile(request: Request) -> Document:
    """Change a launch profile; a change that fails changes nothing."""
    changes = given(request, _CHANGEABLE)
    if "streamConfiguration" in changes:
        changes["streamConfiguration"] = complete(changes["streamConfiguration"])
    profile = find(request)
    _check_components(request)
    rights.require_operator(request.person)

    def effect() -> Resource:
        require_changeable(profile)
        changed = {**profile.document, **changes}
        image_ids = changed["streamConfiguration"]["streamingImageIds"]
        failure = catalogue.missing_image(request.tx, image_ids)
        if failure is None:
            profile.document = changed
        return begin(request, profile, Change.UPDATE, failure)

    return {"launchProfile": request.once(effect)}


def delete_launch_profile(request: Request) -> Document:
    """Delete a launch profile; that fails while it has workstations."""
    profile = find(request)
    rights.require_operator(request.person)

    def effect() -> Resource:
        require_deletable(profile)
        failure = catalogue.sessions_left(request.tx, profile.id)
        return begin(request, profile, Change.DELETE, failure)

    return {"launchProfile": request.once(effect)}


def find(request: Request) -> Resource:
    """Return the launch profile that the call names."""
    return request.find(Kind.LAUNCH_PROFILE, request.params["launchProfileId"])


def find_usable(request: Request) -> Resource:
    """Return the launch profile that the call names; only for people who can launch from it."""
    profile = find(request)
    rights.require_member(request.tx, request.person, profile)
    return profile


def _check_components(request: Request) -> None:
    for component_id in request.params.get("studioComponentIds", ()):
        component = request.tx.resource(Kind.STUDIO_COMPONENT, component_id)
        if component is None or component.state == "DELETED":
            raise not_found(component_id)
