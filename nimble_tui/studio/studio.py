"""The studio: its data, what happens in it over time, and its front."""

import logging
import random
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Self

from nimble_tui.core.clock import Clock, SystemClock
from nimble_tui.studio import (
    audit,
    clock_shift,
    endpoints,
    pages,
)
from nimble_tui.studio.boot_clock import system_boot_clock
from nimble_tui.studio.clock_guard import ClockGuard, guarded
from nimble_tui.studio.compute import Compute, Finding
from nimble_tui.studio.compute.simulated import SimulatedCompute
from nimble_tui.studio.directory import DIRECTORY
from nimble_tui.studio.http.codec import Reply
from nimble_tui.studio.http.errors import unknown_key
from nimble_tui.studio.http.front import Application, Call
from nimble_tui.studio.lifecycle import patrols
from nimble_tui.studio.lifecycle.background import Background
from nimble_tui.studio.lifecycle.dispatcher import Terms
from nimble_tui.studio.lifecycle.machines import REMEMBERED
from nimble_tui.studio.lifecycle.reconciler import Reconciler
from nimble_tui.studio.opening import about_of, begin, require_sample
from nimble_tui.studio.operations import OPERATIONS
from nimble_tui.studio.operations.request import Request
from nimble_tui.studio.sample.fill import Sample
from nimble_tui.studio.sample.seed_sessions import top_up
from nimble_tui.studio.screens import Screens
from nimble_tui.studio.settings import Settings
from nimble_tui.studio.store.database import Store
from nimble_tui.studio.store.errors import BusyError, HeldStoreError, StoreError
from nimble_tui.studio.store.master_key import MasterKey
from nimble_tui.studio.store.records import Person
from nimble_tui.studio.store.transaction import Transaction
from nimble_tui.studio.ticker import AFTER_A_FAILURE, Ticker
from nimble_tui.studio.trouble import HELD, Trouble

SEED: Final = 2604
READ_WAITS: Final = 0.25
"""Seconds that a read waits for a writer, to show what is due by now."""
_WATCH: Final = timedelta(seconds=5)
"""The time between two checks whether a jump of the clock was accepted."""
_RETRY: Final = timedelta(seconds=1)
"""The delay before the next check whether a due request was sent."""

logger = logging.getLogger(__name__)


