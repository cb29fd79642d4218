"""What the app promises an artist is what the studio does, with records as they are sent."""

import itertools
from typing import Any

import pytest

from nimble_tui.core.model import (
    LaunchProfile,
    SessionAction,
    StreamingSession,
    read_launch_profile,
    read_streaming_session,
)
from nimble_tui.core.rules import Allowed, check_action, deadline
from tests.studio.world import STUDIO_ID, World, refused

MODES: tuple[tuple[str | None, str | None, int | None], ...] = (
    (None, None, None),
    (None, None, 0),
    (None, None, 60),
    ("DEACTIVATED", None, None),
    ("DEACTIVATED", None, 0),
    ("ACTIVATED", None, None),
    ("ACTIVATED", "DEACTIVATED", 0),
    ("ACTIVATED", "ACTIVATED", None),
    ("ACTIVATED", "ACTIVATED", 0),
    ("ACTIVATED", "ACTIVATED", 60),
)


def configuration(mode: tuple[str | None, str | None, int | None]) -> dict[str, Any]:
    names = (
        "sessionPersistenceMode",
        "automaticTerminationMode",
        "maxStoppedSessionLengthInMinutes",
    )
    return {name: value for name, value in zip(names, mode, strict=True) if value is not None}


def seen(world: World, session_id: str) -> tuple[StreamingSession, LaunchProfile]:
    """Return a session and its launch profile as the app reads them."""
    session = read_streaming_session(world.get(session_id))
    reply = world.operator.get_launch_profile(
        studioId=STUDIO_ID, launchProfileId=session.launch_profile_id
    )
    return session, read_launch_profile(reply["launchProfile"])


@pytest.mark.parametrize("mode", MODES)
def test_when_something_happens_by_itself(
    world: World, mode: tuple[str | None, str | None, int | None]
) -> None:
    profile_id = world.new_profile(**configuration(mode))
    reply = world.admin.create_streaming_session(studioId=STUDIO_ID, launchProfileId=profile_id)
    session_id = reply["session"]["sessionId"]
    world.advance()
    for _ in range(2):
        session, profile = seen(world, session_id)
        promised = deadline(session, profile)
        if promised is None:
            world.advance(400 * 86400)
            assert world.state(session_id) == session.state
            return
        world.clock.time = promised.at
        world.advance(-1)
        assert world.state(session_id) == session.state
        world.clock.advance(1)
        assert world.state(session_id) == f"{promised.ending.upper()}_IN_PROGRESS"
        world.advance()
        if promised.ending == "delete":
            assert world.state(session_id) == "DELETED"
            return


@pytest.mark.parametrize(
    ("action", "step"),
    itertools.product(SessionAction, ["create", "start", "stop", "delete", "none"]),
)
@pytest.mark.parametrize("settled", [True, False])
def test_what_the_app_allows_the_studio_does_and_no_more(
    world: World, action: SessionAction, step: str, settled: bool
) -> None:
    """Bring a session somewhere by a step that fails or is under way, then try the action."""
    if settled and step != "none":
        session_id = world.failed(step)
    elif step == "create":
        session_id = world.create()
    else:
        session_id = world.stopped() if step == "start" else world.ready()
        if step != "none":
            world.act(step, session_id)
    allowed = check_action(action, *seen(world, session_id))
    call = getattr(world.admin, f"{action}_streaming_session")
    if isinstance(allowed, Allowed):
        call(studioId=STUDIO_ID, sessionId=session_id)
        assert world.state(session_id) == f"{action.upper()}_IN_PROGRESS"
    else:
        name = "ValidationException" if settled or step == "none" else "ConflictException"
        with refused(name):
            call(studioId=STUDIO_ID, sessionId=session_id)
