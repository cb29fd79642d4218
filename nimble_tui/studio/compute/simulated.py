"""Simulated machines: they take their time, and fail on request.

A session's tag `nimble-tui:fail` requests it. Its value is one or more of `STEP:STATUS_CODE`,
separated by blanks; STEP is create, start, stop, delete or stream, for example
`start:INSUFFICIENT_CAPACITY delete:INTERNAL_ERROR`. The step fails with that status code every
time, until the tag is removed; with `:once` after it, trying again right after the failure works.

Nothing is stored here. A machine's handle says how its last request ends: the step, the seconds
it takes, the state before it and the status code that it fails with, if any. The seconds count
from when the request was issued, which the studio stores.
"""

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from nimble_tui.core.clock import SystemClock
from nimble_tui.studio.compute import (
    BY_THE_STUDIO,
    Accepted,
    Deadline,
    Enforcement,
    Finding,
    Machine,
    MachineRequest,
    ObservedState,
    Power,
    Stream,
    Verb,
)
from nimble_tui.studio.store.bad_records import log_bad_record
from nimble_tui.studio.store.records import Failure, Step

FAIL_TAG: Final = "nimble-tui:fail"
SECONDS: Final = {"create": 12.0, "start": 8.0, "stop": 6.0, "delete": 3.0, "stream": 1.0}
SPREAD: Final = 0.25

_STEPS: Final = {
    Verb.LAUNCH: "create",
    Verb.START: "start",
    Verb.STOP: "stop",
    Verb.TERMINATE: "delete",
}
_DURING: Final = {
    "create": Power.BOOTING,
    "start": Power.BOOTING,
    "stop": Power.STOPPING,
    "delete": Power.TERMINATING,
}
_AFTER: Final = {
    "create": Power.RUNNING,
    "start": Power.RUNNING,
    "stop": Power.STOPPED,
    "delete": Power.GONE,
}
_BEFORE: Final = {
    "-": Power.GONE,
    "CREATE_FAILED": Power.GONE,
    "STOPPED": Power.STOPPED,
    "START_FAILED": Power.STOPPED,
}
"""The power that a failed step leaves, by the session's state before it; else RUNNING."""
_REASONS: Final = {
    "INSUFFICIENT_CAPACITY": "No machine of this type is available right now; try again later.",
    "ACTIVE_DIRECTORY_DOMAIN_JOIN_ERROR": "The workstation could not join the studio's domain.",
    "NETWORK_CONNECTION_ERROR": "The workstation could not reach the studio's network.",
    "INITIALIZATION_SCRIPT_ERROR": "A setup script of the launch profile failed.",
    "DECRYPT_STREAMING_IMAGE_ERROR": "The streaming image could not be decrypted.",
    "NETWORK_INTERFACE_ERROR": "The workstation's network interface could not be created.",
    "AMI_VALIDATION_ERROR": "The streaming image is not one that can be streamed from.",
}


# Source: the AWS API reference, StreamingSessionStream, member statusCode.
_OF_STREAMS: Final = frozenset({"INTERNAL_ERROR", "NETWORK_CONNECTION_ERROR"})


def failure_of(status_code: str) -> Failure:
    """Return the failure of a status code; INTERNAL_ERROR for an unknown one."""
    reason = _REASONS.get(status_code)
    if reason is None:
        return Failure("INTERNAL_ERROR", "Something went wrong inside the studio.")
    return Failure(status_code, reason)


@dataclass(frozen=True, slots=True)
class SimulatedCompute:
    """Every step takes about as long as `SECONDS` says, divided by `speed`.

    How long exactly follows from `seed`, the session and the moment alone. `now` returns the
    studio's time.
    """

    speed: float = 1.0
    seed: int = 0
    now: Callable[[], datetime] = SystemClock().now

    def __post_init__(self) -> None:
        if not self.speed > 0:
            raise ValueError("The speed must be above 0.")

    @property
    def simulated(self) -> bool:
        """True: its machines are a calculation."""
        return True

    def apply(self, request: MachineRequest) -> Accepted:
        """Accept anything; the handle says how it ends."""
        machine, name, at = request.machine, _STEPS[request.verb], request.issued_at
        failure = _requested_failure(name, machine)
        seconds = repr(self._seconds(name, machine.session_id, at))
        words = (name, seconds, machine.state or "-", failure.status_code if failure else "")
        return Accepted(" ".join(words).rstrip(), self.ends_at(name, machine.session_id, at))

    def describe(self, machines: Collection[Machine]) -> Mapping[str, ObservedState]:
        """Return how far each is with its last request."""
        now, states = self.now(), {}
        for machine in machines:
            with log_bad_record("machine", machine.id):
                states[machine.id] = _observed(machine, now)
        return states

    def enforce(self, machine: Machine, deadline: Deadline | None) -> Enforcement:
        """Do nothing: a simulated machine costs nothing while the studio is closed."""
        del machine, deadline
        return Enforcement(BY_THE_STUDIO)

    def open_stream(self, machine: Machine, at: datetime) -> Step:
        """Return when a page about the machine can be shown in place of its screen."""
        ends_at = self.ends_at("stream", machine.session_id, at)
        return Step(ends_at, _requested_failure("stream", machine))

    def stream_url(self, machine: Machine, stream: Stream, own_url: str) -> str:
        """Return the studio's own page about the machine, shaped like an address of DCV's."""
        page = f"{own_url}/stream/{stream.stream_id}"
        return f"{page}?authToken={stream.token}#{machine.session_id}"

    def screen_socket(self, machine: Machine) -> None:
        """Return None: a page stands for the screen."""
        del machine

    def check(self) -> Sequence[Finding]:
        """Return that there is nothing to check."""
        return [Finding(ok=True, text="The machines are simulated.")]

    def ends_at(self, step: str, session_id: str, at: datetime) -> datetime:
        """Return when a step of a session ends that begins at a time."""
        return at + timedelta(seconds=self._seconds(step, session_id, at))

    def _seconds(self, step: str, session_id: str, at: datetime) -> float:
        chance = random.Random(f"{self.seed} {session_id} {step} {at}")  # noqa: S311
        return SECONDS[step] * chance.uniform(1 - SPREAD, 1 + SPREAD) / self.speed


def _observed(machine: Machine, now: datetime) -> ObservedState:
    """Return the state that a handle leads to; LookupError or ValueError where it is none."""
    step, seconds, before, *codes = machine.handle.split(" ")
    if machine.requested_at is None:
        raise LookupError("a handle without a request")
    ends_at = machine.requested_at + timedelta(seconds=float(seconds))
    if now < ends_at:
        return ObservedState(_DURING[step], machine.requested_at, look_at=ends_at)
    if not codes:
        return ObservedState(_AFTER[step], ends_at)
    return ObservedState(_BEFORE.get(before, Power.RUNNING), ends_at, failure_of(codes[0]))


def _requested_failure(name: str, machine: Machine) -> Failure | None:
    for word in machine.tags.get(FAIL_TAG, "").split():
        step, status_code, *often = [*word.split(":"), ""]
        again = machine.state == f"{name.upper()}_FAILED"
        if step != name or (again and often[0] == "once"):
            continue
        known = name != "stream" or status_code in _OF_STREAMS
        return failure_of(status_code if known else "")
    return None
