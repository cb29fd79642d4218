"""Reads go on while the data file is busy or its disk full; one that is gone is noticed."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.core.clock import ManualClock
from nimble_tui.studio.store.database import MAX_READERS, Store
from nimble_tui.studio.store.errors import StoreError
from nimble_tui.studio.studio import Studio
from tests.studio.world import NOW, STUDIO_ID, open_world, refused

posix = pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be removed there")

HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""
FULL = """
import logging, resource, signal, sys
from pathlib import Path
from typing import Any
from nimble_tui.core.clock import ManualClock
from tests.studio.world import NOW, STUDIO_ID, open_world, refused

logging.basicConfig(level=logging.WARNING)
path, clock = Path(sys.argv[1]), ManualClock(NOW)
with open_world(path, clock) as world:
    created, mine, client = world.create(), len(world.mine()), world.mara
    log = path.with_name(f"{path.name}-wal").stat().st_size
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log, resource.RLIM_INFINITY))
    for _ in range(3):
        clock.advance(60)
        assert len(world.mine()) == mine
        assert world.state(created) == "CREATE_IN_PROGRESS"
    with refused("InternalServerErrorException"):
        world.create()
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    world.studio.tick()
    assert world.state(created) == "READY"
"""


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Have another process write to the data file for as long as the block lasts."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            yield
        finally:
            holder.communicate()


def test_a_writer_that_waits_for_the_file_keeps_no_reader_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "studio.db"
    begun = threading.Event()

    class Watched(sqlite3.Connection):
        def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
            if sql == "BEGIN IMMEDIATE":
                begun.set()
            return super().execute(sql, parameters)

    connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *args, **options: connect(*args, **options, factory=Watched)
    )
    store = Store(path)

    def wait_and_write() -> str:
        try:
            with store.write() as tx:
                tx.note("written", "yes")
        except StoreError as error:
            return str(error)
        return "written"

    with ThreadPoolExecutor(1) as pool, held(path):
        begun.clear()
        writer = pool.submit(wait_and_write)
        assert begun.wait(10)
        for _ in range(50):
            with store.read() as tx:
                assert tx.fact("written") is None
        assert not writer.done()
    store.close()


def test_the_studio_answers_reads_while_another_program_writes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path, clock = tmp_path / "studio.db", ManualClock(NOW)
    with open_world(path, clock) as world:
        session_id = world.create()
        with held(path):
            world.advance()  # something is due, and cannot be done
            for _ in range(20):
                assert world.state(session_id) == "CREATE_IN_PROGRESS"
        world.studio.tick()
        assert world.state(session_id) == "READY"
    busy = [one for one in caplog.records if "busy" in one.getMessage()]
    assert len(busy) <= 1


@posix
def test_a_full_disk_keeps_nobody_from_reading(tmp_path: Path) -> None:
    path = tmp_path / "data" / "studio.db"
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(path)],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    said = [one for one in done.stderr.splitlines() if "cannot be read or written" in one]
    assert len(said) == 1, done.stderr


@posix
@pytest.mark.parametrize("replaced", [False, True])
def test_a_data_file_that_is_gone_is_noticed(
    tmp_path: Path, replaced: bool, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "studio.db"
    with open_world(path) as world:
        world.create()
        aside = path.rename(tmp_path / "aside.db")
        if replaced:
            path.write_bytes(aside.read_bytes())
        for _ in range(3):
            with refused("InternalServerErrorException") as reply:
                world.mara.list_streaming_sessions(studioId=STUDIO_ID)
            assert "removed or replaced" in reply["Error"]["Message"]
            assert str(tmp_path) not in reply["Error"]["Message"]
            with refused("InternalServerErrorException"):
                world.mara.update_studio(studioId=STUDIO_ID, displayName="x")
        said = [one for one in caplog.records if "removed or replaced" in one.getMessage()]
        assert len(said) == 1
        assert str(path) in said[0].getMessage()
        aside.rename(path)
        world.advance()
        assert world.mine()


def test_readers_are_bounded_and_all_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[sqlite3.Connection] = []

    class Counted(sqlite3.Connection):
        def __init__(self, *args: object, **options: object) -> None:
            super().__init__(*args, **options)  # type: ignore[arg-type]
            made.append(self)

    connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *args, **options: connect(*args, **options, factory=Counted)
    )
    path = tmp_path / "studio.db"
    with Studio.open(path) as studio, ThreadPoolExecutor(40) as pool:
        together = threading.Barrier(40)

        def read(_: int) -> int:
            together.wait(10)
            return len(studio.people())

        assert set(pool.map(read, range(40))) == {12}
    assert 1 < len(made) <= MAX_READERS + 1
    for connection in made:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")


def test_a_reader_that_is_under_way_is_waited_for_at_the_close(tmp_path: Path) -> None:
    store, reading, closing = Store(tmp_path / "studio.db"), threading.Event(), threading.Event()

    def read() -> str | None:
        with store.read() as tx:
            reading.set()
            assert closing.wait(10)
            return tx.fact("studio_id")

    with ThreadPoolExecutor(2) as pool:
        reader = pool.submit(read)
        assert reading.wait(10)
        closer = pool.submit(store.close)
        closing.set()
        assert reader.result(10) is None
        closer.result(10)
    with pytest.raises(StoreError, match="closed"), store.read():
        pass
