"""The list of people: name, role, launch profiles, workstations, DataZone profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from nimble_tui.core.people.changes import ADMINS, DATAZONE
from nimble_tui.tui.widgets.line import Line, fit, pad
from nimble_tui.tui.widgets.rows import Rows
from nimble_tui.view.people.person_rows import UNDER_WAY, PersonRow

if TYPE_CHECKING:
    from collections.abc import Sequence

_GAP = 2
_NARROW_NAME, _WIDE_NAME = 16, 34
_ROLE = 10
_SESSIONS = 8
_COUNTS = "Workstations"
_STATUS = 14
_LEAST_PROFILES = 10


@dataclass(frozen=True, slots=True)
class Columns:
    """The width of each column; a column of width 0 is left out."""

    name: int = 0
    role: int = 0
    profiles: int = 0
    sessions: int = 0
    status: int = 0


def columns_for(width: int, longest: int, *, sessions: bool, status: bool) -> Columns:
    """Return the columns for so many cells; what is needed least goes first.

    `longest` is how long the longest name is.
    """
    name = min(max(longest, _NARROW_NAME), _WIDE_NAME, max(width * 3 // 10, _NARROW_NAME))
    left = width - name
    role = _ROLE if left >= _ROLE + _GAP else 0
    left -= role + _GAP if role else 0
    there = _SESSIONS if sessions and left >= _SESSIONS + _GAP + _LEAST_PROFILES else 0
    left -= there + _GAP if there else 0
    shown = _STATUS if status and left >= _STATUS + _GAP + _LEAST_PROFILES else 0
    left -= shown + _GAP if shown else 0
    return Columns(name, role, max(left - _GAP, 0), there, shown)


class PeopleList(Rows[PersonRow]):
    """The people that match."""

    LINES = 1

    def __init__(self, name: str) -> None:
        super().__init__(id=name)
        self.has_sessions = False
        self.has_status = False
        self._longest = 0

    def tell(self, rows: Sequence[PersonRow], empty: str) -> None:
        """Show these people, or the sentence where there are none."""
        self._longest = max((_title_width(row) for row in rows), default=0)
        self.show(rows, empty)

    def measure(self, rows: Sequence[PersonRow]) -> tuple[int, ...]:  # noqa: ARG002 - known already
        """Return what decides the widths of columns."""
        return self._longest, self.has_sessions, self.has_status

    def columns(self, width: int) -> Columns:
        """Return the columns for so many cells."""
        return columns_for(width, self._longest, sessions=self.has_sessions, status=self.has_status)

    def heads(self, width: int) -> Content:
        """Return the column headers."""
        at = self.columns(width)
        # The head over the counts is longer than they are, and ends where they do.
        profiles = "Launch profiles"
        if at.sessions:
            room = at.profiles + _GAP + at.sessions
            profiles = f"{pad(profiles, room - len(_COUNTS) - 1)} {_COUNTS}"
        parts = (
            (at.name, "Name"),
            (at.role, "Role"),
            (at.profiles + (_GAP + at.sessions if at.sessions else 0), profiles),
            (at.status, "DataZone"),
        )
        shown = (" " * _GAP).join(pad(text, width) for width, text in parts if width)
        return Content.styled(f" {shown}", "$muted")

    def paint(self, row: PersonRow, width: int) -> list[Line]:
        """Return the line of a person."""
        at, person, line = self.columns(width), row.person, Line(width)
        name_of(line, row, at.name)
        line.add(" " * _GAP)
        if at.role:
            look = UNDER_WAY if ADMINS in row.pending else row.role
            line.add(pad(f"{look.symbol} {row.role.text}", at.role), f"${look.style}")
            line.add(" " * _GAP)
        changing = row.pending - {ADMINS, DATAZONE}
        profiles = f"{UNDER_WAY.symbol} " if changing else ""
        quiet = "" if row.profiles else "$muted"
        shown = row.profiles or ("all of them" if person.is_admin else "–")
        line.add(profiles, f"${UNDER_WAY.style}")
        line.add(pad(shown, at.profiles - len(profiles)), quiet)
        if at.sessions:
            line.add(" " * _GAP)
            line.add(_count("●", person.running), "$ready" if person.running else "$muted")
            line.add(_count("○", person.stopped), "$stopped" if person.stopped else "$muted")
        if at.status and row.status:
            look = UNDER_WAY if DATAZONE in row.pending else row.status
            line.add(" " * _GAP)
            line.add(pad(f"{look.symbol} {row.status.text}", at.status), f"${look.style}")
        return [line]


def name_of(line: Line, row: PersonRow, width: int) -> None:
    """Add a person's name to a line, with a mark for the user."""
    you = " (you)" if row.person.is_me else ""
    name = fit(row.person.label, width - len(you))
    line.add(name, "bold").add(you, "$muted").add(" " * (width - cell_len(name + you)))


def _title_width(row: PersonRow) -> int:
    return cell_len(row.person.label) + (len(" (you)") if row.person.is_me else 0)


def _count(symbol: str, count: int) -> str:
    shown = f"{symbol} {count}" if count else ""
    return pad(shown, _SESSIONS // 2)
