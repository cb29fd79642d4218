"""A workstation's life, as a client of the API sees it."""

from datetime import UTC, datetime, timedelta

import pytest

from nimble_tui.studio.compute.simulated import FAIL_TAG, SECONDS
from tests.studio.world import INES, MARA, NOW, STUDIO_ID, World, refused

HOUR = timedelta(hours=1)


@pytest.mark.always_local
def test_a_whole_life(world: World) -> None:
    session_id = world.create("Lighting", tags={"Name": "sq099 test"})
    made = world.get(session_id)
    assert made["state"] == "CREATE_IN_PROGRESS"
    assert made["statusCode"] == "STREAMING_SESSION_CREATE_IN_PROGRESS"
    assert made["createdAt"] == NOW
    assert (made["createdBy"], made["ownedBy"]) == (MARA, MARA)
    assert made["ec2InstanceType"] == "g5.2xlarge"
    assert made["tags"] == {"Name": "sq099 test"}
    assert (made["sessionPersistenceMode"], made["automaticTerminationMode"]) == (
        "ACTIVATED",
        "ACTIVATED",
    )
    assert not {"stopAt", "terminateAt", "startedAt", "stoppedAt"} & made.keys()

    world.advance()
    ready = world.get(session_id)
    assert (ready["state"], ready["statusCode"]) == ("READY", "STREAMING_SESSION_READY")
    ready_at = ready["updatedAt"]
    assert NOW < ready_at <= NOW + timedelta(seconds=15)
    assert ready["stopAt"] == ready_at + timedelta(minutes=690)
    assert "terminateAt" not in ready

    stop_asked = world.clock.now()
    stopping = world.act("stop", session_id)
    assert (stopping["state"], stopping["statusCode"]) == (
        "STOP_IN_PROGRESS",
        "STREAMING_SESSION_STOP_IN_PROGRESS",
    )
    assert (stopping["stoppedAt"], stopping["stoppedBy"]) == (stop_asked, MARA)
    assert stopping["volumeRetentionMode"] == "RETAIN"
    assert "stopAt" not in stopping

    world.advance()
    stopped = world.get(session_id)
    assert (stopped["state"], stopped["statusCode"]) == ("STOPPED", "STREAMING_SESSION_STOPPED")
    assert stopped["terminateAt"] == stop_asked + timedelta(minutes=5760)

    start_asked = world.clock.now()
    starting = world.act("start", session_id)
    assert (starting["state"], starting["statusCode"]) == (
        "START_IN_PROGRESS",
        "STREAMING_SESSION_START_IN_PROGRESS",
    )
    assert (starting["startedAt"], starting["startedBy"]) == (start_asked, MARA)
    assert "terminateAt" not in starting

    world.advance()
    started = world.get(session_id)
    assert (started["state"], started["statusCode"]) == ("READY", "STREAMING_SESSION_STARTED")
    assert started["stopAt"] == started["updatedAt"] + timedelta(minutes=690)

    deleting = world.act("delete", session_id)
    assert (deleting["state"], deleting["statusCode"]) == (
        "DELETE_IN_PROGRESS",
        "STREAMING_SESSION_DELETE_IN_PROGRESS",
    )
    assert not {"stopAt", "terminateAt"} & deleting.keys()
    world.advance()
    deleted = world.get(session_id)
    assert (deleted["state"], deleted["statusCode"]) == ("DELETED", "STREAMING_SESSION_DELETED")
    assert session_id in {one["sessionId"] for one in world.mine()}

    world.clock.time = deleted["updatedAt"] + HOUR - timedelta(seconds=1)
    assert world.state(session_id) == "DELETED"
    world.advance(3)
    with refused("ResourceNotFoundException") as reply:
        world.get(session_id)
    assert reply["context"] == {"resourceId": session_id}
    assert session_id not in {one["sessionId"] for one in world.mine()}


@pytest.mark.simulated_only("it measures the simulation's own times")
@pytest.mark.parametrize("step", ["create", "start", "stop", "delete"])
def test_a_step_takes_about_as_long_as_it_should(world: World, step: str) -> None:
    least, most = SECONDS[step] * 0.75, SECONDS[step] * 1.25
    if step == "create":
        session_id = world.create()
    else:
        session_id = world.stopped() if step == "start" else world.ready()
        world.act(step, session_id)
    assert world.state(session_id).endswith("_IN_PROGRESS")
    world.advance(least - 0.01)
    assert world.state(session_id).endswith("_IN_PROGRESS")
    world.advance(most - least + 0.02)
    assert not world.state(session_id).endswith("_IN_PROGRESS")


