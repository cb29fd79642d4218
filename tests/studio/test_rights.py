"""Who may do what: every operation for every role."""

from typing import Any

import pytest

from nimble_tui.api import service_model
from nimble_tui.studio.operations import OPERATIONS
from nimble_tui.studio.sample.facts import IDENTITY_STORE_ID
from tests.studio.world import AIKO, INES, MARA, PAT, STUDIO_ID, THEO, World, refused

# Each call that an admin is refused; an artist here is Mara, on what is not hers.
ADMIN_NEVER = [
    "CreateStudio",
    "UpdateStudio",
    "DeleteStudio",
    "StartStudioSSOConfigurationRepair",
    "CreateLaunchProfile",
    "UpdateLaunchProfile",
    "DeleteLaunchProfile",
    "CreateStreamingImage",
    "UpdateStreamingImage",
    "DeleteStreamingImage",
    "CreateStudioComponent",
    "UpdateStudioComponent",
    "DeleteStudioComponent",
    "PutStudioMembers",
    "DeleteStudioMember",
]
REFUSED_BY_STATE = {
    "CreateStudio": "ServiceQuotaExceededException",
    "DeleteStudio": "ConflictException",
}
"""What the operator of the sample may do, and what it answers nevertheless."""
EVERYBODY = [
    "ListStudios",
    "GetStudio",
    "ListEulas",
    "GetEula",
    "ListEulaAcceptances",
    "ListStudioMembers",
    "GetStudioMember",
]


def arguments(world: World, operation: str) -> dict[str, Any]:
    """Return parameters with which the operator's call of an operation works."""
    profile = world.operator.get_launch_profile(
        studioId=STUDIO_ID, launchProfileId=world.profile_id("Animation")
    )["launchProfile"]
    image_id = profile["streamConfiguration"]["streamingImageIds"][0]
    session = next(one for one in world.mine(THEO) if one["state"] == "READY")
    studio = {"studioId": STUDIO_ID}
    on_profile = {**studio, "launchProfileId": profile["launchProfileId"]}
    on_image = {**studio, "streamingImageId": image_id}
    on_session = {**studio, "sessionId": session["sessionId"]}
    eula_id = world.operator.list_eulas()["eulas"][0]["eulaId"]
    component_id = profile["studioComponentIds"][0]
    on_component = {**studio, "studioComponentId": component_id}
    in_store = {"identityStoreId": IDENTITY_STORE_ID}
    given: dict[str, dict[str, Any]] = {
        "CreateStudio": {
            "studioName": "another",
            "displayName": "Another",
            "adminRoleArn": "arn:aws:iam::123456789012:role/admin",
            "userRoleArn": "arn:aws:iam::123456789012:role/user",
        },
        "PutStudioMembers": {
            **studio,
            **in_store,
            "members": [{"persona": "ADMINISTRATOR", "principalId": THEO}],
        },
        "GetStudioMember": {**studio, "principalId": INES},
        "DeleteStudioMember": {**studio, "principalId": INES},
        "PutLaunchProfileMembers": {
            **on_profile,
            **in_store,
            "members": [{"persona": "USER", "principalId": AIKO}],
        },
        "ListLaunchProfileMembers": on_profile,
        "GetLaunchProfileMember": {**on_profile, "principalId": THEO},
        "UpdateLaunchProfileMember": {**on_profile, "principalId": THEO, "persona": "USER"},
        "DeleteLaunchProfileMember": {**on_profile, "principalId": THEO},
        "ListStudios": {},
        "ListEulas": {},
        "GetEula": {"eulaId": eula_id},
        "AcceptEulas": {**studio, "eulaIds": [eula_id]},
        "GetLaunchProfileInitialization": {
            **on_profile,
            "launchProfileProtocolVersions": ["2021-03-31"],
            "launchPurpose": "WORKSTATION",
            "platform": "LINUX",
        },
        "GetStudioComponent": on_component,
        "CreateStudioComponent": {**studio, "name": "New", "type": "CUSTOM"},
        "UpdateStudioComponent": {**on_component, "name": "Other"},
        "CreateStreamingSessionStream": on_session,
        "CreateLaunchProfile": {
            **studio,
            "name": "New",
            "ec2SubnetIds": profile["ec2SubnetIds"],
            "launchProfileProtocolVersions": ["2021-03-31"],
            "studioComponentIds": profile["studioComponentIds"],
            "streamConfiguration": {
                "clipboardMode": "ENABLED",
                "ec2InstanceTypes": ["g5.xlarge"],
                "streamingImageIds": [image_id],
            },
        },
        "GetLaunchProfile": on_profile,
        "GetLaunchProfileDetails": on_profile,
        "UpdateLaunchProfile": {**on_profile, "name": "Other"},
        "DeleteLaunchProfile": on_profile,
        "GetStreamingImage": on_image,
        "CreateStreamingImage": {**studio, "name": "New", "ec2ImageId": "ami-0a"},
        "UpdateStreamingImage": {**on_image, "name": "Other"},
        "DeleteStreamingImage": on_image,
        "CreateStreamingSession": on_profile,
        "GetStreamingSession": on_session,
        "StopStreamingSession": on_session,
        "StartStreamingSession": on_session,
        "DeleteStreamingSession": on_session,
        "ListTagsForResource": {"resourceArn": session["arn"]},
        "TagResource": {"resourceArn": session["arn"], "tags": {"a": "b"}},
        "UntagResource": {"resourceArn": session["arn"], "tagKeys": ["a"]},
    }
    if operation == "StartStreamingSession":
        return {**studio, "sessionId": world.stopped("Animation", THEO)}
    if operation == "GetStreamingSessionStream":
        return {**on_session, "streamId": world.new_stream(session["sessionId"], THEO)}
    if operation == "GetStreamingSessionBackup":
        world.act("stop", session["sessionId"], THEO)
        (backup,) = world.backups(session["sessionId"])
        return {**studio, "backupId": backup["backupId"]}
    if operation == "DeleteStudioComponent":
        made = world.operator.create_studio_component(**studio, name="New", type="CUSTOM")
        world.advance()
        return {**studio, "studioComponentId": made["studioComponent"]["studioComponentId"]}
    return given.get(operation, studio)


