"""A workstation ends at its deadline, whatever becomes of the studio."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from nimble_tui.studio.compute import Deadline, Verb
from nimble_tui.studio.lifecycle.machines import machine_of
from tests.studio.local.local_world import (
    LocalWorld,
    eventually,
    needs_sandboxes,
    open_local,
    processes,
)

pytestmark = needs_sandboxes

ENDS_ITSELF = """
trap 'echo saved >saved; exit 0' TERM
while :; do sleep 0.05; done
"""
STUBBORN = {"default": ("sh", "-c", "trap '' TERM; while :; do sleep 1; done")}


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
    with open_local(tmp_path, asked_before=0.3, images=STUBBORN) as world:
        session_id = world.ready()
        assert 0 <= lateness(world, session_id, 0.6) < 1
        session = world.until(session_id, "STOPPED")
        assert session["statusMessage"] == (
            "It was stopped outside the studio: It reached its deadline."
        )
        world.do("start", session_id, "READY")


@pytest.mark.slow
def test_a_workstation_is_never_a_second_late(tmp_path: Path) -> None:
    with open_local(tmp_path, images=STUBBORN) as world:
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
