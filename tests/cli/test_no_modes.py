"""Drives where chmod has no effect: said with a folder to use, and nothing is launched there."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.config.files import NoModesError, private_folder, read_file, write_file
from nimble_tui.config.modes import folder_instead, has_modes
from nimble_tui.config.paths import data_dir, journal_file
from tests.cli.running import Run
from tests.config.no_modes import without_modes

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the double needs /proc")


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Path]:
    root = tmp_path / "c"
    root.mkdir()
    with without_modes(root):
        yield root


def test_files_there_are_refused_by_name(drive: Path) -> None:
    assert not has_modes(drive / "not available yet")
    with pytest.raises(NoModesError, match="chmod has no effect"):
        private_folder(drive / "ours")
    with pytest.raises(NoModesError, match="chmod has no effect"):
        write_file(drive / "file", b"content")
    assert [one.name for one in drive.iterdir()] == ["ours"]
    (drive / "file").touch()
    (drive / "file").chmod(0o777)
    os.close(os.open(drive / "other", os.O_CREAT | os.O_WRONLY))
    with pytest.raises(NoModesError, match="chmod has no effect"):
        read_file(drive / "other", 100, private=False)


def test_settings_there_say_where_to_put_them(
    run: Run, drive: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert config.parent.is_dir()
    there = drive / "config.toml"
    os.close(os.open(there, os.O_CREAT | os.O_WRONLY))
    monkeypatch.setenv("NIMBLE_TUI_CONFIG", str(there))
    folder = folder_instead()
    assert folder is not None
    for words in (("sessions",), ("doctor",)):
        told = run(*words)
        said = told.out + told.err
        assert told.code in {exit_codes.USAGE, exit_codes.FAILED}
        assert f"set NIMBLE_TUI_CONFIG to {folder}/config.toml" in said
        assert "run: chmod" not in said


def test_a_settings_file_that_chmod_closes_is_still_told_so(run: Run, config: Path) -> None:
    config.touch()
    config.chmod(0o666)
    assert f"run: chmod o-w {config}" in run("sessions").err


@pytest.mark.usefixtures("signed_in")
def test_nothing_is_launched_without_a_journal_on_the_disk(
    run: Run, drive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = run("sessions", "--json").out
    monkeypatch.setenv("XDG_DATA_HOME", str(drive))
    folder = folder_instead()
    told = run("launch", "Lighting")
    assert told.code == exit_codes.REFUSED
    assert "chmod has no effect" in told.err
    assert f"set XDG_DATA_HOME to {folder}" in told.err
    assert "nothing was launched" in told.err
    assert run("sessions", "--json").out == before
    told = run("doctor")
    assert told.code == exit_codes.FAILED
    assert f"WRONG  Journal: {journal_file()} is on a drive without file permissions" in told.out
    assert f"Fix: set XDG_DATA_HOME to {folder}" in told.out
    # All else goes on, and with the folder that is named a launch does too.
    assert run("stop", "sq042 lighting", "--yes").code == exit_codes.DONE
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    assert run("launch", "Lighting").code == exit_codes.DONE


def test_the_demo_names_the_folder_to_use(
    run: Run, drive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(drive))
    told = run("sessions", "--demo")
    assert told.code != exit_codes.DONE
    assert f"set XDG_DATA_HOME to {folder_instead()}" in told.err


@pytest.mark.usefixtures("signed_in")
def test_nor_where_the_journal_cannot_be_used_for_another_reason(run: Run) -> None:
    data_dir().mkdir(parents=True)
    journal_file().mkdir()
    told = run("launch", "Lighting")
    assert told.code == exit_codes.REFUSED
    assert "nothing was launched" in told.err
    assert "WRONG  Journal" in run("doctor").out


@pytest.fixture
def fat(tmp_path: Path) -> Iterator[Path]:
    """A real drive without modes, where this computer lets one be mounted."""
    image, root = tmp_path / "fat.img", tmp_path / "fat"
    root.mkdir()
    with image.open("wb") as file:
        file.truncate(4 * 1024 * 1024)
    mount = ["mount", "-o", "loop,umask=000", str(image), str(root)]
    for words in (["mkfs.vfat", str(image)], mount):
        try:
            subprocess.run(words, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("mkfs.vfat and mount need root and a loop device")
    yield root
    subprocess.run(["umount", str(root)], check=True)  # noqa: S607


@pytest.mark.skipif(sys.platform != "linux", reason="mounts as Linux does")
def test_a_real_drive_without_modes(fat: Path) -> None:
    assert not has_modes(fat)
    with pytest.raises(NoModesError):
        private_folder(fat / "ours")
    with pytest.raises(NoModesError):
        write_file(fat / "file", b"content")
