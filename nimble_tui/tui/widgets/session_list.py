"""The list of workstations, two lines each: title and state, then the next change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from nimble_tui.core import transitions, usual_durations
from nimble_tui.core.durations import in_words
from nimble_tui.core.model import FAILED_STATES, SessionState
from nimble_tui.core.rules import Ending, Urgency, can_be_stopped, is_disk_kept
from nimble_tui.tui.widgets import bar
from nimble_tui.tui.widgets.line import Line, fit, pad
from nimble_tui.tui.widgets.rows import Rows
from nimble_tui.view import labels

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime, tzinfo

    from nimble_tui.core.clock import Clock
    from nimble_tui.core.rules import Deadline
    from nimble_tui.core.usual_durations import Change
    from nimble_tui.view.session_rows import SessionRow

_LOUD = "bold $on-loud on $last"
_INDENT = 3
_STATE_WIDTH = 9
_TIME_WIDTH = 11
_WORDS_WIDTH = 42
_WIDEST_TITLE = 40
_ROOMY = 46
_CLOSE = 36
_FRAMES_A_SECOND = 4


class SessionList(Rows["SessionRow"]):
    """The artist's workstations; times are relative to the clock when a row is drawn.

    `types` are the instance types of the rows, and `durations` how long their transitions took.
    """

    def __init__(self, clock: Clock, tz: tzinfo | None, name: str) -> None:
        super().__init__(id=name)
        self._clock = clock
        self._tz = tz
        self.durations: Sequence[Change] = ()
        self.types: Collection[str] = ()

    def measure(self, rows: Sequence[SessionRow]) -> tuple[int, ...]:  # noqa: ARG002 - see types
        """Return the width of the column for machine types."""
        return (min(max(map(len, self.types), default=0), 14),)

    def paint(self, row: SessionRow, width: int) -> list[Line]:
        """Return the two lines of a workstation."""
        now = self._clock.now()
        return [self._first(row, now, width), self._second(row, now, width)]

    def pace(self) -> float:
        """Return the seconds between two ticks for the visible rows."""
        now = self._clock.now()
        seen = [self.rows[place] for place in self._seen()]
        if any(row.session.in_transition for row in seen):
            return 1 / _FRAMES_A_SECOND
        lasts = (row.deadline and row.deadline.urgency(now) == Urgency.LAST for row in seen)
        return 1.0 if any(lasts) else 5.0

    def _first(self, row: SessionRow, now: datetime, width: int) -> Line:
        session = row.session
        label = labels.state_label(session)
        symbol = self._turning(now) if session.in_transition else label.symbol
        machine = pad(session.ec2_instance_type or "", max(self._widths, default=0))
        time = pad(self._time(row, now), _TIME_WIDTH, right=True)
        after = f" {machine} {time}" if width >= _ROOMY else f" {time}" if width >= _CLOSE else ""
        if (longer := cell_len(label.text) - _STATE_WIDTH) > 0:
            # A text such as START_FAILED takes its room from what follows it, not from the title.
            after = pad(f" {time}", max(len(after) - longer, 0), right=True)
        line = Line(width).add(f"{symbol} ", f"${label.style}")
        line.add(pad(row.title, self._title_width(width)), self._title_style(row, now)).add(" ")
        line.add(pad(label.text, max(_STATE_WIDTH, cell_len(label.text))), f"bold ${label.style}")
        return line.add(after, "$muted")

    def _title_width(self, width: int) -> int:
        others = max(self._widths, default=0) + 1 if width >= _ROOMY else 0
        others += _TIME_WIDTH + 1 if width >= _CLOSE else 0
        room = width - _INDENT - _STATE_WIDTH - others - 1
        return max(min(room, _WIDEST_TITLE), 6)

    def _second(self, row: SessionRow, now: datetime, width: int) -> Line:
        session, deadline = row.session, row.deadline
        line = Line(width).add(" " * (_INDENT - 1))
        if row.unread:
            line.add("? ", "$near").add(f"{labels.UNREAD} · ", "$muted")
        if session.in_transition:
            note = (
                labels.keeping_note(session)
                if row.keeping
                else labels.moving_note(
                    session, now, usual_durations.usual_duration(self.durations, session)
                )
            )
            if row.unread:  # it may have changed, so no animation
                return line.add(note, "$muted")
            wide = min(self._bar_width(width), 8 if row.keeping else width)
            done, bright, todo = bar.moving(self._step(now), wide)
            line.add(done, "$faint").add(bright, "$moving").add(todo, "$faint")
            return line.add("  ").add(note, "$muted")
        if row.keeping:
            return line.add(labels.keeping_note(session), "$moving")
        urgent = deadline is not None and deadline.urgency(now) > Urgency.NONE
        if session.state in FAILED_STATES and not urgent:
            return self._failed(line, row, now)
        if deadline is not None:
            line = self._ending(line, row, deadline, now, width)
            return line.add(f" · {row.times_unread}", "$near") if row.times_unread else line
        if row.times_unread:
            return line.add("▲ ", "$near").add(row.times_unread, "$near")
        if session.state == SessionState.STOPPED:
            return line.add(_retention(row), "$muted")
        return line.add(_unknown(row), "$muted")

    def _failed(self, line: Line, row: SessionRow, now: datetime) -> Line:
        reason = labels.reason_of(row.session) or labels.failure_of(row.session)
        if row.deadline is None:
            return line.add(reason, "$failed")
        ending = labels.deadline_in_words(row.deadline, now, self._tz)
        line.add(fit(reason, max(line.left - cell_len(ending) - 3, 12)), "$failed")
        return line.add(" · ", "$faint").add(ending, "$muted")

    def _ending(
        self, line: Line, row: SessionRow, deadline: Deadline, now: datetime, width: int
    ) -> Line:
        style = f"${labels.deadline_style(deadline, now)}"
        urgency = deadline.urgency(now)
        part = None if row.unread else deadline.passed(now)
        if part is not None:
            used, left = bar.used_up(part, self._bar_width(width))
            line.add(used, style).add(left, "$faint").add("  ")
        text = labels.deadline_in_words(deadline, now, self._tz)
        if row.session.state == SessionState.STOPPED and line.left > len(text) + 20:
            text += ", unless started"
        if urgency == Urgency.NONE:
            return line.add(text, "$muted")
        loud = deadline.ending == Ending.DELETE or urgency == Urgency.LAST
        return line.add(f" ▲ {text} ", _LOUD) if loud else line.add(f"▲ {text}", style)

    def _time(self, row: SessionRow, now: datetime) -> str:
        session = row.session
        if session.in_transition:
            since = transitions.moving_since(session)
            return in_words(now - since, seconds=True) if since else ""
        if session.state != SessionState.READY:
            return ""
        times = [at for at in (session.created_at, session.started_at) if at]
        return in_words(now - max(times)) if times else ""

    def _title_style(self, row: SessionRow, now: datetime) -> str:
        deadline = row.deadline
        if deadline and not row.session.in_transition and deadline.urgency(now) > Urgency.NONE:
            if self.app.no_color:
                return "bold underline"  # a colour, turned grey, is dimmer than none
            return f"bold ${labels.deadline_style(deadline, now)}"
        return "bold"

    def _turning(self, now: datetime) -> str:
        return labels.TURNING[self._step(now) // 2 % len(labels.TURNING)]

    @staticmethod
    def _step(now: datetime) -> int:
        return int(now.timestamp() * _FRAMES_A_SECOND)

    def _bar_width(self, width: int) -> int:
        """Return the bar's width: up to the state's column, or less if the words need it."""
        return max(min(self._title_width(width) - 1, width - _INDENT - _WORDS_WIDTH), 6)


def _unknown(row: SessionRow) -> str:
    if row.session.state == SessionState.READY and row.launch_profile is None:
        return "deadline unknown: can't read its launch profile"
    return "no deadline known"


def _retention(row: SessionRow) -> str:
    if row.launch_profile is None and not can_be_stopped(row.session, None):
        return "deadline unknown: can't read its launch profile"
    if is_disk_kept(row.session):
        return "its disk is kept until you delete it"
    disk = labels.disk_of_stopped(row.session)
    return f"kept until you delete it; {disk}" if disk else "kept until you delete it"
