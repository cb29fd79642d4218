"""What goes wrong on a machine, and the sentence that the session shows of it."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from nimble_tui.studio.compute import Failure, MachineRequest, Power, Verb
from nimble_tui.studio.compute.local.folder import Folder, Phase, write_state
from nimble_tui.studio.lifecycle.machines import machine_of
from tests.studio.local.local_world import (
    LocalWorld,
    eventually,
    needs_sandboxes,
    open_local,
    processes,
    supervisor_of,
)
from tests.studio.world import STUDIO_ID

pytestmark = needs_sandboxes
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a file system")


def test_a_supervisor_that_is_killed_takes_its_workstation_with_it(tmp_path: Path) -> None:
    with open_local(tmp_path) as world:
        session_id = world.ready()
        os.kill(supervisor_of(world.folder(session_id)), signal.SIGKILL)
        eventually(lambda: not processes(session_id))
        session = world.until(session_id, "STOPPED")
        assert session["statusMessage"] == (
            "It was stopped outside the studio: The program that watches over it was ended."
        )
        world.do("start", session_id, "READY")


def test_a_session_that_ends_at_once_is_no_workstation(tmp_path: Path) -> None:
    images = {"default": ("sh", "-c", "echo 'no display manager'; exit 4")}
    with open_local(tmp_path, images=images) as world:
        session = world.until(world.launch(), "CREATE_FAILED")
        assert session["statusMessage"] == (
            "The desktop session ended at once with status 4. It said: no display manager"
        )


@pytest.mark.slow
def test_a_session_command_that_is_not_there_is_said(tmp_path: Path) -> None:
    with open_local(tmp_path, images={"default": ("no-such-desktop",)}) as world:
        session = world.until(world.launch(), "CREATE_FAILED")
        assert "status 127" in session["statusMessage"]
        assert "no-such-desktop" in session["statusMessage"]


def test_an_artist_who_signs_out_stops_the_workstation(tmp_path: Path) -> None:
    images = {"default": ("sh", "-c", "until [ -e out ]; do sleep 0.05; done; echo bye")}
    with open_local(tmp_path, images=images) as world:
        session_id = world.ready()
        (world.home(session_id) / "out").touch()
        session = world.until(session_id, "STOPPED")
        assert session["statusMessage"] == (
            "It was stopped outside the studio: Its desktop session ended. It said: bye"
        )


@pytest.mark.slow
def test_an_x_server_that_is_killed_stops_the_workstation(tmp_path: Path) -> None:
    with open_local(tmp_path) as world:
        session_id = world.ready()
        for pid in processes(session_id):
            if Path("/proc", str(pid), "comm").read_text().strip() in {"Xvnc", "Xtigervnc"}:
                os.kill(pid, signal.SIGKILL)
        session = world.until(session_id, "STOPPED")
        assert "The X server ended." in session["statusMessage"]


@pytest.mark.slow
def test_a_machine_that_was_restarted_stopped_its_workstations(tmp_path: Path) -> None:
    with open_local(tmp_path) as world:
        session_id = world.ready()
        place = world.folder(session_id)
        state = place.read()
        assert state is not None
        os.kill(supervisor_of(place), signal.SIGKILL)
        eventually(lambda: not place.is_locked())
        state.boot_id = "of another start of the machine"
        write_state(place.path, state)
        session = world.until(session_id, "STOPPED")
        assert session["statusMessage"] == (
            "It was stopped outside the studio: This machine was restarted."
        )
        lock = place.lock(0)  # as a start takes it first
        assert lock is not None
        (observed,) = world.compute.describe([]).values()
        assert observed.power == Power.BOOTING
        os.close(lock)
        world.do("start", session_id, "READY")


def test_a_folder_that_is_gone_ends_the_workstation_and_is_said(tmp_path: Path) -> None:
    with open_local(tmp_path) as world:
        session_id = world.ready()
        shutil.rmtree(world.folder(session_id).path, ignore_errors=True)
        eventually(lambda: not processes(session_id))
        other = world.ready()
        world.do("stop", other, "STOPPED")
        shutil.rmtree(world.home(other))
        world.act("start", other)
        session = world.until(other, "START_FAILED")
        assert session["statusMessage"].startswith("The workstation's files are gone;")
        backup = world.backups(other)[-1]["backupId"]
        world.do("start", other, "READY", backupId=backup)


def test_a_machine_that_is_full_says_so_and_has_room_again_after_a_stop(tmp_path: Path) -> None:
    with open_local(tmp_path, cpus=2, memory=2**33) as world:
        first, _ = world.ready(), world.ready()
        third = world.launch()
        session = world.until(third, "CREATE_FAILED")
        assert session["statusCode"] == "INSUFFICIENT_CAPACITY"
        assert session["statusMessage"].startswith(
            "This machine has 0 processors and 4 GiB of memory left, and the workstation needs 1 "
        )
        world.do("stop", first, "STOPPED")
        world.ready()
        world.act("start", first)
        session = world.until(first, "START_FAILED")
        assert session["statusCode"] == "INSUFFICIENT_CAPACITY"


def test_a_type_without_limits_is_refused(tmp_path: Path) -> None:
    with open_local(tmp_path, types={}) as world:
        session = world.until(world.launch(), "CREATE_FAILED")
        assert session["statusMessage"].startswith("There are no limits for g5.xlarge here:")
        assert not list(world.root.glob("ws-*"))


def test_an_image_for_windows_is_refused(tmp_path: Path) -> None:
    with open_local(tmp_path) as world:
        images = world.operator.list_streaming_images(studioId=STUDIO_ID)["streamingImages"]
        windows = [one["streamingImageId"] for one in images if one["platform"] == "WINDOWS"]
        world.add_profile("windows", streamingImageIds=windows)
        session = world.until(world.launch("windows"), "CREATE_FAILED")
        assert session["statusMessage"].startswith("Its image is for WINDOWS, and this machine ")
        assert not list(world.root.glob("ws-*"))


def test_a_folder_with_our_mark_that_no_session_knows_is_listed_and_left_alone(
    tmp_path: Path,
) -> None:
    with open_local(tmp_path) as world:
        session_id = world.ready()
        stray = world.root / "ws-stray-7"
        shutil.copytree(
            world.folder(session_id).path, stray, ignore=lambda *_: ["run", "control.sock"]
        )
        (world.root / "ws-file-8").touch()
        (world.root / "ws-link-9").symlink_to(stray)
        world.do("delete", session_id, "DELETED")
        world.studio.reconcile()
        for name in ("stray-7", "file-8", "link-9"):
            assert any(name in one.text for one in world.studio.findings())
            assert (world.root / f"ws-{name}").exists()
        assert (stray / "home").is_dir()


def test_a_folder_that_is_not_mounted_ends_no_session(tmp_path: Path) -> None:
    with open_local(tmp_path) as world:
        session_id = world.ready()
        world.do("stop", session_id, "STOPPED")
        world.root.rename(tmp_path / "elsewhere")
        world.root.mkdir()
        for _ in range(5):
            world.clock.advance(600)
            world.studio.reconcile()
        assert world.state(session_id) == "STOPPED"
        world.root.rmdir()
        (tmp_path / "elsewhere").rename(world.root)


@contextmanager
def mounted(at: Path, size: int) -> Iterator[None]:
    """Have a small file system of its own below a folder."""
    at.mkdir()
    options = f"size={size}k,mode=700"
    run("mount", "-t", "tmpfs", "-o", options, "tmpfs", str(at))
    try:
        yield
    finally:
        run("umount", "-l", str(at))


def run(program: str, *words: str) -> None:
    subprocess.run([shutil.which(program) or program, *words], check=True)


def fill(path: Path) -> None:
    """Write a file until the disk is full."""
    with suppress(OSError), path.open("wb") as file:
        while True:
            file.write(bytes(4096))
            file.flush()


@needs_root
def test_a_full_and_a_read_only_disk_are_said_and_can_be_left_behind(tmp_path: Path) -> None:
    root = tmp_path / "workstations"
    with mounted(root, 512), open_local(tmp_path) as world:
        session_id = world.ready()
        filler = world.home(session_id) / "filler"
        fill(filler)
        world.act("stop", session_id)
        session = world.until(session_id, "STOPPED", through="STOP_FAILED")
        assert "The backup could not be created: " in session["statusMessage"]
        assert "No space left on device" in session["statusMessage"]
        assert [one["state"] for one in world.backups(session_id)] == ["CREATE_FAILED"]
        assert filler.exists()
        world.do("start", session_id, "READY")
        filler.unlink()
        world.do("stop", session_id, "STOPPED")
        run("mount", "-o", "remount,ro", str(root))
        world.act("start", session_id)
        session = world.until(session_id, "START_FAILED")
        assert "Read-only file system" in session["statusMessage"]
        run("mount", "-o", "remount,rw", str(root))
        world.do("delete", session_id, "DELETED")


def test_a_late_request_is_refused(tmp_path: Path) -> None:
    with open_local(tmp_path) as world:
        session_id = world.ready()
        launch, stop = sent(world, session_id, "launch", 1), sent(world, session_id, "stop", 2)
        world.do("stop", session_id, "STOPPED")
        world.do("start", session_id, "READY")
        late = Failure("INTERNAL_ERROR", "This request is late; another one has followed it.")
        assert world.compute.apply(stop) == late
        assert world.compute.apply(launch) == late
        assert world.folder(session_id).is_locked()
        place = world.folder(session_id)
        world.do("delete", session_id, "DELETED")
        assert world.compute.apply(launch) == late
        assert not place.path.exists()


def sent(world: LocalWorld, session_id: str, verb: str, number: int) -> MachineRequest:
    """Return a request as it was sent for a session's machine, or may have been."""
    with world.studio._store.read() as tx:  # noqa: SLF001
        record = tx.machines.of_session(session_id)
    assert record is not None
    return MachineRequest(
        Verb(verb), f"{session_id}-{number}", number, machine_of(record), world.clock.now()
    )


