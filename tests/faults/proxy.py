"""The project's own studio behind a proxy that injects faults, with a ledger of what was applied.

The proxy listens on loopback alone. Which requests are hit is up to a `plan`, as with the
FaultyStudio that it is; `at_random` makes one that is the same for a seed, however threads run.
"""

import http.client
import random
import threading
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from nimble_tui.api import service_model
from nimble_tui.studio.compute import (
    Accepted,
    Compute,
    Deadline,
    Enforcement,
    Failure,
    Finding,
    Machine,
    MachineRequest,
    ObservedState,
    Stream,
)
from nimble_tui.studio.demo import Demo
from nimble_tui.studio.http.routes import Routes
from nimble_tui.studio.lifecycle.reconciler import Reconciler
from nimble_tui.studio.store.records import Step
from tests.faults.faulty_studio import Answer, Fault, FaultyStudio, Request, Server

_HOP_BY_HOP = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding"})


class Effect(NamedTuple):
    """What really happened to a workstation's machine: launch, start, stop or terminate."""

    what: str
    session_id: str


@dataclass
class Ledger:
    """A studio's machines that note each effect; `effects` is what was applied, in order."""

    compute: Compute
    effects: list[Effect] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)

    @property
    def simulated(self) -> bool:
        return self.compute.simulated

    def apply(self, request: MachineRequest) -> Accepted | Failure:
        if request.token not in self.tokens:  # repeated, it has no second effect
            self.tokens.add(request.token)
            self.effects.append(Effect(request.verb, request.machine.session_id))
        return self.compute.apply(request)

    def describe(self, machines: Collection[Machine]) -> Mapping[str, ObservedState]:
        return self.compute.describe(machines)

    def enforce(self, machine: Machine, deadline: Deadline | None) -> Enforcement:
        return self.compute.enforce(machine, deadline)

    def open_stream(self, machine: Machine, at: datetime) -> Step:
        return self.compute.open_stream(machine, at)

    def stream_url(self, machine: Machine, stream: Stream, own_url: str) -> str:
        return self.compute.stream_url(machine, stream, own_url)

    def screen_socket(self, machine: Machine) -> Path | None:
        return self.compute.screen_socket(machine)

    def check(self) -> Sequence[Finding]:
        return self.compute.check()

    def count(self, what: str) -> int:
        return sum(one.what == what for one in self.effects)


@dataclass
class FaultProxy(FaultyStudio):
    """Passes requests on to a studio as they came, signature included, and may fail on the way.

    `effects` is the studio's own ledger; `requests` holds what came in, as with a FaultyStudio.
    """

    target: str = ""
    applied: Ledger | None = None

    @property
    def effects(self) -> list[Effect]:
        return self.applied.effects if self.applied else []

    def operation_of(self, request: Request) -> str:
        if "x-amz-target" in request.headers:
            return request.headers["x-amz-target"].rpartition(".")[2]
        route = _routes().find(request.method, request.target.partition("?")[0])
        return route.operation.name if route else f"{request.method} {request.target}"

    def answer(self, operation: str, request: Request) -> Answer:
        del operation
        parts = urlsplit(self.target)
        with closing(http.client.HTTPConnection(parts.netloc, timeout=10)) as studio:
            studio.putrequest(
                request.method, request.target, skip_host=True, skip_accept_encoding=True
            )
            for name, value in request.headers.items():
                if name not in _HOP_BY_HOP:
                    studio.putheader(name, value)
            studio.putheader("Content-Length", str(len(request.body)))
            studio.endheaders(request.body)
            reply = studio.getresponse()
            headers = {n: v for n, v in reply.getheaders() if n.lower() not in _HOP_BY_HOP}
            return Answer(reply.status, reply.read(), headers)

    def at_random(
        self, faults: Sequence[Fault], seed: int, *, share: float = 0.3, before: float = 0.5
    ) -> None:
        """Let a share of each operation's requests be hit by one of the faults.

        A share `before` of those is hit before the studio sees the request. What happens to the
        n-th request of an operation follows from the seed alone.
        """
        numbers: Counter[str] = Counter()
        lock = threading.Lock()

        def plan(operation: str, _: Request) -> tuple[Fault, bool] | None:
            with lock:
                numbers[operation] += 1
                number = numbers[operation]
            chance = random.Random(f"{seed} {operation} {number}")  # noqa: S311 - repeatable
            if chance.random() >= share:
                return None
            return chance.choice(faults), chance.random() < before

        self.plan = plan


@contextmanager
def faults_before(demo: Demo) -> Iterator[FaultProxy]:
    """Put a proxy in front of a studio, and a ledger behind it, until the end."""
    studio = demo.studio
    ledger = Ledger(studio._compute)  # noqa: SLF001 - a recorder around its machines
    studio.reconciler = Reconciler(
        studio._store,  # noqa: SLF001
        ledger,
        studio.clock,
        studio.about.studio_id,
    )
    proxy = FaultProxy(target=demo.endpoint_url, applied=ledger)
    with closing(Server(proxy)):
        yield proxy


@cache
def _routes() -> Routes:
    return Routes(service_model())
