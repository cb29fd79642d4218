"""A screen that keeps watching one studio, and knows how fresh what it shows is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from textual import on, work
from textual.reactive import reactive
from textual.worker import Worker, WorkerState

from nimble_tui.config import cache
from nimble_tui.core.cadence import Seen, seconds_to_next_look
from nimble_tui.core.last_seen import last_seen, unlisted
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.tui import messages
from nimble_tui.tui.screens.reconciling import ReconcilingScreen
from nimble_tui.tui.sight import Sight
from nimble_tui.view import session_rows as entries_of
from nimble_tui.view.health import Health, Phase
from nimble_tui.view.list_diff import merged, merged_profiles, unread
from nimble_tui.view.sorting import NEEDS, Order, named

if TYPE_CHECKING:
    from textual.timer import Timer

    from nimble_tui.config.settings import Settings
    from nimble_tui.core.service import StudioInfo, StudioService
    from nimble_tui.view.session_rows import Arranger, Pending

_KEEP_EVERY = 60.0
_LATE = 1.0
_JUMP = timedelta(seconds=2)


class WatchScreen(ReconcilingScreen):
    """Owns everything that is known of one studio; workers only send it messages."""

    sight: reactive[Sight] = reactive(Sight, repaint=False)

    def __init__(self, info: StudioInfo) -> None:
        super().__init__(info)
        self.order: Order = NEEDS
        self.asked: dict[str, Pending] = {}
        self.keeping: set[str] = set()
        self._look_again = False
        self._failures = 0
        self._retry_after = 0.0
        self._answered = False
        self._timer: Timer | None = None
        self._due: float | None = None
        self._profiles_at: float | None = None
        self._kept_at: float | None = None
        self._clocks: tuple[datetime, float] | None = None
        self._cache_told = False
        self._kept = cache.read(info)
        self._some_kept = self._kept is not None and bool(self._kept.sessions)
        self.mark_kept(Sight())

    def begin(self) -> None:
        """Show what was kept, then open the studio once that is on the screen."""
        self.order = named(self.nimble.remembered.state.sort)
        kept, self._kept = self._kept, None
        if kept is not None:
            entries = self.arranger()(kept.sessions, kept.known_profiles)
            self.sight = Sight(
                kept.launch_profiles, kept.sessions, entries, last_seen=kept.last_seen
            )
            self.health = replace(self.health, seen_at=kept.seen_at)
        self.watch(self.app, "app_focus", self._focus_changed, init=False)
        self.call_after_refresh(self.connect)

    def mark_kept(self, sight: Sight) -> None:
        """Show lists that were kept as such, for as long as the studio was not seen."""
        self.set_class(self._some_kept and not sight.live, "-kept")

    def on_unmount(self) -> None:
        """Look no more."""
        self._stop_timer()

    def settings_changed(self, before: Settings) -> None:
        """Look as often as the settings say now."""
        super().settings_changed(before)
        if self.nimble.settings.refresh != before.refresh and self._timer is not None:
            self._plan()

    def is_busy(self) -> bool:
        """Return whether an answer to an action is waited for."""
        return bool(self.asked or self.coming)

    # Looking.

    def look(self, *, for_me: bool = False) -> None:
        """Look at the studio now; an answer that is under way is looked at again after it.

        `for_me` when somebody waits for it: then launch profiles are read anew too, and tries
        that failed before do not put off the next one.
        """
        if for_me:
            self._profiles_at = None
            self._failures = 0
        if self.looking:
            self._look_again = True
            return
        self._stop_timer()
        if self.service is None:
            self.connect()
            return
        self.looking = True
        self._look_again = False
        self.health = replace(self.health, looking_since=self.now)
        wanted = self._profiles_wanted()
        self._look(
            self.service, self.request, self.sight, self.order, self.arranger(), wanted=wanted
        )

    def rearrange(self) -> None:
        """Sort what is shown as the order says now."""
        self.sight = replace(self.sight, entries=self.order.arrange(self.sight.entries, self.now))

    def arranger(self) -> Arranger:
        """Return what makes entries of workstations, as all is now; any thread may call it."""
        return partial(
            entries_of.build,
            now=self.now,
            asked=dict(self.asked),
            coming=dict(self.coming),
            known=self.sight.entries,
            keeping=frozenset(self.keeping),
            order=self.order,
            tz=self.nimble.tz,
        )

    def _profiles_wanted(self) -> bool:
        # As often as all is read where nothing changes; not each time while something does.
        idle = self.nimble.settings.refresh.idle
        if self._profiles_at is None or self.seconds - self._profiles_at >= idle:
            return True
        lacking = [one.session for one in self.sight.entries if one.launch_profile is None]
        return any(one.launch_profile_id for one in lacking)

    @work(
        thread=True,
        exclusive=True,
        exit_on_error=False,
        group="look",
        description="look at the studio",
    )
    def _look(
        self,
        service: StudioService,
        request: int,
        sight: Sight,
        order: Order,
        arrange: Arranger,
        *,
        wanted: bool,
    ) -> None:
        now, began = self.now, self.seconds
        if not sight.live:
            self.read_unresolved(service, request)
        try:
            listing = service.list_streaming_sessions()
        except StudioError as error:
            self.post_message(messages.LookFailed(request, error))
            return
        notice = listing.problem
        sessions = merged(listing, sight.sessions)
        missing = unread(listing, sessions)
        complete = listing.complete
        profiles = None
        if wanted:
            try:
                found = service.list_launch_profiles()
            except StudioError as error:
                notice, complete = notice or error.message, False
            else:
                notice, complete = notice or found.problem, complete and found.complete
                profiles = merged_profiles(found, sight.launch_profiles)
        shown = sight.launch_profiles if profiles is None else profiles
        before = last_seen(unlisted(sessions, shown), sight.known_profiles)
        entries = arrange(sessions, (*before, *shown), unread=missing)
        self.post_message(
            messages.Looked(
                request,
                now,
                sessions,
                profiles,
                entries,
                order,
                notice,
                unread=missing,
                gaps=not listing.complete,
                complete=complete,
                began=began,
                last_seen=before,
            )
        )
        self.read_back(service, request, listing)

    @on(messages.Looked)
    def _looked(self, message: messages.Looked) -> None:
        self.looking = False
        if message.request != self.request:
            self.look()  # something was done since it was asked: it shows what was before that
            return
        before = self.sight
        profiles = message.launch_profiles
        if profiles is not None and message.complete:
            self._profiles_at = message.began
        shown = before.launch_profiles if profiles is None else profiles
        self._failures, self._retry_after = 0, 0.0
        if message.order != self.order:  # it was sorted another way meanwhile
            message.entries = self.order.arrange(message.entries, self.now)
        self.health = Health(
            Phase.LIVE,
            seen_at=message.at if message.complete else self.health.seen_at,
            notice=message.notice,
            complete=message.complete,
        )
        sight = Sight(
            shown,
            message.sessions,
            message.entries,
            live=True,
            unread=message.unread,
            gaps=message.gaps,
            last_seen=message.last_seen,
        )
        if not sight.is_same(before):
            self.sight = sight
        self.changed(before, self.sight)
        self._keep(same=message.entries is before.entries and shown is before.launch_profiles)
        self._plan()

    @on(messages.LookFailed)
    def _look_failed(self, message: messages.LookFailed) -> None:
        self.failed(message.error)

    def failed(self, error: StudioError) -> None:
        """Note that the studio could not be seen, and when to try again."""
        self.looking = False
        self._failures += 1
        self._retry_after = error.retry_after
        self._answered = error.kind == ErrorKind.NOT_UNDERSTOOD
        # The demo has no keys that a person could give: it is opened anew instead.
        no_keys = error.kind == ErrorKind.NOT_SIGNED_IN
        signed_out = no_keys and not self.info.demo
        first = self.health.phase != Phase.SIGNED_OUT
        phase = Phase.SIGNED_OUT if signed_out else Phase.OFFLINE
        self.health = replace(
            self.health,
            phase=phase,
            problem=error.message,
            next_try=None,
            looking_since=None,
            aws_profile=self.info.aws_profile,
        )
        if no_keys:
            self.close()
        if signed_out and first and not self.info.aws_profile:
            self.signed_out()
        if error.kind != ErrorKind.SETTINGS and not signed_out:
            self._plan()
        elif self.info.aws_profile:
            self.wait_for_keys()

    # When to look next.

    def _plan(self) -> None:
        self._stop_timer()
        if self._look_again:
            self.look()
            return
        now = self.now
        seen = Seen(
            now=now,
            in_transition=self.is_unsettled or entries_of.in_transition(self.sight.entries),
            focused=self.app.app_focus,
            failures=self._failures,
            retry_after=self._retry_after,
            next_deadline=entries_of.next_deadline(self.sight.entries, now),
            answered=self._answered,
        )
        wait = seconds_to_next_look(seen, self.nimble.settings.refresh, self.nimble.jitter())
        self._due = self.seconds + wait
        self.health = replace(self.health, next_try=now + timedelta(seconds=wait))
        self._timer = self.set_timer(wait, self.look)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def look_if_due(self) -> None:
        """Look if the time for it has passed without the timer noticing.

        After a suspend only the time of day may say so; the other clock counts when that is set
        back.
        """
        due = self.health.next_try
        if self.looking or due is None or self._due is None:
            return
        late = timedelta(seconds=_LATE)
        if self.seconds > self._due + _LATE or self.now > due + late:
            self.look()

    def follow_clock(self) -> None:
        """Keep every age as it was when the time of day was set back."""
        now, seconds = self.now, self.seconds
        if self._clocks is not None:
            before, at = self._clocks
            jump = now - before - timedelta(seconds=seconds - at)
            if jump < -_JUMP:
                self.health = self.health.shifted(jump)
        self._clocks = now, seconds

    def _focus_changed(self, focused: bool) -> None:
        self.follow_clock()
        seen_at = self.health.seen_at
        idle = timedelta(seconds=self.nimble.settings.refresh.idle)
        if focused and self.service and (seen_at is None or self.now - seen_at > idle):
            # Somebody may just have been told that they are on another launch profile now.
            self.look(for_me=True)
        elif not self.looking and self._timer is not None:
            self._plan()

    # What is kept for the next start.

    def _keep(self, *, same: bool) -> None:
        if same and self._kept_at is not None and self.seconds - self._kept_at < _KEEP_EVERY:
            return
        self._kept_at = self.seconds
        self._write(self.sight, self.now)

    @work(
        thread=True,
        exclusive=True,
        exit_on_error=False,
        group="keep",
        description="keep the lists for the next start",
    )
    def _write(self, sight: Sight, seen_at: datetime) -> None:
        profiles, sessions = sight.launch_profiles, sight.sessions
        if not cache.write(self.info, profiles, sessions, seen_at, sight.last_seen):
            self.post_message(messages.CacheFailed())

    @on(messages.CacheFailed)
    def _cache_failed(self) -> None:
        if not self._cache_told:
            self._cache_told = True
            self.notify(
                "The lists could not be kept on this computer (is the disk full?); "
                "all else works, only the next start shows nothing until the studio answers.",
                severity="warning",
            )

    # Mistakes of our own must not leave the screen waiting for ever.

    @on(Worker.StateChanged)
    def _worker_changed(self, event: Worker.StateChanged) -> None:
        if event.state == WorkerState.ERROR and event.worker.group in {"open", "look"}:
            self.failed(StudioError(ErrorKind.TROUBLE, messages.MISTAKE))

    # What the screen on top of this makes of it.

    def changed(self, before: Sight, after: Sight) -> None:
        """Tell the artist what came to its end between two looks."""

    def signed_out(self) -> None:
        """Offer to sign in."""
