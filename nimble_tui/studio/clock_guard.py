"""The studio's time of day: the machine's own, as long as that can be believed.

Deadlines delete workstations, so a time of day that is wrong for a few seconds must settle nothing.
The boot clock counts on whatever happens to the time of day, and in the machine's sleep too. Where
the time of day leaves it, the studio's time follows the boot clock: nothing in the studio sees the
jump, deadlines wait, and what was begun finishes. The jump counts once both clocks have agreed
about it for `AGREED`, or when the operator accepts it.

The studio's data holds what was decided, so all processes that serve it, and those that start
during a jump, have one time. From another start of the machine nothing can be compared: then the
time of day is believed, unless it lies before the moment at which the studio was last served.
"""

import json
import logging
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from nimble_tui.core.clock import Clock
from nimble_tui.studio import clock_shift, endpoints
from nimble_tui.studio.boot_clock import BootClock
from nimble_tui.studio.sample.facts import SAMPLE
from nimble_tui.studio.store.records import Resource
from nimble_tui.studio.store.transaction import Transaction

TOLERANCE: Final = timedelta(seconds=5)
"""The largest step that is no jump, such as leap seconds and corrections of time services."""
AGREED: Final = timedelta(minutes=10)

_FACT: Final = "clock"
_WORTH_SAVING: Final = timedelta(seconds=1)
_ONE_MOMENT: Final = timedelta(seconds=1)
_TRIES: Final = 3
_ACCEPTED: Final = "The jump of this computer's clock was accepted: the studio's time moved %s."

logger = logging.getLogger(__name__)


class Jump(NamedTuple):
    """A time of day that left the boot clock: how far, and since when on the boot clock.

    `origin` is the time of day at which the boot clock would have begun to count. `unserved` is
    whether the studio was not being served when it happened.
    """

    origin: datetime
    since: timedelta
    unserved: bool = False


class _State(NamedTuple):
    boot_id: str
    origin: datetime
    jump: Jump | None


