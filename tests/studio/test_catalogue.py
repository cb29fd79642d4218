"""Studios, launch profiles and streaming images."""

from datetime import timedelta
from typing import Any

import pytest

from tests.studio.world import MARA, NOW, PAT, STUDIO_ID, World, refused


def profile(world: World, profile_id: str) -> dict[str, Any]:
    reply = world.operator.get_launch_profile(studioId=STUDIO_ID, launchProfileId=profile_id)
    found: dict[str, Any] = reply["launchProfile"]
    return found


def image(world: World, image_id: str) -> dict[str, Any]:
    reply = world.operator.get_streaming_image(studioId=STUDIO_ID, streamingImageId=image_id)
    found: dict[str, Any] = reply["streamingImage"]
    return found


def new_image(world: World, name: str = "Rocky 10") -> str:
    made = world.operator.create_streaming_image(
        studioId=STUDIO_ID, name=name, ec2ImageId="ami-0abc"
    )["streamingImage"]
    image_id: str = made["streamingImageId"]
    return image_id


def test_the_studio_is_listed_and_described(world: World) -> None:
    (listed,) = world.mara.list_studios()["studios"]
    assert listed == world.mara.get_studio(studioId=STUDIO_ID)["studio"]
    assert listed["ssoClientId"].startswith("ins-")
    assert listed["displayName"] == "Northwind Animation"
    with refused("ResourceNotFoundException") as reply:
        world.mara.get_studio(studioId="us-west-2:stid-other")
    assert reply["context"] == {"resourceId": "us-west-2:stid-other"}


def test_the_operator_changes_what_the_studio_is_called(world: World) -> None:
    before = world.mara.get_studio(studioId=STUDIO_ID)["studio"]
    asked = {"displayName": "Eastwind", "clientToken": "t", "studioId": STUDIO_ID}
    begun = world.operator.update_studio(**asked)["studio"]
    assert (begun["state"], begun["statusCode"]) == (
        "UPDATE_IN_PROGRESS",
        "STUDIO_UPDATE_IN_PROGRESS",
    )
    with refused("ConflictException"):
        world.operator.update_studio(studioId=STUDIO_ID, displayName="Westwind")
    world.advance()
    assert world.operator.update_studio(**asked)["studio"]["state"] == "READY"
    after = world.mara.get_studio(studioId=STUDIO_ID)["studio"]
    assert after.pop("updatedAt") > before.pop("updatedAt")
    changes = {"displayName": "Eastwind", "statusCode": "STUDIO_UPDATED"}
    assert after == before | changes

    role = "arn:aws:iam::123456789012:role/eastwind"
    world.operator.update_studio(studioId=STUDIO_ID, adminRoleArn=role, userRoleArn=role)
    world.advance()
    changed = world.mara.get_studio(studioId=STUDIO_ID)["studio"]
    assert changed["displayName"] == "Eastwind"
    assert (changed["adminRoleArn"], changed["userRoleArn"]) == (role, role)
    with refused("ValidationException", "INVALID_REQUEST"):
        world.operator.update_studio(studioId=STUDIO_ID, displayName="x" * 65)
    with refused("ResourceNotFoundException"):
        world.operator.update_studio(studioId="us-west-2:other")


def test_a_second_studio_is_over_the_quota(world: World) -> None:
    role = "arn:aws:iam::123456789012:role/another"
    asked = {"studioName": "another", "displayName": "Another", "clientToken": "t"}
    with refused("ServiceQuotaExceededException", "STUDIO_QUOTA_EXCEEDED") as reply:
        world.operator.create_studio(**asked, adminRoleArn=role, userRoleArn=role)
    assert reply["context"] == {"limit": "1", "studioId": STUDIO_ID}
    assert len(world.mara.list_studios()["studios"]) == 1


