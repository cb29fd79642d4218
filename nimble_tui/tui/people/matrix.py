"""The matrix of people and launch profiles: a cell shows who can launch from what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from nimble_tui.tui.people.person_list import name_of
from nimble_tui.tui.widgets.line import Line, fit, pad
from nimble_tui.tui.widgets.rows import Rows
from nimble_tui.view.labels import StateLabel
from nimble_tui.view.people.person_rows import UNDER_WAY, PersonRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from nimble_tui.core.model import LaunchProfile

MEMBER = StateLabel("●", "member", "ready")
ADMIN = StateLabel("◆", "admin, can launch from all", "accent")
NONE = StateLabel("·", "not a member", "muted")
UNKNOWN = StateLabel("?", "unknown", "near")

_EDGES = 2  # the mark of the cursor and the scrollbar
_MARKS = 2  # that there are more columns to the left or to the right
_GAP = 1
_LEAST_NAME, _MOST_NAME = 12, 30
_LEAST, _MOST = 5, 24


@dataclass(frozen=True, slots=True)
class Layout:
    """The widths of the names and of each column, and which columns are visible."""

    name: int
    columns: tuple[int, ...]
    seen: range


def widths_for(titles: Sequence[str], room: int) -> tuple[int, ...]:
    """Return how wide each column is: as its title, as far as all have room beside each other."""
    needed = [max(cell_len(title), _LEAST) for title in titles]
    caps = range(_MOST, _LEAST - 1, -1)
    fits = (cap for cap in caps if sum(min(one, cap) + _GAP for one in needed) <= room)
    cap = next(fits, _LEAST)
    return tuple(min(one, cap) for one in needed)


def short_heads(titles: Sequence[str], widths: Sequence[int]) -> tuple[str, ...]:
    """Return titles of at most so many cells each.

    Those that would look alike end in their place instead: `Lig 2`, `Lig 3`.
    """
    cut = [_cut(title, width) for title, width in zip(titles, widths, strict=True)]
    taken = Counter(cut)
    found = []
    for place, (title, head) in enumerate(zip(titles, cut, strict=True)):
        number = f" {place + 1}"
        alike = taken[head] > 1
        found.append(_cut(title, widths[place] - len(number)) + number if alike else head)
    return tuple(found)


class Matrix(Rows[PersonRow]):
    """The people that match, with a cell for each launch profile; a second cursor goes across."""

    LINES = 1
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "across(-1)", "Left", show=False),
        Binding("right", "across(1)", "Right", show=False),
    ]

    column: reactive[int] = reactive(0, init=False, repaint=False)
    first: reactive[int] = reactive(0, init=False, repaint=False)

    @dataclass
    class Crossed(Message):
        """The cursor is in another column now, or other columns are seen."""

        matrix: Matrix

        @property
        def control(self) -> Matrix:
            """The matrix it happened in."""
            return self.matrix

    def __init__(self, name: str) -> None:
        super().__init__(id=name)
        self.launch_profiles: tuple[LaunchProfile, ...] = ()
        self._unread: frozenset[str] = frozenset()
        self._longest = 0

    def tell(
        self,
        rows: Sequence[PersonRow],
        launch_profiles: tuple[LaunchProfile, ...],
        unread: frozenset[str],
        empty: str,
    ) -> None:
        """Show these people and launch profiles; the members of `unread` ones are unknown."""
        at = self.launch_profile
        told = launch_profiles != self.launch_profiles or unread != self._unread
        self.launch_profiles, self._unread = launch_profiles, unread
        you = len(" (you)")
        self._longest = max(
            (cell_len(r.person.label) + you * r.person.is_me for r in rows), default=0
        )
        if told:
            ids = [one.launch_profile_id for one in launch_profiles]
            known = at.launch_profile_id if at else ""
            self.column = ids.index(known) if known in ids else 0
            self._reach()
            self.tick()
        self.show(rows, empty)

    def measure(self, rows: Sequence[PersonRow]) -> tuple[int, ...]:  # noqa: ARG002 - known already
        """Return what decides the widths of columns."""
        return (self._longest,)

    @property
    def launch_profile(self) -> LaunchProfile | None:
        """The launch profile under the cursor."""
        return self.launch_profiles[self.column] if self.launch_profiles else None

    def layout_for(self, width: int) -> Layout:
        """Return where everything is on so many cells."""
        name = min(max(self._longest, _LEAST_NAME), _MOST_NAME, max(width * 3 // 10, _LEAST_NAME))
        room = max(width - name - _MARKS, _LEAST + _GAP)
        columns = widths_for([one.title for one in self.launch_profiles], room)
        # The last columns are never pushed out of sight by room that is left beside them.
        first = min(self.first, _first_for(columns, len(columns), room))
        return Layout(name, columns, range(first, _stop_for(columns, first, room)))

    def heads(self, width: int) -> Content:
        """Return the launch profiles' names over their columns, shortened where they have to be."""
        at = self.layout_for(width)
        titles = short_heads([one.title for one in self.launch_profiles], at.columns)
        parts = [(f" {pad('Name', at.name)}", "$muted")]
        parts.append(("‹" if at.seen.start else " ", "bold $accent"))
        for place in at.seen:
            style = "bold $accent" if place == self.column else "$muted"
            parts += [(_middle(titles[place], at.columns[place]), style), (" " * _GAP, "")]
        more = at.seen.stop < len(titles)
        parts.append(("›" if more else "", "bold $accent"))
        return Content.assemble(*parts)

    def look_at(self, row: PersonRow, launch_profile: LaunchProfile) -> StateLabel:
        """Return what a cell shows."""
        key = launch_profile.launch_profile_id
        if key in row.pending:
            return UNDER_WAY
        if key in row.person.launch_profile_ids:
            return MEMBER
        if row.person.is_admin:
            return ADMIN
        return UNKNOWN if key in self._unread else NONE

    def paint(self, row: PersonRow, width: int) -> list[Line]:
        """Return the line of a person."""
        at, line = self.layout_for(width), Line(width)
        name_of(line, row, at.name)
        line.add(" ")
        here = row is self.selected
        for place in at.seen:
            look = self.look_at(row, self.launch_profiles[place])
            before = (at.columns[place] - 1) // 2
            after = at.columns[place] - 1 - before
            style = f"${look.style}"
            if here and place == self.column:
                line.add(" " * (before - 1)).add("[", "bold $edge-focus")
                line.add(look.symbol, f"bold {style}")
                line.add("]", "bold $edge-focus").add(" " * (after - 1))
            else:
                ground = "on $cursor-blur" if place == self.column else ""
                line.add(" " * before, ground).add(look.symbol, f"{style} {ground}".strip())
                line.add(" " * after, ground)
            line.add(" " * _GAP)
        return [line]

    # The cursor across.

    def action_across(self, by: int) -> None:
        """Go to the next launch profile."""
        self._cross(self.column + by)

    def _cross(self, column: int) -> None:
        self.column = max(min(column, len(self.launch_profiles) - 1), 0)

    def watch_column(self) -> None:
        """Bring the column into sight."""
        self._reach()
        self._redraw()
        self.post_message(self.Crossed(self))

    def _reach(self) -> None:
        at = self.layout_for(self._room)
        if self.column < at.seen.start:
            self.first = self.column
        elif at.seen and self.column >= at.seen.stop:
            room = max(self._room - at.name - _MARKS, _LEAST + _GAP)
            self.first = _first_for(at.columns, self.column + 1, room)
        else:
            self.first = at.seen.start

    @property
    def _room(self) -> int:
        return max(self.scrollable_content_region.width - 1, 1)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the cell that was clicked."""
        offset = event.get_content_offset(self)
        at = self.layout_for(self._room)
        if offset is None or not at.seen:
            return
        right = at.name + _MARKS
        for place in at.seen:
            left, right = right, right + at.columns[place] + _GAP
            if left <= offset.x < right:
                self._cross(place)

    def on_resize(self) -> None:
        """Keep the column in sight."""
        self._reach()
        self.post_message(self.Crossed(self))


def legend(*, unread: bool) -> Content:
    """Return what the symbols in the cells mean; `unread` where some are not known."""
    parts: list[tuple[str, str]] = []
    for look in (MEMBER, ADMIN, NONE, *((UNKNOWN,) if unread else ())):
        parts += [(f"{look.symbol} ", f"${look.style}"), (f"{look.text}   ", "$muted")]
    return Content.assemble(*parts)


def shortened(matrix: Matrix, width: int) -> str:
    """Return what the shortened heads stand for; empty where none is shortened."""
    at = matrix.layout_for(max(width - _EDGES, 1))
    titles = [one.title for one in matrix.launch_profiles]
    heads = short_heads(titles, at.columns)
    pairs = ((heads[place], titles[place]) for place in at.seen)
    return "   ".join(f"{head}: {title}" for head, title in pairs if head != title)


def _stop_for(columns: Sequence[int], first: int, room: int) -> int:
    """Return where the columns end that fit from the first on; at least one does."""
    stop = first
    while stop < len(columns) and (room >= columns[stop] + _GAP or stop == first):
        room -= columns[stop] + _GAP
        stop += 1
    return stop


def _first_for(columns: Sequence[int], stop: int, room: int) -> int:
    """Return the first of the columns that fit up to `stop`; at least one does."""
    first = stop
    while first > 0 and (room >= columns[first - 1] + _GAP or first == stop):
        first -= 1
        room -= columns[first] + _GAP
    return first


def _cut(title: str, width: int) -> str:
    """Return a title's beginning, without the ellipsis that would eat up what tells it apart."""
    shown = title
    while cell_len(shown) > max(width, 1):
        shown = shown[:-1]
    return shown.rstrip()


def _middle(text: str, width: int) -> str:
    text = fit(text, width)
    left = (width - cell_len(text)) // 2
    return pad(" " * left + text, width)
