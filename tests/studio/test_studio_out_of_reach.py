"""The data file is busy, full or gone while the studio is served: what can go on goes on."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nimble_tui.core.clock import ManualClock
from nimble_tui.studio.studio import Studio
from tests.studio.world import NOW, STUDIO_ID, World, open_world, refused

HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
connection.execute("INSERT INTO facts VALUES ('held', '')")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Let another process write the data file, and not end."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            assert process.stdout.readline() == "held\n"
            yield
        finally:
            process.stdin.close()
            process.wait(30)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "studio.db"


def test_reads_go_on_while_another_process_writes(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    with open_world(path, ManualClock(NOW)) as world:
        session_id = world.create()
        with held(path):
            world.advance()  # something is due, which cannot be written now
            for _ in range(3):
                assert world.state(session_id) == "CREATE_IN_PROGRESS"
                assert world.mine()
        assert world.state(session_id) == "READY"
        assert "What is due" not in caplog.text


def test_a_waiting_writer_blocks_no_reader_of_its_own_process(path: Path) -> None:
    with open_world(path, ManualClock(NOW)) as world:
        profile_id = world.profile_id("Lighting")
        world.mine()
        done = threading.Event()
        answers: list[str] = []

        def launch() -> None:
            reply = world.mara.create_streaming_session(
                studioId=STUDIO_ID, launchProfileId=profile_id
            )
            answers.append(reply["session"]["sessionId"])
            done.set()

        thread = threading.Thread(target=launch)
        with held(path):
            thread.start()
            for _ in range(5):
                assert world.operator.list_studios()["studios"]
            assert not done.is_set()
        thread.join(30)
        assert world.state(answers[0]) in {"CREATE_IN_PROGRESS", "READY"}


def _page_limit(world: World, pages: int) -> None:
    store = world.studio._store  # noqa: SLF001 - as a full disk would
    store._connection.execute(f"PRAGMA max_page_count = {pages}")  # noqa: SLF001


def test_reads_go_on_when_the_disk_is_full(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    with open_world(path, ManualClock(NOW)) as world:
        session_id = world.create()
        _page_limit(world, 1)
        world.advance()
        for _ in range(5):
            assert world.state(session_id)
            assert world.mine()
        with refused("InternalServerErrorException"):
            for number in range(200):
                world.mara.tag_resource(
                    resourceArn=world.get(session_id)["arn"], tags={f"k{number}": "v" * 250}
                )
        assert len(caplog.messages) <= 3
        _page_limit(world, 1_000_000)
        assert world.state(session_id) == "READY"


@pytest.mark.skipif(os.name != "posix", reason="an open file cannot be removed")
@pytest.mark.parametrize("replaced", [False, True])
def test_a_data_file_that_is_removed_or_replaced_is_noticed(
    path: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, *, replaced: bool
) -> None:
    caplog.set_level(logging.WARNING)
    with open_world(path, ManualClock(NOW)) as world:
        profile_id = world.profile_id("Lighting")
        world.mine()
        aside = tmp_path / "aside.db"
        path.rename(aside)
        if replaced:
            Studio.open(path).close()
        for _ in range(3):
            with refused("InternalServerErrorException"):
                world.mara.list_studios()
            with refused("InternalServerErrorException"):
                world.mara.create_streaming_session(studioId=STUDIO_ID, launchProfileId=profile_id)
        (said,) = {one for one in caplog.messages if "removed or replaced" in one}
        assert caplog.messages.count(said) == 1
        if not replaced:  # else the other file's log has taken the place of this one's
            aside.replace(path)
            assert world.mara.list_studios()["studios"]