def test_a_repair_of_the_sign_in_returns_the_studio_as_it_is(world: World) -> None:
    before = world.mara.get_studio(studioId=STUDIO_ID)["studio"]
    asked = {"studioId": STUDIO_ID, "clientToken": "t"}
    for _ in range(2):
        repaired = world.operator.start_studio_sso_configuration_repair(**asked)["studio"]
        assert repaired == before
    with refused("ValidationException", "CLIENT_TOKEN_REUSED"):
        world.operator.delete_studio(**asked)


def test_a_studio_with_workstations_is_not_deleted(world: World) -> None:
    with refused("ConflictException", "STUDIO_WITH_STREAMING_SESSIONS"):
        world.operator.delete_studio(studioId=STUDIO_ID)
    assert world.mara.get_studio(studioId=STUDIO_ID)["studio"]["state"] == "READY"


def test_a_deleted_studio_stays_readable_and_changes_no_more(world: World) -> None:
    profile_id = world.profile_id("Review")
    world.advance(600)  # nothing is under way
    pages = world.operator.get_paginator("list_streaming_sessions").paginate(studioId=STUDIO_ID)
    for one in [one for page in pages for one in page["sessions"]]:
        if one["state"] != "DELETED":
            world.act("delete", one["sessionId"], PAT)
    world.advance()
    asked = {"studioId": STUDIO_ID, "clientToken": "t"}
    begun = world.operator.delete_studio(**asked)["studio"]
    assert (begun["state"], begun["statusCode"]) == (
        "DELETE_IN_PROGRESS",
        "STUDIO_DELETE_IN_PROGRESS",
    )
    with refused("ConflictException"):
        world.create("Review")
    world.advance()
    assert world.operator.delete_studio(**asked)["studio"]["state"] == "DELETED"
    world.advance(7 * 86_400)
    after = world.mara.get_studio(studioId=STUDIO_ID)["studio"]
    assert (after["state"], after["statusCode"]) == ("DELETED", "STUDIO_DELETED")
    assert profile(world, profile_id)["state"] == "READY"
    for change in (
        lambda: world.create("Review"),
        lambda: new_image(world),
        lambda: world.operator.update_studio(studioId=STUDIO_ID, displayName="Back"),
        lambda: world.operator.start_studio_sso_configuration_repair(studioId=STUDIO_ID),
        lambda: world.operator.delete_studio(studioId=STUDIO_ID),
    ):
        with refused("ValidationException", "INVALID_STATE"):
            change()


def test_a_launch_profile_is_made_changed_and_deleted(world: World) -> None:
    profile_id = world.new_profile(sessionPersistenceMode="ACTIVATED")
    ready = profile(world, profile_id)
    assert (ready["state"], ready["statusCode"]) == ("READY", "LAUNCH_PROFILE_CREATED")
    assert {one["state"] for one in ready["validationResults"]} == {"VALIDATION_SUCCESS"}
    assert ready["createdBy"] == PAT
    configuration = ready["streamConfiguration"]
    assert configuration["maxSessionLengthInMinutes"] == 690
    assert configuration["automaticTerminationMode"] == "DEACTIVATED"

    changing = world.operator.update_launch_profile(
        studioId=STUDIO_ID, launchProfileId=profile_id, name="Renamed", description="New"
    )["launchProfile"]
    assert (changing["state"], changing["name"]) == ("UPDATE_IN_PROGRESS", "Renamed")
    with refused("ConflictException"):
        world.operator.delete_launch_profile(studioId=STUDIO_ID, launchProfileId=profile_id)
    world.advance()
    changed = profile(world, profile_id)
    assert (changed["state"], changed["statusCode"]) == ("READY", "LAUNCH_PROFILE_UPDATED")
    assert changed["updatedAt"] > changed["createdAt"]

    world.operator.delete_launch_profile(studioId=STUDIO_ID, launchProfileId=profile_id)
    world.advance()
    deleted = profile(world, profile_id)
    assert (deleted["state"], deleted["statusCode"]) == ("DELETED", "LAUNCH_PROFILE_DELETED")
    world.advance(3600)
    with refused("ResourceNotFoundException"):
        profile(world, profile_id)


