"""The data file: what it may be, and that nothing is lost or overwritten."""

import os
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.core.clock import ManualClock
from nimble_tui.studio.settings import Settings
from nimble_tui.studio.store.database import Store
from nimble_tui.studio.store.errors import StoreError
from nimble_tui.studio.store.layout import MARK, UPGRADES
from nimble_tui.studio.studio import Studio
from tests.studio.world import NOW, STUDIO_ID, open_world

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")


def refused(path: Path) -> str:
    """Return the sentence with which a file is refused, having checked that it is left alone."""
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreError) as caught:
        Studio.open(path)
    assert (path.read_bytes() if path.is_file() else None) == before
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert str(path) in sentence
    return sentence


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000, b"x"]
)
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "studio.db"
    path.write_bytes(content)
    assert "damaged" in refused(path)


def test_a_damaged_file_is_refused_wherever_it_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    Studio.open(path).close()
    whole = path.read_bytes()
    for number in range(1, len(whole) // 4096):
        damaged = bytearray(whole)
        damaged[number * 4096 : number * 4096 + 200] = b"\xa5" * 200
        path.write_bytes(damaged)
        assert "damaged" in refused(path)


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    Studio.open(path).close()
    path.write_bytes(path.read_bytes()[:-5000])
    assert "damaged" in refused(path)


def test_a_newer_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    Studio.open(path).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {MARK.version + 1}")
    connection.close()
    assert "newer" in refused(path)


def test_a_file_from_before_the_first_release_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    Studio.open(path).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {min(UPGRADES) - 1}")
    connection.close()
    before = path.read_bytes()
    assert "before the first release" in refused(path)
    assert path.read_bytes() == before


def test_what_was_deleted_from_the_sample_stays_away(tmp_path: Path) -> None:
    path, clock = tmp_path / "studio.db", ManualClock(NOW)
    Studio.open(path).close()
    with open_world(path, clock) as world:
        world.operator.delete_launch_profile(
            studioId=STUDIO_ID, launchProfileId=world.profile_id("Previs")
        )
        world.advance(3700)
    with open_world(path, clock) as world:
        listed = world.operator.list_launch_profiles(studioId=STUDIO_ID)["launchProfiles"]
        assert "Previs" not in {one["name"] for one in listed}


def test_a_file_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (a)")
    connection.close()
    assert "another program" in refused(path)


def test_a_folder_and_a_link_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    assert "regular file" in refused(folder)
    target = tmp_path / "target"
    target.write_text("mine")
    link = tmp_path / "link"
    link.symlink_to(target)
    with pytest.raises(StoreError, match="regular file"):
        Studio.open(link)
    assert target.read_text() == "mine"


def test_a_place_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be used"):
        Studio.open(tmp_path / "file" / "studio.db")


@posix
def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = tmp_path / "data" / "studio.db"
        with Studio.open(path):
            files = list(path.parent.iterdir())
            assert len(files) > 1  # the write-ahead log beside it
            assert {stat.S_IMODE(one.stat().st_mode) for one in files} == {0o600}
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        path.chmod(0o644)
        Studio.open(path).close()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_an_empty_file_becomes_a_studio(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    path.touch()
    with Studio.open(path) as studio:
        assert len(studio.people()) == 12


def test_a_failure_halfway_leaves_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "studio.db")

    def fail() -> None:
        with store.write() as tx:
            tx.note("a", "b")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.read() as tx:
        assert tx.fact("a") is None
    store.close()


def test_writers_take_turns(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    stores = [Store(path) for _ in range(4)]
    with stores[0].write() as tx:
        tx.note("count", "0")

    def add(number: int) -> None:
        with stores[number % 4].write() as tx:
            tx.note("count", str(int(tx.fact("count") or "") + 1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(200)))
    with stores[1].read() as tx:
        assert tx.fact("count") == "200"
    for store in stores:
        store.close()


def test_it_works_where_a_write_ahead_log_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refusing(sqlite3.Connection):
        def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
            if "journal_mode" in sql:
                raise sqlite3.OperationalError("locking protocol")
            return super().execute(sql, parameters)

    connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *args, **options: connect(*args, **options, factory=Refusing)
    )
    path = tmp_path / "studio.db"
    with Studio.open(path) as first, Studio.open(path) as second:
        first.set_quotas(Settings(sessions_per_person=3))
        assert len(second.people()) == 12
        assert not path.with_name("studio.db-wal").exists()


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = Store(tmp_path / "studio.db")
    store.close()
    with pytest.raises(StoreError, match="closed"), store.read() as tx:
        tx.people()


def test_no_secret_shows_by_accident() -> None:
    with Studio.open(None) as studio:
        for person in studio.people():
            assert person.secret_access_key not in f"{person!r} {person} {studio.people()!r}"
            with pytest.raises(TypeError):
                person.__reduce__()


_NOTE = """
import sys
from pathlib import Path
from nimble_tui.studio.store.database import Store
store = Store(Path(sys.argv[1]))
with store.write() as tx:
    tx.note("from", "another process")
store.close()
"""


@posix
def test_another_process_does_not_take_the_log_away_after_a_second_opening_here(
    tmp_path: Path,
) -> None:
    """To close a file ends this process's locks on it, whichever of its openings held them."""
    path = tmp_path / "studio.db"
    first = Store(path)
    with first.write() as tx:
        tx.note("first", "open")
    Store(path).close()
    subprocess.run([sys.executable, "-c", _NOTE, str(path)], check=True, timeout=60)
    with first.read() as tx:
        assert tx.fact("from") == "another process"
    with first.write() as tx:
        tx.note("first", "still open")
    first.close()
    second = Store(path)
    with second.read() as tx:
        assert (tx.fact("from"), tx.fact("first")) == ("another process", "still open")
    second.close()
