import os
import stat
from pathlib import Path

import pytest

from nimble_tui.config import paths
from nimble_tui.config.files import UnsafeFileError, private_folder, read_file, write_file

posix = pytest.mark.skipif(os.name != "posix", reason="needs links, owners and modes")


def test_content_is_replaced_and_private(tmp_path: Path) -> None:
    path = tmp_path / "file"
    before = os.umask(0)
    try:
        write_file(path, b"one")
        write_file(path, b"two")
    finally:
        os.umask(before)
    assert read_file(path, 3, private=True) == b"two"
    assert list(tmp_path.iterdir()) == [path]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@posix
def test_a_strict_umask_does_not_lock_the_owner_out(tmp_path: Path) -> None:
    before = os.umask(0o777)
    try:
        write_file(tmp_path / "file", b"one")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


def test_a_failed_write_leaves_the_old_content_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    write_file(path, b"old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_writer_left_is_swept(tmp_path: Path) -> None:
    old, young, others = (tmp_path / name for name in (".f.a.tmp", ".f.b.tmp", ".g.a.tmp"))
    for file in (old, young, others):
        file.touch()
    os.utime(old, (0, 0))
    os.utime(others, (0, 0))
    write_file(tmp_path / "f", b"")
    assert {file.name for file in tmp_path.iterdir()} == {"f", ".f.b.tmp", ".g.a.tmp"}


@posix
@pytest.mark.parametrize("kind", ["link", "dangling", "fifo", "folder", "device"])
def test_what_was_planted_is_neither_read_nor_written(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"untouched")
    path = tmp_path / "file"
    if kind == "link":
        path.symlink_to(target)
    elif kind == "dangling":
        path.symlink_to(tmp_path / "nowhere")
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(os.devnull)
    with pytest.raises(OSError):  # noqa: PT011 - each system names it differently
        read_file(path, 100, private=True)
    with pytest.raises(UnsafeFileError):
        write_file(path, b"new")
    assert target.read_bytes() == b"untouched"
    assert not (tmp_path / "nowhere").exists()


@posix
def test_a_file_with_a_second_name_is_not_read_and_the_other_name_keeps_its_content(
    tmp_path: Path,
) -> None:
    path = tmp_path / "file"
    write_file(path, b"old")
    os.link(path, tmp_path / "other")
    with pytest.raises(UnsafeFileError):
        read_file(path, 100, private=True)
    write_file(path, b"new")
    assert (tmp_path / "other").read_bytes() == b"old"
    assert read_file(path, 100, private=True) == b"new"


@posix
def test_a_folder_of_ours_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    private_folder(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@posix
def test_a_folder_of_somebody_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    with pytest.raises(UnsafeFileError, match="another user"):
        private_folder(tmp_path)


def test_where_things_are(monkeypatch: pytest.MonkeyPatch) -> None:
    home = Path.home()
    for path in (paths.config_file(), paths.cache_dir(), paths.data_dir(), paths.demo_file()):
        assert path.is_relative_to(home)
    assert paths.config_file().name == "config.toml"
    monkeypatch.setenv("NIMBLE_TUI_CONFIG", "~/other.toml")
    assert paths.config_file() == home / "other.toml"
