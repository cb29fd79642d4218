"""Everybody as a list or as a table of launch profiles, to look at: nothing is changed here."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import getters, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Input, Static

from nimble_tui.core.text import clean, is_plain_id
from nimble_tui.tui import commands
from nimble_tui.tui.pages.page import Page
from nimble_tui.tui.people.matrix import Matrix, MatrixHead, legend, shortened
from nimble_tui.tui.people.person_list import PeopleHead, PeopleList
from nimble_tui.tui.widgets.detail_pane import DetailPane
from nimble_tui.tui.widgets.rows import Rows
from nimble_tui.tui.widgets.text_field import TextField
from nimble_tui.view import notices, times
from nimble_tui.view.people import changes, details, person_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import PurePath

    from textual.widget import Widget

    from nimble_tui.core.model import LaunchProfile
    from nimble_tui.core.people.model import People, Person
    from nimble_tui.core.people.plans import Plan
    from nimble_tui.tui.people.plans_screen import PlansScreen
    from nimble_tui.view.people.person_rows import PersonRow
    from nimble_tui.view.session_rows import SessionRow

_EVERY = 30.0
_STALE = 90.0
_LONGEST = 100
_MARGIN = 4  # of the line that tells what is missing


class PeopleView(Page, inherit_bindings=False):
    """Shows people with what they may do, filters them, and copies an id."""

    PAGE = "people"
    OFFERED = ("refresh", "help", "palette", "theme", "quit")
    AUTO_FOCUS = "#list"
    CSS_PATH: ClassVar[list[str | PurePath]] = [*Page.CSS_PATH, "people.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", show=False),
        Binding("tab", "app.focus_next", "Next", show=False),
        Binding("shift+tab", "app.focus_previous", "Previous", show=False),
        # Done before the next key is looked at: what is typed right after it is for the filter.
        *commands.bindings(("filter",), priority=True),
        *commands.bindings(("matrix", "copy", "refresh")),
    ]

    wanted: reactive[str] = reactive("", init=False, repaint=False)
    crossed: reactive[bool] = reactive(False, init=False, repaint=False)

    everybody = getters.query_one("#list", PeopleList)
    matrix = getters.query_one("#matrix", Matrix)
    pane = getters.query_one(DetailPane)

    def __init__(self, desk: PlansScreen) -> None:
        super().__init__(desk)
        self.people_desk = desk

    def body(self) -> Iterable[Widget]:
        """Return both ways to see people, and all about the one under the cursor."""
        everybody, matrix = PeopleList("list"), Matrix("matrix")
        yield Static(id="offer", markup=False)
        yield PeopleHead(everybody)
        yield everybody
        yield MatrixHead(matrix)
        yield matrix
        yield DetailPane()

    def on_mount(self) -> None:
        """Follow what is known of the people, and look again now and then."""
        self._show_one()
        self.watch(self.people_desk, "who", self._sight_changed, init=False)
        self.set_interval(_EVERY, self._look_on)

    def _look_on(self) -> None:
        if self.app.app_focus:
            self.people_desk.look_at_people()

    def review(self, entries: Iterable[SessionRow]) -> None:
        """Look at the people too, once the studio answers again."""
        super().review(entries)
        sight = self.people_desk.who
        if sight.people is None or sight.problem:
            self.people_desk.look_at_people()

    def _sight_changed(self) -> None:
        self.draw()

    # What is shown.

    @property
    def people(self) -> People | None:
        """Everybody, as far as is known."""
        return self.people_desk.who.people

    @property
    def rows(self) -> Rows[PersonRow]:
        """The list or the matrix, whichever is seen."""
        return self.matrix if self.crossed else self.everybody

    @property
    def person(self) -> Person | None:
        """Who is under the cursor."""
        row = self.rows.selected
        return row.person if row else None

    @property
    def launch_profile(self) -> LaunchProfile | None:
        """The launch profile under the cursor of the matrix."""
        return self.matrix.launch_profile if self.crossed else None

    def draw(self) -> None:
        """Show everybody who matches."""
        sight = self.people_desk.who
        found = sight.people
        shown = person_rows.matching(sight.rows, self.wanted)
        empty = self._empty()
        self.everybody.filtered = self.matrix.filtered = bool(self.wanted)
        self.everybody.has_sessions = found is not None and found.sessions_known
        self.everybody.has_status = found is not None and found.user_profiles is not None
        self.everybody.tell(shown, empty)
        self.query_one(PeopleHead).tell()
        profiles = found.launch_profiles if found else ()
        self.matrix.tell(shown, profiles, found.unread_profile_ids if found else frozenset(), empty)
        self.query_one(MatrixHead).tell()
        self.head(Content(self._title(len(shown), len(sight.rows))), self._below())
        self._offer(sight.plans)
        self._notice()
        self._show_detail()

    def _title(self, shown: int, total: int) -> str:
        if self.wanted:
            return f"People  {shown} of {total} match"
        return f"People  {total}" if total else "People"

    def _below(self) -> Content:
        unread = self.people is not None and bool(self.people.unread_profile_ids)
        return (legend(unread=unread) if self.crossed else Content("")) + self._age()

    def _age(self) -> Content:
        sight = self.people_desk.who
        if sight.seen_at is None:
            return Content("")
        age = self.desk.now - sight.seen_at
        stale = sight.problem or age.total_seconds() >= _STALE
        return Content.styled(f"as of {times.ago(age)}" if stale else "", "$near")

    def _empty(self) -> str:
        sight = self.people_desk.who
        if self.wanted and sight.rows:
            return f"Nobody matches “{clean(self.wanted, 30)}”.\nesc shows all again."
        if sight.people is None and sight.problem:
            return "Nobody to show until the studio answers."
        return "Looking who is here…" if sight.people is None else "Nobody is here."

    def _notice(self) -> None:
        sight = self.people_desk.who
        if self.banner.sentence is None:
            missing = sight.people.notices if sight.people else ()
            told = (sight.problem,) if sight.problem else missing
            self.banner.sentence = _first(told, self.size.width - _MARGIN)
        self.set_class(bool(sight.problem), "-offline")

    def _offer(self, plans: tuple[Plan, ...]) -> None:
        line = self.query_one("#offer", Static)
        line.display = bool(plans)
        if plans:
            key = commands.labels(self.nimble.keys)["unfinished"]
            pieces = details.offer(plans, key)
            line.update(Content.assemble(*((text, style) for text, style, _ in pieces)))

    def _show_one(self) -> None:
        for widget in (self.everybody, self.query_one(PeopleHead)):
            widget.display = not self.crossed
        for other in (self.matrix, self.query_one(MatrixHead)):
            other.display = self.crossed

    @on(Rows.Moved)
    def _moved(self) -> None:
        self._show_detail()

    @on(Matrix.Crossed)
    def _column_changed(self) -> None:
        self.query_one(MatrixHead).tell()
        self._show_detail()

    def _show_detail(self) -> None:
        self.show_keys()
        found, person = self.people, self.person
        if found is None or person is None:
            self.pane.detail = details.NOTHING
            return
        refusals = {one.id: self.refusal(one.id) for one in self.OWN}
        keys = commands.labels(self.nimble.keys)
        self.pane.keys = keys | {"choose": "␣"}
        if self.crossed and (profile := self.launch_profile) is not None:
            self.pane.detail = details.of_cell(
                found,
                person,
                profile,
                self.refusal("choose"),
                shortened(self.matrix, self.matrix.size.width),
            )
        else:
            self.pane.detail = details.of_person(found, person, refusals, keys["copy"])

    # What may be done.

    def refusal(self, action: str) -> str | None:
        """Return why an action would be refused now; None when it would not."""
        if action == "unfinished":
            return None if self.people_desk.who.plans else "Every plan is finished."
        read_only = self.desk.info.read_only
        return changes.refusal(action, self.people, self.person, read_only=read_only)

    def refused(self, action: str) -> bool:
        """Return whether an action is not possible now, having told why."""
        reason = self.refusal(action)
        if reason is None and self.desk.service is None and action != "copy":
            reason = self.desk.UNANSWERED
        if reason is not None:
            self.tell_refusal(action, reason)
        return reason is not None

    def tell_refusal(self, action: str, reason: str) -> None:
        """Tell why an action is not even asked for."""
        person, profile = self.person, self.launch_profile
        if action == "choose" and person is not None and profile is not None:
            is_on = profile.launch_profile_id in person.launch_profile_ids
            action = "take_off" if is_on else "add"
        named = next((one for one in self.OWN if one.id == action), self.OWN[0])
        self.desk.tell(notices.of_refusal(named, reason))

    def moves(self) -> Iterable[tuple[str, str]]:
        """Return the keys that move about."""
        return (
            ("↑ ↓", "Choose somebody"),
            ("← →", "Choose a launch profile, in the matrix"),
            ("space", "Add to it or take off it, in the matrix"),
            ("enter", "Go on with their plan, or add them to a launch profile"),
        )

    # Seeing it another way.

    def action_matrix(self) -> None:
        """Show launch profiles against people, or the list again."""
        self.crossed = not self.crossed

    def watch_crossed(self) -> None:
        """Keep the cursor on the same person, the focus on what is seen."""
        other = self.everybody if self.crossed else self.matrix
        key = other.selected.key if other.selected else ""
        self._show_one()
        self.rows.select(key)
        self.set_focus(self.rows)
        self.draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let the filter's own key be typed into the filter."""
        if action == "filter" and isinstance(self.focused, Input):
            return False
        return super().check_action(action, parameters)

    async def action_filter(self) -> None:
        """Open the filter."""
        field = self._filter_field
        if field is None:
            field = TextField(
                self.wanted,
                id="filter",
                placeholder="a name, a role, a launch profile, a status…",
                max_length=_LONGEST,
                enter=self._filter_done,
            )
            await self.box.mount(field, before=0)
        field.select_all()
        self.set_focus(field)

    @property
    def _filter_field(self) -> TextField | None:
        return next(iter(self.query("#filter").results(TextField)), None)

    @on(Input.Changed, "#filter")
    def _filter_changed(self, event: Input.Changed) -> None:
        self.wanted = event.input.value  # what is in it now, which may be newer

    async def _filter_done(self) -> None:
        if (field := self._filter_field) is not None:
            self.wanted = field.value  # its message that it changed may be on its way still
        if self.wanted.strip():
            self.set_focus(self.rows)
        else:
            await self._clear_filter()

    def watch_wanted(self) -> None:
        """Show only who matches."""
        self.draw()

    async def _clear_filter(self) -> None:
        self.set_focus(self.rows)
        if (field := self._filter_field) is not None:
            field.value = ""
        self.wanted = ""
        await self.query("#filter").remove()

    def action_back(self) -> None:
        """Show all again where there is a filter, else go back."""
        if self.query("#filter"):
            self.call_later(self._clear_filter)
        else:
            self.dismiss(None)

    def action_refresh(self) -> None:
        """Look at the studio again now, at the names too."""
        if self.desk.service is None:
            super().action_refresh()
        self.people_desk.look_at_people(fresh=True)

    def action_copy(self) -> None:
        """Copy the id of whoever is under the cursor."""
        if (person := self.person) is None:
            self.refused("copy")
        elif not is_plain_id(person.principal_id):
            self.tell_refusal("copy", "Their id holds characters that cannot be copied safely.")
        else:
            self.copy(person.principal_id, f"The id of {person.label} is")


def _first(told: Sequence[str], width: int) -> str | None:
    """Return one line about what is missing: what, and why where there is room for that."""
    if not told:
        return None
    first, *others = told
    more = f" (+{len(others)})" if others else ""
    if cell_len(first + more) > width:
        first = first.partition(". ")[0].removesuffix(".") + "."
    return first + more