class Studio:
    """A studio that is open; get one with `open`, close it with `close`.

    `application` is its front, for any server; `screens` are those that a server can show; `clock`
    is the time that it goes by.
    """

    def __init__(
        self,
        *,
        store: Store,
        compute: Compute,
        clock: ClockGuard,
        signature_clock: ClockGuard,
        chance: random.Random,
        allowed_hosts: frozenset[str] | None,
        terms: Terms | None,
        background: bool,
        public_url: str | None,
        audit_retention: timedelta,
    ) -> None:
        self._store = store
        self._compute = compute
        self.clock = clock
        self._chance = chance
        self._trouble = Trouble()
        self._audit_retention = audit_retention
        with store.read() as tx:
            self.about = about_of(tx)
        self.application = Application(
            dispatch=self.dispatch,
            page=self.page,
            secret_of=self._secret_of,
            times=signature_clock.times,
            region=self.about.region,
            allowed_hosts=allowed_hosts,
            public_url=public_url,
        )
        self.reconciler = Reconciler(store, compute, clock, self.about.studio_id, terms)
        self.screens = Screens(store, compute, self._tick_soon)
        self._by_itself = background and not compute.simulated
        self._background: Background | None = None
        self._endpoint_url = ""
        with store.read() as tx:
            self._was_held = store.is_held(tx)
        if self._was_held:
            logger.warning("%s", HELD)
        else:
            self._start_background()
        self._ticker = Ticker(self._beat)

    @classmethod
    def open(
        cls,
        path: Path | None,
        *,
        master_key: MasterKey | None = None,
        served: bool = False,
        demo: bool = False,
        clock: Clock | None = None,
        signature_clock: Clock | None = None,
        speed: float = 1.0,
        seed: int = SEED,
        chance: random.Random | None = None,
        sessions: int | None = None,
        allowed_hosts: frozenset[str] | None = None,
        compute: Compute | None = None,
        terms: Terms | None = None,
        background: bool = True,
        public_url: str | None = None,
        audit_retention: timedelta = audit.RETENTION,
    ) -> Self:
        """Open the studio in the file at `path`, or a new one in memory where that is None.

        With a `master_key` the access keys in it are encrypted. What is `served` to artists has
        every change on the disk before it is answered, and is read-only where it is a copy that
        did not take over (see `Store`).

        A new file becomes the sample studio. A sample that was not served for over an hour has its
        times moved forward by the gap, before anything else happens in it. `sessions` tops its
        artist up to so many workstations. `speed` divides how long machines take, and nothing
        else. The sample's ids, and how long machines take exactly, follow from `seed`; keys and
        new ids come from `chance`, the system's own unless given. The clock is the machine's own
        behind a `ClockGuard` unless another is given; signatures are checked by `signature_clock`,
        else by the machine's own. `allowed_hosts` and `public_url` are as for `Application`. The
        machines are simulated unless there is another `compute`, which is called in threads of
        their own, on the `terms` of its leases; without `background` only `reconcile` calls it.
        The audit log remembers for `audit_retention` who did what. As a `demo` no other studio's
        file is opened. Raises StoreError when the file cannot be used.
        """
        guard = guarded(clock) if clock else ClockGuard(SystemClock(), system_boot_clock())
        # A clock of a test's own says nothing about when a client signs.
        signatures = (
            guarded(signature_clock or SystemClock()) if clock or signature_clock else guard
        )
        chance = chance or random.SystemRandom()
        compute = compute or SimulatedCompute(speed=speed, seed=seed, now=guard.now)
        store = Store(path, master_key=master_key, durable=served)
        try:
            if served:
                store.claim()
            with store.read() as tx:
                is_held = store.is_held(tx)
                if is_held:
                    guard.begin(tx)
                if demo:
                    require_sample(tx, path)
            if not is_held:
                with store.write() as tx:
                    begin(tx, guard)
                    if tx.fact("studio_id") is None:
                        Sample(tx, guard.now(), seed, chance).fill()
                    if sessions is not None:
                        top_up(tx, guard.now(), seed, sessions)
            return cls(
                store=store,
                compute=compute,
                clock=guard,
                signature_clock=signatures,
                chance=chance,
                allowed_hosts=allowed_hosts,
                terms=terms,
                background=background,
                public_url=public_url,
                audit_retention=audit_retention,
            )
        except BaseException:
            store.close()
            raise

    def dispatch(self, call: Call) -> Mapping[str, Any]:
        """Carry out a call whose signature and parameters are fine."""
        operation = OPERATIONS.get(call.operation) or DIRECTORY[call.operation]
        try:
            if operation.changes:
                self.tick()
            else:
                self._tick_soon()
            with self._store.write() if operation.changes else self._store.read() as tx:
                if operation.changes:
                    self.clock.save(tx)  # another process may have set the studio's time since
                request, before = self._request(call, tx), tx.changes
                output = operation.carry_out(request)
                if tx.changes != before:
                    audit.record_call(
                        tx,
                        call.operation,
                        call.params,
                        output,
                        person=request.person,
                        at=request.now,
                        source=call.client,
                    )
        except StoreError as error:
            raise self._trouble.answer_to(
                call.operation, error, changes=operation.changes
            ) from error
        if operation.changes:
            self._trouble.is_over()
            self._after_a_change()
        return output

    def page(self, raw_path: str, raw_query: str) -> Reply | None:
        """Return the page for a person at a path, None for a path that is not one of a page."""
        if not raw_path.startswith(pages.PREFIX):
            return None
        try:
            self._tick_soon()
            with self._store.read() as tx:
                return pages.answer(tx, raw_path, raw_query)
        except StoreError as error:
            raise self._trouble.answer_to("A page", error) from error

    def tick(self, wait: float | None = None) -> None:
        """Do whatever is due by now; `wait` is how many seconds other writers may take."""
        with self._store.read() as tx:
            if self._store.is_held(tx):
                return
            is_behind = self.clock.is_behind(tx)
        if is_behind:
            with self._store.write(wait) as tx:
                self.clock.save(tx)
        self.reconciler.run(wait)

    def reconcile(self) -> None:
        """Do on this thread whatever is due, calls of the backend included."""
        with self._store.read() as tx:
            if self._store.is_held(tx):
                return
        self.tick()
        self.reconciler.send_all()
        self.reconciler.enforce_all()
        self.reconciler.look()
        self.reconciler.patrol()
        self.tick()

    def _tick_soon(self) -> None:
        """Do what is due before a read, which neither waits for a writer nor needs the disk.

        What cannot be done is done by the ticker, as soon as it can be.
        """
        try:
            self.tick(READ_WAITS)
        except BusyError:
            pass
        except StoreError as error:
            self._trouble.log("What is due", error)

    def findings(self) -> list[Finding]:
        """Return what is right and wrong with the machines and their backend."""
        with self._store.read() as tx:
            noted = patrols.findings(tx)
        return [*self._compute.check(), *noted]

    def _after_a_change(self) -> None:
        """Have the requests sent that a change issued: at once where the machines are simulated."""
        if self._compute.simulated:
            self._tick_soon()
        elif self._background:
            self._background.wake()
        self._ticker.wake()

    def people(self) -> list[Person]:
        """Return every person with keys to the studio, and the keys."""
        with self._store.read() as tx:
            return tx.people()

    def set_quotas(self, settings: Settings) -> None:
        """Change the studio's quotas, for every process that serves it."""
        with self._store.write() as tx:
            settings.save(tx)

    def answers_at(self, endpoint_url: str) -> None:
        """Note where this process serves the studio, for invites."""
        self._endpoint_url = endpoint_url
        with suppress(HeldStoreError), self._store.write() as tx:
            endpoints.begin(tx, endpoint_url)

    def answered_at(self, endpoint_url: str) -> None:
        """Note that this process no longer serves it there."""
        with suppress(StoreError), self._store.write() as tx:
            endpoints.end(tx, endpoint_url)

    def close(self) -> None:
        """Stop the background work and close the data."""
        self._ticker.close()
        if self._background:
            self._background.close()
        with suppress(StoreError), self._store.write() as tx:
            clock_shift.note_served(tx, self.clock.now())
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _beat(self) -> float:
        """Do what is due; return the seconds until something is due again."""
        try:
            seconds = self._do_what_is_due()
        except StoreError as error:
            self._trouble.log("What is due", error)
            return AFTER_A_FAILURE
        self._trouble.is_over()
        return seconds

    def _do_what_is_due(self) -> float:
        with self._store.read() as tx:
            if self._store.is_held(tx):
                return _WATCH / timedelta(seconds=1)
        if self._was_held:
            self._take_charge()
        self.tick()
        now = self.clock.now()
        with self._store.read() as tx:
            next_at = self.reconciler.next_at(tx)
            to_send = tx.machines.next_times().request
            served_at = clock_shift.served_at(tx)
        if served_at is None or abs(now - served_at) >= clock_shift.HEARTBEAT:
            with self._store.write() as tx:
                clock_shift.note_served(tx, now)
                tx.machines.forget(now - REMEMBERED)
                tx.audit.forget(now - self._audit_retention, audit.AT_ONCE)
        longest = _WATCH if self.clock.jump else clock_shift.HEARTBEAT
        if self._background and to_send is not None:
            if to_send <= now:
                self._background.wake()
            next_at = min(next_at or to_send, max(to_send, now + _RETRY))
        until_due = next_at - now if next_at else longest
        return min(until_due, longest) / timedelta(seconds=1)

    def _take_charge(self) -> None:
        """Begin what was left while the store was held."""
        with self._store.write() as tx:
            begin(tx, self.clock)
        if self._endpoint_url:
            self.answers_at(self._endpoint_url)
        self._start_background()
        self._was_held = False
        logger.warning("The studio is in charge of its workstations.")

    def _start_background(self) -> None:
        if self._by_itself:
            self.reconciler.end_leases()
            self._background = Background(self.reconciler, self.clock)

    def _request(self, call: Call, tx: Transaction) -> Request:
        person = tx.holder(call.access_key_id)
        if person is None:  # the keys were revoked since the signature was checked
            raise unknown_key()
        now, *disputed = self.clock.times()
        return Request(
            operation=call.operation,
            params=call.params,
            person=person,
            now=now,
            tx=tx,
            about=self.about,
            compute=self._compute,
            chance=self._chance,
            own_url=call.own_url,
            disputed=disputed[0] if disputed else None,
        )

    def _secret_of(self, access_key_id: str) -> str | None:
        try:
            with self._store.read() as tx:
                person = tx.holder(access_key_id)
        except StoreError as error:
            raise self._trouble.answer_to("Looking for an access key", error) from error
        return person.secret_access_key if person else None
