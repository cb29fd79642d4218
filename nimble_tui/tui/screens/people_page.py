"""Who is in the studio and who may do what, as a list or as a table of launch profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Input, Static

from nimble_tui.config.keymap import key_label
from nimble_tui.core.actions import Action
from nimble_tui.core.plans import PlanKind
from nimble_tui.core.rules import Refused
from nimble_tui.core.text import clean, is_plain_id
from nimble_tui.tui import commands, notices, people, people_changes, people_details, when
from nimble_tui.tui.people_changes import Change, Wish
from nimble_tui.tui.screens.page import Page
from nimble_tui.tui.widgets.detail_pane import DetailPane
from nimble_tui.tui.widgets.matrix import Matrix, MatrixHead, legend, shortened
from nimble_tui.tui.widgets.people_list import PeopleHead, PeopleList
from nimble_tui.tui.widgets.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import PurePath

    from textual.widget import Widget

    from nimble_tui.core.model import LaunchProfile
    from nimble_tui.core.people import People, Person
    from nimble_tui.core.plans import Plan
    from nimble_tui.tui.entries import Entry
    from nimble_tui.tui.people import PersonRow
    from nimble_tui.tui.screens.people_running import PlansScreen

_EVERY = 30.0
_STALE = 90.0
_LONGEST = 100


class PeoplePage(Page, inherit_bindings=False):
    """Everybody with what they may do; whoever may change that does it here."""

    PAGE = "people"
    OWN = (
        Action("filter", "Filter", "Show only people that match", "slash"),
        Action("matrix", "Matrix", "Show launch profiles against people, or the list again", "m"),
        Action("add", "Add", "Add them to a launch profile", "a"),
        Action("take_off", "Take off", "Take them off a launch profile", "x"),
        Action("onboard", "Onboard", "Let somebody in: plan every step, then do it", "n"),
        Action("offboard", "Offboard", "Let somebody go: plan every step, then do it", "o"),
        Action("admin", "Admin", "Make them an admin, or an artist again", "A"),
        Action("datazone", "DataZone", "Activate or deactivate their DataZone profile", "z"),
        Action("copy", "Copy id", "Copy their id", "c"),
        Action("unfinished", "Go on", "Go on with a plan that is not finished", "w"),
    )
    OFFERED = ("refresh", "help", "palette", "theme", "quit")
    AUTO_FOCUS = "#list"
    CSS_PATH: ClassVar[list[str | PurePath]] = ["page.tcss", "people.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", show=False),
        Binding("tab", "app.focus_next", "Next", show=False),
        Binding("shift+tab", "app.focus_previous", "Previous", show=False),
        Binding("slash", "filter", "Filter", show=False),
        Binding("m", "matrix", "Matrix", show=False),
        Binding("a", "add", "Add", show=False),
        Binding("x", "take_off", "Take off", show=False),
        Binding("n", "onboard", "Onboard", show=False),
        Binding("o", "offboard", "Offboard", show=False),
        Binding("A", "admin", "Admin", show=False),
        Binding("z", "datazone", "DataZone", show=False),
        Binding("c", "copy", "Copy", show=False),
        Binding("w", "unfinished", "Go on", show=False),
        Binding("space", "choose", "Add or take off", show=False),
        # Before the filter's field has it, so that what is typed right after it is a key again.
        Binding("enter", "enter", "Go on", show=False, priority=True),
        *commands.bindings(("refresh",)),
    ]

    wanted: reactive[str] = reactive("", init=False, repaint=False)
    crossed: reactive[bool] = reactive(False, init=False, repaint=False)

    list = getters.query_one("#list", PeopleList)
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

    def review(self, entries: Iterable[Entry]) -> None:
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
        return self.matrix if self.crossed else self.list

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
        shown = people.matching(sight.rows, self.wanted)
        empty = self._empty()
        self.list.has_sessions = found is not None and found.sessions_known
        self.list.has_status = found is not None and found.user_profiles is not None
        self.list.tell(shown, empty)
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
        return (legend() if self.crossed else Content("")) + self._age()

    def _age(self) -> Content:
        sight = self.people_desk.who
        if sight.seen_at is None:
            return Content("")
        age = self.desk.now - sight.seen_at
        stale = sight.problem or age.total_seconds() >= _STALE
        return Content.styled(f"as of {when.ago(age)}" if stale else "", "$near")

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
            told = (
                [sight.problem]
                if sight.problem
                else list(sight.people.notices if sight.people else ())
            )
            more = f"  (and {len(told) - 1} more)" if len(told) > 1 else ""
            self.banner.sentence = f"{told[0]}{more}" if told else None
        self.set_class(bool(sight.problem), "-offline")

    def _offer(self, plans: tuple[Plan, ...]) -> None:
        line = self.query_one("#offer", Static)
        line.display = bool(plans)
        if plans:
            line.update(people_details.offer(plans, _key("unfinished")))

    def _show_one(self) -> None:
        for widget in (self.list, self.query_one(PeopleHead)):
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
            self.pane.detail = people_details.NOTHING
            return
        refusals = {one.id: self.refusal(one.id) for one in self.OWN}
        self.pane.keys = {one.id: key_label(one.key) for one in self.OWN} | {"choose": "␣"}
        if self.crossed and (profile := self.launch_profile) is not None:
            self.pane.detail = people_details.of_cell(
                found,
                person,
                profile,
                self.refusal("choose"),
                shortened(self.matrix, self.matrix.size.width),
            )
        else:
            self.pane.detail = people_details.of_person(found, person, refusals)

    # What may be done.

    def refusal(self, action: str) -> str | None:
        """Return why an action would be refused now; None when it would not."""
        if action == "unfinished":
            return None if self.people_desk.who.plans else "Every plan is finished."
        read_only = self.desk.info.read_only
        return people_changes.refusal(action, self.people, self.person, read_only=read_only)

    def refused(self, action: str) -> bool:
        """Return whether an action is not possible now, having told why."""
        reason = self.refusal(action)
        if reason is None and self.desk.service is None and action != "copy":
            reason = self.desk.UNANSWERED
        if reason is not None:
            self._tell_refusal(action, reason)
        return reason is not None

    def _tell_refusal(self, action: str, reason: str) -> None:
        named = next((one for one in self.OWN if one.id == action), self.OWN[2])
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
        other = self.list if self.crossed else self.matrix
        key = other.selected.key if other.selected else ""
        self._show_one()
        self.rows.select(key)
        self.set_focus(self.rows)
        self.draw()

    async def action_filter(self) -> None:
        """Open the filter."""
        field = next(iter(self.query("#filter").results(Input)), None)
        if field is None:
            field = Input(
                self.wanted,
                id="filter",
                placeholder="a name, a role, a launch profile, a status…",
                max_length=_LONGEST,
                compact=True,
            )
            await self.box.mount(field, before=0)
        self.set_focus(field)

    @on(Input.Changed, "#filter")
    def _filter_changed(self, event: Input.Changed) -> None:
        self.wanted = event.value

    async def action_enter(self) -> None:
        """Go back from the filter to the list; there, do what is to be done."""
        if not isinstance(self.focused, Input):
            self.action_choose()
        elif self.focused.value.strip():
            self.set_focus(self.rows)
        else:
            await self._clear_filter()

    def watch_wanted(self) -> None:
        """Show only who matches."""
        self.draw()

    async def _clear_filter(self) -> None:
        self.set_focus(self.rows)
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
            self._tell_refusal("copy", "Their id holds characters that cannot be copied safely.")
        else:
            self.copy(person.principal_id, f"The id of {person.label} is")

    # Changing who may do what.

    def action_choose(self) -> None:
        """In the matrix, add to a launch profile or take off it; in the list, go on or add."""
        profile, person = self.launch_profile, self.person
        if not self.crossed:
            plan = next((one for one in self._plans() if self._is_about(one, person)), None)
            if plan is not None:
                self._open_plan(plan)
            else:
                self.action_add()
            return
        if self.refused("choose") or person is None or profile is None:
            return
        is_on = profile.launch_profile_id in person.launch_profile_ids
        change = Change.TAKE_OFF if is_on else Change.ADD
        self._confirm(Wish(change, person, profile.launch_profile_id, profile.title))

    def action_add(self) -> None:
        """Choose a launch profile to add them to."""
        if not self.refused("add"):
            self._choose(Change.ADD)

    def action_take_off(self) -> None:
        """Choose a launch profile to take them off."""
        if not self.refused("take_off"):
            self._choose(Change.TAKE_OFF)

    def action_admin(self) -> None:
        """Ask, then make somebody an admin, or an artist again."""
        person = self.person
        if not self.refused("admin") and person is not None:
            self._confirm(people_changes.about_admin(person))

    def action_datazone(self) -> None:
        """Let somebody use the DataZone domain, or no more once that is confirmed."""
        person = self.person
        if self.refused("datazone") or person is None:
            return
        is_on = person.user_profile is not None and person.user_profile.is_on
        self._confirm(Wish(Change.DEACTIVATE if is_on else Change.ACTIVATE, person))

    def _choose(self, change: Change) -> None:
        from nimble_tui.tui.screens.people_dialogs import ProfileDialog

        person = self.person
        if person is not None:
            dialog = ProfileDialog(self.people_desk, person, change)
            self.app.push_screen(dialog, self._profile_chosen)

    def _profile_chosen(self, wish: Wish | None) -> None:
        if wish is not None:
            self._confirm(wish)

    def _confirm(self, wish: Wish) -> None:
        """Ask once, where something is taken away or rights are given; then send it."""
        from nimble_tui.tui.screens.people_dialogs import WishDialog

        if wish.change in {Change.ADD, Change.ACTIVATE}:
            self.people_desk.wish(wish)
            return

        def sure(answer: bool | None) -> None:
            if answer:
                self.people_desk.wish(wish)

        self.app.push_screen(WishDialog(self.people_desk, wish), sure)

    # Plans.

    def action_onboard(self) -> None:
        """Choose launch profiles, then review every step."""
        person = self.person
        if self.refused("onboard") or person is None:
            return
        from nimble_tui.tui.screens.people_onboard import OnboardDialog

        def chosen(plan: Plan | None) -> None:
            if plan is not None:
                self._open_plan(plan)

        self.app.push_screen(OnboardDialog(self.people_desk, person), chosen)

    def action_offboard(self) -> None:
        """Review every step of somebody's leaving."""
        found, person = self.people, self.person
        if self.refused("offboard") or person is None or found is None:
            return
        from nimble_tui.core.plans import plan_offboard

        begun = (one for one in self._plans() if self._is_about(one, person))
        kept = next((one for one in begun if one.kind == PlanKind.OFFBOARD), None)
        plan = kept or plan_offboard(found, person.principal_id)
        if isinstance(plan, Refused):
            self._tell_refusal("offboard", plan.reason)
        else:
            self._open_plan(plan)

    def action_unfinished(self) -> None:
        """Go on with a plan that is not finished, that of whoever is under the cursor first."""
        if self.refused("unfinished"):
            return
        plans = self._plans()
        mine = next((one for one in plans if self._is_about(one, self.person)), plans[0])
        self._open_plan(mine)

    def _plans(self) -> tuple[Plan, ...]:
        return self.people_desk.who.plans

    def _is_about(self, plan: Plan, person: Person | None) -> bool:
        return person is not None and plan.principal_id == person.principal_id

    def _open_plan(self, plan: Plan) -> None:
        from nimble_tui.tui.screens.people_plan import PlanDialog

        self.app.push_screen(PlanDialog(self.people_desk, plan))


def _key(action: str) -> str:
    return next(key_label(one.key) for one in PeoplePage.OWN if one.id == action)