@pytest.mark.simulated_only("it measures the simulation's own times")
def test_two_steps_do_not_take_equally_long(world: World) -> None:
    ids = [world.create() for _ in range(6)]
    world.advance()
    assert len({world.get(one)["updatedAt"] for one in ids}) > 1


# What each action answers from each state; Delete aside, only the one state that is meant.
NOT_FROM = {
    "stop": ["STOPPED", "START_FAILED", "STOP_FAILED", "CREATE_FAILED", "DELETE_FAILED", "DELETED"],
    "start": ["READY", "STOP_FAILED", "CREATE_FAILED", "DELETE_FAILED", "DELETED"],
    "delete": ["DELETED"],
}
ALLOWED_FROM = {
    "stop": ["READY"],
    "start": ["STOPPED", "START_FAILED"],
    "delete": [
        "READY",
        "STOPPED",
        "START_FAILED",
        "STOP_FAILED",
        "CREATE_FAILED",
        "DELETE_FAILED",
    ],
}
IN_PROGRESS = [
    "CREATE_IN_PROGRESS",
    "STOP_IN_PROGRESS",
    "START_IN_PROGRESS",
    "DELETE_IN_PROGRESS",
]


def bring_to(world: World, state: str) -> str:
    """Return a session in this state, got there as a client would."""
    step = state.partition("_")[0].lower()
    if state.endswith("FAILED"):
        session_id = world.failed(step)
    elif state == "CREATE_IN_PROGRESS":
        session_id = world.create()
    elif state in {"STOPPED", "START_IN_PROGRESS"}:
        session_id = world.stopped()
    else:
        session_id = world.ready()
    if state == "DELETED":
        world.act("delete", session_id)
        world.advance()
    elif state.endswith("IN_PROGRESS") and step != "create":
        world.act(step, session_id)
    assert world.state(session_id) == state
    return session_id


@pytest.mark.parametrize(
    ("action", "state"),
    [(action, state) for action, states in NOT_FROM.items() for state in states],
)
def test_what_a_settled_state_does_not_allow_is_a_validation_error(
    world: World, action: str, state: str
) -> None:
    session_id = bring_to(world, state)
    before = world.get(session_id)
    with refused("ValidationException", "INVALID_STATE") as reply:
        world.act(action, session_id)
    assert reply["context"] == {"resourceId": session_id, "state": state}
    assert world.get(session_id) == before


@pytest.mark.parametrize("action", ["stop", "start", "delete"])
@pytest.mark.parametrize("state", IN_PROGRESS)
def test_everything_conflicts_with_a_transition(world: World, action: str, state: str) -> None:
    session_id = bring_to(world, state)
    with refused("ConflictException"):
        world.act(action, session_id)
    assert world.state(session_id) == state


@pytest.mark.parametrize(
    ("action", "state"),
    [(action, state) for action, states in ALLOWED_FROM.items() for state in states],
)
def test_what_a_state_allows(world: World, action: str, state: str) -> None:
    session_id = bring_to(world, state)
    assert world.act(action, session_id)["state"] == f"{action.upper()}_IN_PROGRESS"
    world.advance()
    assert (
        world.state(session_id)
        == {"stop": "STOPPED", "start": "READY", "delete": "DELETED"}[action]
    )


@pytest.mark.simulated_only("a tag makes the simulation fail")
@pytest.mark.parametrize("status_code", ["INSUFFICIENT_CAPACITY", "NETWORK_INTERFACE_ERROR"])
def test_a_failure_that_was_told_says_what_it_is(world: World, status_code: str) -> None:
    session_id = world.create(tags={FAIL_TAG: f"stop:INTERNAL_ERROR create:{status_code}"})
    world.advance()
    failed = world.get(session_id)
    assert (failed["state"], failed["statusCode"]) == ("CREATE_FAILED", status_code)
    assert failed["statusMessage"]


