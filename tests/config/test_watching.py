import os
from pathlib import Path

import pytest

from nimble_tui.config.settings import Settings, SettingsError
from nimble_tui.config.watching import SettingsWatch


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "config.toml"
    made.write_text('theme = "dark"')
    return made


def looked(watch: SettingsWatch) -> list[Settings]:
    """Look as often as it takes for a change to count, and once more."""
    return [settings for settings in (watch.poll(), watch.poll(), watch.poll()) if settings]


def test_what_stays_as_it_is_is_not_read_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = SettingsWatch(path)
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("it was read"))
    assert looked(watch) == []


def test_a_change_is_told_once(path: Path) -> None:
    watch = SettingsWatch(path)
    path.write_text('theme = "light"')
    assert looked(watch) == [Settings(theme="nimble-light")]
    assert looked(watch) == []


def test_a_file_that_takes_the_place_of_another_is_a_change(path: Path, tmp_path: Path) -> None:
    watch = SettingsWatch(path)
    before = path.stat()
    other = tmp_path / "saved"
    other.write_text('notify = "off"')
    assert other.stat().st_size == before.st_size
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)
    assert looked(watch) == [Settings()]


def test_what_is_half_saved_is_not_taken(path: Path) -> None:
    watch = SettingsWatch(path)
    path.write_text("")
    assert watch.poll() is None
    path.write_text('theme = "light"\n')
    assert watch.poll() is None
    assert watch.poll() == Settings(theme="nimble-light")


def test_nonsense_is_told_once_and_then_what_is_right_again(path: Path) -> None:
    watch = SettingsWatch(path)
    path.write_text('them = "light"')
    assert watch.poll() is None
    with pytest.raises(SettingsError, match='did you mean "theme"'):
        watch.poll()
    assert looked(watch) == []
    path.write_text('theme = "light"')
    assert looked(watch) == [Settings(theme="nimble-light")]


def test_removed_and_there_again(path: Path) -> None:
    watch = SettingsWatch(path)
    path.unlink()
    assert looked(watch) == [Settings()]
    path.write_text('theme = "light"')
    assert looked(watch) == [Settings(theme="nimble-light")]


def test_none_yet_and_then_one(tmp_path: Path) -> None:
    watch = SettingsWatch(tmp_path / "later" / "config.toml")
    assert looked(watch) == []
    watch.path.parent.mkdir()
    watch.path.write_text('theme = "light"')
    assert looked(watch) == [Settings(theme="nimble-light")]


@pytest.mark.skipif("os.name != 'posix'", reason="needs links")
def test_a_change_behind_a_link_is_seen(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    watch = SettingsWatch(link)
    path.write_text('theme = "light"')
    assert looked(watch) == [Settings(theme="nimble-light")]


def test_the_demo_takes_no_studios(path: Path) -> None:
    watch = SettingsWatch(path, with_studios=False)
    path.write_text('theme = "light"\n[studios.n]\nregion = 3\n')
    assert looked(watch) == [Settings(theme="nimble-light")]
