"""What a served studio has acknowledged survives a power cut, which is simulated.

`power_cut.c` keeps of each file what was synced to the disk, and that alone is what the studio is
opened with after a cut.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError

from nimble_tui.core.sqlite import check
from nimble_tui.studio.store.database import Store
from nimble_tui.studio.store.records import Kind
from tests.studio.world import MARA, STUDIO_ID, client_of

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="LD_PRELOAD"),
    pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler"),
]

SERVE = """
import json, sys
from pathlib import Path
from nimble_tui.studio.http.server import LocalServer
from nimble_tui.studio.settings import Settings
from nimble_tui.studio.studio import Studio
with Studio.open(Path(sys.argv[1]), served=sys.argv[2] == "durable") as studio:
    studio.set_quotas(Settings(sessions_per_person=100_000))
    with LocalServer(studio.application) as server:
        who = next(one for one in studio.people() if one.principal_id == sys.argv[3])
        keys = who.access_key_id, who.secret_access_key
        print(json.dumps([server.endpoint_url, *keys]), flush=True)
        sys.stdin.read()
"""
LONG = {f"{number}": "x" * 250 for number in range(40)}
"""Tags that fill pages, so that the log of the data file is soon written back into it."""


@dataclass
class Disk:
    """The folder of a studio, and what would be left of it."""

    folder: Path
    synced: Path
    library: Path


@dataclass
class Artist:
    """Launches workstations and tags them; notes what was acknowledged."""

    client: Any
    acknowledged: dict[str, int] = field(default_factory=dict)

    def work(self, until: threading.Event) -> None:
        profiles = self.client.list_launch_profiles(studioId=STUDIO_ID, principalId=MARA)
        profile_id = next(one["launchProfileId"] for one in profiles["launchProfiles"])
        with suppress(BotoCoreError, OSError):
            while not until.is_set():
                session = self.client.create_streaming_session(
                    studioId=STUDIO_ID, launchProfileId=profile_id
                )["session"]
                self.acknowledged[session["sessionId"]] = 0
                self.client.tag_resource(resourceArn=session["arn"], tags=LONG)
                self.acknowledged[session["sessionId"]] = len(LONG)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("power_cut") / "power_cut.so"
    source = Path(__file__).with_name("power_cut.c")
    command = ["cc", "-shared", "-fPIC", "-O1", "-o", str(path), str(source), "-ldl", "-lpthread"]
    subprocess.run(command, check=True)
    return path


@pytest.fixture
def disk(tmp_path: Path, library: Path) -> Disk:
    made = Disk(tmp_path / "data", tmp_path / "synced", library)
    made.folder.mkdir()
    made.synced.mkdir()
    return made


@contextmanager
def served(disk: Disk, kind: str) -> Iterator[tuple[subprocess.Popen[str], Artist]]:
    names = {"POWER_CUT_FROM": str(disk.folder), "POWER_CUT_TO": str(disk.synced)}
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, str(disk.folder / "studio.db"), kind, MARA],
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **names, "LD_PRELOAD": str(disk.library)},
        cwd=Path(__file__).parents[2],
    ) as process:
        try:
            assert process.stdout is not None
            url, key, secret = json.loads(process.stdout.readline())
            with closing(client_of(url, key, secret)) as client:
                yield process, Artist(client)
        finally:
            process.kill()


def after_the_cut(synced: Path, at: Path) -> dict[str, int]:
    """Return the workstations that the disk holds, and how many tags they have."""
    shutil.copytree(synced, at)
    with closing(Store(at / "studio.db")) as store, store.read() as tx:
        check(tx._connection)  # noqa: SLF001 - a cut leaves no damage
        return {
            one.id: len(one.document.get("tags", {})) for one in tx.page(Kind.STREAMING_SESSION)
        }


def lost(acknowledged: dict[str, int], found: dict[str, int]) -> list[str]:
    return [one for one, tags in acknowledged.items() if found.get(one, -1) < tags]


def cut(disk: Disk, kind: str, cuts: int, at_least: int, folder: Path) -> list[str]:
    """Cut the power of a studio that is being worked with, again and again; return what is lost."""
    chance, gone, until = random.Random(7), [], threading.Event()  # noqa: S311
    with served(disk, kind) as (process, artist):
        worker = threading.Thread(target=artist.work, args=(until,), daemon=True)
        worker.start()
        for number in range(cuts):
            more = len(artist.acknowledged) + at_least
            while len(artist.acknowledged) < more:
                assert worker.is_alive()
                time.sleep(chance.uniform(0.001, 0.01))
            acknowledged = dict(artist.acknowledged)
            process.send_signal(signal.SIGSTOP)
            os.waitpid(process.pid, os.WUNTRACED)  # until all of its threads have stopped
            try:
                gone += lost(acknowledged, after_the_cut(disk.synced, folder / f"cut-{number}"))
            finally:
                process.send_signal(signal.SIGCONT)
        until.set()
        worker.join(30)
    return gone


def test_nothing_that_was_acknowledged_is_lost(disk: Disk, tmp_path: Path) -> None:
    assert cut(disk, "durable", 2, 12, tmp_path) == []


def test_the_simulation_loses_what_was_not_synced(disk: Disk, tmp_path: Path) -> None:
    """A demo's file is not durable: without this the test above would prove nothing."""
    assert cut(disk, "not durable", 4, 4, tmp_path)


@pytest.mark.slow
def test_nothing_that_was_acknowledged_is_lost_in_many_cuts(disk: Disk, tmp_path: Path) -> None:
    assert cut(disk, "durable", 15, 20, tmp_path) == []
