"""Requests a second of a studio as the demo stores it, as a served one does, and with a master key.

Over HTTP by boto3, from four threads; and the operation alone, without HTTP and signatures.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from nimble_tui.api import register
from nimble_tui.studio.http.front import Call
from nimble_tui.studio.http.server import LocalServer
from nimble_tui.studio.sample.data import MARA
from nimble_tui.studio.sample.facts import REGION, STUDIO_ID
from nimble_tui.studio.store.master_key import MasterKey
from nimble_tui.studio.studio import Studio

RUNS = 5
CALLS = 200
THREADS = 4


def main() -> None:
    kinds: dict[str, dict[str, Any]] = {
        "NORMAL, as a demo": {},
        "FULL, as served": {"served": True},
        "FULL, master key": {"served": True, "master_key": MasterKey.new()},
    }
    for kind, options in kinds.items():
        with (
            tempfile.TemporaryDirectory() as folder,
            Studio.open(Path(folder) / "studio.db", **options) as studio,
        ):
            figures = _measure(studio)
        print(f"{kind:20}", "  ".join(f"{name} {rate:,.0f}/s" for name, rate in figures.items()))


def _measure(studio: Studio) -> dict[str, float]:
    who = next(one for one in studio.people() if one.principal_id == MARA)
    session = boto3.Session(who.access_key_id, who.secret_access_key, region_name=REGION)
    register(session)
    client_of: Any = session.client
    with LocalServer(studio.application) as server:
        client = client_of(
            "nimble", endpoint_url=server.endpoint_url, config=Config(max_pool_connections=THREADS)
        )
        mine = client.list_streaming_sessions(studioId=STUDIO_ID, ownedBy=MARA)["sessions"][0]

        def tag() -> None:
            client.tag_resource(resourceArn=mine["arn"], tags={"n": str(time.perf_counter_ns())})

        def get() -> None:
            client.get_streaming_session(studioId=STUDIO_ID, sessionId=mine["sessionId"])

        def tag_alone() -> None:
            params = {"resourceArn": mine["arn"], "tags": {"n": str(time.perf_counter_ns())}}
            studio.dispatch(Call("TagResource", params, who.access_key_id, "", ""))

        return {
            "changes by HTTP": _rate(tag, THREADS),
            "reads by HTTP": _rate(get, THREADS),
            "changes alone": _rate(tag_alone, 1),
        }


def _rate(call: Callable[[], None], threads: int) -> float:
    call()
    rates = []
    for _ in range(RUNS):
        began = time.perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            for done in [pool.submit(call) for _ in range(CALLS)]:
                done.result()
        rates.append(CALLS / (time.perf_counter() - began))
    return statistics.median(rates)


if __name__ == "__main__":
    main()
