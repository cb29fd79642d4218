"""The dialog that chooses launch profiles for an onboarding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters, on
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from nimble_tui.core.people.changes import ADMINS
from nimble_tui.core.people.plans import Plan, plan_onboard
from nimble_tui.core.rules import Refused
from nimble_tui.tui.people.dialogs import PersonDialog
from nimble_tui.tui.people.ticks import Ticks
from nimble_tui.tui.widgets.choices import Choices

if TYPE_CHECKING:
    from textual.app import ComposeResult

_AROUND = 12  # lines of the dialog that are not launch profiles


class OnboardDialog(PersonDialog[Plan]):
    """Chooses launch profiles; its result is a plan that has not run yet."""

    AUTO_FOCUS = "#which"

    ticks = getters.query_one("#which", Ticks)

    def compose(self) -> ComposeResult:
        """Lay out the launch profiles to tick, and the admin role below them."""
        with Vertical(classes="dialog") as box:
            box.border_title = "Onboard"
            box.border_subtitle = "space ticks   enter continues   esc cancels"
            yield Static(self.about.label, markup=False, classes="subject")
            yield Static("Which launch profiles should they be able to use?", classes="whereabouts")
            yield Ticks("which", most=self.room(_AROUND, 16))
            yield Static(id="message", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="cancel")
                yield Button("Review…", id="sure")

    def on_mount(self) -> None:
        """Tick what they already have, which an onboarding never removes."""
        found = self.known.people
        if found is None:
            return
        lines = {one.launch_profile_id: one.title for one in found.launch_profiles}
        if not self.about.is_admin:
            lines[ADMINS] = "Make them an admin, who can use all of them"
        self.ticks.tell(lines, self.about.launch_profile_ids)

    @on(Ticks.Ticked)
    def _ticked(self) -> None:
        self.query_one("#message", Static).update("")

    @on(Choices.Taken)
    @on(Button.Pressed, "#sure")
    def _review(self) -> None:
        found = self.known.people
        if not self.patience.heeds() or found is None:
            return
        ticked = self.ticks.ticked
        wanted = [one for one in ticked if one != ADMINS]
        plan = plan_onboard(found, self.about.principal_id, wanted, administrator=ADMINS in ticked)
        if isinstance(plan, Refused):
            message = self.query_one("#message", Static)
            message.set_class(True, "-wrong")
            message.update(plan.reason)
        else:
            self.dismiss(plan)

    @on(Button.Pressed, "#cancel")
    def _cancelled(self) -> None:
        self.dismiss(None)
