"""A workstation ends at its deadline, whatever becomes of the studio."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nimble_tui.studio.compute import Deadline, Verb
from nimble_tui.studio.compute.local.folder import folders
from nimble_tui.studio.compute.local.settings import DEFAULT
from nimble_tui.studio.invites import opened
from nimble_tui.studio.lifecycle.machines import change_deadline, machine_of
from nimble_tui.studio.store.records import Kind, stamp
from tests.studio.compute.service import STUBBORN, STUBBORN_IMAGE
from tests.studio.local.local_world import (
    LocalWorld,
    eventually,
    needs_sandboxes,
    open_local,
    processes,
)
from tests.studio.local.test_kills import Studios, open_studios
from tests.studio.world import STUDIO_ID

pytestmark = needs_sandboxes

ENDS_ITSELF = """
trap 'echo saved >saved; exit 0' TERM
while :; do sleep 0.05; done
"""
IMAGES = {DEFAULT: STUBBORN}


def end_in(world: LocalWorld, session_id: str, seconds: float, version: int = 1000) -> str:
    """Have a workstation end in so many seconds; return who sees to it."""
    with world.studio._store.read() as tx:  # noqa: SLF001
        record = tx.machines.of_session(session_id)
    assert record is not None
    at = world.clock.now() + timedelta(seconds=seconds)
    return world.compute.enforce(machine_of(record), Deadline(at, Verb.STOP, version)).by


def lateness(world: LocalWorld, session_id: str, seconds: float) -> float:
    """Return how late a workstation ended whose studio did nothing, in seconds."""
    ends_at = time.monotonic() + seconds
    assert end_in(world, session_id, seconds) == "by the workstation itself"
    eventually(lambda: not world.folder(session_id).is_locked())
    late = time.monotonic() - ends_at
    assert not processes(session_id)
    return late


def test_a_workstation_ends_at_its_deadline_without_the_studio(tmp_path: Path) -> None:
    with open_local(tmp_path, asked_before=0.3, images=IMAGES) as world:
        session_id = world.ready()
        assert 0 <= lateness(world, session_id, 0.6) < 1
        session = world.until(session_id, "STOPPED")
        assert session["statusMessage"] == (
            "It was stopped outside the studio: It reached its deadline."
        )
        world.do("start", session_id, "READY")


@pytest.mark.slow
def test_a_workstation_is_never_a_second_late(tmp_path: Path) -> None:
    with open_local(tmp_path, images=IMAGES) as world:
        session_id = world.ready()
        late = []
        for turn in range(20):
            late.append(lateness(world, session_id, 1 + turn * 0.13))
            world.until(session_id, "STOPPED")
            world.do("start", session_id, "READY")
        print(f"late by {min(late):.3f} to {max(late):.3f} s")  # noqa: T201 - a figure
        assert min(late) >= 0
        assert max(late) < 1


def test_programs_are_asked_to_end_before_the_deadline(tmp_path: Path) -> None:
    images = {"default": ("sh", "-c", ENDS_ITSELF)}
    with open_local(tmp_path, asked_before=5.0, images=images) as world:
        session_id = world.ready()
        assert end_in(world, session_id, 5.2) == "by the workstation itself"
        began = time.monotonic()
        eventually(lambda: not world.folder(session_id).is_locked())
        assert time.monotonic() - began < 5
        assert (world.home(session_id) / "saved").exists()
        session = world.until(session_id, "STOPPED")
        assert session["statusMessage"].endswith("It reached its deadline.")


def test_a_late_deadline_changes_nothing(
    tmp_path: Path,
) -> None:
    with open_local(tmp_path) as world:
        session_id = world.ready()
        world.studio.reconcile()
        # An earlier version than the studio's last is late, and changes nothing.
        assert end_in(world, session_id, 0.1, version=0) == "by the workstation itself"
        time.sleep(0.3)
        assert world.folder(session_id).is_locked()


def end_soon(store: Path, session_id: str, at: datetime) -> None:
    """Have a session end at a time, as a change of its deadline would be stored."""
    with opened(store) as studio, studio.write() as tx:
        session = tx.resource(Kind.STREAMING_SESSION, session_id)
        machine = tx.machines.of_session(session_id)
        assert session is not None
        assert machine is not None
        session.document["stopAt"], session.due_at = stamp(at), at
        change_deadline(machine, datetime.now(UTC))
        tx.put(session)
        tx.machines.put(machine)


def is_enforced(store: Path, session_id: str) -> bool:
    """Return whether a workstation has taken over its last deadline."""
    with opened(store) as studio, studio.read() as tx:
        machine = tx.machines.of_session(session_id)
        return machine is not None and machine.enforced_version == machine.deadline_version


def late_without_its_service(studios: Studios, store: Path) -> float:
    """Launch a workstation, kill its service, and return how late it ended, in seconds."""
    client = studios.service.client
    launch = {"studioId": STUDIO_ID, "launchProfileId": studios.profile_id}
    session = client.create_streaming_session(**launch)["session"]
    session_id, arn = session["sessionId"], session["arn"]
    eventually(lambda: studios.sessions()[session_id]["state"] == "READY")
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=4)
    end_soon(store, session_id, at)
    client.tag_resource(resourceArn=arn, tags={"any": "change"})  # the service looks what is due
    eventually(lambda: is_enforced(store, session_id))
    studios.service.kill()
    (place,) = [one for one in folders(studios.root) if one.machine_id.startswith(session_id)]
    assert place.is_locked()
    eventually(lambda: not place.is_locked())
    late = (datetime.now(UTC) - at).total_seconds()
    assert not processes(session_id)
    studios.service = studios.started.start()
    eventually(lambda: studios.sessions()[session_id]["state"] == "STOPPED")
    return late


@pytest.mark.parametrize("times", [1, pytest.param(20, marks=pytest.mark.slow)])
def test_a_workstation_ends_in_time_whose_service_was_killed(tmp_path: Path, times: int) -> None:
    with open_studios(tmp_path) as studios:
        store = tmp_path / "studio.db"
        with opened(store) as studio, studio.write() as tx:
            for image in tx.page(Kind.STREAMING_IMAGE):
                image.document["ec2ImageId"] = STUBBORN_IMAGE
                tx.put(image)
        late = [late_without_its_service(studios, store) for _ in range(times)]
    print(f"late by {min(late):.3f} to {max(late):.3f} s: {sorted(late)}")  # noqa: T201 - a figure
    assert min(late) >= 0
    assert max(late) < 1
