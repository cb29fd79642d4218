"""Keeps sessions and machines in line: records, then requests, then observations."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from nimble_tui.core.clock import Clock
from nimble_tui.studio.compute import Compute
from nimble_tui.studio.lifecycle import patrols
from nimble_tui.studio.lifecycle.advance import advance
from nimble_tui.studio.lifecycle.dispatcher import Answer, Claim, Dispatcher, Terms
from nimble_tui.studio.lifecycle.observer import Look, Observer
from nimble_tui.studio.store.bad_records import log_bad_record
from nimble_tui.studio.store.transaction import Transaction


class Transactions(Protocol):
    """A source of transactions."""

    def read(self) -> AbstractContextManager[Transaction]:
        """See one moment of the data."""
        ...

    def write(self, wait: float | None = None) -> AbstractContextManager[Transaction]:
        """Change the data; `wait` is how many seconds other writers may take."""
        ...


class Reconciler:
    """Does what is due on the calling thread.

    No backend is called within a transaction but the simulated one, which only computes.
    """

    def __init__(
        self,
        store: Transactions,
        compute: Compute,
        clock: Clock,
        studio_id: str,
        terms: Terms | None = None,
    ) -> None:
        self._store = store
        self._compute = compute
        self._clock = clock
        self._studio_id = studio_id
        self._dispatcher = Dispatcher(compute, clock, terms)
        self._observer = Observer(compute, clock, self._dispatcher)

    def next_at(self, tx: Transaction) -> datetime | None:
        """Return when something is due on the caller's thread: all of it where it is simulated."""
        if self._must_look_first(tx):
            return None
        due = tx.first_due()
        times = [due.at if due else None]
        if self._compute.simulated:
            times += tx.machines.next_times()
        return min((time for time in times if time is not None), default=None)

    def advance(self, tx: Transaction) -> None:
        """Advance the records to now."""
        advance(tx, self._clock.now(), self._studio_id, replay=self._compute.simulated)

    def run(self, wait: float | None = None) -> None:
        """Do all that is due by now on the caller's thread.

        What is simulated is a calculation: it goes through all the steps it missed in one
        transaction, so that no caller sees half of it.
        """
        with self._store.read() as tx:
            next_at = self.next_at(tx)
        if next_at is None or next_at > self._clock.now():
            return
        with self._store.write(wait) as tx:
            if self._compute.simulated:
                self._catch_up(tx)
            elif not self._must_look_first(tx):
                self.advance(tx)

    def _catch_up(self, tx: Transaction) -> None:
        looked_at = None
        while True:
            now, due, times = self._clock.now(), tx.first_due(), tx.machines.next_times()
            if due is not None and due.at <= now:
                self.advance(tx)
            elif times.request is not None and times.request <= now:
                claim = self._dispatcher.claim(tx)
                if claim is None:
                    return
                self._store_answer(tx, claim, self._dispatcher.send(claim))
            elif times.look is None or times.look > now or times.look == looked_at:
                return  # what was looked at and is still due has a bad record
            else:
                looked_at = times.look
                look = self._observer.begin(tx)
                if look is not None:
                    found = self._observer.describe(look)
                    self._observer.end(tx, look, found, self._studio_id)

    def end_leases(self) -> None:
        """Have requests sent again whose process was ended while it sent them."""
        with self._store.write() as tx:
            self._dispatcher.end_leases(tx)

    def send_all(self) -> None:
        """Send every request that is to be sent."""
        while self.send_one():
            pass

    def send_one(self, claimed: Callable[[], None] = lambda: None) -> bool:
        """Send one request; return whether there was one. `claimed` is called before it is sent."""
        with self._store.write() as tx:
            claim = self._dispatcher.claim(tx)
        if claim is None:
            return False
        claimed()
        answer = self._dispatcher.send(claim)
        with self._store.write() as tx:
            self._store_answer(tx, claim, answer)
        return True

    def _store_answer(self, tx: Transaction, claim: Claim, answer: Answer) -> None:
        session_id = claim.request.machine.session_id
        with log_bad_record("machine of", session_id), tx.all_or_nothing():
            self._dispatcher.store(tx, claim, answer)

    def enforce_all(self) -> None:
        """Hand every changed deadline to the backend."""
        while True:
            with self._store.read() as tx:
                first = None if self._must_look_first(tx) else tx.machines.first_deadline()
            if first is None or first > self._clock.now():
                return
            with self._store.write() as tx:
                claim = self._dispatcher.claim_deadline(tx)
            if claim is None:
                return
            enforcement = self._dispatcher.enforce(claim)
            with self._store.write() as tx:
                self._dispatcher.store_enforcement(tx, claim, enforcement)

    def look(self) -> None:
        """Look at the machines for which the backend said when, if any is due."""
        with self._store.read() as tx:
            look = self._observer.begin(tx)
        self._finish(look)

    def patrol(self) -> None:
        """Look at all machines, if that is due."""
        with self._store.read() as tx:
            now = self._clock.now()
            if self._observer.next_patrol(tx, now) > now:
                return
        with self._store.write() as tx:
            look = self._observer.begin_patrol(tx)
        self._finish(look)

    def next_look(self) -> datetime:
        """Return when the next patrol or other look is due."""
        with self._store.read() as tx:
            patrol = self._observer.next_patrol(tx, self._clock.now())
            first = tx.machines.next_times().look
        return min(patrol, first) if first else patrol

    def _must_look_first(self, tx: Transaction) -> bool:
        """Return whether records may be behind the machines, so that nothing may follow from them.

        Simulated machines are nowhere but in the records.
        """
        return not self._compute.simulated and patrols.must_look_first(tx)

    def _finish(self, look: Look | None) -> None:
        if look is None:
            return
        found = self._observer.describe(look)
        with self._store.write() as tx:
            self._observer.end(tx, look, found, self._studio_id)
