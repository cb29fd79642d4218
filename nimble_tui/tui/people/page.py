"""The People screen with its actions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from nimble_tui.core.actions import BY_ID
from nimble_tui.core.people.changes import ChangeKind, PersonChange, about_admin
from nimble_tui.core.people.plans import PlanKind
from nimble_tui.core.people.running_sessions import RunningSessions
from nimble_tui.core.rules import Refused
from nimble_tui.tui import commands
from nimble_tui.tui.people.people_view import PeopleView

if TYPE_CHECKING:
    from nimble_tui.core.people.model import Person
    from nimble_tui.core.people.plans import Plan
    from nimble_tui.view.questions import Answer


_CHANGES = ("add", "take_off", "onboard", "offboard", "admin", "access", "datazone", "find")


class PeoplePage(PeopleView):
    """Shows members, roles and access, and changes them."""

    OWN = (
        replace(BY_ID["filter"], words="Filter the people"),
        *commands.named("matrix", *_CHANGES),
        replace(BY_ID["copy"], label="Copy id", words="Copy the person's id"),
        BY_ID["unfinished"],
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *commands.bindings((*_CHANGES, "unfinished")),
        Binding("space,enter", "choose", "Resume, add or remove", show=False),
    ]

    def action_choose(self) -> None:
        """In the matrix, add to a launch profile or remove; in the list, resume a plan or add."""
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
        change = ChangeKind.REMOVE if is_on else ChangeKind.ADD
        self._confirm(PersonChange(change, person, profile.launch_profile_id, profile.title))

    def action_add(self) -> None:
        """Choose a launch profile to add them to."""
        if not self.refused("add"):
            self._choose(ChangeKind.ADD)

    def action_take_off(self) -> None:
        """Choose a launch profile to remove them from."""
        if not self.refused("take_off"):
            self._choose(ChangeKind.REMOVE)

    def action_admin(self) -> None:
        """Confirm, then make a person an admin or remove that role."""
        person = self.person
        if not self.refused("admin") and person is not None:
            self._confirm(about_admin(person))

    def action_access(self) -> None:
        """Show a person's personas on launch profiles, to set one."""
        person = self.person
        if self.refused("access") or person is None:
            return
        from nimble_tui.tui.people.access_dialog import AccessDialog

        self.app.push_screen(AccessDialog(self.workspace, person))

    def action_datazone(self) -> None:
        """Show a person's DataZone profile, to create it or to set its status."""
        person = self.person
        if self.refused("datazone") or person is None:
            return
        from nimble_tui.tui.people.user_profile_dialog import UserProfileDialog

        self.app.push_screen(UserProfileDialog(self.workspace, person))

    def action_find(self) -> None:
        """Find users of the DataZone domain."""
        if self.refused("find"):
            return
        from nimble_tui.tui.people.find_dialog import FindDialog

        self.app.push_screen(FindDialog(self.workspace))

    def _choose(self, change: ChangeKind) -> None:
        from nimble_tui.tui.people.dialogs import ProfileDialog

        person = self.person
        if person is not None:
            dialog = ProfileDialog(self.workspace, person, change)
            self.app.push_screen(dialog, self._profile_chosen)

    def _profile_chosen(self, change: PersonChange | None) -> None:
        if change is not None:
            self._confirm(change)

    def _confirm(self, change: PersonChange) -> None:
        """Send a change, once it is confirmed where it removes access or makes an admin."""
        from nimble_tui.tui.dialogs.confirm import ConfirmDialog
        from nimble_tui.view.people import questions

        if change.kind == ChangeKind.ADD:
            self.workspace.people.send(change)
            return

        def running() -> RunningSessions:
            return change.running(self.people) if self.people else RunningSessions()

        def confirmed(answer: Answer | None) -> None:
            if answer:
                to_stop = running().to_stop if answer.extra else ()
                self.workspace.people.send(replace(change, to_stop=to_stop))

        def outdated() -> str:
            read_only = self.workspace.snapshot.info.read_only
            return questions.outdated(change, self.people, read_only=read_only)

        def show_again() -> None:
            dialog.show(questions.of_change(change, running()))

        question = questions.of_change(change, running())
        dialog = ConfirmDialog(question, self.workspace, outdated)
        dialog.watch(self, "snapshot", show_again, init=False)
        self.app.push_screen(dialog, confirmed)

    # Plans.

    def action_onboard(self) -> None:
        """Choose launch profiles, then review every step."""
        person = self.person
        if self.refused("onboard") or person is None:
            return
        from nimble_tui.tui.people.onboard_dialog import OnboardDialog

        def chosen(plan: Plan | None) -> None:
            if plan is not None:
                self._open_plan(plan)

        self.app.push_screen(OnboardDialog(self.workspace, person), chosen)

    def action_offboard(self) -> None:
        """Review every step of an offboarding."""
        found, person = self.people, self.person
        if self.refused("offboard") or person is None or found is None:
            return
        from nimble_tui.core.people.plans import plan_offboard

        begun = (one for one in self._plans() if self._is_about(one, person))
        kept = next((one for one in begun if one.kind == PlanKind.OFFBOARD), None)
        plan = kept or plan_offboard(found, person.principal_id)
        if isinstance(plan, Refused):
            self.tell_refusal("offboard", plan.reason)
        else:
            self._open_plan(plan)

    def action_unfinished(self) -> None:
        """Resume an unfinished plan, that of the selected person first."""
        if self.refused("unfinished"):
            return
        plans = self._plans()
        mine = next((one for one in plans if self._is_about(one, self.person)), plans[0])
        self._open_plan(mine)

    def _plans(self) -> tuple[Plan, ...]:
        return self.known.plans

    def _is_about(self, plan: Plan, person: Person | None) -> bool:
        return person is not None and plan.principal_id == person.principal_id

    def _open_plan(self, plan: Plan) -> None:
        from nimble_tui.tui.people.plan_dialog import PlanDialog

        self.app.push_screen(PlanDialog(self.workspace, plan))