@pytest.mark.simulated_only("a tag makes the simulation fail")
def test_a_failure_told_for_once_is_over_with_the_next_try(world: World) -> None:
    session_id = world.stopped()
    arn = world.get(session_id)["arn"]
    tags = {FAIL_TAG: "start:INSUFFICIENT_CAPACITY:once"}
    world.mara.tag_resource(resourceArn=arn, tags=tags)
    for state in ("START_FAILED", "READY"):
        world.act("start", session_id)
        world.advance()
        assert world.state(session_id) == state
    world.act("stop", session_id)
    world.advance()
    world.act("start", session_id)
    world.advance()
    failed = world.get(session_id)
    assert (failed["state"], failed["statusCode"]) == ("START_FAILED", "INSUFFICIENT_CAPACITY")


@pytest.mark.simulated_only("a tag makes the simulation fail")
def test_an_unknown_failure_is_an_internal_error(world: World) -> None:
    session_id = world.create(tags={FAIL_TAG: "create:LUCK"})
    world.advance()
    assert world.get(session_id)["statusCode"] == "INTERNAL_ERROR"


def test_a_failed_start_keeps_the_disk_and_runs_no_deadline(world: World) -> None:
    session_id = bring_to(world, "START_FAILED")
    assert not {"stopAt", "terminateAt"} & world.get(session_id).keys()
    world.advance(timedelta(days=30).total_seconds())
    world.act("start", session_id)
    world.advance()
    assert world.state(session_id) == "READY"


def test_a_stop_where_that_is_not_allowed_fails_and_the_machine_runs_on(world: World) -> None:
    session_id = world.ready("Review")
    terminate_at = world.get(session_id)["terminateAt"]
    assert world.act("stop", session_id)["state"] == "STOP_IN_PROGRESS"
    world.advance()
    failed = world.get(session_id)
    assert (failed["state"], failed["statusCode"]) == ("STOP_FAILED", "INTERNAL_ERROR")
    assert failed["terminateAt"] == terminate_at
    for action in ("stop", "start"):
        with refused("ValidationException"):
            world.act(action, session_id)
    world.clock.time = terminate_at
    assert world.state(session_id) == "DELETE_IN_PROGRESS"


def test_a_deadline_within_a_refused_stop_falls_right_after_it(world: World) -> None:
    session_id = world.ready("Review")
    terminate_at = world.get(session_id)["terminateAt"]
    world.clock.time = terminate_at - timedelta(seconds=1)
    world.act("stop", session_id)
    world.advance()
    assert world.state(session_id) == "DELETED"


def test_an_unstoppable_workstation_is_deleted_by_itself(world: World) -> None:
    session_id = world.ready("Review")
    ready = world.get(session_id)
    assert "stopAt" not in ready
    assert ready["terminateAt"] == ready["updatedAt"] + timedelta(minutes=480)
    world.clock.time = ready["terminateAt"] - timedelta(seconds=1)
    assert world.state(session_id) == "READY"
    world.clock.advance(1)
    deleting = world.get(session_id)
    assert deleting["state"] == "DELETE_IN_PROGRESS"
    assert deleting["updatedBy"] == STUDIO_ID


def test_one_kept_until_deleted_is_stopped_by_itself_and_stays(world: World) -> None:
    session_id = world.ready("Comp")
    stop_at = world.get(session_id)["stopAt"]
    world.clock.time = stop_at
    assert world.state(session_id) == "STOP_IN_PROGRESS"
    world.advance()
    stopped = world.get(session_id)
    assert stopped["state"] == "STOPPED"
    assert (stopped["stoppedAt"], stopped["stoppedBy"]) == (stop_at, STUDIO_ID)
    assert "terminateAt" not in stopped
    world.advance(timedelta(days=300) / timedelta(seconds=1))
    assert world.state(session_id) == "STOPPED"


@pytest.mark.simulated_only("only a calculation can be in the past")
def test_missed_steps_are_played_in_order_with_the_times_they_would_have_had(world: World) -> None:
    session_id = world.ready("Lighting")
    stop_at = world.get(session_id)["stopAt"]
    terminate_at = stop_at + timedelta(minutes=5760)
    world.clock.time = terminate_at + timedelta(minutes=30)
    deleted = world.get(session_id)
    assert deleted["state"] == "DELETED"
    assert deleted["stoppedAt"] == stop_at
    assert timedelta() < deleted["updatedAt"] - terminate_at < timedelta(seconds=5)
    world.clock.time = terminate_at + timedelta(hours=1, seconds=5)
    with refused("ResourceNotFoundException"):
        world.get(session_id)


