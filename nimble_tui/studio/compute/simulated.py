"""Machines that exist on paper only: they take their time, and fail when they are told to.

A session's tag `nimble-tui:fail` tells it. Its value is one or more of `STEP:STATUS_CODE`, set
apart by blanks; STEP is create, start, stop, delete or stream, for example
`start:INSUFFICIENT_CAPACITY delete:INTERNAL_ERROR`. The step fails with that status code every
time, until the tag is gone; with `:once` after it, trying again right after the failure works.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from nimble_tui.studio.compute import Machine, Stream
from nimble_tui.studio.store.records import Failure, Step

FAIL_TAG: Final = "nimble-tui:fail"
SECONDS: Final = {"create": 12.0, "start": 8.0, "stop": 6.0, "delete": 3.0, "stream": 1.0}
SPREAD: Final = 0.25

_REASONS: Final = {
    "INSUFFICIENT_CAPACITY": "There is no free machine of this type right now; try again later.",
    "ACTIVE_DIRECTORY_DOMAIN_JOIN_ERROR": "The workstation could not join the studio's domain.",
    "NETWORK_CONNECTION_ERROR": "The workstation could not reach the studio's network.",
    "INITIALIZATION_SCRIPT_ERROR": "A set-up script of the launch profile failed.",
    "DECRYPT_STREAMING_IMAGE_ERROR": "The streaming image could not be decrypted.",
    "NETWORK_INTERFACE_ERROR": "The workstation's network interface could not be made.",
    "AMI_VALIDATION_ERROR": "The streaming image is not one that can be streamed from.",
}


# Source: the AWS API reference, StreamingSessionStream, member statusCode.
_OF_STREAMS: Final = frozenset({"INTERNAL_ERROR", "NETWORK_CONNECTION_ERROR"})


def failure_of(status_code: str) -> Failure:
    """Return the failure of a status code, INTERNAL_ERROR for one that is not known."""
    reason = _REASONS.get(status_code)
    if reason is None:
        return Failure("INTERNAL_ERROR", "Something went wrong inside the studio.")
    return Failure(status_code, reason)


@dataclass(frozen=True, slots=True)
class SimulatedCompute:
    """Every step takes about as long as `SECONDS` says, divided by `speed`.

    How long exactly follows from `seed`, the session and the moment alone: nothing is kept here.
    """

    speed: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.speed > 0:
            raise ValueError("The speed must be above 0.")

    def launch(self, machine: Machine, at: datetime) -> Step:
        """Pretend to make the machine."""
        return self._step("create", machine, at)

    def stop(self, machine: Machine, at: datetime) -> Step:
        """Pretend to stop it."""
        return self._step("stop", machine, at)

    def start(self, machine: Machine, at: datetime) -> Step:
        """Pretend to start it."""
        return self._step("start", machine, at)

    def terminate(self, machine: Machine, at: datetime) -> Step:
        """Pretend to remove it."""
        return self._step("delete", machine, at)

    def open_stream(self, machine: Machine, at: datetime) -> Step:
        """Pretend to make its screen ready."""
        return self._step("stream", machine, at)

    def stream_url(self, machine: Machine, stream: Stream, own_url: str) -> str:
        """Return the studio's own page about the machine, shaped like an address of DCV's."""
        page = f"{own_url}/stream/{stream.stream_id}"
        return f"{page}?authToken={stream.token}#{machine.session_id}"

    def state(self, machine: Machine, step: Step, at: datetime) -> Step | None:
        """Return the step while it lasts, and after it where it failed."""
        del machine
        return step if step.failure or at < step.due_at else None

    def _step(self, name: str, machine: Machine, at: datetime) -> Step:
        chance = random.Random(f"{self.seed} {machine.session_id} {name} {at}")  # noqa: S311
        seconds = SECONDS[name] * chance.uniform(1 - SPREAD, 1 + SPREAD) / self.speed
        return Step(at + timedelta(seconds=seconds), _told(name, machine))


def _told(name: str, machine: Machine) -> Failure | None:
    for word in machine.tags.get(FAIL_TAG, "").split():
        step, status_code, *often = [*word.split(":"), ""]
        again = machine.state == f"{name.upper()}_FAILED"
        if step != name or (again and often[0] == "once"):
            continue
        known = name != "stream" or status_code in _OF_STREAMS
        return failure_of(status_code if known else "")
    return None
