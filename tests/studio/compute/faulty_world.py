"""A studio on the faulty backend, on a clock that stands still, which acts only when told to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nimble_tui.core.clock import ManualClock
from nimble_tui.studio.store.records import Kind
from nimble_tui.studio.studio import Studio
from tests.studio.compute.faulty import FaultyCompute
from tests.studio.compute.room import Room
from tests.studio.world import MARA, NOW, World, open_world

PROFILE = "Comp"
"""A launch profile whose workstations are kept until they are deleted, with backups."""
TIMED = "Lighting"
"""A launch profile whose stopped workstations are deleted in the end."""


@dataclass(kw_only=True)
class FaultyWorld(World):
    compute: FaultyCompute
    room: Room

    def advance(self, seconds: float = 60.0) -> None:
        """Let the studio act, then time pass, then the studio act again."""
        self.studio.reconcile()
        self.clock.advance(seconds)
        self.studio.reconcile()

    def machines(self, session_id: str) -> list[dict[str, Any]]:
        """Return the machines that a session has or had."""
        report = self.room.call("report", now=self.clock.now().isoformat())
        return [one for one in report["machines"] if one["session_id"] == session_id]

    def effects(self, session_id: str) -> list[str]:
        """Return what was really done to a session's machines."""
        report = self.room.call("report", now=self.clock.now().isoformat())
        return [verb for verb, one, _ in report["effects"] if one == session_id]

    def outside(self, verb: str, session_id: str) -> None:
        """Do something to a session's machine that the studio did not request."""
        now = self.clock.now().isoformat()
        self.room.call("outside", verb=verb, session_id=session_id, now=now)

    def request_of(self, session_id: str) -> Any:
        with self.studio._store.read() as tx:  # noqa: SLF001 - no call shows it
            machine = tx.machines.of_session(session_id)
            return tx.machines.request_of(machine.id) if machine else None

    def machine_of(self, session_id: str) -> Any:
        with self.studio._store.read() as tx:  # noqa: SLF001
            return tx.machines.of_session(session_id)


def empty(studio: Studio) -> None:
    """Remove the sample's workstations, which have no machines."""
    with studio._store.write() as tx:  # noqa: SLF001
        for kind in (Kind.STREAMING_SESSION, Kind.STREAMING_SESSION_BACKUP):
            for one in tx.page(kind):
                tx.forget(one)


@contextmanager
def open_faulty(
    path: Path | None = None,
    clock: ManualClock | None = None,
    room: Room | None = None,
    **options: Any,
) -> Iterator[FaultyWorld]:
    """Serve a studio whose machines are in a room; a new one has no workstations."""
    clock, room = clock or ManualClock(NOW), room or Room()
    compute = FaultyCompute(room, clock.now)
    new = path is None or not path.exists()
    with open_world(path, clock, compute=compute, background=False, **options) as world:
        if new:
            empty(world.studio)
        yield FaultyWorld(world.studio, world.url, clock, world.clients, compute=compute, room=room)


def acted(world: FaultyWorld, state: str) -> str:
    """Return a session in a state, as the API and the backend bring it there."""
    failed = state.endswith("_FAILED")
    change = state.removesuffix("_IN_PROGRESS").removesuffix("_FAILED").lower()
    if change == "create":
        world.compute.faults.extend(["refused"] if failed else [])
        session_id = world.create(PROFILE)
        world.studio.reconcile()
        return session_id
    session_id = world.ready(PROFILE)
    if state == "STOPPED" or change == "start":
        world.act("stop", session_id)
        world.studio.reconcile()
        world.advance()
    if change in {"start", "stop", "delete"} and state != "READY":
        world.compute.faults.extend(["refused"] if failed else [])
        world.act(change, session_id)
        world.studio.reconcile()
    if state == "DELETED":
        world.act("delete", session_id, by=MARA)
        world.studio.reconcile()
        world.advance()
    assert world.state(session_id) == state
    return session_id
