import json
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nimble_tui.config import cache
from nimble_tui.config.paths import cache_dir
from nimble_tui.config.settings import StudioSettings
from nimble_tui.core.model import read_launch_profile, read_streaming_session
from nimble_tui.core.service import DEMO, StudioInfo

SEEN = datetime(2026, 11, 21, 3, 20, tzinfo=UTC)
PROFILE = read_launch_profile(
    {
        "launchProfileId": "lp",
        "name": "Lighting",
        "createdAt": datetime(2026, 1, 2, tzinfo=UTC),
        "streamConfiguration": {"ec2InstanceTypes": ["g5.xlarge"], "maxSessionLengthInMinutes": 60},
    }
)
SESSION = read_streaming_session(
    {"sessionId": "us-west-2.abc", "state": "READY", "stopAt": SEEN, "tags": {"Name": "A"}}
)


@pytest.fixture
def info(studio: StudioSettings) -> StudioInfo:
    return studio.info


def only_file() -> Path:
    (file,) = cache_dir().iterdir()
    return file


def test_what_is_written_is_read_back(info: StudioInfo) -> None:
    assert cache.read(info) is None
    assert cache.write(info, [PROFILE], [SESSION], SEEN)
    assert cache.read(info) == cache.Cached((PROFILE,), (SESSION,), SEEN)


def test_each_studio_person_and_place_has_its_own(info: StudioInfo) -> None:
    cache.write(info, [PROFILE], [SESSION], SEEN)
    for other in (
        replace(info, studio_id="other"),
        replace(info, principal_id="other"),
        replace(info, host="other"),
        replace(info, name=DEMO, demo=True),
    ):
        assert cache.read(other) is None
    assert cache.read(replace(info, name="renamed", display_name="x")) is not None


def test_the_demo_is_found_before_it_runs() -> None:
    before = StudioInfo(name=DEMO, studio_id="", region="", principal_id="", demo=True)
    running = replace(before, studio_id="s", principal_id="p", host="127.0.0.1")
    cache.write(running, [PROFILE], [], SEEN)
    assert cache.read(before) == cache.Cached((PROFILE,), (), SEEN)


def test_lists_of_somebody_else_under_the_same_name_count_as_nothing(info: StudioInfo) -> None:
    cache.write(info, [PROFILE], [SESSION], SEEN)
    theirs = only_file().read_bytes()
    cache.forget(info)
    other = replace(info, principal_id="other")
    cache.write(other, [], [], SEEN)
    only_file().write_bytes(theirs)
    assert cache.read(other) is None


def test_forgotten_is_gone(info: StudioInfo) -> None:
    cache.write(info, [PROFILE], [SESSION], SEEN)
    cache.forget(info)
    assert cache.read(info) is None
    assert list(cache_dir().iterdir()) == []
    cache.forget(info)


@pytest.mark.skipif(os.name != "posix", reason="needs modes")
def test_nobody_else_may_read_it(info: StudioInfo) -> None:
    before = os.umask(0)
    try:
        cache.write(info, [PROFILE], [SESSION], SEEN)
    finally:
        os.umask(before)
    assert stat.S_IMODE(only_file().stat().st_mode) == 0o600
    assert stat.S_IMODE(cache_dir().stat().st_mode) == 0o700


def test_cut_anywhere_it_counts_as_nothing(info: StudioInfo) -> None:
    cache.write(info, [], [SESSION], SEEN)
    whole = only_file().read_bytes()
    for length in range(len(whole)):
        only_file().write_bytes(whole[:length])
        assert cache.read(info) is None


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"null",
        b"[]",
        b'{"version": 2, "seenAt": "2026-11-21T03:20:00Z", "launchProfiles": [], "sessions": 0}',
        b'{"version": 1, "seenAt": "soon", "launchProfiles": [], "sessions": 0}',
        b'{"version": 1, "seenAt": "2026-11-21T03:20:00Z", "launchProfiles": {}, "sessions": 0}',
        b'{"version": 1, "seenAt": "2026-11-21T03:20:00Z", "launchProfiles": [], "sessions": 1}',
        b'{"version": 1, "seenAt": "2026-11-21T03:20:00Z", "launchProfiles": [], "sessions": 1}\n{',
        b'{"version": 1, "seenAt": "2026-11-21T03:20:00Z", "launchProfiles": []}',
        b"[" * 100_000,
        b'{"version": ' + b"9" * 5_000 + b"}",
    ],
)
def test_what_is_not_ours_or_newer_counts_as_nothing(info: StudioInfo, content: bytes) -> None:
    cache.write(info, [], [], SEEN)
    whose = json.dumps(json.loads(only_file().read_bytes())["whose"]).encode()
    only_file().write_bytes(content.replace(b'"seenAt"', b'"whose": ' + whose + b', "seenAt"'))
    assert cache.read(info) is None


def test_poisoned_text_comes_back_clean_and_what_has_no_id_is_left_out(info: StudioInfo) -> None:
    cache.write(info, [], [], SEEN)
    poisoned = {
        **json.loads(only_file().read_bytes()),
        "seenAt": "2026-11-21T03:20:00Z",
        "launchProfiles": [{"launchProfileId": "lp", "name": "\x1b]52;c;AAAA\x07"}],
        "sessions": 3,
    }
    sessions = [{"state": "READY"}, None, {"sessionId": "s", "state": "\x1b[2J"}]
    only_file().write_text("\n".join(map(json.dumps, [poisoned, *sessions])))
    kept = cache.read(info)
    assert kept is not None
    assert [session.session_id for session in kept.sessions] == ["s"]
    shown = (kept.launch_profiles[0].name or "") + (kept.sessions[0].state or "")
    assert shown.isprintable()


def test_too_much_is_not_kept(info: StudioInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LARGEST", 200)
    assert not cache.write(info, [PROFILE], [SESSION], SEEN)
    assert cache.read(info) is None


def test_where_nothing_can_be_written_nothing_happens(info: StudioInfo) -> None:
    cache_dir().parent.mkdir(parents=True)
    cache_dir().write_text("in the way")
    assert not cache.write(info, [PROFILE], [SESSION], SEEN)
    assert cache.read(info) is None
    cache.forget(info)


def test_numbers_that_json_has_no_word_for_do_not_spoil_the_file(info: StudioInfo) -> None:
    odd = read_streaming_session({"sessionId": "s", "a": float("nan"), "b": b"x", "c": object()})
    cache.write(info, [], [odd], SEEN)
    kept = cache.read(info)
    assert kept is not None
    assert kept.sessions[0].members == {"sessionId": "s", "a": None, "b": None, "c": None}
