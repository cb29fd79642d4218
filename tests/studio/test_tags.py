"""Tags by ARN."""

import pytest

from tests.studio.world import AIKO, INES, MARA, STUDIO_ID, World, refused


def test_an_owner_tags_and_untags(world: World) -> None:
    session = world.mine()[0]
    arn, before = session["arn"], session["tags"]
    world.mara.tag_resource(resourceArn=arn, tags={"Name": "[/oops] \x1b[2J", "shot": "010"})
    tags = world.mara.list_tags_for_resource(resourceArn=arn)["tags"]
    assert tags == {**before, "Name": "[/oops] \x1b[2J", "shot": "010"}
    assert world.get(session["sessionId"])["tags"] == tags
    world.mara.untag_resource(resourceArn=arn, tagKeys=["Name", "never there"])
    assert world.mara.list_tags_for_resource(resourceArn=arn)["tags"] == {"shot": "010"}


def test_nobody_tags_what_is_somebody_elses(world: World) -> None:
    arn = world.mine(AIKO)[0]["arn"]
    for client in (world.mara, world.admin):
        with refused("AccessDeniedException"):
            client.tag_resource(resourceArn=arn, tags={"a": "b"})
    with refused("AccessDeniedException"):
        world.mara.list_tags_for_resource(resourceArn=arn)
    assert world.admin.list_tags_for_resource(resourceArn=arn)["tags"] == {}
    world.admin.tag_resource(resourceArn=world.mine(INES)[0]["arn"], tags={"a": "b"})


def test_an_operator_tags_everything(world: World) -> None:
    profile = world.operator.get_launch_profile(
        studioId=STUDIO_ID, launchProfileId=world.profile_id("Lighting")
    )["launchProfile"]
    studio = world.operator.get_studio(studioId=STUDIO_ID)["studio"]
    for arn in (profile["arn"], world.mine()[0]["arn"]):
        world.operator.tag_resource(resourceArn=arn, tags={"show": "otter"})
        assert world.operator.list_tags_for_resource(resourceArn=arn)["tags"]["show"] == "otter"
    world.operator.tag_resource(resourceArn=studio["arn"], tags={"show": "otter"})
    assert world.operator.get_studio(studioId=STUDIO_ID)["studio"]["tags"] == {"show": "otter"}


@pytest.mark.parametrize(
    "tags",
    [
        {f"key {number}": "" for number in range(51)},
        {"k" * 129: ""},
        {"": "no name"},
        {"key": "v" * 257},
        {"aws:mine": "no"},
    ],
)
def test_tags_have_limits(world: World, tags: dict[str, str]) -> None:
    arn = world.mine()[0]["arn"]
    with refused("ValidationException", "INVALID_TAGS"):
        world.mara.tag_resource(resourceArn=arn, tags=tags)
    with refused("ValidationException", "INVALID_TAGS"):
        world.create(tags=tags)


def test_the_limit_counts_the_tags_that_are_there(world: World) -> None:
    session_id = world.create(tags={f"key {number}": "" for number in range(50)})
    arn = world.get(session_id)["arn"]
    with refused("ValidationException", "INVALID_TAGS"):
        world.mara.tag_resource(resourceArn=arn, tags={"one more": ""})
    world.mara.tag_resource(resourceArn=arn, tags={"key 1": "changed"})


@pytest.mark.parametrize("arn", ["nothing", "arn:aws:s3:::bucket/x", "arn:aws:nimble:x:1:eula/y"])
def test_what_is_no_arn_is_invalid(world: World, arn: str) -> None:
    with refused("ValidationException", "INVALID_ARN"):
        world.mara.list_tags_for_resource(resourceArn=arn)


def test_an_arn_of_nothing_is_not_found(world: World) -> None:
    known = world.mine()[0]["arn"]
    for arn in (known + "x", known.replace("us-west-2", "eu-west-1")):
        with refused("ResourceNotFoundException") as reply:
            world.mara.list_tags_for_resource(resourceArn=arn)
        assert reply["context"] == {"resourceId": arn}


def test_the_deleted_cannot_be_tagged(world: World) -> None:
    session_id = world.ready()
    world.mara.delete_streaming_session(studioId=STUDIO_ID, sessionId=session_id)
    world.advance()
    with refused("ValidationException", "DELETED"):
        world.mara.tag_resource(resourceArn=world.get(session_id)["arn"], tags={"a": "b"})
    assert world.get(session_id)["ownedBy"] == MARA
