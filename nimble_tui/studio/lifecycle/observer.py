"""Observes machines and brings their sessions' records in line, by the table of `power_table`.

A patrol describes all machines in one call: every 5 s while something is in transition, else every
60 s, by one process at a time. Where the backend said when to look, a machine is looked at then.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from nimble_tui.core.clock import Clock
from nimble_tui.core.text import clean_id
from nimble_tui.studio.compute import Compute, Failure, ObservedState, Power, Verb
from nimble_tui.studio.lifecycle import lease_holders, machines, outside, patrols, records
from nimble_tui.studio.lifecycle.dispatcher import Dispatcher, note_unclear
from nimble_tui.studio.lifecycle.power_table import EXPECTED, Action, decide
from nimble_tui.studio.store.bad_records import FAULTS, log_bad_record, note_bad_record
from nimble_tui.studio.store.machines import Mark
from nimble_tui.studio.store.records import (
    Kind,
    MachineRecord,
    RequestRecord,
    Resource,
    time_of,
)
from nimble_tui.studio.store.transaction import Transaction

AGAIN: Final = timedelta(seconds=5)
"""When to look again at a machine that is not as far as its backend said it would be."""
GONE_AFTER_LOOKS: Final = 3
GONE_AFTER: Final = timedelta(minutes=5)
MANY: Final = 3
"""So many machines that vanish at once, and over a third of all, are rather a wrong account."""
_NOT_DONE: Final = Failure(
    "INTERNAL_ERROR",
    "The studio was restored from a copy before this was done; try it again.",
)

logger = logging.getLogger(__name__)


class Subject(NamedTuple):
    """A machine with its session, None where that is forgotten, and its request under way."""

    session: Resource | None
    machine: MachineRecord
    request: RequestRecord | None

    @property
    def state(self) -> str:
        """The state of the session, "" where its record is missing."""
        return self.session.state if self.session else ""

    @property
    def waits(self) -> bool:
        """True if a request is still to be sent, or to be accepted."""
        return self.request is not None and self.request.accepted_at is None

    def mark(self) -> Mark:
        """Return what must be the same after an observation."""
        machine = self.machine
        return Mark(self.state, machine.last_request, machine.handle, not self.waits)


@dataclass(frozen=True, slots=True)
class Look:
    """The machines to describe, and how their records were just before."""

    began: datetime
    machines: list[MachineRecord]
    marks: Mapping[str, Mark]
    patrol: str = ""


class Observer:
    """Looks at machines; `describe` belongs into no transaction, the others into one each."""

    def __init__(self, compute: Compute, clock: Clock, dispatcher: Dispatcher) -> None:
        self._compute = compute
        self._clock = clock
        self._dispatcher = dispatcher
        self._trouble = ""
        self._me = lease_holders.new_name()

    def begin(self, tx: Transaction) -> Look | None:
        """Return a look at the machines for which the backend said when; None where none is due."""
        now = self._clock.now()
        due = tx.machines.to_look_at(now)
        return _look(tx, due, now) if due else None

    def begin_patrol(self, tx: Transaction) -> Look | None:
        """Return a look at all machines; None where none is due, or another process makes one."""
        now = self._clock.now()
        if self.next_patrol(tx, now) > now:
            return None
        patrols.begin(tx, now, self._me, self._dispatcher.terms)
        return _look(tx, tx.machines.live(), now, self._me)

    def next_patrol(self, tx: Transaction, now: datetime) -> datetime:
        """Return when the next patrol is due here."""
        return patrols.next_at(tx, now, self._me, self._dispatcher.terms)

    def describe(self, look: Look) -> Mapping[str, ObservedState] | None:
        """Describe the machines of a look; None where the backend gives no clear answer."""
        seen = []
        for machine in look.machines:
            with log_bad_record("machine", machine.id):
                seen.append(machines.machine_of(machine))
        try:
            found = self._dispatcher.bounded(lambda: dict(self._compute.describe(seen)))
        except Exception as error:  # noqa: BLE001 - whatever a backend raises ends with this look
            if self._trouble != type(error).__name__:
                self._trouble = type(error).__name__
                logger.warning("The machines could not be described: %s", self._trouble)
            return None
        self._trouble = ""
        return found

    def end(
        self,
        tx: Transaction,
        look: Look,
        found: Mapping[str, ObservedState] | None,
        studio_id: str,
    ) -> None:
        """Bring records in line with what was found."""
        now = self._clock.now()
        if look.patrol and not patrols.finish(tx, look.began, look.patrol):
            return  # it took so long that another process has begun one
        if look.patrol:
            patrols.note_blind(tx, look.began, blind=found is None)
        if found is None or _too_many_vanished(tx, look, found):
            for machine in look.machines:
                _look_later(tx, machine, now)
            return
        if look.patrol:
            _note_unknown(tx, look, found, now)
            patrols.note_looked(tx)
        for machine in look.machines:
            observed = found.get(machine.id)
            if _is_as_expected(look, machine, observed):
                continue
            try:
                with tx.all_or_nothing():
                    if machine.id in found and not isinstance(observed, ObservedState):
                        raise TypeError("no state of a machine")  # and no sign that it is gone
                    self._reconcile(tx, machine.id, look, observed, studio_id)
            except FAULTS as error:
                note_bad_record("machine", machine.id, error)
                tx.machines.set_aside(machine.id)

    def _reconcile(
        self,
        tx: Transaction,
        machine_id: str,
        look: Look,
        observed: ObservedState | None,
        studio_id: str,
    ) -> None:
        now = self._clock.now()
        subject = _subject(tx, machine_id)
        if subject is None:
            return
        if subject.mark() != look.marks.get(machine_id):
            _look_later(tx, subject.machine, now)
            return
        observed = _counted(tx, subject, observed, now)
        if observed is None:
            _look_later(tx, subject.machine, now)
            return
        _note_details(tx, subject.machine, observed)
        action = _action(subject, observed)
        if action == Action.REPEAT and subject.request and subject.request.read_back:
            action, observed = Action.FAIL, replace(observed, failure=_NOT_DONE)
        if action == Action.NONE:
            _look_later(tx, subject.machine, now, observed.look_at)
        elif action == Action.END:
            _terminate(tx, subject.machine, subject.request, now)
        elif action == Action.REPEAT and subject.request is not None:
            _repeat(tx, subject.machine, subject.request, subject.session, now)
        elif subject.session is not None:
            at = _moment(observed, subject.machine, now)
            _change(tx, subject.session, action, observed, at=at, studio_id=studio_id)


def _is_as_expected(look: Look, machine: MachineRecord, observed: object) -> bool:
    """Return whether nothing follows from an observation, without reading the session."""
    mark = look.marks.get(machine.id)
    return (
        mark is not None
        and mark.state in EXPECTED
        and isinstance(observed, ObservedState)
        and (observed.handle or machine.handle, observed.address or machine.address)
        == (machine.handle, machine.address)
        and observed.failure is None
        and machine.look_at is None
        and not machine.missing_looks
        and decide(mark.state, observed.power) == Action.NONE
    )


def _change(
    tx: Transaction,
    session: Resource,
    action: Action,
    observed: ObservedState,
    *,
    at: datetime,
    studio_id: str,
) -> None:
    """Write what an observation means into the session's record."""
    if action == Action.FINISH:
        records.finish_step(tx, session, None, at, note=observed.reason)
    elif action == Action.FAIL:
        records.finish_step(tx, session, observed.failure or _unexplained(observed), at)
    elif action == Action.STOPPED:
        outside.stopped(tx, session, observed.reason, at, studio_id)
    elif action == Action.STARTED:
        outside.started(tx, session, observed.reason, at, studio_id)
    elif action == Action.LOST:
        outside.lost(tx, session, at, studio_id)


