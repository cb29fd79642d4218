"""The machines behind the workstations: what a backend is requested to do, and what it answers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from nimble_tui.studio.store.records import Failure, Step, Verb

__all__ = ["Failure", "Verb"]


BY_THE_STUDIO = "by the studio"
"""The party that enforces deadlines where no backend does."""


class UnclearError(Exception):
    """A backend gave no clear answer, such as a time-out: it may have done what was requested."""


class Power(StrEnum):
    """The state of a machine, as its backend observes it."""

    BOOTING = "booting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    TERMINATING = "terminating"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine of one streaming session.

    `id` is what the machine carries from its launch to its end. `handle` is the backend's own
    name for it, "" before the launch was accepted; `requested_at` when its last accepted request
    was issued, None within a request. `state` is the session's before the request under way, "" for
    a request of a machine alone, `retention` its volumeRetentionMode at a stop. `backup_id` is the
    backup to make at a stop, or that its disk is restored from, if any. `initialization` holds the
    studio components of its launch profile, in order.
    """

    id: str
    session_id: str
    handle: str = ""
    requested_at: datetime | None = None
    owner: str = ""
    launch_profile_id: str = ""
    ec2_instance_type: str = ""
    streaming_image_id: str = ""
    ec2_image_id: str = ""
    platform: str = ""
    subnet_ids: Sequence[str] = ()
    security_group_ids: Sequence[str] = ()
    stream_configuration: Mapping[str, Any] = field(default_factory=dict)
    initialization: Sequence[Mapping[str, Any]] = field(default=(), repr=False)
    volumes: Mapping[str, Any] = field(default_factory=dict)
    retention: str = "RETAIN"
    backup_id: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    state: str = ""


@dataclass(frozen=True, slots=True)
class MachineRequest:
    """A request to a backend; repeated, it is the same in every member.

    A backend that stores `number` with the machine can refuse a request with a lower number than
    the last: it is late, and another one has followed it.
    """

    verb: Verb
    token: str
    number: int
    machine: Machine
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """A backend does what it was requested to; `look_at` is when that is likely to be done."""

    handle: str
    look_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ObservedState:
    """A machine as its backend describes it.

    `since` is when it came into this state, as far as that is known. `failure` says that the last
    request failed, and how; `reason` is a sentence about the state for the artist, if there is any.
    `look_at` is when to ask again, where that is not up to the caller.
    """

    power: Power
    since: datetime | None = None
    failure: Failure | None = None
    reason: str = ""
    address: str = ""
    handle: str = ""
    look_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """The time at which a machine is stopped or terminated, even without the studio.

    Versions grow with each change of a machine's deadline.
    """

    at: datetime
    verb: Verb
    version: int


@dataclass(frozen=True, slots=True)
class Enforcement:
    """The party that ends a machine at its deadline, such as "by the workstation itself"."""

    by: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a check: whether it is as it should be, and a sentence."""

    ok: bool
    text: str


@dataclass(frozen=True, slots=True)
class Stream:
    """Access to a machine's screen; `token` is a bearer secret."""

    stream_id: str
    token: str = field(repr=False)


class Compute(Protocol):
    """A place where machines run.

    `apply`, `describe`, `enforce` and `check` may take seconds and may fail: unless simulated they
    are called outside transactions, and an answer that takes too long is discarded. They raise
    UnclearError where the backend gave no clear answer; any other exception counts as that too.
    `open_stream` and `stream_url` are called within transactions: they only compute.
    """

    @property
    def simulated(self) -> bool:
        """True if its machines are a calculation.

        Then each call returns at once, and nothing changes but by request: no patrols are made, and
        steps that were missed are played at the times they would have had.
        """
        ...

    def apply(self, request: MachineRequest) -> Accepted | Failure:
        """Begin what is requested; the same request again has no second effect.

        A Failure is a refusal: nothing was done, and nothing will be.
        """
        ...

    def describe(self, machines: Collection[Machine]) -> Mapping[str, ObservedState]:
        """Return the states of machines by their ids, in one call.

        A machine that the backend does not know is left out. It adds every other machine of the
        studio that it knows, so that none is forgotten.
        """
        ...

    def enforce(self, machine: Machine, deadline: Deadline | None) -> Enforcement:
        """Have a machine end at a deadline without the studio, in place of any deadline before."""
        ...

    def open_stream(self, machine: Machine, at: datetime) -> Step:
        """Return when a machine's screen can be shown, and how that fails, if it does."""
        ...

    def stream_url(self, machine: Machine, stream: Stream, own_url: str) -> str:
        """Return where its screen is shown: https, dcv, or the studio's own page below `own_url`.

        `own_url` is the studio's address as the caller knows it, such as `http://127.0.0.1:8080`.
        """
        ...

    def screen_socket(self, machine: Machine) -> Path | None:
        """Return the unix socket at which a machine's screen speaks RFB (RFC 6143).

        None where the studio does not show its screen itself, or the machine does not run.
        """
        ...

    def check(self) -> Sequence[Finding]:
        """Return what is right and wrong with the backend."""
        ...
