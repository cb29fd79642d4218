"""The slowest list while 20 machines take 3 s each to launch, against the quiet studio's p99.

The calls go through the studio itself, without HTTP. A launch is requested every 50 ms; each blocks
its call of the backend for 3 s.
"""

import statistics
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from nimble_tui.core.clock import SystemClock
from nimble_tui.studio.compute import Accepted, MachineRequest
from nimble_tui.studio.compute.simulated import SimulatedCompute
from nimble_tui.studio.http.front import Call
from nimble_tui.studio.sample.data import MARA
from nimble_tui.studio.sample.facts import STUDIO_ID
from nimble_tui.studio.settings import Settings
from nimble_tui.studio.studio import Studio

RUNS: Final = 7
LAUNCHES: Final = 20
PAUSE: Final = 0.05
LAUNCH_SECONDS: Final = 3.0
SESSIONS: Final = 200
QUIET: Final = 500


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
            quiet, slowest, lists = _run(Path(folder) / "studio.db")
        ratios.append(slowest / quiet)
        print(
            f"  quiet p99 {quiet * 1000:.2f} ms, slowest of {lists} lists {slowest * 1000:.2f} ms"
        )
    print(
        f"slowest list during {LAUNCHES} launches of {LAUNCH_SECONDS:g} s: "
        f"{statistics.median(ratios):.2f}× the quiet p99 (goal ≤ 3×); median of {RUNS}"
    )


def _run(path: Path) -> tuple[float, float, int]:
    compute = SlowCompute(now=SystemClock().now)
    with Studio.open(path, sessions=SESSIONS, compute=compute) as studio:
        studio.set_quotas(Settings(sessions_per_person=SESSIONS + LAUNCHES + 10))
        who = next(one for one in studio.people() if one.principal_id == MARA)

        def call(operation: str, **params: Any) -> Mapping[str, Any]:
            about = {"studioId": STUDIO_ID, **params}
            return studio.dispatch(Call(operation, about, who.access_key_id, "bench", "http://x"))

        def listing() -> float:
            began = time.perf_counter()
            call("ListStreamingSessions", ownedBy=MARA)
            return time.perf_counter() - began

        profiles = call("ListLaunchProfiles", principalId=MARA)["launchProfiles"]
        profile_id = next(one["launchProfileId"] for one in profiles if one["name"] == "Lighting")
        quiet = statistics.quantiles([listing() for _ in range(QUIET)], n=100)[98]

        def launch() -> None:
            for _ in range(LAUNCHES):
                call("CreateStreamingSession", launchProfileId=profile_id)
                time.sleep(PAUSE)

        launching = threading.Thread(target=launch)
        launching.start()
        until = time.perf_counter() + LAUNCH_SECONDS * LAUNCHES / 8 + 1.0
        lists = []
        while time.perf_counter() < until:
            lists.append(listing())
            time.sleep(0.005)
        launching.join()
        return quiet, max(lists), len(lists)


if __name__ == "__main__":
    main()