def _subject(tx: Transaction, machine_id: str) -> Subject | None:
    """Return a machine that did not end, with its session and its request."""
    machine = tx.machines.get(machine_id)
    if machine is None or machine.ended_at is not None:
        return None
    session = tx.resource(Kind.STREAMING_SESSION, machine.session_id)
    return Subject(session, machine, tx.machines.request_of(machine.id))


def _look(tx: Transaction, found: list[MachineRecord], now: datetime, patrol: str = "") -> Look:
    return Look(now, found, tx.machines.marks([one.id for one in found]), patrol)


def _action(subject: Subject, observed: ObservedState) -> Action:
    """Return the table's decision, as far as it fits how the request stands."""
    session = subject.session
    if session is None:  # a bad record, which must not cost the artist a machine
        raise LookupError(subject.machine.session_id)
    action = decide(session.state, observed.power)
    if session.in_transition:
        if subject.request is None:
            return Action.NONE  # a step of the record alone, such as a stop that is refused
        if subject.waits:  # it is about to be sent
            late = {Action.REPEAT, Action.FAIL} | ({Action.FINISH} if observed.failure else set())
            return Action.NONE if action in late else action
        return Action.FAIL if observed.failure else action
    if action == Action.LOST and subject.machine.gone:
        return Action.NONE
    if action != Action.END and _is_stale(session, observed):
        return Action.NONE
    return action


def _is_stale(session: Resource, observed: ObservedState) -> bool:
    """Return whether a machine came into its state before its session into its own."""
    changed = time_of(session.document, "updatedAt")
    return bool(observed.since and changed and observed.since < changed)