def test_a_launch_profile_is_checked_while_it_is_made(world: World) -> None:
    like = profile(world, world.profile_id("Review"))
    made = world.operator.create_launch_profile(
        studioId=STUDIO_ID,
        name="New",
        ec2SubnetIds=[],
        launchProfileProtocolVersions=["2021-03-31"],
        studioComponentIds=like["studioComponentIds"],
        streamConfiguration={
            name: like["streamConfiguration"][name]
            for name in ("clipboardMode", "ec2InstanceTypes", "streamingImageIds")
        },
        tags={"show": "otter"},
    )["launchProfile"]
    assert made["state"] == "CREATE_IN_PROGRESS"
    assert made["createdAt"] == NOW
    assert made["tags"] == {"show": "otter"}
    assert {one["state"] for one in made["validationResults"]} == {"VALIDATION_IN_PROGRESS"}
    with refused("ConflictException"):
        world.operator.create_streaming_session(
            studioId=STUDIO_ID, launchProfileId=made["launchProfileId"]
        )


def test_a_launch_profile_with_sessions_is_not_deleted(world: World) -> None:
    profile_id = world.profile_id("Review")
    world.operator.delete_launch_profile(studioId=STUDIO_ID, launchProfileId=profile_id)
    world.advance()
    failed = profile(world, profile_id)
    assert failed["state"] == "DELETE_FAILED"
    assert failed["statusCode"] == "LAUNCH_PROFILE_WITH_STREAM_SESSIONS_NOT_DELETED"
    assert {one["launchProfileId"] for one in world.mine()} >= {profile_id}


def test_a_launch_profile_without_its_image_fails(world: World) -> None:
    missing = profile(world, world.new_profile(streamingImageIds=["unknown"]))
    assert (missing["state"], missing["statusCode"]) == (
        "CREATE_FAILED",
        "STREAMING_IMAGE_NOT_FOUND",
    )
    not_ready = new_image(world)
    profile_id = world.profile_id("Lighting")
    before = profile(world, profile_id)
    world.operator.update_launch_profile(
        studioId=STUDIO_ID,
        launchProfileId=profile_id,
        name="Renamed",
        streamConfiguration={
            **before["streamConfiguration"],
            "streamingImageIds": [not_ready],
        },
    )
    world.advance()
    failed = profile(world, profile_id)
    assert (failed["state"], failed["statusCode"]) == (
        "UPDATE_FAILED",
        "STREAMING_IMAGE_NOT_READY",
    )
    assert failed["streamConfiguration"] == before["streamConfiguration"]
    assert failed["name"] == before["name"]


@pytest.mark.parametrize(
    ("configuration", "wrong"),
    [
        ({"automaticTerminationMode": "ACTIVATED"}, "automaticTerminationMode"),
        (
            {
                "sessionPersistenceMode": "DEACTIVATED",
                "volumeConfiguration": {"size": 100},
            },
            "volumeConfiguration",
        ),
        (
            {"sessionPersistenceMode": "DEACTIVATED", "maxStoppedSessionLengthInMinutes": 60},
            "maxStoppedSessionLengthInMinutes",
        ),
        (
            {"sessionPersistenceMode": "ACTIVATED", "maxStoppedSessionLengthInMinutes": 60},
            "maxStoppedSessionLengthInMinutes",
        ),
    ],
)
def test_a_configuration_must_not_contradict_itself(
    world: World, configuration: dict[str, Any], wrong: str
) -> None:
    with refused("ValidationException") as reply:
        world.new_profile(**configuration)
    assert reply["context"].keys() == {f"streamConfiguration.{wrong}"}