def call(
    world: World, principal_id: str, operation: str, given: dict[str, Any] | None = None
) -> Any:
    client = world.client(principal_id)
    method = next(py for py, api in client.meta.method_to_api_mapping.items() if api == operation)
    return getattr(client, method)(**(given or arguments(world, operation)))


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_an_admin_may_do_all_but_change_the_studio(world: World, operation: str) -> None:
    if operation in [*ADMIN_NEVER, "TagResource", "UntagResource"]:
        with refused("AccessDeniedException"):
            call(world, INES, operation)
    else:
        call(world, INES, operation)


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_an_artist_may_do_nothing_to_what_is_not_theirs_and_an_operator_everything(
    world: World, operation: str
) -> None:
    given = arguments(world, operation)
    if operation in EVERYBODY:
        call(world, MARA, operation, given)
    else:
        with refused("AccessDeniedException"):
            call(world, MARA, operation, given)
    if operation in REFUSED_BY_STATE:
        with refused(REFUSED_BY_STATE[operation]):
            call(world, PAT, operation, given)
    else:
        call(world, PAT, operation, given)


def test_an_artist_sees_only_their_own_sessions(world: World) -> None:
    assert {one["ownedBy"] for one in world.mine(MARA)} == {MARA}
    for filters in ({}, {"ownedBy": THEO}, {"createdBy": MARA}):
        with refused("AccessDeniedException", "NOT_YOURS"):
            world.mara.list_streaming_sessions(studioId=STUDIO_ID, **filters)
    everybody = world.admin.list_streaming_sessions(studioId=STUDIO_ID)["sessions"]
    assert {MARA, THEO, AIKO} <= {one["ownedBy"] for one in everybody}


def test_an_artist_sees_the_launch_profiles_they_are_a_member_of(world: World) -> None:
    for filters in ({}, {"principalId": THEO}):
        with refused("AccessDeniedException", "NOT_YOURS"):
            world.mara.list_launch_profiles(studioId=STUDIO_ID, **filters)
    mine = world.mara.list_launch_profiles(studioId=STUDIO_ID, principalId=MARA)
    assert {one["name"] for one in mine["launchProfiles"]} == {
        "Lighting",
        "Comp",
        "Review",
        "RenderWorker-Default",
        "FX",
        "Previs",
    }
    for one in mine["launchProfiles"]:
        world.mara.get_launch_profile(studioId=STUDIO_ID, launchProfileId=one["launchProfileId"])
    ready = world.mara.list_launch_profiles(
        studioId=STUDIO_ID, principalId=MARA, states=["CREATE_FAILED", "DELETED"]
    )
    assert [one["name"] for one in ready["launchProfiles"]] == ["FX"]


def test_an_admin_lists_for_somebody_and_may_use_all(world: World) -> None:
    for_theo = world.admin.list_launch_profiles(studioId=STUDIO_ID, principalId=THEO)
    assert {one["name"] for one in for_theo["launchProfiles"]} == {
        "Review",
        "Animation",
        "Previs",
    }
    for_self = world.admin.list_launch_profiles(studioId=STUDIO_ID, principalId=INES)
    assert len(for_self["launchProfiles"]) == 7


def test_a_member_may_launch_and_look_at_the_details(world: World) -> None:
    with refused("AccessDeniedException", "NOT_A_MEMBER"):
        world.create("Animation", MARA)
    world.create("Animation", THEO)
    details = world.client(THEO).get_launch_profile_details(
        studioId=STUDIO_ID, launchProfileId=world.profile_id("Animation")
    )
    assert details["launchProfile"]["name"] == "Animation"
    assert [one["platform"] for one in details["streamingImages"]] == ["LINUX"]
    assert {one["type"] for one in details["studioComponentSummaries"]} == {
        "ACTIVE_DIRECTORY",
        "SHARED_FILE_SYSTEM",
        "LICENSE_SERVICE",
    }


def test_an_artist_launches_for_themselves_alone(world: World) -> None:
    with refused("AccessDeniedException"):
        world.create("Lighting", MARA, ownedBy=AIKO)
    assert world.get(world.create("Lighting", MARA, ownedBy=MARA))["ownedBy"] == MARA
    for_aiko = world.get(world.create("Lighting", INES, ownedBy=AIKO))
    assert (for_aiko["ownedBy"], for_aiko["createdBy"]) == (AIKO, INES)


def test_existence_comes_before_rights(world: World) -> None:
    with refused("ResourceNotFoundException"):
        world.mara.delete_launch_profile(studioId=STUDIO_ID, launchProfileId="nothing")
    with refused("ResourceNotFoundException"):
        world.mara.get_streaming_image(studioId=STUDIO_ID, streamingImageId="nothing")


def test_rights_come_before_state(world: World) -> None:
    theirs = next(one for one in world.mine(AIKO) if one["state"] == "STOPPED")
    with refused("AccessDeniedException"):
        world.mara.stop_streaming_session(studioId=STUDIO_ID, sessionId=theirs["sessionId"])


def test_the_studio_has_every_operation_of_the_api() -> None:
    assert set(OPERATIONS) == set(service_model().operation_names)
    assert len(OPERATIONS) == 49
