"""Reconciliation of unresolved requests after each refresh."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from nimble_tui.core.listing import Listing
from nimble_tui.core.service import StudioError
from nimble_tui.view import notices
from nimble_tui.workspace.rows import patched

if TYPE_CHECKING:
    from collections.abc import Callable

    from nimble_tui.core.model import StreamingSession
    from nimble_tui.core.service import Finding, StudioService
    from nimble_tui.workspace.context import Context
    from nimble_tui.workspace.store import Store
    from nimble_tui.workspace.tasks import Tasks

_NONE: frozenset[str] = frozenset()
_NAME = "read back what is unresolved"
_NAME_PEOPLE = "read back changes of people"


class _Outcome(NamedTuple):
    findings: tuple[Finding, ...] = ()
    has_unresolved: bool = False
    keeping: frozenset[str] = _NONE


class Reconciliation:
    """Reconciles unresolved requests, one list at a time; errors never hide the lists.

    `resolved` are called after a finding, and when nothing is left unresolved.
    """

    def __init__(self, context: Context, store: Store, tasks: Tasks) -> None:
        self._context = context
        self._store = store
        self._tasks = tasks
        self._is_running = False
        self._is_reading_people = False
        self._next: tuple[StudioService, Listing[StreamingSession]] | None = None
        self._has_reported = False
        self._has_reported_people = False
        self.resolved: list[Callable[[], None]] = []

    def start(self, service: StudioService, listing: Listing[StreamingSession]) -> None:
        """Reconcile unresolved requests, given a list just read."""
        self._next = (service, listing)
        if not self._is_running:
            self._is_running = True
            self._tasks.start(_NAME, self._run())
        if service.has_unresolved_people() and not self._is_reading_people:
            self._is_reading_people = True
            self._tasks.start(_NAME_PEOPLE, self._reconcile_people(service))

    async def _run(self) -> None:
        try:
            while self._next is not None:
                (service, listing), self._next = self._next, None
                if listing.complete:
                    await self._reconcile(service, listing.items)
                await self.read_unresolved(service, listing)
        finally:
            self._is_running = False

    async def read_unresolved(
        self, service: StudioService, listing: Listing[StreamingSession] | None = None
    ) -> None:
        """Read the unresolved launches; without a list, all that might be."""
        epoch = self._tasks.epoch
        known = listing or Listing((), partial=True)
        try:
            launches = await self._context.call(service.unresolved_launches, known)
        except StudioError:
            return  # the next refresh tries again
        except Exception as error:  # noqa: BLE001 - it must not hide the lists
            self._context.report(_NAME, error)
            return
        if epoch != self._tasks.epoch:
            return
        snapshot = self._store.snapshot
        # A request just sent may not have been in the journal yet.
        own = [x for x in snapshot.unresolved if x.client_token in snapshot.launching]
        others = (x for x in launches if x.client_token not in snapshot.launching)
        after = (*own, *others)
        if after != snapshot.unresolved:
            self._store.change(unresolved=after)

    async def _reconcile(
        self, service: StudioService, sessions: tuple[StreamingSession, ...]
    ) -> None:
        epoch, before = self._tasks.epoch, self._store.snapshot
        if not (service.has_unresolved() or before.has_unresolved):
            return
        # The person connects to these, or is waiting to.
        spare = before.connect_when_ready | before.connecting
        try:
            outcome = await self._context.call(_reconcile, service, sessions, spare)
        except StudioError:
            return  # the next refresh tries again
        except Exception as error:  # noqa: BLE001 - it must not hide the lists
            self._context.report(_NAME, error)
            outcome = _Outcome()
        self._report(outcome.findings, earlier=not self._has_reported)
        self._has_reported = True
        self._store.change(has_unresolved=outcome.has_unresolved)
        if epoch == self._tasks.epoch:
            self._keep(outcome.keeping)
        if outcome.findings or before.has_unresolved != outcome.has_unresolved:
            for listener in self.resolved:
                listener()

    async def _reconcile_people(self, service: StudioService) -> None:
        """Reconcile changes of people, which no workstation depends on."""
        try:
            findings = await self._context.call(service.reconcile_people)
        except StudioError:
            return  # the next refresh tries again
        finally:
            self._is_reading_people = False
        self._report(findings, earlier=not self._has_reported_people)
        self._has_reported_people = True

    def _report(self, findings: tuple[Finding, ...], *, earlier: bool) -> None:
        for notice in notices.of_findings(findings, earlier=earlier):
            self._context.notify(notice)

    def _keep(self, keeping: frozenset[str]) -> None:
        """Show the workstations that Keep will stop again."""
        snapshot = self._store.snapshot
        keeping |= {key for key in snapshot.keeping if key in snapshot.pending}
        if keeping != snapshot.keeping:
            self._tasks.touch()
            after, now = replace(snapshot, keeping=keeping), self._context.clock.now()
            for key in keeping ^ snapshot.keeping:
                if (session := after.session(key)) is not None:
                    after = patched(after, session, now, self._context.tz)
            self._store.replace(after)


def _reconcile(
    service: StudioService, sessions: tuple[StreamingSession, ...], spare: frozenset[str]
) -> _Outcome:
    findings = service.reconcile(sessions, spare=spare)
    return _Outcome(findings, service.has_unresolved(), service.keeping())
