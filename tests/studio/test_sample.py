"""The sample studio: what the demo begins with, and that it is the same on any day."""

from datetime import timedelta
from pathlib import Path

import pytest

from nimble_tui.core.clock import ManualClock
from nimble_tui.studio.studio import Studio
from tests.studio.world import MARA, NOW, STUDIO_ID, Session, World, open_world, seeded

MINUTE = timedelta(minutes=1)


def by_state(sessions: list[Session]) -> dict[str, Session]:
    """Return the latest made of each state."""
    return {one["state"]: one for one in sorted(sessions, key=lambda one: one["createdAt"])}


def test_the_artists_workstations(world: World) -> None:
    mine = world.mine()
    states = [one["state"] for one in mine]
    assert states.count("READY") == 2
    assert {"STOPPED", "START_IN_PROGRESS", "START_FAILED"} <= set(states)
    ready = [one for one in mine if one["state"] == "READY"]
    stoppable = next(one for one in ready if "stopAt" in one)
    unstoppable = next(one for one in ready if "terminateAt" in one)
    assert stoppable["tags"] == {"Name": "sq042 lighting"}
    assert timedelta(hours=1) < unstoppable["terminateAt"] - NOW < timedelta(hours=4)
    (near,) = [one for one in mine if one["state"] == "STOPPED" and "terminateAt" in one]
    assert timedelta(minutes=50) < near["terminateAt"] - NOW <= timedelta(minutes=52)
    failed = by_state(mine)["START_FAILED"]
    assert failed["statusCode"] == "INSUFFICIENT_CAPACITY"
    names = [one["tags"].get("Name") for one in mine]
    assert None in names
    assert len(set(names)) > 2


def test_one_is_in_transition_for_long_enough_to_be_seen(world: World) -> None:
    session_id = by_state(world.mine())["START_IN_PROGRESS"]["sessionId"]
    world.advance(24)
    assert world.state(session_id) == "START_IN_PROGRESS"
    world.advance(2)
    assert world.state(session_id) == "READY"


@pytest.mark.simulated_only("the sample's own workstations have no machines")
def test_one_that_failed_to_start_starts_the_next_time(world: World) -> None:
    session_id = by_state(world.mine())["START_FAILED"]["sessionId"]
    world.mara.start_streaming_session(studioId=STUDIO_ID, sessionId=session_id)
    world.advance()
    assert world.state(session_id) == "READY"


def test_the_launch_profiles(world: World) -> None:
    profiles = {
        one["name"]: one
        for one in world.mara.list_launch_profiles(studioId=STUDIO_ID, principalId=MARA)[
            "launchProfiles"
        ]
    }
    modes = {
        name: (
            one["streamConfiguration"].get("sessionPersistenceMode"),
            one["streamConfiguration"].get("automaticTerminationMode"),
            one["streamConfiguration"].get("maxStoppedSessionLengthInMinutes"),
        )
        for name, one in profiles.items()
    }
    assert modes["Lighting"] == ("ACTIVATED", "ACTIVATED", 5760)
    assert modes["Comp"] == ("ACTIVATED", "DEACTIVATED", None)
    assert modes["Review"] == (None, None, None)
    assert any(name.startswith("RenderWorker") for name in profiles)
    failed = profiles["FX"]
    assert failed["state"] == "CREATE_FAILED"
    assert "VALIDATION_FAILED" in {one["state"] for one in failed["validationResults"]}
    platforms = set()
    for name in ("Lighting", "Comp", "Review"):
        details = world.mara.get_launch_profile_details(
            studioId=STUDIO_ID, launchProfileId=profiles[name]["launchProfileId"]
        )
        (image,) = details["streamingImages"]
        assert (image["state"], image["eulaIds"]) == ("READY", [])
        platforms.add(image["platform"])
    assert platforms == {"LINUX", "WINDOWS"}


def test_one_launch_profile_waits_for_a_licence(world: World) -> None:
    details = world.mara.get_launch_profile_details(
        studioId=STUDIO_ID, launchProfileId=world.profile_id("Previs")
    )
    assert details["launchProfile"]["state"] == "READY"
    (image,) = details["streamingImages"]
    assert (image["state"], image["owner"]) == ("READY", "amazon")
    acceptances = world.mara.list_eula_acceptances(studioId=STUDIO_ID)["eulaAcceptances"]
    accepted = {one["eulaId"] for one in acceptances}
    assert accepted < set(image["eulaIds"])
    assert not [one for one in world.mine() if one["streamingImageId"] == image["streamingImageId"]]


def test_one_stopped_workstation_has_several_backups(world: World) -> None:
    plates = next(one for one in world.mine() if one["tags"].get("Name") == "sq007 plates")
    assert plates["state"] == "STOPPED"
    backups = world.backups(plates["sessionId"])
    assert [one["state"] for one in backups] == ["READY"] * 3
    assert backups[-1]["createdAt"] == plates["stoppedAt"]
    assert len({one["createdAt"].date() for one in backups}) == 3


