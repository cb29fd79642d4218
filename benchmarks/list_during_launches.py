"""The slowest list while 20 machines take 3 s each to launch, against the quiet studio's p99.

The studio is served by a process of its own, as studio.toml says; one process lists, another one
requests a launch every 50 ms, and each blocks its call of the backend for 3 s. The slowest of as
many lists of the quiet studio shows how far a p99 and the slowest are apart without any launch.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import boto3

from benchmarks.studio_requests import leave_body
from nimble_tui.api import register
from nimble_tui.cli import main as nimble_tui
from nimble_tui.studio.compute import Accepted, MachineRequest
from nimble_tui.studio.compute.simulated import SimulatedCompute
from nimble_tui.studio.http.rate_limit import RateLimit
from nimble_tui.studio.invites import opened
from nimble_tui.studio.sample.data import MARA
from nimble_tui.studio.sample.facts import SAMPLE, STUDIO_ID
from nimble_tui.studio.settings import Settings
from nimble_tui.studio.studio import Studio

RUNS: Final = 7
LAUNCHES: Final = 20
PAUSE: Final = 0.05
LAUNCH_SECONDS: Final = 3.0
SESSIONS: Final = 200
QUIET: Final = 1000


class SlowCompute(SimulatedCompute):
    """Simulated machines behind a backend that answers a launch after 3 s."""

    @property
    def simulated(self) -> bool:
        """Whether nothing needs to be waited for: no."""
        return False

    def apply(self, request: MachineRequest) -> Accepted:
        """Accept anything, slowly."""
        time.sleep(LAUNCH_SECONDS)
        return super().apply(request)


def main() -> None:
    ratios = []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as folder:
            p99, quiet, slowest, lists = _run(Path(folder))
        ratios.append(slowest / p99)
        print(
            f"  quiet p99 {p99 * 1000:.2f} ms, slowest {quiet * 1000:.2f} ms; "
            f"slowest of {lists} lists {slowest * 1000:.2f} ms"
        )
    print(
        f"slowest list during {LAUNCHES} launches of {LAUNCH_SECONDS:g} s: "
        f"{statistics.median(ratios):.2f}× the quiet p99 (goal ≤ 3×); median of {RUNS}"
    )


def _run(folder: Path) -> tuple[float, float, float, int]:
    store, config = folder / "studio.db", folder / "studio.toml"
    with Studio.open(store, sessions=SESSIONS) as studio:
        studio.set_quotas(Settings(sessions_per_person=SESSIONS + LAUNCHES + 10))
        who = next(one for one in studio.people() if one.principal_id == MARA)
        keys = who.access_key_id, who.secret_access_key
    with opened(store) as data, data.write() as tx:
        tx.note(SAMPLE, "")  # a demo is not served by a configuration
    config.write_text(
        f'[studio]\nstore = "{store.name}"\n[serve]\nlisten = "127.0.0.1:0"\n', encoding="utf-8"
    )
    with _process("serve", str(config)) as serving:
        try:
            about = json.loads(serving.stdout.readline() if serving.stdout else "")
            return _measured(about["endpoint_url"], about["region"], *keys)
        finally:
            serving.terminate()


def _measured(*where: str) -> tuple[float, float, float, int]:
    client = _client(*where)

    def listing() -> float:
        began = time.perf_counter()
        client.list_streaming_sessions(studioId=STUDIO_ID, ownedBy=MARA)
        return time.perf_counter() - began

    for _ in range(50):
        listing()
    quiet = [listing() for _ in range(QUIET)]
    lists = []
    with _process("launch", *where) as launching:
        until = time.perf_counter() + LAUNCH_SECONDS * LAUNCHES / 8 + 1.0
        while time.perf_counter() < until:
            lists.append(listing())
            time.sleep(0.005)
        under_way = launching.stdout.readline() if launching.stdout else ""
    if int(under_way) != LAUNCHES:
        raise SystemExit("the launches were not slow")
    return statistics.quantiles(quiet, n=100)[98], max(quiet), max(lists), len(lists)


def _launch(*where: str) -> None:
    """Request the launches; print how many are under way after that."""
    client = _client(*where)
    profiles = client.list_launch_profiles(studioId=STUDIO_ID, principalId=MARA)["launchProfiles"]
    profile_id = next(one["launchProfileId"] for one in profiles if one["name"] == "Lighting")
    ids = []
    for _ in range(LAUNCHES):
        made = client.create_streaming_session(studioId=STUDIO_ID, launchProfileId=profile_id)
        ids.append(made["session"]["sessionId"])
        time.sleep(PAUSE)
    shown = [client.get_streaming_session(studioId=STUDIO_ID, sessionId=one) for one in ids]
    print(sum(one["session"]["state"] == "CREATE_IN_PROGRESS" for one in shown))


def _client(endpoint_url: str, region: str, access_key_id: str, secret_access_key: str) -> Any:
    session = boto3.Session(access_key_id, secret_access_key, region_name=region)
    register(session)
    client: Any = session.client
    nimble = client("nimble", endpoint_url=endpoint_url)
    if "launch" not in sys.argv:
        nimble.meta.events.register("before-parse", leave_body)
    return nimble


def _process(*words: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "benchmarks.list_during_launches", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def _serve(config: str) -> None:
    """Serve a studio as the command does, with slow machines and for as many calls as there are."""
    unlimited = partial(RateLimit, rate=1e6, burst=1e6)
    with (
        patch("nimble_tui.studio.studio.SimulatedCompute", SlowCompute),
        patch("nimble_tui.studio.serve_config.RateLimit", unlimited),
    ):
        sys.exit(nimble_tui(["studio", "serve", "--config", config]))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", config]:
            _serve(config)
        case ["launch", *where]:
            _launch(*where)
        case _:
            main()