def test_a_launch_profile_needs_known_components(world: World) -> None:
    profile_id = world.profile_id("Comp")
    with refused("ResourceNotFoundException") as reply:
        world.operator.update_launch_profile(
            studioId=STUDIO_ID, launchProfileId=profile_id, studioComponentIds=["unknown"]
        )
    assert reply["context"] == {"resourceId": "unknown"}


def test_lengths_are_those_of_the_launch_profile_as_it_is_now(world: World) -> None:
    session_id = world.stopped("Lighting")
    profile_id = world.profile_id("Lighting")
    configuration = profile(world, profile_id)["streamConfiguration"]
    world.operator.update_launch_profile(
        studioId=STUDIO_ID,
        launchProfileId=profile_id,
        streamConfiguration={**configuration, "maxSessionLengthInMinutes": 30},
    )
    world.advance()
    world.mara.start_streaming_session(studioId=STUDIO_ID, sessionId=session_id)
    world.advance()
    ready = world.get(session_id)
    assert ready["stopAt"] - ready["updatedAt"] == timedelta(minutes=30)


def test_an_image_is_made_changed_and_deleted(world: World) -> None:
    image_id = new_image(world, "Windows 2025, Nuke")
    assert image(world, image_id)["state"] == "CREATE_IN_PROGRESS"
    with refused("ConflictException"):
        world.operator.delete_streaming_image(studioId=STUDIO_ID, streamingImageId=image_id)
    world.advance()
    ready = image(world, image_id)
    assert (ready["state"], ready["statusCode"]) == ("READY", "STREAMING_IMAGE_READY")
    assert (ready["platform"], ready["owner"]) == ("WINDOWS", STUDIO_ID)
    world.operator.update_streaming_image(
        studioId=STUDIO_ID, streamingImageId=image_id, description="For comp"
    )
    world.advance()
    assert image(world, image_id)["description"] == "For comp"
    world.operator.delete_streaming_image(studioId=STUDIO_ID, streamingImageId=image_id)
    world.advance()
    assert image(world, image_id)["statusCode"] == "STREAMING_IMAGE_DELETED"
    with refused("ValidationException", "INVALID_STATE"):
        world.operator.update_streaming_image(
            studioId=STUDIO_ID, streamingImageId=image_id, name="x"
        )
    world.advance(3600)
    with refused("ResourceNotFoundException"):
        image(world, image_id)


def test_a_deleted_image_launches_nothing(world: World) -> None:
    image_id = profile(world, world.profile_id("Review"))["streamConfiguration"][
        "streamingImageIds"
    ][0]
    world.operator.delete_streaming_image(studioId=STUDIO_ID, streamingImageId=image_id)
    world.advance()
    with refused("ValidationException") as reply:
        world.create("Review", MARA)
    assert "streamingImageId" in reply["context"]


def test_images_are_listed_by_owner(world: World) -> None:
    everything = world.admin.list_streaming_images(studioId=STUDIO_ID)["streamingImages"]
    assert {one["platform"] for one in everything} == {"LINUX", "WINDOWS"}
    own = world.admin.list_streaming_images(studioId=STUDIO_ID, owner=STUDIO_ID)["streamingImages"]
    assert own == [one for one in everything if one["owner"] == STUDIO_ID]
    (amazons,) = world.admin.list_streaming_images(studioId=STUDIO_ID, owner="amazon")[
        "streamingImages"
    ]
    assert amazons["eulaIds"]
    nobodys = world.admin.list_streaming_images(studioId=STUDIO_ID, owner="nobody")
    assert nobodys["streamingImages"] == []
    names = {"studioId": STUDIO_ID, "streamingImageId": amazons["streamingImageId"]}
    with refused("AccessDeniedException", "NOT_THE_STUDIOS"):
        world.operator.delete_streaming_image(**names)
    with refused("AccessDeniedException", "NOT_THE_STUDIOS"):
        world.operator.update_streaming_image(**names, name="Mine")
