"""A copy of a store looks and changes nothing until it takes over; then it reads back first."""

import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.core.clock import ManualClock
from nimble_tui.studio.sample.facts import SAMPLE
from nimble_tui.studio.store import backup
from nimble_tui.studio.store.database import Store
from nimble_tui.studio.store.errors import HeldStoreError, StoreError
from nimble_tui.studio.takeover import take_over
from tests.studio.compute.faulty_world import PROFILE, TIMED, FaultyWorld, open_faulty
from tests.studio.compute.room import Room
from tests.studio.world import NOW, STUDIO_ID, open_world, refused

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")


@contextmanager
def served(path: Path, clock: ManualClock, room: Room) -> Iterator[FaultyWorld]:
    with open_faulty(path, clock, room, served=True) as world:
        with suppress(HeldStoreError), world.studio._store.write() as tx:  # noqa: SLF001
            tx.forget_fact(SAMPLE)  # whose times would be moved
        yield world


def taken_over(path: Path, clock: ManualClock) -> int | None:
    with closing(Store(path)) as store:
        return take_over(store, clock.now()).requests


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def request_table(path: Path) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT verb, accepted_at FROM requests").fetchall()


def test_a_backup_elsewhere_changes_nothing_until_it_takes_over(tmp_path: Path) -> None:
    path, clock, room = tmp_path / "studio.db", ManualClock(NOW), Room()
    with served(path, clock, room) as world:
        ready = world.ready(TIMED)
        stopping = world.ready(PROFILE)
        world.act("stop", stopping)  # in the store, and not sent
        launching = world.create(PROFILE)
        copy = tmp_path / "elsewhere" / "copy.db"
        copy.parent.mkdir()
        backup.back_up(path, copy)
        world.studio.reconcile()  # the original sends both
        world.advance()
        assert world.state(launching) == "READY"
        assert world.state(stopping) == "STOPPED"
    done = [world.effects(one) for one in (ready, stopping, launching)]
    before = content(copy)
    clock.advance(timedelta(days=30) / timedelta(seconds=1))  # all deadlines have passed
    with served(copy, clock, room) as world:
        for _ in range(3):
            world.advance()
        assert world.state(ready) == "READY"
        assert world.state(stopping) == "STOP_IN_PROGRESS"
        assert len(world.mine()) == 3
        with refused("ConflictException", "STUDIO_HELD") as reply:
            world.act("delete", ready)
        assert "nimble-tui studio takeover" in reply["Error"]["Message"]
        with refused("ConflictException", "STUDIO_HELD"):
            world.operator.update_studio(studioId=STUDIO_ID, displayName="x")
        assert [world.effects(one) for one in (ready, stopping, launching)] == done
    assert content(copy) == before
    clock = ManualClock(NOW + timedelta(minutes=10))
    assert taken_over(copy, clock) == 2
    with served(copy, clock, room) as world:
        world.advance()
        assert world.state(launching) == "READY"
        assert world.state(stopping) == "STOPPED"
        assert world.state(ready) == "READY"
        assert [world.effects(one) for one in (ready, stopping, launching)] == done
        world.act("start", stopping)
        world.advance()
        assert world.state(stopping) == "READY"  # its number is one that the machine accepts
        assert world.effects(stopping) == ["launch", "stop", "start"]


def test_a_request_that_was_never_sent_fails_and_is_not_sent_after_a_takeover(
    tmp_path: Path,
) -> None:
    path, copy, clock, room = tmp_path / "a.db", tmp_path / "b.db", ManualClock(NOW), Room()
    with served(path, clock, room) as world:
        session_id = world.ready(PROFILE)
        world.act("stop", session_id)
        launching = world.create(PROFILE)
        backup.back_up(path, copy)
    assert taken_over(copy, clock) == 2
    with served(copy, clock, room) as world:
        world.advance()
        assert world.state(session_id) == "STOP_FAILED"
        assert "restored" in world.get(session_id)["statusMessage"]
        assert world.effects(session_id) == ["launch"]
        for _ in range(8):
            world.advance()
        assert world.state(launching) == "CREATE_FAILED"
        assert world.effects(launching) == []
        world.act("delete", session_id)
        world.advance()
        assert world.state(session_id) == "DELETED"


