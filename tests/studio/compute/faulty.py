"""A slow and unreliable backend: its steps take seconds, and its answers fail as planned."""

import time
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from nimble_tui.studio.compute import (
    Accepted,
    Deadline,
    Enforcement,
    Failure,
    Finding,
    Machine,
    MachineRequest,
    ObservedState,
    Power,
    Stream,
    UnclearError,
)
from nimble_tui.studio.store.records import Step
from tests.studio.compute.room import Calls

LOST = "lost"
"""The request is done, its answer is lost."""
UNSENT = "unsent"
"""The request never arrives, and nobody knows that."""
REFUSED = "refused"
BROKEN = "broken"
"""The backend's own code makes a mistake."""


@dataclass
class FaultyCompute:
    """The machines of a room, as a studio sees them that goes by `now`.

    `faults` are what becomes of the next calls of `apply`, None for nothing; `blind` is whether
    `describe` gets no answer, `powers` what it says of sessions' machines whatever they are.
    `before_apply` is called in the call, with the request. `screen` is every machine's socket.
    """

    room: Calls
    now: Callable[[], datetime]
    faults: deque[str | None] = field(default_factory=deque)
    blind: bool = False
    powers: dict[str, Power] = field(default_factory=dict)
    delay: float = 0.0
    before_apply: Callable[[MachineRequest], None] = lambda _: None
    screen: Path | None = None
    sent: list[MachineRequest] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)

    @property
    def simulated(self) -> bool:
        return False

    def apply(self, request: MachineRequest) -> Accepted | Failure:
        self.sent.append(request)
        self.before_apply(request)
        time.sleep(self.delay)
        fault = self.faults.popleft() if self.faults else None
        if fault == UNSENT:
            raise UnclearError(UNSENT)
        if fault == BROKEN:
            raise ZeroDivisionError
        if fault == REFUSED:
            return Failure("INSUFFICIENT_CAPACITY", "There is no such machine free.")
        answer = self.room.call(
            "apply",
            verb=request.verb,
            token=request.token,
            number=request.number,
            machine_id=request.machine.id,
            session_id=request.machine.session_id,
            now=self.now().isoformat(),
        )
        if fault == LOST:
            raise UnclearError(LOST)
        if "refused" in answer:
            return Failure("INTERNAL_ERROR", answer["refused"])
        return Accepted(answer["handle"])

    def describe(self, machines: Collection[Machine]) -> Mapping[str, ObservedState]:
        self.asked.append(len(machines))
        if self.blind:
            raise UnclearError("blind")
        found = self.room.call("describe", now=self.now().isoformat())
        forced = {
            one.id: ObservedState(self.powers[one.session_id], handle=one.handle)
            for one in machines
            if one.session_id in self.powers
        }
        return {
            machine_id: ObservedState(
                Power(one["power"]),
                datetime.fromisoformat(one["since"]),
                reason=one["reason"],
                handle=one["handle"],
            )
            for machine_id, one in found.items()
        } | forced

    def enforce(self, machine: Machine, deadline: Deadline | None) -> Enforcement:
        told = [deadline.at.isoformat(), deadline.verb, deadline.version] if deadline else None
        self.room.call("enforce", machine_id=machine.id, deadline=told)
        return Enforcement("by the workstation itself")

    def open_stream(self, machine: Machine, at: datetime) -> Step:
        del machine
        return Step(at)

    def stream_url(self, machine: Machine, stream: Stream, own_url: str) -> str:
        return f"{own_url}/stream/{stream.stream_id}?authToken={stream.token}#{machine.handle}"

    def screen_socket(self, machine: Machine) -> Path | None:
        del machine
        return self.screen

    def check(self) -> Sequence[Finding]:
        return [Finding(ok=not self.blind, text="The machines can be described.")]
