"""The People screen without its changes: the list, the matrix, the filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import getters, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from nimble_tui.core.text import clean, is_plain_id
from nimble_tui.tui import commands
from nimble_tui.tui.pages.page import Page
from nimble_tui.tui.people.matrix import Matrix, legend, shortened
from nimble_tui.tui.people.person_list import PeopleList
from nimble_tui.tui.widgets.column_head import ColumnHead
from nimble_tui.tui.widgets.detail_pane import DetailPane
from nimble_tui.tui.widgets.filter_field import FilterField
from nimble_tui.tui.widgets.rows import Rows
from nimble_tui.view import notices, times
from nimble_tui.view.people import changes, details, person_rows
from nimble_tui.workspace.permissions import UNANSWERED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import PurePath

    from textual.widget import Widget

    from nimble_tui.core.model import LaunchProfile
    from nimble_tui.core.people.model import People, Person
    from nimble_tui.core.people.plans import Plan
    from nimble_tui.view.people.person_rows import PersonRow
    from nimble_tui.workspace.people_snapshot import PeopleSnapshot
    from nimble_tui.workspace.permissions import Target
    from nimble_tui.workspace.store import Snapshot
    from nimble_tui.workspace.workspace import Workspace

_EVERY = 30.0
_STALE = 90.0
_MARGIN = 4  # of the line that tells what is missing


class PeopleView(Page, inherit_bindings=False):
    """Shows members, roles and access, filters them, and copies an id."""

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

    crossed: reactive[bool] = reactive(False, init=False, repaint=False)

    people_list = getters.query_one("#list", PeopleList)
    matrix = getters.query_one("#matrix", Matrix)
    pane = getters.query_one(DetailPane)

    def __init__(self, workspace: Workspace, target: Target) -> None:
        super().__init__(workspace, target)
        self.filter_field = FilterField(
            "a name, a role, a launch profile, a status…", lambda: self.set_focus(self.rows)
        )

    def body(self) -> Iterable[Widget]:
        """Return the list, the matrix, and the details of the selected person."""
        people_list, matrix = PeopleList("list"), Matrix("matrix")
        yield self.filter_field
        yield Static(id="offer", markup=False)
        yield ColumnHead(people_list.heads)
        yield people_list
        yield ColumnHead(matrix.heads)
        yield matrix
        yield DetailPane()

    def on_mount(self) -> None:
        """Read the people now and regularly."""
        self._show_one()
        self.watch(self.filter_field, "words", self.draw, init=False)
        self.workspace.people.refresh()
        self.set_interval(_EVERY, self._refresh_if_focused)
        self.workspace.polling.refreshed.append(self._studio_answered)

    def on_unmount(self) -> None:
        """Stop reading them."""
        self.workspace.polling.refreshed.remove(self._studio_answered)

    def _refresh_if_focused(self) -> None:
        if self.app.app_focus:
            self.workspace.people.refresh()

    def _studio_answered(self, _before: Snapshot, after: Snapshot) -> None:
        """Read the people too, once the studio answers again."""
        if after.people.people is None or after.people.problem:
            self.workspace.people.refresh()

    # What is shown.

    @property
    def known(self) -> PeopleSnapshot:
        """The people part of the snapshot."""
        return self.workspace.snapshot.people

    @property
    def people(self) -> People | None:
        """Everyone, as far as is known."""
        return self.known.people

    @property
    def wanted(self) -> str:
        """The words that the people are filtered by."""
        return self.filter_field.words

    @property
    def rows(self) -> Rows[PersonRow]:
        """The list or the matrix, whichever is seen."""
        return self.matrix if self.crossed else self.people_list

    @property
    def person(self) -> Person | None:
        """The selected person."""
        row = self.rows.selected
        return row.person if row else None

    @property
    def launch_profile(self) -> LaunchProfile | None:
        """The launch profile under the cursor of the matrix."""
        return self.matrix.launch_profile if self.crossed else None

    def draw(self) -> None:
        """Show the people that match."""
        known = self.known
        found = known.people
        shown = person_rows.matching(known.rows, self.wanted)
        empty = self._empty()
        self.people_list.filtered = self.matrix.filtered = bool(self.wanted)
        self.people_list.has_sessions = found is not None and found.sessions_known
        self.people_list.has_status = found is not None and found.user_profiles is not None
        self.people_list.tell(shown, empty)
        profiles = found.launch_profiles if found else ()
        self.matrix.tell(shown, profiles, found.unread_profile_ids if found else frozenset(), empty)
        self.query(ColumnHead).refresh()
        self.head(Content(self._title(len(shown), len(known.rows))), self._below())
        self._offer(known.plans)
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
        known = self.known
        if known.updated_at is None:
            return Content("")
        age = self.workspace.now - known.updated_at
        stale = known.problem or age.total_seconds() >= _STALE
        return Content.styled(f"as of {times.ago(age)}" if stale else "", "$near")

    def _empty(self) -> str:
        known = self.known
        if self.wanted and known.rows:
            return f"No member matches “{clean(self.wanted, 30)}”.\nPress esc to clear the filter."
        if known.people is None and known.problem:
            return "Waiting for the studio…"
        return "Loading members…" if known.people is None else "No members."

    def _notice(self) -> None:
        known = self.known
        missing = known.people.notices if known.people else ()
        sentences = (known.problem,) if known.problem else missing
        self.banner.otherwise = _first(sentences, self.size.width - _MARGIN)
        self.set_class(bool(known.problem), "-offline")

    def _offer(self, plans: tuple[Plan, ...]) -> None:
        line = self.query_one("#offer", Static)
        line.display = bool(plans)
        if plans:
            key = commands.labels(self.nimble.keys)["unfinished"]
            pieces = details.offer(plans, key)
            line.update(Content.assemble(*((text, style) for text, style, _ in pieces)))

    def _show_one(self) -> None:
        for head, rows in zip(self.query(ColumnHead), (self.people_list, self.matrix), strict=True):
            head.display = rows.display = rows is self.rows

    @on(Rows.Moved)
    def _moved(self) -> None:
        self._show_detail()

    @on(Matrix.Crossed)
    def _column_changed(self) -> None:
        self.query(ColumnHead).refresh()
        self._show_detail()

    def _show_detail(self) -> None:
        self.show_keys()
        found, person = self.people, self.person
        if found is None or person is None:
            self.pane.detail = details.NOTHING
            return
        refusals = {one.id: self.refusal_reason(one.id) for one in self.OWN}
        keys = commands.labels(self.nimble.keys)
        self.pane.keys = keys | {"choose": "space"}
        if self.crossed and (profile := self.launch_profile) is not None:
            self.pane.detail = details.of_cell(
                found,
                person,
                profile,
                self.refusal_reason("choose"),
                shortened(self.matrix, self.matrix.size.width),
            )
        else:
            self.pane.detail = details.of_person(found, person, refusals, keys["copy"])

    # What may be done.

    def refusal_reason(self, action: str) -> str | None:
        """Return why an action would be refused now; None when it would not."""
        if action == "unfinished":
            return None if self.known.plans else "No unfinished plans."
        read_only = self.workspace.snapshot.info.read_only
        return changes.refusal(action, self.people, self.person, read_only=read_only)

    def refused(self, action: str) -> bool:
        """Return whether an action is unavailable, and show why."""
        reason = self.refusal_reason(action)
        if reason is None and self.workspace.service is None and action != "copy":
            reason = UNANSWERED
        if reason is not None:
            self.tell_refusal(action, reason)
        return reason is not None

    def tell_refusal(self, action: str, reason: str) -> None:
        """Show why an action is refused."""
        person, profile = self.person, self.launch_profile
        if action == "choose" and person is not None and profile is not None:
            is_on = profile.launch_profile_id in person.launch_profile_ids
            action = "take_off" if is_on else "add"
        named = next((one for one in self.OWN if one.id == action), self.OWN[0])
        self.nimble.show_toast(notices.of_refusal(named, reason))

    def moves(self) -> Iterable[tuple[str, str]]:
        """Return the navigation keys."""
        return (
            ("↑ ↓", "Choose a person"),
            ("← →", "Choose a launch profile, in the matrix"),
            ("space", "Add or remove, in the matrix"),
            ("enter", "Resume their plan, or add them to a launch profile"),
        )

    # Seeing it another way.

    def action_matrix(self) -> None:
        """Switch between list and matrix."""
        self.crossed = not self.crossed

    def watch_crossed(self) -> None:
        """Keep the cursor on the same person, the focus on what is seen."""
        other = self.people_list if self.crossed else self.matrix
        key = other.selected.key if other.selected else ""
        self._show_one()
        self.rows.select(key)
        self.set_focus(self.rows)
        self.draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let the filter's own key be typed into the filter."""
        if action == "filter" and self.focused is self.filter_field:
            return False
        return super().check_action(action, parameters)

    def action_filter(self) -> None:
        """Open the filter."""
        self.filter_field.open()

    def action_back(self) -> None:
        """Clear the filter where there is one, else go back."""
        if self.filter_field.is_open:
            self.filter_field.close()
        else:
            self.dismiss(None)

    def action_refresh(self) -> None:
        """Refresh now, with the names."""
        if self.workspace.service is None:
            super().action_refresh()
        self.workspace.people.refresh(fresh=True)

    def action_copy(self) -> None:
        """Copy the id of the selected person."""
        if (person := self.person) is None:
            self.refused("copy")
        elif not is_plain_id(person.principal_id):
            self.tell_refusal("copy", "Their id contains unsafe characters, so it can't be copied.")
        else:
            self.copy(person.principal_id, f"The id of {person.label} is")


def _first(sentences: Sequence[str], width: int) -> str | None:
    """Return one line about what is missing: what, and why where there is room for that."""
    if not sentences:
        return None
    first, *others = sentences
    more = f" (+{len(others)})" if others else ""
    if cell_len(first + more) > width:
        first = first.partition(". ")[0].removesuffix(".") + "."
    return first + more
