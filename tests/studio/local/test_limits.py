"""Limits of all programs of a workstation together, where control groups can be written."""

import os
import signal
from pathlib import Path

import pytest

from nimble_tui.studio.compute.local import cgroups
from nimble_tui.studio.compute.local.settings import DEFAULT, Limits
from tests.studio.local.local_world import (
    LocalWorld,
    eventually,
    needs_sandboxes,
    open_local,
    supervisor_of,
)

needs_groups = pytest.mark.skipif(
    cgroups.make_parent() is None,
    reason="no limits of all programs: control groups (cgroup v2) cannot be written here",
)
SMALL = Limits(cpus=1, memory=2**29, disk=2**33)
GREEDY = """
for n in 1 2 3 4; do
    { perl -e '$text = "x" x 200_000_000; sleep 3600'; echo $? >ended-$n; } &
done
exec sleep 3600
"""
BUSY = "while :; do :; done & while :; do :; done"


def group_of(world: LocalWorld, session_id: str) -> Path:
    """Return the control group of a workstation."""
    parent = cgroups.make_parent()
    assert parent is not None
    return parent / world.folder(session_id).machine_id


def count(path: Path, name: str) -> int:
    """Return a number of a group's statistics."""
    numbers = dict(line.split() for line in path.read_text(encoding="ascii").splitlines())
    return int(numbers[name])


@needs_sandboxes
@needs_groups
def test_programs_that_together_take_too_much_memory_end_in_their_sandbox_alone(
    tmp_path: Path,
) -> None:
    images = {DEFAULT: ("sh", "-c", GREEDY)}
    with open_local(tmp_path, types={DEFAULT: SMALL}, images=images) as world:
        greedy = world.ready()
        group = group_of(world, greedy)
        eventually(lambda: any(world.home(greedy).glob("ended-*")))
        ended = next(world.home(greedy).glob("ended-*"))
        eventually(ended.read_text)
        assert ended.read_text() == "137\n"
        assert count(group / "memory.events", "oom_kill") >= 1
        assert int((group / "memory.max").read_text()) == SMALL.memory
        assert world.until(greedy, "READY")
        world.do("stop", greedy, "STOPPED")
        eventually(lambda: not group.exists())


@needs_sandboxes
@needs_groups
def test_busy_programs_share_the_processors_of_their_workstation(tmp_path: Path) -> None:
    images = {DEFAULT: ("sh", "-c", BUSY)}
    with open_local(tmp_path, types={DEFAULT: SMALL}, images=images) as world:
        group = group_of(world, world.ready())
        eventually(lambda: count(group / "cpu.stat", "nr_throttled") > 0)
        assert (group / "pids.max").read_text() == "4096\n"


@needs_sandboxes
@needs_groups
def test_the_group_of_a_workstation_whose_supervisor_was_killed_goes_with_it(
    tmp_path: Path,
) -> None:
    with open_local(tmp_path) as world:
        session_id = world.ready()
        group = group_of(world, session_id)
        os.kill(supervisor_of(world.folder(session_id)), signal.SIGKILL)
        world.until(session_id, "STOPPED")
        assert group.exists()
        world.do("delete", session_id, "DELETED")
        eventually(lambda: not group.exists())


def tree(folder: Path, *groups: str) -> Path:
    """Make a folder that looks like groups, the first of which is the root."""
    for name in groups:
        group = folder / name
        group.mkdir(parents=True, exist_ok=True)
        for file in ("cgroup.controllers", "cgroup.procs", "cgroup.subtree_control"):
            (group / file).write_text("cpu io memory pids", encoding="ascii")
    return folder


@pytest.mark.parametrize(
    ("own", "made"),
    [
        ("0::/system.slice/studio.service\n", "nimble"),
        ("0::/\n", "nimble"),
        ("1:name=systemd:/\n0::/\n", "nimble"),
        ("1:name=systemd:/\n", None),
        ("0::/../other\n", None),
        ("", None),
    ],
)
def test_groups_are_made_in_the_highest_that_can_be_written(
    own: str, made: str | None, tmp_path: Path
) -> None:
    root = tree(tmp_path / "tree", ".", "system.slice", "system.slice/studio.service")
    of_process = tmp_path / "cgroup"
    of_process.write_text(own, encoding="ascii")
    assert cgroups.make_parent(root, of_process) == (root / made if made else None)


def test_a_group_with_processes_of_its_own_is_passed_over(tmp_path: Path) -> None:
    root = tree(tmp_path / "tree", ".", "user.slice", "user.slice/nimble.service")
    for name in ("cgroup.procs", "user.slice/cgroup.procs"):
        (root / name).unlink()  # which root could write whatever its mode
    of_process = tmp_path / "cgroup"
    of_process.write_text("0::/user.slice/nimble.service\n", encoding="ascii")
    assert cgroups.make_parent(root, of_process) is None
    assert cgroups.existing_parent(root) is None


def test_the_group_of_a_service_is_found_from_a_terminal(tmp_path: Path) -> None:
    root = tree(tmp_path / "tree", ".", "nimble.slice", "nimble.slice/nimble")
    assert cgroups.existing_parent(root) == root / "nimble.slice" / "nimble"