def test_deadlines_wait_until_the_machines_were_looked_at(tmp_path: Path) -> None:
    path, copy, clock, room = tmp_path / "a.db", tmp_path / "b.db", ManualClock(NOW), Room()
    with served(path, clock, room) as world:
        session_id = world.ready(TIMED)
        world.act("stop", session_id)
        world.advance()
        assert world.state(session_id) == "STOPPED"
        backup.back_up(path, copy)
        deleted_at = world.get(session_id)["terminateAt"]
        clock.advance((deleted_at - clock.now() - timedelta(hours=1)) / timedelta(seconds=1))
        world.act("start", session_id)  # after the backup, in which it is stopped
        world.advance()
    clock.advance(2 * 3600)
    assert clock.now() > deleted_at
    taken_over(copy, clock)
    with served(copy, clock, room) as world:
        world.studio.tick()
        assert world.state(session_id) == "STOPPED"  # and not deleted
        world.studio.reconcile()
        assert world.state(session_id) == "READY"
        assert world.effects(session_id) == ["launch", "stop", "start"]


def test_a_service_that_runs_takes_charge_at_a_takeover(tmp_path: Path) -> None:
    path, copy, clock = tmp_path / "a.db", tmp_path / "b.db", ManualClock(NOW)
    with open_world(path, clock, served=True):
        pass
    backup.back_up(path, copy)
    with open_world(copy, clock, served=True) as world:
        with refused("ConflictException", "STUDIO_HELD"):
            world.create()
        assert taken_over(copy, clock) == 0
        assert world.create()
        assert taken_over(copy, clock) is None


@posix
@pytest.mark.parametrize("how", ["copied", "moved", "copied over", "hard link"])
def test_a_copy_is_recognised(tmp_path: Path, how: str) -> None:
    path, other = tmp_path / "studio.db", tmp_path / "other.db"
    with open_world(path, served=True):
        pass
    if how == "copied":
        shutil.copy(path, other)
    elif how == "moved":
        path.rename(other)
    elif how == "hard link":
        os.link(path, other)
    else:
        shutil.copy(path, tmp_path / "old.db")
        (tmp_path / "old.db").rename(path)
        other = path
    with closing(Store(other)) as store:
        with store.read() as tx:
            assert store.is_held(tx)
            assert tx.people()
        with pytest.raises(HeldStoreError), store.write() as tx:
            tx.note("x", "y")


def test_a_store_in_its_place_and_a_demo_anywhere_are_not_held(tmp_path: Path) -> None:
    path, demo = tmp_path / "studio.db", tmp_path / "demo.db"
    for _ in range(2):
        with open_world(path, served=True) as world:
            assert world.create()
    with open_world(demo) as world:
        assert world.create()
    shutil.copy(demo, tmp_path / "copy.db")
    with open_world(tmp_path / "copy.db") as world:
        assert world.create()


def test_a_backup_is_whole_private_and_over_nothing(tmp_path: Path) -> None:
    path, copy = tmp_path / "studio.db", tmp_path / "copy.db"
    with open_world(path, served=True) as world:
        mine = world.mine()
        assert backup.back_up(path, copy) == copy.stat().st_size
        world.create()
        if sys.platform != "win32":
            assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        before = copy.read_bytes()
        with pytest.raises(StoreError, match="nothing is overwritten"):
            backup.back_up(path, copy)
        assert copy.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["copy.db", "studio.db"]
    with open_world(copy, served=True) as world:
        assert [one["sessionId"] for one in world.mine()] == [one["sessionId"] for one in mine]


@pytest.mark.parametrize("end", ["", "-wal", "-journal", "-shm"])
def test_a_restore_overwrites_nothing(tmp_path: Path, end: str) -> None:
    path, copy, target = tmp_path / "studio.db", tmp_path / "copy.db", tmp_path / "new.db"
    with open_world(path, served=True):
        pass
    backup.back_up(path, copy)
    there = target.with_name(target.name + end)
    there.write_text("mine")
    with pytest.raises(StoreError, match="nothing is overwritten"):
        backup.restore(copy, target)
    assert there.read_text() == "mine"
    there.unlink()
    backup.restore(copy, target)
    with closing(Store(target)) as store, store.read() as tx:
        assert store.is_held(tx)


def test_what_is_no_store_a_newer_one_or_damaged_is_neither_backed_up_nor_restored(
    tmp_path: Path,
) -> None:
    path, target = tmp_path / "studio.db", tmp_path / "target.db"
    with open_world(path, served=True):
        pass
    newer, foreign, cut, empty = (tmp_path / name for name in ("newer", "foreign", "cut", "empty"))
    shutil.copy(path, newer)
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE other (x)")
    cut.write_bytes(path.read_bytes()[:8192])
    empty.touch()
    for bad, said in (
        (newer, "made by a newer nimble-tui"),
        (foreign, "not the data file of a studio"),
        (cut, "damaged|cannot be copied"),
        (empty, "no studio"),
        (tmp_path / "none", "no studio"),
    ):
        for copying in (backup.back_up, backup.restore):
            with pytest.raises(StoreError, match=said):
                copying(bad, target)
            assert not target.exists()
            assert not [one for one in tmp_path.iterdir() if one.name.endswith(".part")]
