"""Sends requests to the backend, each under a lease and outside any transaction.

A lease makes one process at a time responsible for a request, and bounds how late it can be sent.
A process that was suspended between its check and its call may be later still. That does no harm
to a launch or a start, which their token makes the same request; a late stop is refused by its
number where the backend can do that, else observed.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from nimble_tui.core.clock import Clock
from nimble_tui.core.enforcement import with_enforcement
from nimble_tui.core.unclear_steps import GIVE_UP_AFTER, UNCLEAR
from nimble_tui.studio.compute import (
    BY_THE_STUDIO,
    Accepted,
    Compute,
    Deadline,
    Enforcement,
    Failure,
    Machine,
    MachineRequest,
    UnclearError,
    Verb,
)
from nimble_tui.studio.lifecycle import lease_holders, records
from nimble_tui.studio.lifecycle.machines import machine_of, request_of
from nimble_tui.studio.lifecycle.transitions import under_way
from nimble_tui.studio.store.bad_records import log_bad_record
from nimble_tui.studio.store.records import Kind, MachineRecord, RequestRecord, Resource
from nimble_tui.studio.store.transaction import Transaction

LONGEST_PAUSE: Final = timedelta(seconds=30)

logger = logging.getLogger(__name__)
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Terms:
    """The length of a lease, how much of it must be left before a call, and the limit of that.

    A call that begins with `margin` left and ends within `call` is over before its lease is. The
    last two are how often machines are observed while something is in transition, and else.
    """

    lease: timedelta = timedelta(seconds=30)
    margin: timedelta = timedelta(seconds=15)
    call: timedelta = timedelta(seconds=10)
    while_changing: timedelta = timedelta(seconds=5)
    while_quiet: timedelta = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Claim:
    """A request that this process alone sends until a time."""

    request: MachineRequest
    gone: bool
    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class DeadlineClaim:
    """A deadline that this process alone hands to the backend until a time."""

    machine: Machine
    deadline: Deadline | None
    version: int
    until: datetime


Answer = Accepted | Failure | UnclearError | None
"""None where the call was not made."""


class Dispatcher:
    """Claims requests, sends them, and stores what was answered.

    `claim` and `store` belong into a transaction each, `send` into none unless it is simulated.
    """

    def __init__(self, compute: Compute, clock: Clock, terms: Terms | None = None) -> None:
        self._compute = compute
        self._clock = clock
        self.terms = terms or Terms()

    def end_leases(self, tx: Transaction) -> None:
        """Have requests sent again, now, whose process has ended since it claimed them."""
        for by in tx.machines.claimants():
            if lease_holders.has_ended(by):
                tx.machines.end_claims(by, self._clock.now())

    def claim(self, tx: Transaction) -> Claim | None:
        """Return a request that is to be sent, if there is any; one with a bad record is not."""
        now, by = self._clock.now(), lease_holders.new_name()
        until = now + self.terms.lease
        while (claimed := tx.machines.claim_request(now, until, by)) is not None:
            number, session_id = claimed
            with log_bad_record("request for the machine of", session_id):
                request = tx.machines.request(number)
                machine = tx.machines.get(request.machine_id) if request else None
                if request is None or machine is None:
                    raise LookupError(session_id)
                return Claim(request_of(machine, request), machine.gone, by, until)
        return None

    def send(self, claim: Claim) -> Answer:
        """Send a request, unless its lease is about to end."""
        if claim.until - self._clock.now() < self.terms.margin:
            return None
        request, machine = claim.request, claim.request.machine
        if not self._compute.simulated and request.verb != Verb.LAUNCH:
            if request.verb == Verb.TERMINATE and (claim.gone or not machine.handle):
                return Accepted(machine.handle)  # there is nothing to terminate
            if not machine.handle:
                return Failure(
                    "INTERNAL_ERROR",
                    "The studio knows no machine of this workstation; delete it, or ask your "
                    "admin to look for the machine.",
                )
        try:
            answer = self._bounded(lambda: self._compute.apply(request))
        except UnclearError as error:
            return error
        except Exception as error:  # noqa: BLE001 - whatever a backend raises ends with its request
            _log(machine.session_id, request.verb, error)
            return UnclearError(type(error).__name__)
        if isinstance(answer, Accepted | Failure):
            return answer
        return UnclearError(type(answer).__name__)

    def store(self, tx: Transaction, claim: Claim, answer: Answer) -> None:
        """Store an answer, if the request is still this process's own."""
        now = self._clock.now()
        request = tx.machines.request(claim.request.number)
        if request is None or request.claimed_by != claim.by or claim.until <= now:
            return
        machine = tx.machines.get(request.machine_id)
        if machine is None:
            return
        if isinstance(answer, Accepted):
            _store_accepted(tx, machine, request, answer, now)
            if request.unclear_since is None:
                return
        session = tx.resource(Kind.STREAMING_SESSION, request.session_id)
        if session is not None and not session.in_transition:
            session = None  # its own step is over: the request only ends what it left
        if isinstance(answer, Accepted) and session is not None:
            session.document["statusMessage"] = under_way(session)
            tx.put(session)
        elif isinstance(answer, Failure):
            tx.machines.end_request(machine.id)
            if session is not None:
                records.finish_step(tx, session, answer, max(request.issued_at, now))
        elif isinstance(answer, UnclearError):
            note_unclear(tx, session, request, now)

    def claim_deadline(self, tx: Transaction) -> DeadlineClaim | None:
        """Return a deadline that the backend does not enforce yet, if there is any."""
        now = self._clock.now()
        until = now + self.terms.lease
        while (machine_id := tx.machines.claim_deadline(now, until)) is not None:
            with log_bad_record("deadline of the machine", machine_id):
                machine = tx.machines.get(machine_id)
                if machine is None:
                    raise LookupError(machine_id)
                session = tx.resource(Kind.STREAMING_SESSION, machine.session_id)
                deadline = records.deadline(session, machine) if session else None
                version = machine.deadline_version
                return DeadlineClaim(machine_of(machine), deadline, version, until)
        return None

    def enforce(self, claim: DeadlineClaim) -> Enforcement | None:
        """Hand a deadline to the backend; None where that did not succeed."""
        if claim.until - self._clock.now() < self.terms.margin:
            return None
        if not claim.machine.handle:  # there is nothing yet that could end
            return Enforcement("")
        try:
            return self._bounded(lambda: self._compute.enforce(claim.machine, claim.deadline))
        except Exception as error:  # noqa: BLE001 - the studio itself keeps the deadline all the same
            _log(claim.machine.session_id, "deadline", error)
            return None

    def store_enforcement(
        self, tx: Transaction, claim: DeadlineClaim, enforcement: Enforcement | None
    ) -> None:
        """Store that a deadline is enforced, unless it changed or another process took over."""
        machine = tx.machines.get(claim.machine.id)
        if machine is None or enforcement is None or machine.enforce_at != claim.until:
            return  # it is tried again when the lease ends
        if machine.deadline_version == claim.version:
            machine.enforced_version, machine.enforced_by = claim.version, enforcement.by
            tx.machines.put(machine)
            _say_enforced(tx, claim, enforcement)

    def bounded(self, call: Callable[[], Result]) -> Result:
        """Return what a call of the backend returns; UnclearError where it takes too long."""
        return self._bounded(call)

    def _bounded(self, call: Callable[[], Result]) -> Result:
        if self._compute.simulated:
            return call()
        return within(self.terms.call / timedelta(seconds=1), call)


