"""What each state of a session makes of each power of its machine, cell by cell."""

from pathlib import Path

import pytest

from nimble_tui.studio.compute import Power
from nimble_tui.studio.lifecycle.power_table import POWERS, TABLE, Action, as_markdown
from nimble_tui.studio.store.records import Kind
from tests.studio.compute.faulty_world import FaultyWorld, acted, open_faulty

CELLS = [
    pytest.param(
        state, power, action, backup, id=f"{state}-{power}{'' if backup else '-no-backup'}"
    )
    for state, row in TABLE.items()
    for power, action in zip(POWERS, row, strict=True)
    for backup in ([True, False] if action == Action.LOST else [True])
]
ENDS = {
    "CREATE_IN_PROGRESS": "READY",
    "START_IN_PROGRESS": "READY",
    "STOP_IN_PROGRESS": "STOPPED",
    "DELETE_IN_PROGRESS": "DELETED",
}


def forget_backups(world: FaultyWorld) -> None:
    with world.studio._store.write() as tx:  # noqa: SLF001 - no call deletes one alone
        for one in tx.page(Kind.STREAMING_SESSION_BACKUP):
            tx.forget(one)


@pytest.mark.parametrize(("state", "power", "action", "backup"), CELLS)
def test_a_cell(state: str, power: Power, action: Action, backup: bool) -> None:
    with open_faulty() as world:
        session_id = acted(world, state)
        if not backup:
            forget_backups(world)
        has_backup = any(one["state"] == "READY" for one in world.backups(session_id))
        before, sent = world.get(session_id), list(world.compute.sent)
        machine_id = f"{session_id}-1"
        if state == "DELETED":  # the machine turns up again, under the id that it carries
            world.outside("launch" if action == Action.END else "terminate", session_id)
        else:
            world.compute.powers[session_id] = power
        world.clock.advance(60)
        world.studio.reconciler.patrol()
        after = world.get(session_id)
        expected = {
            Action.FINISH: ENDS.get(state),
            Action.FAIL: state.replace("_IN_PROGRESS", "_FAILED"),
            Action.STOPPED: "STOPPED",
            Action.STARTED: "READY",
            Action.LOST: "STOPPED" if has_backup else "DELETED",
        }.get(action, state)
        assert after["state"] == expected
        if action == Action.NONE:
            assert after == before
        if action in {Action.STOPPED, Action.STARTED, Action.LOST}:
            assert "outside the studio" in after["statusMessage"]
        assert {one["state"] for one in world.backups(session_id)} <= (
            {"READY", "CREATE_FAILED", "CREATE_IN_PROGRESS"}
            if expected != "DELETED" or action == Action.LOST
            else {"DELETED"}
        )
        world.compute.powers.clear()
        world.clock.advance(60)
        world.studio.reconciler.send_all()
        new = world.compute.sent[len(sent) :]
        if action == Action.REPEAT:
            assert [one.token for one in new] == [sent[-1].token]
            assert new == sent[-1:]  # in every member
        elif action == Action.END:
            assert [one.verb for one in new] == ["terminate"] * len(new)
            assert new or state == "CREATE_FAILED"
            assert (
                world.machines(session_id) == []
                or world.machines(session_id)[0]["machine_id"] == machine_id
            )
        else:
            assert new == []


def test_the_page_shows_the_table(project: Path) -> None:
    page = (project / "docs" / "machines.md").read_text(encoding="utf-8")
    assert as_markdown() in page