def _counted(
    tx: Transaction, subject: Subject, observed: ObservedState | None, now: datetime
) -> ObservedState | None:
    """Return an observation; a missing machine is gone once it was missing for long enough."""
    machine = subject.machine
    if observed is not None:
        if machine.missing_looks:
            machine.missing_since, machine.missing_looks = None, 0
            tx.machines.put(machine)
        return observed
    if subject.waits and subject.request and subject.request.verb == Verb.LAUNCH:
        return None  # it may never have been launched
    if machine.gone or (subject.state == "DELETE_IN_PROGRESS" and not machine.handle):
        return ObservedState(Power.GONE)
    machine.missing_since = machine.missing_since or now
    machine.missing_looks += 1
    tx.machines.put(machine)
    long_enough = now - machine.missing_since >= GONE_AFTER
    if machine.missing_looks < GONE_AFTER_LOOKS or not long_enough:
        return None
    return ObservedState(Power.GONE)


def _moment(observed: ObservedState, machine: MachineRecord, now: datetime) -> datetime:
    """Return when an observed state began: not before the request for it, not after now."""
    at = min(observed.since or now, now)
    return max(at, machine.requested_at) if machine.requested_at else at


def _note_details(tx: Transaction, machine: MachineRecord, observed: ObservedState) -> None:
    """Store a handle or an address that the backend reports only now."""
    handle, address = observed.handle or machine.handle, observed.address or machine.address
    if (handle, address) != (machine.handle, machine.address):
        machine.handle, machine.address = handle, address
        tx.machines.put(machine)


def _look_later(
    tx: Transaction, machine: MachineRecord, now: datetime, look_at: datetime | None = None
) -> None:
    """Have a machine looked at again when the backend said so, or soon where it was to be now."""
    if look_at is None and machine.look_at is None:
        return  # the next patrol does
    given = look_at or machine.look_at
    later = given if given is not None and given > now else now + AGAIN
    if machine.look_at != later:
        machine.look_at = later
        tx.machines.put(machine)


def _terminate(
    tx: Transaction, machine: MachineRecord, request: RequestRecord | None, now: datetime
) -> None:
    """End a machine whose session is deleted or failed."""
    if request is None:
        logger.warning("A machine of %s runs without its session: ended.", machine.session_id)
        machine.look_at = None
        machines.issue_termination(tx, machine, now)
    elif request.read_back:
        tx.machines.end_request(machine.id)  # the next look ends the machine by another one
    elif request.accepted_at is not None:
        _repeat(tx, machine, request, None, now)


def _repeat(
    tx: Transaction,
    machine: MachineRecord,
    request: RequestRecord,
    session: Resource | None,
    now: datetime,
) -> None:
    """Have a request sent again that was accepted and had no effect."""
    machine.look_at = None
    tx.machines.put(machine)
    note_unclear(tx, session, request, now)


def _unexplained(observed: ObservedState) -> Failure:
    reason = observed.reason or f"The machine is {observed.power}."
    return Failure("INTERNAL_ERROR", f"The workstation did not become ready. {reason}")


def _too_many_vanished(tx: Transaction, look: Look, found: Mapping[str, ObservedState]) -> bool:
    """Return whether so many vanished at once that nothing follows from it, and note that."""
    vanished, expected = len(_vanished(look, found)), _expected(look)
    too_many = vanished >= MANY and vanished * 3 > expected
    if too_many or look.patrol:
        patrols.note_vanished(tx, vanished if too_many else 0, expected)
    return too_many


def _vanished(look: Look, found: Mapping[str, ObservedState]) -> list[str]:
    """Return the machines that should be there, and are not."""
    return [
        one.id
        for one in look.machines
        if _should_be_there(look, one) and (one.id not in found or _is(found[one.id], Power.GONE))
    ]


def _is(observed: object, power: Power) -> bool:
    return isinstance(observed, ObservedState) and observed.power == power


def _expected(look: Look) -> int:
    return sum(_should_be_there(look, one) for one in look.machines)


def _should_be_there(look: Look, machine: MachineRecord) -> bool:
    return look.marks[machine.id].state in EXPECTED and not machine.gone and bool(machine.handle)


def _note_unknown(
    tx: Transaction, look: Look, found: Mapping[str, ObservedState], now: datetime
) -> None:
    """List the machines that the studio does not know; end those of its own that are over."""
    known, unknown = {one.id for one in look.machines}, []
    for machine_id, observed in found.items():
        if machine_id in known:
            continue
        machine = tx.machines.get(machine_id)
        if machine is None:
            unknown.append(clean_id(machine_id))
        elif not isinstance(observed, ObservedState):
            note_bad_record("state of the machine", machine_id, TypeError())
        elif machine.ended_at is not None and decide("DELETED", observed.power) == Action.END:
            machine.handle = observed.handle or machine.handle
            _terminate(tx, machine, tx.machines.request_of(machine.id), now)
    patrols.note_unknown(tx, unknown)