def test_it_lists_by_id_and_by_maker(world: World) -> None:
    mine = [one["sessionId"] for one in world.mine()]
    for_mara = world.create("Lighting", INES, ownedBy=MARA)
    listed = world.mara.list_streaming_sessions(
        studioId=STUDIO_ID, ownedBy=MARA, sessionIds=f"{mine[0]},{mine[2]},unknown"
    )["sessions"]
    assert [one["sessionId"] for one in listed] == [mine[0], mine[2]]
    by_admin = world.mara.list_streaming_sessions(studioId=STUDIO_ID, ownedBy=MARA, createdBy=INES)[
        "sessions"
    ]
    assert [one["sessionId"] for one in by_admin] == [for_mara]


@pytest.mark.parametrize(
    ("members", "wrong"),
    [
        ({"ec2InstanceType": "g5.16xlarge"}, "ec2InstanceType"),
        ({"streamingImageId": "unknown"}, "streamingImageId"),
    ],
)
def test_a_launch_keeps_to_its_launch_profile(
    world: World, members: dict[str, str], wrong: str
) -> None:
    with refused("ValidationException") as reply:
        world.create("Lighting", **members)
    assert wrong in reply["context"]


def test_a_launch_takes_what_was_chosen(world: World) -> None:
    session = world.get(world.create("Lighting", ec2InstanceType="g5.4xlarge"))
    assert session["ec2InstanceType"] == "g5.4xlarge"


def test_only_a_ready_launch_profile_launches(world: World) -> None:
    with refused("ValidationException", "INVALID_STATE") as reply:
        world.create("FX")
    assert reply["context"]["state"] == "CREATE_FAILED"


def test_an_owner_must_be_a_member(world: World) -> None:
    with refused("ValidationException") as reply:
        world.create("Animation", INES, ownedBy=MARA)
    assert "ownedBy" in reply["context"]
    with refused("ValidationException"):
        world.create("Animation", INES, ownedBy="nobody")


def test_ids_have_one_dot_and_a_short_name_of_their_own(world: World) -> None:
    ids = [world.create() for _ in range(10)] + [one["sessionId"] for one in world.mine()]
    assert len({one[-4:] for one in ids}) == len(set(ids))
    for one in ids:
        assert one.count(".") == 1
        assert set(one[-4:]) <= set("23456789abcdefghjkmnpqrstuvwxyz")


@pytest.mark.parametrize("action", ["get", "stop", "start", "delete"])
def test_an_unknown_session_is_named_in_the_context(world: World, action: str) -> None:
    with refused("ResourceNotFoundException") as reply:
        world.act(action, "nothing.here")
    assert reply["context"] == {"resourceId": "nothing.here"}


def test_another_studio_is_not_found(world: World) -> None:
    with refused("ResourceNotFoundException") as reply:
        world.mara.list_streaming_sessions(studioId="us-west-2:stid-other", ownedBy=MARA)
    assert reply["context"] == {"resourceId": "us-west-2:stid-other"}


def test_times_are_whole_seconds_in_utc(world: World) -> None:
    world.clock.time = datetime(2026, 3, 2, 10, 0, 0, 654321, tzinfo=UTC)
    assert world.get(world.create())["createdAt"] == datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_the_waiters_of_the_api_end(world: World) -> None:
    session_id = world.ready()
    quick = {"Delay": 0, "MaxAttempts": 1}
    names = {"studioId": STUDIO_ID, "sessionId": session_id}
    world.mara.get_waiter("streaming_session_ready").wait(WaiterConfig=quick, **names)
    world.act("stop", session_id, volumeRetentionMode="DELETE")
    world.advance()
    world.mara.get_waiter("streaming_session_stopped").wait(WaiterConfig=quick, **names)
    assert world.get(session_id)["volumeRetentionMode"] == "DELETE"
    world.act("delete", session_id)
    world.advance()
    world.mara.get_waiter("streaming_session_deleted").wait(WaiterConfig=quick, **names)
