import json
import os
import stat
import threading
from dataclasses import replace

import pytest

from nimble_tui.config import state
from nimble_tui.config.paths import state_file
from nimble_tui.config.settings import StudioSettings
from nimble_tui.config.state import UiState, change_state, choice_key, choose, read_state
from nimble_tui.core.launching import LastLaunch
from nimble_tui.core.service import StudioInfo

posix = pytest.mark.skipif(os.name != "posix", reason="needs links, owners and modes")
MACHINE = LastLaunch("g5.xlarge", "image-1")


@pytest.fixture
def info(studio: StudioSettings) -> StudioInfo:
    return studio.info


def put(content: bytes) -> None:
    """Put that where the state is kept."""
    change_state()
    state_file().write_bytes(content)


def test_nothing_yet_is_as_new() -> None:
    assert read_state() == UiState()
    assert not state_file().exists()


def test_what_is_changed_is_kept_beside_the_rest(info: StudioInfo) -> None:
    assert change_state(theme="nimble-light", sort="name")
    assert change_state(sort="state", filter="sq0")
    assert choose(info, "lp-1", MACHINE)
    assert choose(replace(info, name="other"), "lp-1", LastLaunch("g4dn.xlarge", "image-2"))
    kept = read_state()
    assert (kept.theme, kept.sort, kept.filter, kept.studio) == ("nimble-light", "state", "sq0", "")
    assert kept.choices[choice_key(info, "lp-1")] == MACHINE
    assert len(kept.choices) == 2


def test_the_oldest_choices_are_forgotten_first(
    info: StudioInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "_MOST_CHOICES", 3)
    for name in ("a", "b", "c", "a", "d"):
        choose(info, name, MACHINE)
    assert list(read_state().choices) == [choice_key(info, name) for name in ("c", "a", "d")]


@posix
def test_nobody_else_may_read_it() -> None:
    before = os.umask(0)
    try:
        change_state(theme="nimble-light")
    finally:
        os.umask(before)
    assert stat.S_IMODE(state_file().stat().st_mode) == 0o600
    assert stat.S_IMODE(state_file().parent.stat().st_mode) == 0o700


def test_cut_anywhere_it_is_as_new_and_can_be_written_again(info: StudioInfo) -> None:
    choose(info, "lp-1", MACHINE)
    whole = state_file().read_bytes()
    for length in range(len(whole)):
        state_file().write_bytes(whole[:length])
        assert read_state() == UiState()
    assert change_state(theme="nimble-light")
    assert read_state() == UiState(theme="nimble-light")


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"null",
        b"[]",
        b'"theme"',
        b"[" * 100_000,
        b'{"a": ' * 50_000,
        b'{"theme": ' + b"9" * 5_000 + b"}",
        b'{"theme": 3, "studio": null, "sort": ["a"], "filter": {"a": 1}, "choices": [1]}',
        b'{"choices": {"a": "xy", "b": ["x"], "c": ["x", 1], "d": ["x", "y", "z"], "e": null}}',
        b'{"theme": "nimble-light", "filter": "' + b"a" * 300_000 + b'"}',
    ],
)
def test_what_is_none_of_ours_is_as_new(content: bytes) -> None:
    put(content)
    assert read_state() == UiState()


def test_what_is_right_beside_what_is_wrong_is_kept() -> None:
    put(b'{"theme": 1, "sort": "name", "new": 1, "choices": {"a": 1, "b": ["x", "y"]}}')
    assert read_state() == UiState(sort="name", choices={"b": LastLaunch("x", "y")})


def test_hostile_text_comes_back_safe_to_show() -> None:
    put(json.dumps({"filter": "\x1b]52;c;x\x07\u202e\ud800"}).encode())
    assert read_state().filter.isprintable()


def test_text_that_no_file_could_hold_is_kept_and_comes_back_safe() -> None:
    assert change_state(filter="\ud800\x00")
    assert read_state().filter.isprintable()


def test_too_much_is_not_kept_and_what_was_kept_stays() -> None:
    change_state(theme="nimble-light")
    assert not change_state(filter="a" * 300_000)
    assert read_state() == UiState(theme="nimble-light")


@posix
@pytest.mark.parametrize("kind", ["link", "second name", "writable", "fifo", "folder"])
def test_what_was_planted_is_not_read(kind: str) -> None:
    change_state(theme="nimble-light")
    file = state_file()
    aside = file.with_name("aside")
    if kind == "link":
        file.rename(aside)
        file.symlink_to(aside)
    elif kind == "second name":
        os.link(file, aside)
    elif kind == "writable":
        file.chmod(0o666)
    else:
        file.unlink()
        os.mkfifo(file) if kind == "fifo" else file.mkdir()
    assert read_state() == UiState()


@posix
def test_a_link_is_not_written_through() -> None:
    change_state(theme="nimble-light")
    target = state_file().with_name("theirs")
    target.write_text("untouched")
    state_file().unlink()
    state_file().symlink_to(target)
    assert not change_state(theme="nimble-dark")
    assert target.read_text() == "untouched"


@posix
def test_what_belongs_to_somebody_else_is_neither_read_nor_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    change_state(theme="nimble-light")
    content = state_file().read_bytes()
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    assert read_state() == UiState()
    assert not change_state(theme="nimble-dark")
    assert state_file().read_bytes() == content


def test_where_nothing_can_be_written_nothing_happens(info: StudioInfo) -> None:
    folder = state_file().parent
    folder.parent.mkdir(parents=True)
    folder.write_text("in the way")
    assert not change_state(theme="nimble-light")
    assert not choose(info, "lp-1", MACHINE)
    assert read_state() == UiState()


def test_several_writers_leave_one_whole_state(info: StudioInfo) -> None:
    change_state(theme="nimble-light")
    together = threading.Barrier(3)
    seen: list[UiState] = []

    def write(name: str) -> None:
        together.wait(10)
        for number in range(20):
            choose(info, f"{name}-{number}", MACHINE)
            seen.append(read_state())

    writers = [threading.Thread(target=write, args=(name,)) for name in ("a", "b", "c")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    # Of two choices at one time one may get lost; what was not touched never does.
    assert {one.theme for one in seen} == {"nimble-light"}
    assert all(set(one.choices.values()) == {MACHINE} for one in seen)
    assert [file.name for file in state_file().parent.iterdir()] == [state_file().name]