def within(seconds: float, call: Callable[[], Result]) -> Result:
    """Return what a call returns, in a thread; UnclearError where that takes longer.

    The thread is left to itself then: whatever it returns later is discarded.
    """
    results: list[Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(call())
        except BaseException as error:  # noqa: BLE001 - it is raised below
            errors.append(error)

    thread = threading.Thread(target=run, name="studio-backend-call", daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise UnclearError(f"no answer within {seconds:g} s")
    return results[0]


def note_unclear(
    tx: Transaction, session: Resource | None, request: RequestRecord, now: datetime
) -> None:
    """Have a request sent again after a pause that grows, and say so on its session."""
    request.unclear_since = request.unclear_since or now
    request.accepted_at, request.claimed_by, request.claimed_until = None, "", None
    request.next_try_at = now + min(timedelta(seconds=2 ** min(request.tries, 5)), LONGEST_PAUSE)
    tx.machines.put_request(request)
    if session is not None:
        session.document["statusMessage"] = UNCLEAR
        tx.put(session)


def can_be_given_up(request: RequestRecord | None, now: datetime) -> bool:
    """Return whether a request has been unclear for so long that its owner can give it up."""
    since = request.unclear_since if request else None
    return since is not None and now - since >= GIVE_UP_AFTER


def _store_accepted(
    tx: Transaction,
    machine: MachineRecord,
    request: RequestRecord,
    answer: Accepted,
    now: datetime,
) -> None:
    machine.handle, machine.look_at = answer.handle, answer.look_at
    machine.requested_at = request.issued_at
    if request.verb == Verb.LAUNCH:
        machine.gone = False
    tx.machines.put(machine)
    accepted = replace(
        request, accepted_at=now, claimed_by="", claimed_until=None, unclear_since=None
    )
    tx.machines.put_request(accepted)


def _say_enforced(tx: Transaction, claim: DeadlineClaim, enforcement: Enforcement) -> None:
    """Say on a session who enforces its deadline, where that is not the studio."""
    session = tx.resource(Kind.STREAMING_SESSION, claim.machine.session_id)
    if session is None or session.in_transition:
        return
    by = enforcement.by if claim.deadline and enforcement.by != BY_THE_STUDIO else ""
    before = session.document.get("statusMessage", "")
    message = with_enforcement(before, by)
    if message != before:
        session.document["statusMessage"] = message
        tx.put(session)


def _log(session_id: str, what: str, error: Exception) -> None:
    logger.warning("The %s of the machine of %s: %s", what, session_id, type(error).__name__)
