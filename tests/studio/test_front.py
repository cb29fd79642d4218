"""The studio behind its front: good signatures, another server, trouble with the data."""

import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nimble_tui.core.clock import ManualClock
from nimble_tui.studio.store import data_file, database
from nimble_tui.studio.store.errors import StoreError
from nimble_tui.studio.studio import Studio
from nimble_tui.studio.ticker import Ticker
from tests.studio.world import MARA, NOW, STUDIO_ID, World, client_of, open_world, refused

PATIENCE = 30.0


def mara(studio: Studio) -> tuple[str, str]:
    who = next(one for one in studio.people() if one.principal_id == MARA)
    return who.access_key_id, who.secret_access_key


def test_a_key_that_nobody_holds(world: World) -> None:
    client = client_of(world.url, "NWDEMOSTRANGER", "secret")
    with refused("UnrecognizedClientException"):
        client.list_studios()
    client.close()


def test_a_wrong_secret(world: World) -> None:
    client = client_of(world.url, mara(world.studio)[0], "secret")
    with refused("InvalidSignatureException"):
        client.list_studios()
    client.close()


@pytest.mark.parametrize("minutes", [-16, 16])
def test_a_clock_that_is_off(minutes: int) -> None:
    off = ManualClock(datetime.now(UTC) + timedelta(minutes=minutes))
    with open_world(signature_clock=off) as world, refused("InvalidSignatureException"):
        world.mara.list_studios()


def test_the_signature_comes_before_everything(world: World) -> None:
    client = client_of(world.url, mara(world.studio)[0], "secret")
    with refused("InvalidSignatureException"):
        client.list_launch_profiles(studioId="nothing", maxResults=101)
    client.close()
    with refused("ValidationException"):
        world.mara.list_launch_profiles(studioId="nothing", maxResults=101)


def test_data_that_is_out_of_reach_for_a_while_is_an_error_of_the_studio(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_file, "BUSY_SECONDS", 0.05)
    path = tmp_path / "studio.db"
    with open_world(path) as world:
        profile_id = world.profile_id("Lighting")
        before = len(world.mine())
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            with refused("InternalServerErrorException") as reply:
                world.mara.create_streaming_session(studioId=STUDIO_ID, launchProfileId=profile_id)
            assert str(tmp_path) not in str(reply)
            assert len(world.mine()) == before
        finally:
            other.execute("ROLLBACK")
            other.close()
        world.mara.create_streaming_session(studioId=STUDIO_ID, launchProfileId=profile_id)
        assert len(world.mine()) == before + 1


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    with Studio.open(path, clock=ManualClock(NOW)):
        pass
    store = database.Store(path)
    with store.read() as tx:
        before = tx.everything()
    with store.write() as tx:
        tx._connection.execute("PRAGMA max_page_count = 1")  # noqa: SLF001 - as a full disk would
    with pytest.raises(StoreError, match="the disk"), store.write() as tx:
        tx.note("big", "x" * 1_000_000)
    with store.read() as tx:
        assert tx.everything() == before
        assert tx.fact("big") is None
    store.close()


def test_many_at_once_see_whole_lists(world: World) -> None:
    expected = [one["sessionId"] for one in world.mine()]
    session = next(one for one in world.mine() if one["state"] == "STOPPED")

    def look(number: int) -> bool:
        if number % 4 == 0:
            tags = {"Name": f"look {number}"}
            world.mara.tag_resource(resourceArn=session["arn"], tags=tags)
        return [one["sessionId"] for one in world.mine()] == expected

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(look, range(64)))


def test_the_ticker_goes_on_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nimble_tui.studio.ticker.AFTER_A_FAILURE", 0.01)
    calls: list[int] = []
    again = threading.Event()

    def tick() -> float:
        calls.append(len(calls))
        if len(calls) == 1:
            raise RuntimeError
        again.set()
        return 3600.0

    ticker = Ticker(tick)
    assert again.wait(PATIENCE)
    assert calls == [0, 1]
    again.clear()
    ticker.wake()
    assert again.wait(PATIENCE)
    ticker.close()
    assert calls == [0, 1, 2]


def test_what_the_first_frame_needs_is_quick_to_import() -> None:
    code = (
        "import sys; import nimble_tui.studio.sample.facts; "
        "sys.exit(bool({'sqlite3', 'botocore', 'boto3', 'http.server'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
