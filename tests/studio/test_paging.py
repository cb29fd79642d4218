"""Pages of lists."""

import base64

import pytest

from tests.studio.world import INES, MARA, STUDIO_ID, World, open_world, refused


def test_sessions_come_five_hundred_a_page() -> None:
    with open_world(sessions=1001) as world:
        names = {"studioId": STUDIO_ID, "ownedBy": MARA}
        pages = list(world.mara.get_paginator("list_streaming_sessions").paginate(**names))
        assert [len(page["sessions"]) for page in pages] == [500, 500, 1]
        ids = [one["sessionId"] for page in pages for one in page["sessions"]]
        assert len(set(ids)) == 1001
        assert "nextToken" not in pages[-1]


def test_a_full_last_page_has_no_next() -> None:
    with open_world(sessions=500) as world:
        reply = world.mara.list_streaming_sessions(studioId=STUDIO_ID, ownedBy=MARA)
        assert len(reply["sessions"]) == 500
        assert "nextToken" not in reply


def test_a_session_made_or_gone_meanwhile_disturbs_no_page(world: World) -> None:
    everything = {
        one["launchProfileId"]
        for one in world.admin.list_launch_profiles(studioId=STUDIO_ID)["launchProfiles"]
    }
    first = world.admin.list_launch_profiles(studioId=STUDIO_ID, maxResults=2)
    assert len(first["launchProfiles"]) == 2
    new = world.new_profile()
    rest = world.admin.list_launch_profiles(
        studioId=STUDIO_ID, maxResults=100, nextToken=first["nextToken"]
    )
    seen = [one["launchProfileId"] for one in first["launchProfiles"] + rest["launchProfiles"]]
    assert len(seen) == len(set(seen))
    assert set(seen) == everything | {new}


def test_the_paginator_of_launch_profiles_takes_a_page_size(world: World) -> None:
    pages = world.admin.get_paginator("list_launch_profiles").paginate(
        studioId=STUDIO_ID, PaginationConfig={"PageSize": 4}
    )
    assert [len(page["launchProfiles"]) for page in pages] == [4, 3]


@pytest.mark.parametrize(
    "token", ["x", "AAAA", "é", "A" * 5000, base64.b64encode(bytes(24)).decode()]
)
def test_a_token_that_is_none_is_refused(world: World, token: str) -> None:
    for call, names in (
        (world.mara.list_streaming_sessions, {"ownedBy": MARA, "studioId": STUDIO_ID}),
        (world.mara.list_launch_profiles, {"principalId": MARA, "studioId": STUDIO_ID}),
        (world.admin.list_streaming_images, {"studioId": STUDIO_ID}),
        (world.mara.list_studios, {}),
    ):
        with refused("ValidationException", "BAD_NEXT_TOKEN"):
            call(**names, nextToken=token)


def test_a_token_of_another_list_is_refused(world: World) -> None:
    token = world.admin.list_launch_profiles(studioId=STUDIO_ID, maxResults=1)["nextToken"]
    for call, names in (
        (world.admin.list_launch_profiles, {"states": ["READY"]}),
        (world.admin.list_launch_profiles, {"principalId": INES}),
        (world.admin.list_streaming_images, {}),
        (world.operator.list_launch_profiles, {}),
    ):
        with refused("ValidationException", "BAD_NEXT_TOKEN"):
            call(studioId=STUDIO_ID, nextToken=token, **names)
    world.admin.list_launch_profiles(studioId=STUDIO_ID, nextToken=token)