class ClockGuard:
    """A Clock that no jump of the time of day `wall` moves; any thread may use it.

    Without a `boot` clock nothing can be checked, and it is `wall`.
    """

    def __init__(self, wall: Clock, boot: BootClock | None = None) -> None:
        self._wall = wall
        self._boot = boot
        self._lock = threading.RLock()
        self._origin: datetime | None = None
        self._jump: Jump | None = None
        self._text: str | None = None
        self._saved: _State | None = None

    @property
    def is_checked(self) -> bool:
        """True if there is a clock to compare the time of day with."""
        return self._boot is not None

    @property
    def jump(self) -> Jump | None:
        """The jump that does not count yet."""
        self.now()
        return self._jump

    def now(self) -> datetime:
        """Return the studio's time, aware, in UTC."""
        return self.times()[0]

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return self._wall.monotonic()

    def times(self) -> Sequence[datetime]:
        """Return the studio's time and, while a jump does not count yet, the machine's."""
        with self._lock:
            wall, elapsed = self._read()
            if self._boot is None:
                return (wall,)
            self._compare(wall, elapsed)
            if self._jump is None or self._origin is None:
                return (wall,)
            return (self._origin + elapsed, wall)

    def counts_in(self) -> timedelta | None:
        """Return how long the clocks have to agree yet until the jump counts; None without one."""
        with self._lock:
            jump = self.jump
            if jump is None or self._boot is None:
                return None
            return max(AGREED - (self._elapsed() - jump.since), timedelta())

    def held_back(self, tx: Transaction) -> list[Resource]:
        """Return the sessions whose deadlines only the machine's clock has passed."""
        now, *wall = self.times()
        due = tx.due_within(now, wall[0]) if wall else []
        return [one for one in due if clock_shift.is_deadline(one)]

    def begin(self, tx: Transaction) -> None:
        """Take up the studio's time where its data left it."""
        if self._boot is None:
            return
        with self._lock:
            wall, elapsed = self._read()
            last = clock_shift.served_at(tx)
            if last is not None and wall < last - TOLERANCE:  # time does not go back
                self._origin = last - elapsed
            self._text = tx.fact(_FACT)
            self._saved = _parsed(self._text, self._boot.boot_id)
            if self._saved is not None:
                self._origin, self._jump = self._saved.origin, self._saved.jump
            known = self._jump
            self._compare(wall, elapsed)
            if self._jump is not None and self._jump is not known and not endpoints.is_served(tx):
                self._jump = self._jump._replace(unserved=True)

    def is_behind(self, tx: Transaction) -> bool:
        """Return whether there is something to `save`, or another process saved something."""
        if self._boot is None:
            return False
        with self._lock:
            return tx.fact(_FACT) != self._text or self._is_unsaved() or self._is_ripe()

    def save(self, tx: Transaction) -> None:
        """Bring this process and the data, within a write, to one time.

        What another process decided is taken over, and a jump counts whose time has come. A reader
        only compares: it may see the data as they were before a write that is under way here.
        """
        if self._boot is None:
            return
        with self._lock:
            self.now()  # so that a jump is compared with what others saw of it
            text = tx.fact(_FACT)
            if text != self._text:
                self._text, self._saved = text, _parsed(text, self._boot.boot_id)
                self._take_over(self._saved)
            if self._is_ripe():
                self.accept(tx)
            elif self._is_unsaved():
                self._note(tx)

    def accept(self, tx: Transaction) -> None:
        """Let the jump count: the studio's time is the machine's from now on.

        Deadlines stand as they were promised, so those that the jump went past are due at once.
        What is measured from its beginning goes along: steps under way, streams, client tokens.
        In a demo that was not being served everything does: it may be the clock of a virtual
        machine that stood still with its host.
        """
        with self._lock:
            jump = self.jump
            if jump is None or self._origin is None:
                return
            by = jump.origin - self._origin
            if jump.unserved and tx.fact(SAMPLE):
                clock_shift.move_everything(tx, by)
            else:
                clock_shift.move_with_clock(tx, by)
            self._origin, self._jump = jump.origin, None
            self._note(tx)
            if jump.unserved:
                clock_shift.note_returned(tx, self.now())
            logger.warning(_ACCEPTED, _way(by))

    def _read(self) -> tuple[datetime, timedelta]:
        """Read both clocks at one moment: a process that sleeps in between would see a jump."""
        for _ in range(_TRIES):
            elapsed = self._elapsed()
            wall = self._wall.now()
            if self._elapsed() - elapsed < _ONE_MOMENT:
                break
        return wall, elapsed

    def _elapsed(self) -> timedelta:
        return timedelta(seconds=self._boot.seconds() if self._boot else 0.0)

    def _compare(self, wall: datetime, elapsed: timedelta) -> None:
        origin = wall - elapsed
        if self._origin is None or _same(origin, self._origin):
            if self._jump is not None:
                logger.warning("This computer's clock agrees with the studio's time again.")
            self._origin, self._jump = origin, None
        elif self._jump is None or not _same(origin, self._jump.origin):
            self._jump = Jump(origin, elapsed)
            logger.warning(
                "This computer's clock jumped %s. Until it has stayed there for %s, the studio "
                "keeps its own time, and deadlines wait; if the clock is right, run "
                "nimble-tui studio clock --accept with the studio's --config, --data or --demo.",
                _way(origin - self._origin),
                AGREED,
            )

    def _take_over(self, saved: _State | None) -> None:
        if saved is None:
            return
        if self._origin is None:
            self._origin, self._jump = saved.origin, saved.jump
        elif not _same(saved.origin, self._origin):
            logger.warning(_ACCEPTED, _way(saved.origin - self._origin))
            self._origin, self._jump = saved.origin, saved.jump
        elif saved.jump and self._jump and _same(saved.jump.origin, self._jump.origin):
            self._jump = saved.jump  # as it was seen first

    def _note(self, tx: Transaction) -> None:
        if self._boot is None or self._origin is None:
            return
        self._saved = _State(self._boot.boot_id, self._origin, self._jump)
        self._text = _text(self._saved)
        tx.note(_FACT, self._text)

    def _is_ripe(self) -> bool:
        return self._jump is not None and self.counts_in() == timedelta()

    def _is_unsaved(self) -> bool:
        saved, jump = self._saved, self.jump
        if saved is None or self._origin is None or saved.jump != jump:
            return True
        return abs(saved.origin - self._origin) > _WORTH_SAVING


def guarded(clock: Clock) -> ClockGuard:
    """Return a clock's guard: itself where it is one, else one that checks nothing."""
    return clock if isinstance(clock, ClockGuard) else ClockGuard(clock)


def _same(one: datetime, other: datetime) -> bool:
    return abs(one - other) <= TOLERANCE


def _way(by: timedelta) -> str:
    rounded = timedelta(seconds=round(abs(by).total_seconds()))
    return f"{'forward' if by > timedelta() else 'back'} by {rounded}"


def _text(state: _State) -> str:
    noted: dict[str, object] = {"boot": state.boot_id, "origin": state.origin.isoformat()}
    if state.jump:
        noted["jump"] = {
            "origin": state.jump.origin.isoformat(),
            "since": state.jump.since.total_seconds(),
            "unserved": state.jump.unserved,
        }
    return json.dumps(noted)


def _parsed(text: str | None, boot_id: str) -> _State | None:
    """Return what was noted in this start of the machine; None where nothing readable was."""
    try:
        noted = json.loads(text or "null")
        if noted["boot"] != boot_id:
            return None
        jump = None
        if "jump" in noted:
            since = timedelta(seconds=noted["jump"]["since"])
            jump = Jump(_time(noted["jump"]["origin"]), since, noted["jump"]["unserved"] is True)
        return _State(boot_id, _time(noted["origin"]), jump)
    except (ValueError, TypeError, KeyError, OverflowError):
        return None


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text).astimezone(UTC)
    if not 1900 < at.year < 9000:  # with which nothing could be counted
        raise ValueError(text)
    return at
