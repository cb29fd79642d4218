"""The actions possible for the selected row, and the reasons for refusals."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from nimble_tui.core.rules import READ_ONLY
from nimble_tui.workspace.permissions import UNANSWERED, Target
from tests.tables import table
from tests.view.workstations import session
from tests.workspace.bench import Bench
from tests.workspace.fake_studio import INFO, profile

if TYPE_CHECKING:
    from nimble_tui.core.service import StudioInfo

NONE_HERE = "No workstation selected."
ELSEWHERE = "Select a workstation first (tab)."
OF_ROWS = ("stop", "start", "delete", "keep", "rename")

CASES = [
    *((action, "", "", NONE_HERE) for action in OF_ROWS),
    *((action, "one", "profiles", ELSEWHERE) for action in (*OF_ROWS, "backups")),
    *((action, "", "filtered", "No workstation matches") for action in (*OF_ROWS, "connect")),
    ("connect", "", "", "No workstation to connect to"),
    ("show", "", "", "Nothing selected."),
    ("show", "", "profiles", None),
    ("backups", "", "", "No workstation selected."),
    ("stop", "one", "", None),
    ("start", "two", "", None),
    ("connect", "one", "", None),
    ("connect", "two", "", None),  # it is started first
    ("connect", "ending", "", "It was"),
    ("stop", "ending", "", "It is"),
    ("connect", "one", "profiles", None),  # it launches
    ("new", "", "", None),
    ("refresh", "", "", None),
    ("sign_out", "", "", None),
    ("sign_out", "", "demo", "The demo studio has no access keys"),
    ("sign_in", "", "", None),
    ("sign_in", "", "aws", "then press <refresh>."),
    *((action, "one", "read only", READ_ONLY.reason) for action in ("stop", "rename", "new")),
]


@table(CASES)
def test_refusals(action: str, key: str, where: str, reason: str | None) -> None:
    async def run() -> None:
        bench = Bench(_info(where))
        bench.world.put(session("ending", "DELETE_IN_PROGRESS"))
        await bench.started()
        target = Target(
            bench.row(key) if key else None,
            profile(),
            on_profiles=where == "profiles",
            is_filtered=where == "filtered",
        )
        found = bench.workspace.permissions.refusal_reason(action, target)
        assert found == reason if reason is None else reason in (found or ""), found
        await bench.end()

    asyncio.run(run())


def _info(where: str) -> StudioInfo:
    return replace(
        INFO,
        demo=where == "demo",
        aws_profile="farm" if where == "aws" else "",
        read_only=where == "read only",
    )


async def test_a_name_waits_for_the_answer_before_it(bench: Bench) -> None:
    bench.world.put(session("one", "READY", arn="arn:aws:nimble:::streaming-session/one"))
    await bench.started()
    bench.calls.hold("rename")
    bench.workspace.actions.rename(bench.row("one"), "plates")
    refusal_reason = bench.workspace.permissions.refusal_reason
    assert refusal_reason("rename", Target(bench.row("one"))) == UNANSWERED
    bench.calls.let_go("rename")
    await bench.settled()
    assert refusal_reason("rename", Target(bench.row("one"))) is None


async def test_without_a_launch_profile_nothing_is_launched(bench: Bench) -> None:
    bench.world.profiles.clear()
    await bench.started()
    found = bench.workspace.permissions.refusal_reason("new", Target())
    assert found == "No launch profile is available to you. Ask your admin."
