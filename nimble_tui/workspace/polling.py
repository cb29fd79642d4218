"""The background refresh: reads the lists periodically, and records how fresh they are."""

from __future__ import annotations

from asyncio import Event
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from nimble_tui.config import cache
from nimble_tui.core.cadence import PollState, seconds_to_next_poll
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.view.health import Health, Phase
from nimble_tui.view.list_diff import same
from nimble_tui.view.notices import Notice
from nimble_tui.workspace.reading import read_lists
from nimble_tui.workspace.tasks import mistake

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from nimble_tui.core.service import StudioService
    from nimble_tui.workspace.connection import Connection
    from nimble_tui.workspace.context import Context
    from nimble_tui.workspace.reading import Reading
    from nimble_tui.workspace.reconciliation import Reconciliation
    from nimble_tui.workspace.store import Snapshot, Store
    from nimble_tui.workspace.tasks import Tasks

T = TypeVar("T")

_CACHE_EVERY = 60.0
_KEYS_EVERY = 1.0
_LATE = 1.0
_JUMP = timedelta(seconds=2)
_NOT_CACHED = (
    "Couldn't save the lists on this computer. Is the disk full? Everything works, but the next "
    "start will be empty until the studio responds."
)


class Polling:
    """Refreshes the lists: every few seconds while something changes, otherwise less often.

    `refreshed` are called with the snapshot before and after each refresh that worked,
    `signed_out` once the studio no longer accepts the keys.
    """

    def __init__(
        self,
        context: Context,
        store: Store,
        tasks: Tasks,
        connection: Connection,
        reconciliation: Reconciliation,
    ) -> None:
        self._context = context
        self._store = store
        self._tasks = tasks
        self._connection = connection
        self._reconciliation = reconciliation
        self.refreshed: list[Callable[[Snapshot, Snapshot], None]] = []
        self.signed_out: list[Callable[[], None]] = []
        self._woken = Event()
        self._requested = False
        self._running = False
        self._paused = False
        self._failures = 0
        self._retry_after = 0.0
        self._answered = False
        self._due: float | None = None
        self._profiles_at: float | None = None
        self._cached_at: float | None = None
        self._is_caching = False
        self._cache_failed = False
        self._clocks: tuple[datetime, float] | None = None

    @property
    def is_refreshing(self) -> bool:
        """True while a refresh is running or about to begin."""
        return self._running or self._requested

    def refresh(self, *, for_me: bool = False) -> None:
        """Refresh now; during a refresh, once more after it.

        `for_me` says that a person waits for it: then launch profiles are read too, and earlier
        failures do not delay it.
        """
        if for_me:
            self._profiles_at = None
            self._failures = 0
        self._requested = True
        self._woken.set()

    def plan(self) -> None:
        """Recalculate the time of the next refresh."""
        self._woken.set()

    async def run(self) -> None:
        """Refresh until cancelled."""
        while True:
            await self._refresh()
            while not self._requested:
                self._woken.clear()
                await self._context.wait(self._woken, self._seconds())
                if not self._woken.is_set():
                    self._time_is_up()

    # One refresh.

    async def _refresh(self) -> None:
        self._requested, self._running = False, True
        self._paused = False
        self._set_health(refreshing_since=self._context.clock.now())
        try:
            service = self._connection.service
            if service is None:
                service = await self._connection.open()
                self._set_health(refreshing_since=self._context.clock.now())
            await self._read_and_apply(service)
        except StudioError as error:
            self.fail(error)
        except Exception as error:  # noqa: BLE001 - it must not end the polling
            self._context.report("refresh", error)
            self.fail(mistake())
        finally:
            self._running = False

    async def _read_and_apply(self, service: StudioService) -> None:
        if not self._store.snapshot.is_live:
            await self._reconciliation.read_unresolved(service)
        epoch, snapshot = self._tasks.epoch, self._store.snapshot
        try:
            reading = await self._context.call(
                read_lists,
                service,
                snapshot,
                self._context.clock,
                self._context.tz,
                with_profiles=self._profiles_are_due(),
            )
            while (order := self._store.snapshot.order) is not reading.order:  # changed meanwhile
                now = self._context.clock.now()
                reading = await self._context.call(reading.arranged, order, now)
        except StudioError:
            if service is not self._connection.service:
                return  # it failed because the service was closed meanwhile
            raise
        if service is not self._connection.service:
            return
        if epoch != self._tasks.epoch:
            self._requested = True  # the lists are older than a request sent meanwhile
            return
        self._apply(reading, service)

    def _profiles_are_due(self) -> bool:
        # At the interval of a quiet studio, not on every refresh while something changes.
        idle = self._context.settings().refresh.idle
        if self._profiles_at is None or self._seconds_now() - self._profiles_at >= idle:
            return True
        lacking = [one.session for one in self._store.snapshot.rows if one.launch_profile is None]
        return any(one.launch_profile_id for one in lacking)

    def _apply(self, reading: Reading, service: StudioService) -> None:
        before, profiles = self._store.snapshot, reading.launch_profiles
        if profiles is not None and reading.complete:
            self._profiles_at = reading.began
        self._failures, self._retry_after = 0, 0.0
        is_same = same(reading.rows, before.rows)
        last = before.last_seen if reading.last_seen == before.last_seen else reading.last_seen
        self._store.change(
            sessions=reading.sessions,
            launch_profiles=before.launch_profiles if profiles is None else profiles,
            rows=before.rows if is_same else reading.rows,
            totals=before.totals if is_same else reading.totals,
            sorted_at=reading.sorted_at,
            is_live=True,
            is_cached=False,
            has_gaps=not reading.listing.complete,
            unread=before.unread if reading.unread == before.unread else reading.unread,
            last_seen=last,
            health=Health(
                Phase.LIVE,
                updated_at=reading.at if reading.complete else before.health.updated_at,
                notice=reading.notice,
                complete=reading.complete,
            ),
        )
        after = self._store.snapshot
        for listener in self.refreshed:
            listener(before, after)
        self._reconciliation.start(service, reading.listing)
        self._cache(
            same=after.rows is before.rows and after.launch_profiles is before.launch_profiles
        )

    def fail(self, error: StudioError) -> None:
        """Show that the refresh failed, and plan the next try if one can help."""
        info = self._store.snapshot.info
        self._failures += 1
        self._retry_after = error.retry_after
        self._answered = error.kind == ErrorKind.NOT_UNDERSTOOD
        # The demo has no keys to enter: it is opened again instead.
        no_keys = error.kind == ErrorKind.NOT_SIGNED_IN
        is_signed_out = no_keys and not info.demo
        is_first = self._store.snapshot.health.phase != Phase.SIGNED_OUT
        self._set_health(
            phase=Phase.SIGNED_OUT if is_signed_out else Phase.OFFLINE,
            problem=error.message,
            next_try=None,
            refreshing_since=None,
            aws_profile=info.aws_profile,
        )
        if no_keys:
            self._connection.close()
        self._paused = error.kind == ErrorKind.SETTINGS or is_signed_out
        if is_signed_out and is_first and not info.aws_profile:
            for listener in self.signed_out:
                self._guarded("offer to sign in", listener)
        self.plan()

    def action_failed(
        self, service: StudioService, error: StudioError, *, for_me: bool = False
    ) -> None:
        """Refresh after a failed action, or show that the keys are not accepted."""
        if error.kind != ErrorKind.NOT_SIGNED_IN:
            self.refresh(for_me=for_me)
        elif service is self._connection.service:
            self.fail(error)  # an error of a closed connection would say nothing

    # When to refresh next.

    def _seconds(self) -> float | None:
        """Return the time to wait, and show the next try; None if only a person can help."""
        if self._paused:
            self._due = None
            return _KEYS_EVERY if self._store.snapshot.info.aws_profile else None
        snapshot, now = self._store.snapshot, self._context.clock.now()
        seen = PollState(
            now=now,
            in_transition=snapshot.has_unresolved or snapshot.totals.in_transition > 0,
            focused=self._context.is_focused(),
            failures=self._failures,
            retry_after=self._retry_after,
            next_deadline=snapshot.totals.next_deadline(now),
            answered=self._answered,
        )
        wait = seconds_to_next_poll(seen, self._context.settings().refresh, self._context.jitter())
        self._due = self._seconds_now() + wait
        self._set_health(next_try=now + timedelta(seconds=wait))
        return wait

    def _time_is_up(self) -> None:
        if not self._paused:
            self._requested = True
        elif self._guarded("look for new keys", self._connection.keys_changed):
            self.refresh(for_me=True)

    def _guarded(self, task: str, call: Callable[[], T]) -> T | None:
        """Return the result of a call; report an exception, which does not end the polling."""
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - it would end the polling
            self._context.report(task, error)
            return None

    def follow_clock(self) -> None:
        """Correct all ages after the time of day was set back."""
        now, seconds = self._context.clock.now(), self._seconds_now()
        if self._clocks is not None:
            before, at = self._clocks
            jump = now - before - timedelta(seconds=seconds - at)
            if jump < -_JUMP:
                self._store.change(health=self._store.snapshot.health.shifted(jump))
        self._clocks = now, seconds

    def check_clock(self) -> None:
        """Refresh if the time for it has passed without the timer noticing.

        After a suspend only the time of day may show that; the monotonic clock counts when the time
        of day is set back.
        """
        self.follow_clock()
        now, seconds = self._context.clock.now(), self._seconds_now()
        due = self._store.snapshot.health.next_try
        if self.is_refreshing or due is None or self._due is None:
            return
        if seconds > self._due + _LATE or now > due + timedelta(seconds=_LATE):
            self.refresh()

    def focus_changed(self) -> None:
        """Refresh immediately for a person who returns after a while."""
        self.check_clock()
        updated_at, now = self._store.snapshot.health.updated_at, self._context.clock.now()
        idle = timedelta(seconds=self._context.settings().refresh.idle)
        is_stale = updated_at is None or now - updated_at > idle
        if self._context.is_focused() and self._connection.service and is_stale:
            # They may just have been added to another launch profile.
            self.refresh(for_me=True)
        elif not self.is_refreshing and not self._paused:
            self.plan()

    # The cache for the next start.

    def _cache(self, *, same: bool) -> None:
        now = self._seconds_now()
        if same and self._cached_at is not None and now - self._cached_at < _CACHE_EVERY:
            return
        if self._is_caching:  # a hanging disk must not occupy more and more threads
            self._cached_at = None
            return
        self._cached_at = now
        self._is_caching = True
        self._tasks.start("store the lists for the next start", self._write_cache())

    async def _write_cache(self) -> None:
        snapshot = self._store.snapshot
        try:
            is_written = await self._context.call(
                cache.write,
                snapshot.info,
                snapshot.launch_profiles,
                snapshot.sessions,
                self._context.clock.now(),
                snapshot.last_seen,
            )
        finally:
            self._is_caching = False
        if not is_written and not self._cache_failed:
            self._cache_failed = True
            self._context.notify(Notice(_NOT_CACHED, severity="warning"))

    def _set_health(self, **members: object) -> None:
        health = self._store.snapshot.health
        after = replace(health, **members)  # type: ignore[arg-type]
        if after != health:
            self._store.change(health=after)

    def _seconds_now(self) -> float:
        return self._context.clock.monotonic()
