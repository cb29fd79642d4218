"""The studio against the literal table of the API reference."""

from collections.abc import Sequence

import pytest

from nimble_tui.studio.store.records import Kind
from tests.core.lifecycle_table import TABLE, Cell
from tests.studio.world import INES, World

RUNS_FOR = 90 * 60.0
STAYS_FOR = 60 * 60.0
FOR_YEARS = 3 * 365 * 86_400.0
_LENGTH = "maxStoppedSessionLengthInMinutes"
_BECOMES = {"stopped": "STOPPED", "deleted": "DELETED"}

each_cell = pytest.mark.parametrize("cell", TABLE, ids=lambda cell: "-".join(map(str, cell[:3])))


def become(world: World, session_ids: Sequence[str], cell: Cell) -> None:
    """Give sessions these modes, and their launch profile this length, as they are stored."""
    modes = {
        "sessionPersistenceMode": cell.persistence,
        "automaticTerminationMode": cell.termination,
    }
    with world.studio._store.write() as tx:  # noqa: SLF001 - no call makes all of them
        sessions = tx.page(Kind.STREAMING_SESSION, ids=session_ids)
        for session in sessions:
            others = {key: value for key, value in session.document.items() if key not in modes}
            session.document = others | {name: mode for name, mode in modes.items() if mode}
        tx.put_all(sessions)
        profile = tx.resource(Kind.LAUNCH_PROFILE, sessions[0].document["launchProfileId"])
        assert profile is not None
        configuration = profile.document["streamConfiguration"]
        configuration["maxSessionLengthInMinutes"] = round(RUNS_FOR / 60)
        configuration.pop(_LENGTH, None)
        configuration |= {} if cell.length is None else {_LENGTH: cell.length}
        tx.put(profile)


@each_cell
def test_a_stop_and_what_ends_a_ready_one(world: World, cell: Cell) -> None:
    left, acted_on = world.create(by=INES), world.create(by=INES)
    become(world, (left, acted_on), cell)
    world.advance()
    world.act("stop", acted_on, INES)
    world.advance()
    assert world.state(acted_on) == {"keeps": "STOPPED", "fails": "STOP_FAILED"}[cell.stop]
    world.advance(RUNS_FOR - 180)
    assert world.state(left) == "READY"
    world.advance(180)
    assert world.state(left) == _BECOMES[cell.ready_ends]


@each_cell
def test_a_start_and_what_ends_a_stopped_one(world: World, cell: Cell) -> None:
    """Both are STOPPED, as a workstation is whose launch profile changes meanwhile."""
    left, acted_on = world.create(by=INES), world.create(by=INES)
    world.advance()
    for session_id in (left, acted_on):
        world.act("stop", session_id, INES)
    become(world, (left, acted_on), cell)
    world.advance()
    assert world.state(left) == "STOPPED"
    world.act("start", acted_on, INES)
    world.advance()
    started = world.get(acted_on)
    # It is taken on, whether it can be stopped again or not.
    assert started["state"] == "READY"
    assert ("stopAt" in started) == (cell.start == "at once")
    assert ("terminateAt" in started) == (cell.start == "asks")
    if cell.stopped_ends == "nothing":
        world.advance(FOR_YEARS)
        assert world.state(left) == "STOPPED"
        return
    world.advance(STAYS_FOR - 180)
    assert world.state(left) == "STOPPED"
    world.advance(180)
    assert world.state(left) == _BECOMES[cell.stopped_ends]
