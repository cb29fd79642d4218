"""A whole workspace: against a real studio over HTTP, without a terminal, and when it is left."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from nimble_tui.core.model import SessionAction
from nimble_tui.core.rules import Allowed
from nimble_tui.core.service import DEMO, ErrorKind, StudioError
from nimble_tui.view.health import Phase
from nimble_tui.view.sorting import NEEDS, following
from tests.tui.bench import Bench as RealBench
from tests.view.workstations import session
from tests.workspace.bench import Bench

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from nimble_tui.workspace.workspace import Workspace

LIST = "list_streaming_sessions"
STOP = SessionAction.STOP

PROBE = """
import asyncio, json, sys
import nimble_tui.workspace.workspace
from tests.workspace.bench import Bench

async def run():
    bench = Bench()
    await bench.started()
    row = bench.row("one")
    from nimble_tui.core.model import SessionAction
    bench.workspace.actions.act(SessionAction.STOP, row)
    await bench.settled()
    state = bench.state("one")
    await bench.end()
    return state

state = asyncio.run(run())
print(json.dumps({"state": state, "modules": sorted(sys.modules)}))
"""


def test_it_runs_without_a_terminal_a_network_or_a_keyring(project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, text=True, check=True, cwd=project
    )
    answer = json.loads(done.stdout)
    assert answer["state"] == "STOP_IN_PROGRESS"
    loaded = {name.partition(".")[0] for name in answer["modules"]}
    heavy = {"textual", "rich", "boto3", "botocore", "keyring", "urllib3", "sqlite3"}
    assert loaded.isdisjoint(heavy), loaded & heavy
    ours = {".".join(name.split(".")[:2]) for name in answer["modules"]}
    above = {f"nimble_tui.{name}" for name in ("api", "cli", "client", "desktop", "studio", "tui")}
    assert ours.isdisjoint(above), ours & above


async def test_sorting_goes_round_and_is_chosen_again_at_the_next_start(bench: Bench) -> None:
    await bench.started()
    assert bench.snapshot.order is NEEDS
    bench.workspace.sorting.change()
    await bench.settled()
    chosen = bench.snapshot.order
    assert chosen is following(NEEDS)
    assert bench.another().snapshot.order is chosen


async def test_closing_with_everything_held_is_immediate_and_final(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold(LIST, "act", "history", "get_launch_profile_details", "_read")
    bench.workspace.actions.act(STOP, bench.row("one"))
    bench.workspace.details.request("Lighting")
    bench.workspace.names.request(["p-7"])
    bench.workspace.history.read()
    await bench.passes(30)
    bench.workspace.close()
    shown, changes = bench.snapshot, len(bench.changes)
    bench.calls.let_go(LIST, "act", "history", "get_launch_profile_details", "_read")
    await asyncio.gather(*bench.spawned, return_exceptions=True)
    assert bench.workspace.tasks.count == 0
    assert (bench.snapshot is shown, len(bench.changes)) == (True, changes)
    bench.workspace.close()
    assert [one.closed for one in bench.studios.opened] == [1]


async def test_after_closing_nothing_is_sent(bench: Bench) -> None:
    await bench.started()
    row = bench.row("one")
    bench.workspace.close()
    operations = len(bench.world.operations)
    bench.workspace.actions.act(STOP, row)
    bench.workspace.polling.refresh(for_me=True)
    bench.workspace.details.request("Lighting")
    bench.workspace.check_clock()
    await bench.passes(3600)
    assert len(bench.world.operations) == operations


async def test_closing_before_it_was_started_asks_nobody(bench: Bench) -> None:
    bench.workspace.close()
    bench.workspace.start()
    await bench.settled()
    assert bench.world.operations == []


async def test_being_left_by_what_hears_that_it_is_signed_out(bench: Bench) -> None:
    await bench.started()
    bench.workspace.polling.signed_out.append(bench.workspace.close)
    bench.world.errors[LIST] = StudioError(ErrorKind.NOT_SIGNED_IN, "You are not signed in.")
    await bench.passes(30)
    await asyncio.gather(*bench.spawned, return_exceptions=True)
    assert (bench.workspace.tasks.count, bench.snapshot.health.phase) == (0, Phase.SIGNED_OUT)


async def test_what_hears_of_a_refresh_gets_what_was_and_what_is(bench: Bench) -> None:
    heard: list[tuple[int, int]] = []
    bench.workspace.polling.refreshed.append(
        lambda before, after: heard.append((len(before.rows), len(after.rows)))
    )
    await bench.started()
    bench.world.put(session("new", "READY"))
    await bench.passes(30)
    assert heard == [(0, 2), (2, 3)]


# A real studio over HTTP; the calls run in threads.


async def in_thread(fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    return await asyncio.to_thread(fn, *args, **kwargs)


async def until(condition: Callable[[], object]) -> None:
    """Wait until something is so; fail when it is not after many looks."""
    for _ in range(2_000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("never came true")


@pytest.fixture
def real() -> Iterator[RealBench]:
    with RealBench() as opened:
        yield opened


def around(real: RealBench) -> Bench:
    """Return a workspace on a real studio."""
    made = Bench(real.studios.info(DEMO), in_thread, real.studios)
    made.clock = real.clock
    return made


def stoppable(workspace: Workspace) -> str:
    """Return the key of a workstation that can be stopped."""
    permissions, rows = workspace.permissions, workspace.snapshot.rows
    return next(row.key for row in rows if isinstance(permissions.check("stop", row), Allowed))


async def test_the_whole_way_of_a_stop_and_a_name(real: RealBench) -> None:
    bench = around(real)
    workspace = bench.workspace
    workspace.start()
    await until(lambda: bench.snapshot.is_live and bench.snapshot.history.known)
    key = stoppable(workspace)
    workspace.actions.act(STOP, bench.row(key))
    assert bench.state(key) == "STOP_IN_PROGRESS"
    await until(lambda: not bench.snapshot.pending and not workspace.polling.is_refreshing)
    assert bench.state(key) == "STOP_IN_PROGRESS"
    workspace.actions.rename(bench.row(key), "plates")
    await until(lambda: not bench.snapshot.pending)
    there = real.service().get_streaming_session(key)
    assert (there.tags["Name"], there.state) == ("plates", "STOP_IN_PROGRESS")
    assert (bench.notices, bench.mistakes) == ([], [])
    await bench.end()


async def test_a_held_reply_of_a_real_studio_holds_up_nothing_else(real: RealBench) -> None:
    bench = around(real)
    workspace = bench.workspace
    workspace.start()
    await until(lambda: bench.snapshot.is_live and not workspace.polling.is_refreshing)
    held = real.gate.hold(b"/stop")
    key = stoppable(workspace)
    workspace.actions.act(STOP, bench.row(key))
    await until(lambda: real.gate.holding)
    calls = len(real.gate.calls)
    workspace.polling.refresh()
    await until(lambda: len(real.gate.calls) > calls and not workspace.polling.is_refreshing)
    assert (set(bench.snapshot.pending), bench.state(key)) == ({key}, "STOP_IN_PROGRESS")
    held.set()
    await until(lambda: not bench.snapshot.pending)
    assert bench.state(key) == "STOP_IN_PROGRESS"
    await bench.end()


async def test_a_real_studio_that_goes_away_and_comes_back(real: RealBench) -> None:
    bench = around(real)
    workspace = bench.workspace
    workspace.start()
    await until(lambda: bench.snapshot.is_live and not workspace.polling.is_refreshing)
    rows = bench.snapshot.rows
    real.gate.open = False
    workspace.polling.refresh()
    await until(lambda: bench.snapshot.health.phase == Phase.OFFLINE)
    assert bench.snapshot.rows is rows
    real.gate.open = True
    workspace.polling.refresh(for_me=True)
    await until(lambda: bench.snapshot.health.phase == Phase.LIVE)
    await bench.end()
