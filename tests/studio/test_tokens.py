"""Client tokens: one request, one effect, however often it is sent."""

from concurrent.futures import ThreadPoolExecutor

from tests.studio.world import AIKO, MARA, STUDIO_ID, World, refused


def test_a_create_sent_again_makes_nothing_new(world: World) -> None:
    before = len(world.mine())
    first = world.create(clientToken="t-1")
    world.advance()
    assert world.create(clientToken="t-1") == first
    assert len(world.mine()) == before + 1


def test_the_current_state_is_answered(world: World) -> None:
    session_id = world.ready()
    names = {"studioId": STUDIO_ID, "sessionId": session_id, "clientToken": "t-1"}
    assert world.mara.stop_streaming_session(**names)["session"]["state"] == "STOP_IN_PROGRESS"
    assert world.mara.stop_streaming_session(**names)["session"]["state"] == "STOP_IN_PROGRESS"
    world.advance()
    assert world.mara.stop_streaming_session(**names)["session"]["state"] == "STOPPED"
    assert world.state(session_id) == "STOPPED"


def test_other_parameters_are_refused(world: World) -> None:
    world.create("Lighting", clientToken="t-1")
    count = len(world.mine())
    with refused("ValidationException", "CLIENT_TOKEN_REUSED"):
        world.create("Review", clientToken="t-1")
    with refused("ValidationException", "CLIENT_TOKEN_REUSED"):
        world.create("Lighting", clientToken="t-1", tags={"a": "b"})
    assert len(world.mine()) == count


def test_a_token_holds_over_all_operations(world: World) -> None:
    session_id = world.ready(clientToken="t-1")
    with refused("ValidationException", "CLIENT_TOKEN_REUSED"):
        world.mara.stop_streaming_session(
            studioId=STUDIO_ID, sessionId=session_id, clientToken="t-1"
        )
    assert world.state(session_id) == "READY"


def test_a_token_is_somebodys_own(world: World) -> None:
    assert world.create("Lighting", MARA, clientToken="t-1") != world.create(
        "Lighting", AIKO, clientToken="t-1"
    )


def test_a_failed_call_uses_up_no_token(world: World) -> None:
    session_id = world.create()
    names = {"studioId": STUDIO_ID, "sessionId": session_id, "clientToken": "t-1"}
    with refused("ConflictException"):
        world.mara.stop_streaming_session(**names)
    world.advance()
    world.mara.stop_streaming_session(**names)
    assert world.state(session_id) == "STOP_IN_PROGRESS"


def test_a_token_is_kept_for_a_day(world: World) -> None:
    first = world.create(clientToken="t-1")
    world.advance(24 * 3600 - 1)
    assert world.create(clientToken="t-1") == first
    world.advance(1)
    assert world.create(clientToken="t-1") != first


def test_a_create_is_never_done_again_when_what_it_made_is_gone(world: World) -> None:
    session_id = world.ready(clientToken="t-1")
    world.mara.delete_streaming_session(studioId=STUDIO_ID, sessionId=session_id)
    world.advance(2 * 3600)
    count = len(world.mine())
    with refused("ResourceNotFoundException", "CLIENT_TOKEN_USED_UP") as reply:
        world.create(clientToken="t-1")
    assert reply["context"] == {"resourceId": session_id}
    assert len(world.mine()) == count


def test_rights_come_before_tokens(world: World) -> None:
    session_id = world.ready(clientToken="t-1")
    with refused("AccessDeniedException"):
        world.client(AIKO).stop_streaming_session(
            studioId=STUDIO_ID, sessionId=session_id, clientToken="t-1"
        )


def test_tokens_come_before_states(world: World) -> None:
    session_id = world.ready()
    names = {"studioId": STUDIO_ID, "sessionId": session_id}
    world.mara.stop_streaming_session(**names, clientToken="t-1")
    with refused("ValidationException", "CLIENT_TOKEN_REUSED"):
        world.mara.start_streaming_session(**names, clientToken="t-1")
    with refused("ConflictException"):
        world.mara.start_streaming_session(**names, clientToken="t-2")


def test_the_same_request_at_once_has_one_effect(world: World) -> None:
    before = len(world.mine())
    profile_id = world.profile_id("Lighting")

    def create(_: int) -> str:
        session_id: str = world.mara.create_streaming_session(
            studioId=STUDIO_ID, launchProfileId=profile_id, clientToken="t-1"
        )["session"]["sessionId"]
        return session_id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(create, range(16)))) == 1
    assert len(world.mine()) == before + 1


def test_tokens_hold_for_launch_profiles_and_images_too(world: World) -> None:
    names = {"studioId": STUDIO_ID, "name": "New", "ec2ImageId": "ami-0a", "clientToken": "t-1"}
    made = world.operator.create_streaming_image(**names)["streamingImage"]
    world.advance()
    again = world.operator.create_streaming_image(**names)["streamingImage"]
    assert again["streamingImageId"] == made["streamingImageId"]
    assert again["state"] == "READY"
    profile = {"studioId": STUDIO_ID, "launchProfileId": world.profile_id("Comp")}
    for _ in range(2):
        world.operator.update_launch_profile(**profile, name="Renamed", clientToken="t-2")