def test_a_start_that_is_cut_short_before_the_studio_saw_it_run_fails(tmp_path: Path) -> None:
    with open_local(tmp_path) as world:
        session_id = world.ready()
        world.do("stop", session_id, "STOPPED")
        place = world.folder(session_id)
        world.act("start", session_id)
        world.studio.reconcile()
        eventually(lambda: place.is_locked() and phase_of(place) == Phase.RUNNING)
        os.kill(supervisor_of(place), signal.SIGKILL)
        eventually(lambda: not place.is_locked())

        session = world.until(session_id, "START_FAILED")

        assert session["statusMessage"] == (
            "The workstation did not keep running. The program that watches over it was ended."
        )
        world.do("start", session_id, "READY")


def phase_of(place: Folder) -> str | None:
    state = place.read()
    return state.phase if state else None


def test_a_state_that_cannot_be_read_costs_no_disk(tmp_path: Path) -> None:
    with open_local(tmp_path) as world:
        session_id = world.ready()
        world.do("stop", session_id, "STOPPED")
        place = world.folder(session_id)
        (place.path / "state.json").write_text("{", encoding="utf-8")
        world.act("start", session_id)
        session = world.until(session_id, "START_FAILED")
        assert session["statusMessage"] == (
            "The workstation's files cannot be read. Ask your admin."
        )
        assert (place.path / "home").is_dir()
        world.do("delete", session_id, "DELETED")
        assert not place.path.exists()


@needs_root
def test_a_launch_on_a_full_or_read_only_disk_fails_in_a_sentence_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    root = tmp_path / "workstations"
    with mounted(root, 512), open_local(tmp_path) as world:
        session_id = world.ready()
        world.do("delete", session_id, "DELETED")
        eventually(lambda: not processes(session_id))  # they have files open there
        for options, said in (("rw", "No space left on device"), ("ro", "Read-only file system")):
            fill(root / "filler")
            run("mount", "-o", f"remount,{options}", str(root))
            failed = world.launch()
            session = world.until(failed, "CREATE_FAILED")
            assert said in session["statusMessage"]
            assert not list(root.glob("ws-*"))
            world.do("delete", failed, "DELETED")
            run("mount", "-o", "remount,rw", str(root))
        (root / "filler").unlink()
        world.ready()
