"""Backups of workstations that are damaged or gone: a sentence says so, and none is broken."""

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.studio.local.local_world import (
    LocalWorld,
    eventually,
    needs_sandboxes,
    open_local,
    processes,
    supervisor_of,
)

pytestmark = needs_sandboxes

GONE = "The workstation's files are gone"


def remove_folder(world: LocalWorld, session_id: str) -> None:
    shutil.rmtree(world.folder(session_id).path, ignore_errors=True)
    eventually(lambda: not processes(session_id))


def remove_home(world: LocalWorld, session_id: str) -> None:
    shutil.rmtree(world.home(session_id))


@pytest.mark.parametrize(
    ("remove", "state"),
    [
        pytest.param(remove_folder, "STOP_FAILED", marks=pytest.mark.slow),
        (remove_home, "STOPPED"),
    ],
)
def test_of_files_that_are_gone_there_is_no_backup_and_the_session_says_so(
    tmp_path: Path, remove: Callable[[LocalWorld, str], None], state: str
) -> None:
    with open_local(tmp_path) as world:
        session_id = world.ready()
        world.do("stop", session_id, "STOPPED")
        good = world.backups(session_id)[-1]["backupId"]
        world.do("start", session_id, "READY")
        (world.home(session_id) / "note").write_text("new", encoding="utf-8")
        remove(world, session_id)
        world.act("stop", session_id)
        session = world.until(session_id, state, through="STOP_FAILED")
        assert GONE in session["statusMessage"]
        assert [one["state"] for one in world.backups(session_id)] == ["READY", "CREATE_FAILED"]
        assert GONE in world.backups(session_id)[-1]["statusMessage"]
        folders = [one for one in (world.root / ".backups" / session_id).iterdir() if one.is_dir()]
        assert [one.name for one in folders] == [good]
        world.do("delete", session_id, "DELETED")
        eventually(lambda: not processes(session_id))  # they remove what it had
        assert not list(world.root.glob(f"**/{good}"))


@pytest.mark.slow
def test_a_workstation_whose_supervisor_is_dead_is_backed_up(tmp_path: Path) -> None:
    with open_local(tmp_path) as world:
        session_id = world.ready()
        note = world.home(session_id) / "note"
        note.write_text("first", encoding="utf-8")
        os.kill(supervisor_of(world.folder(session_id)), signal.SIGKILL)
        eventually(lambda: not processes(session_id))
        world.do("stop", session_id, "STOPPED")
        (backup,) = world.backups(session_id)
        assert backup["state"] == "READY"
        note.write_text("second", encoding="utf-8")
        world.do("start", session_id, "READY", backupId=backup["backupId"])
        assert note.read_text(encoding="utf-8") == "first"


@pytest.mark.parametrize("is_empty", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_a_backup_that_is_gone_costs_no_disk(tmp_path: Path, *, is_empty: bool) -> None:
    with open_local(tmp_path) as world:
        session_id = world.ready()
        note = world.home(session_id) / "note"
        note.write_text("kept", encoding="utf-8")
        world.do("stop", session_id, "STOPPED")
        (backup,) = world.backups(session_id)
        copy = world.root / ".backups" / session_id / backup["backupId"]
        shutil.rmtree(copy)
        if is_empty:
            copy.mkdir()
        world.act("start", session_id, backupId=backup["backupId"])
        session = world.until(session_id, "START_FAILED")
        assert session["statusMessage"] == "The backup no longer exists; start it without one."
        world.do("start", session_id, "READY")
        assert note.read_text(encoding="utf-8") == "kept"


def test_a_workstation_whose_folder_is_gone_starts_from_a_backup(tmp_path: Path) -> None:
    with open_local(tmp_path) as world:
        session_id = world.ready()
        (world.home(session_id) / "note").write_text("kept", encoding="utf-8")
        world.do("stop", session_id, "STOPPED")
        (backup,) = world.backups(session_id)
        remove_folder(world, session_id)
        world.act("start", session_id)
        session = world.until(session_id, "START_FAILED")
        assert session["statusMessage"] == f"{GONE}; start it from a backup, or delete it."
        world.do("start", session_id, "READY", backupId=backup["backupId"])
        assert (world.home(session_id) / "note").read_text(encoding="utf-8") == "kept"