def test_clipboards_uploads_and_components_differ(world: World) -> None:
    seen, uploads = set(), set()
    for name in ("Lighting", "Comp", "Review", "Previs"):
        details = world.mara.get_launch_profile_details(
            studioId=STUDIO_ID, launchProfileId=world.profile_id(name)
        )
        configuration = details["launchProfile"]["streamConfiguration"]
        seen.add((configuration["clipboardMode"], "sessionStorage" in configuration))
        uploads.update(configuration.get("sessionStorage", {}).get("root", {}).items())
        for one in details["studioComponentSummaries"]:
            assert one["description"]
    assert len(seen) == 3
    assert {platform for platform, _ in uploads} == {"linux", "windows"}


def test_it_keeps_to_the_api(world: World) -> None:
    """What was written down for the sample would be taken from an operator too."""
    for one in world.operator.list_studio_components(studioId=STUDIO_ID)["studioComponents"]:
        given = ("configuration", "initializationScripts", "ec2SecurityGroupIds", "description")
        world.operator.update_studio_component(
            studioId=STUDIO_ID,
            studioComponentId=one["studioComponentId"],
            **{name: one[name] for name in given if name in one},
        )
    for profile in world.operator.list_launch_profiles(studioId=STUDIO_ID)["launchProfiles"]:
        if profile["state"] == "READY":
            world.operator.update_launch_profile(
                studioId=STUDIO_ID,
                launchProfileId=profile["launchProfileId"],
                streamConfiguration=profile["streamConfiguration"],
            )


def test_it_is_the_same_each_time_but_for_the_keys() -> None:
    sessions, keys = [], []
    for _ in range(2):
        with open_world() as world:
            sessions.append(world.operator.list_streaming_sessions(studioId=STUDIO_ID)["sessions"])
            keys.append({one.secret_access_key for one in world.studio.people()})
    assert sessions[0] == sessions[1]
    assert not keys[0] & keys[1]


def test_keys_can_be_the_same_too() -> None:
    pairs = []
    for _ in range(2):
        with Studio.open(None, clock=ManualClock(NOW), chance=seeded()) as studio:
            pairs.append([(one.access_key_id, one.secret_access_key) for one in studio.people()])
    assert pairs[0] == pairs[1]
    assert len({secret for _, secret in pairs[0]}) == len(pairs[0])


def test_a_top_up_is_within_its_deadlines() -> None:
    with open_world(sessions=60) as world:
        mine = world.mine()
        assert len(mine) == 60
        assert {"READY", "STOPPED"} <= {one["state"] for one in mine}
        for one in mine:
            for name in ("stopAt", "terminateAt"):
                assert one.get(name, NOW + MINUTE) > NOW
        world.advance(25 * 3600)
        assert "READY" not in {one["state"] for one in world.mine()}


def test_a_top_up_to_fewer_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    for count in (30, 10, 30):
        with open_world(path, sessions=count) as world:
            assert len(world.mine()) == 30


def test_a_demo_left_for_weeks_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    clock = ManualClock(NOW)
    with open_world(path, clock) as world:
        before = world.mine()
        token_made = world.create(clientToken="t-1")
    gap = timedelta(days=23, hours=7, seconds=5)
    clock.time += gap
    with open_world(path, clock) as world:
        after = {one["sessionId"]: one for one in world.mine()}
        for old in before:
            shifted = {
                name: value + gap if name.endswith("At") else value for name, value in old.items()
            }
            assert after[old["sessionId"]] == shifted
        assert world.create(clientToken="t-1") == token_made
        world.advance(25)
        assert "START_IN_PROGRESS" not in {one["state"] for one in world.mine()}


@pytest.mark.parametrize(("minutes", "moved"), [(59, False), (61, True)])
def test_only_more_than_an_hour_counts(tmp_path: Path, minutes: int, moved: bool) -> None:
    path = tmp_path / "studio.db"
    clock = ManualClock(NOW)
    with open_world(path, clock) as world:
        session = by_state(world.mine())["STOPPED"]
        near = next(
            one for one in world.mine() if one["state"] == "STOPPED" and "terminateAt" in one
        )
    clock.advance(minutes * 60)
    with open_world(path, clock) as world:
        again = world.get(session["sessionId"])
        assert (again["createdAt"] != session["createdAt"]) == moved
        assert world.state(near["sessionId"]) == "STOPPED"
        # A deletion that fell due while nobody served it waits for an hour.
        later = near["terminateAt"] + 61 * MINUTE if moved else NOW + (59 + 60) * MINUTE
        assert world.get(near["sessionId"])["terminateAt"] == later


def test_time_served_is_no_absence(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    clock = ManualClock(NOW)
    with open_world(path, clock) as world:
        created_at = world.mine()[0]["createdAt"]
        world.advance(5 * 3600)
    with open_world(path, clock) as world:
        assert world.mine()[0]["createdAt"] == created_at


def test_a_second_app_moves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    clock = ManualClock(NOW)
    Studio.open(path, clock=clock).close()
    clock.advance(3 * 24 * 3600)
    with open_world(path, clock) as first:
        mine = first.mine()
        with open_world(path, clock) as second:
            assert second.mine() == mine
        assert first.mine() == mine


def test_a_clock_set_back_moves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    clock = ManualClock(NOW)
    with open_world(path, clock) as world:
        mine = world.mine()
    clock.advance(-5 * 3600)
    with open_world(path, clock) as world:
        assert world.mine() == mine
