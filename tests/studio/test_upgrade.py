"""A data file of an older layout is upgraded where it lies, and a copy of it stays."""

import json
import shutil
import sqlite3
import stat
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from nimble_tui.core.clock import ManualClock
from nimble_tui.studio.store.database import Store
from nimble_tui.studio.store.errors import StoreError
from nimble_tui.studio.store.layout import MARK
from tests.studio.world import NOW, World, open_world

OLD = Path(__file__).with_name("version-5.sql")
"""A sample studio as nimble-tui stored it before there were requests, with steps under way."""
STORED_TOKEN = Path(__file__).with_name("version-6.sql")
"""One from when a stream's token was stored in its record, with a stream that is READY."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return stored(OLD, tmp_path / "studio.db")


def stored(dump: Path, path: Path) -> Path:
    """Make a data file of what one held."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(dump.read_text(encoding="utf-8"))
    return path


@contextmanager
def upgraded(path: Path) -> Iterator[World]:
    with open_world(path, ManualClock(NOW)) as world:
        yield world


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_steps_under_way_are_finished_and_workstations_live_on(path: Path) -> None:
    with upgraded(path) as world:
        before = {one["sessionId"]: one["state"] for one in world.mine()}
        ready = next(one["sessionId"] for one in world.mine() if "stopAt" in one)
        assert {"READY", "STOPPED", "START_IN_PROGRESS", "CREATE_IN_PROGRESS"} <= set(
            before.values()
        )
        world.advance()
        after = {one["sessionId"]: one["state"] for one in world.mine()}
        under_way = {one for one, state in before.items() if state.endswith("_IN_PROGRESS")}
        assert {after[one] for one in under_way} == {"READY"}
        for what, state in (("stop", "STOPPED"), ("start", "READY"), ("delete", "DELETED")):
            world.act(what, ready)
            world.advance()
            assert world.state(ready) == state
    assert version(path) == MARK.version


def test_a_copy_of_it_stays_and_is_written_once(path: Path) -> None:
    with upgraded(path):
        pass
    (copy,) = (one for one in path.parent.iterdir() if "version-5" in one.name)
    assert version(copy) == 5
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM resources").fetchone()[0] > 50
        assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
    before = copy.read_bytes()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE machines")
        connection.execute("DROP TABLE requests")
        connection.execute("DROP TABLE audit")
        connection.execute("PRAGMA user_version = 5")
    with upgraded(path):
        pass
    assert copy.read_bytes() == before


def test_without_a_copy_there_is_no_upgrade(path: Path) -> None:
    path.with_name(f"{path.name}.version-5.part").mkdir()
    with pytest.raises(StoreError, match="cannot be copied"):
        Store(path)
    assert version(path) == 5


def test_a_copy_opens_as_it_was(path: Path, tmp_path: Path) -> None:
    with upgraded(path) as world:
        mine = {one["sessionId"] for one in world.mine()}
        world.create()
    copy = tmp_path / "copy.db"
    shutil.copy(f"{path}.version-5", copy)
    with upgraded(copy) as world:
        assert {one["sessionId"] for one in world.mine()} == mine


def test_the_tokens_of_streams_are_removed_and_derived_instead(tmp_path: Path) -> None:
    path = stored(STORED_TOKEN, tmp_path / "studio.db")
    assert "authToken" in STORED_TOKEN.read_text(encoding="utf-8")
    with open_world(path, ManualClock(NOW + timedelta(seconds=3))) as world:
        with closing(sqlite3.connect(path)) as connection:
            (document,) = connection.execute(
                "SELECT document FROM resources WHERE kind = 'streaming-session-stream'"
            ).fetchone()
            facts = dict(connection.execute("SELECT name, value FROM facts"))
        assert "authToken" not in document
        assert len(facts["store_id"]) == 32
        stream = json.loads(document)
        shown = world.stream(stream["sessionId"], stream["streamId"])
        assert shown["state"] == "READY"
        assert requests_page(shown["url"]) == 200
        world.advance()
        assert not any(one["state"].endswith("_IN_PROGRESS") for one in world.mine())
    assert version(path) == MARK.version


def requests_page(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as reply:  # noqa: S310 - the studio's own
        return int(reply.status)


def test_each_store_has_an_id_and_a_secret_of_its_own(tmp_path: Path) -> None:
    found = []
    for name in ("one", "other"):
        Store(tmp_path / name).close()
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            facts = dict(connection.execute("SELECT name, value FROM facts"))
        found.append((facts["store_id"], facts["stream_secret"]))
    assert len({part for one in found for part in one}) == 4
