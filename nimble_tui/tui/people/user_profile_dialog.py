"""A user's DataZone profile: what is known of it, creating it, and setting its status."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import getters, on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from nimble_tui.core.people import profile_status, rules
from nimble_tui.core.people.changes import DATAZONE, ChangeKind, PersonChange
from nimble_tui.core.people.running_sessions import RunningSessions
from nimble_tui.tui.dialogs.confirm import ConfirmDialog
from nimble_tui.tui.people.dialogs import PersonDialog
from nimble_tui.tui.people.fitted_list import FittedList
from nimble_tui.tui.widgets.line import pad
from nimble_tui.tui.widgets.reading_list import Reading, ReadingList
from nimble_tui.view.notices import REFUSAL, Notice
from nimble_tui.view.people import questions, user_profile
from nimble_tui.view.people.person_rows import UNDER_WAY

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from nimble_tui.core.people.model import Person
    from nimble_tui.view.details import Option
    from nimble_tui.view.facts import Fact
    from nimble_tui.view.questions import Answer
    from nimble_tui.workspace.people_snapshot import KnownProfile
    from nimble_tui.workspace.workspace import Workspace

_LABEL = 14
_INDENT = _LABEL + 3  # the mark of an option, and its label
_CHANGE = Reading("change", Content("\n   Change the status to:"), heading=True)


class UserProfileDialog(PersonDialog[None]):
    """Shows a profile with each status it can get, or why it cannot; stays open after a change."""

    AUTO_FOCUS = "#statuses"
    KEYS = "↑↓ choose   enter sets it   esc closes"

    statuses = getters.query_one("#statuses", FittedList)

    def __init__(self, workspace: Workspace, person: Person) -> None:
        super().__init__(workspace, person)
        self._is_here = self.person is not None

    def compose(self) -> ComposeResult:
        """Lay out the facts, then what can be done."""
        with Vertical(classes="dialog -list") as box:
            box.border_title = "DataZone profile"
            yield Static(self.about.label, markup=False, classes="subject")
            yield FittedList("statuses")
            yield Static(id="message", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Close", id="cancel")

    def on_mount(self) -> None:
        """Show what is known, and read the profile as it is now."""
        self.workspace.domain_users.read(self._user_id)
        self._show()

    def people_changed(self) -> None:
        """Show how it is by now."""
        super().people_changed()
        if self.is_mounted and not self.outdated():
            self._show()

    def outdated(self) -> str:
        """Return why there is nothing left to show; a user of the domain need not be a member."""
        return super().outdated() if self._is_here else ""

    # What is shown.

    @property
    def _user_id(self) -> str:
        return self.about.principal_id

    @property
    def _profile(self) -> KnownProfile | None:
        return self.known.profiles.get(self._user_id)

    @property
    def _is_pending(self) -> bool:
        return (self._user_id, DATAZONE) in self.known.pending

    @property
    def _refused(self) -> str | None:
        people = self.known.people
        if people is None:
            return ""
        read_only = self.workspace.snapshot.info.read_only
        return rules.user_profile_refusal(people, read_only=read_only)

    def _options(self) -> tuple[Option, ...]:
        known = self._profile
        return () if known is None else user_profile.choices(known.profile, self._refused)

    def _show(self) -> None:
        known = self._profile
        profile = known.profile if known else None
        problem = bool(known and known.problem)
        facts = [] if profile is None else [*map(_fact, user_profile.facts(profile)), _CHANGE]
        options = () if problem else map(self._reading, self._options())
        self.statuses.show([*facts, *options])
        self.statuses.display = bool(self.statuses.readings)
        text, line = self._message(known), self.query_one("#message", Static)
        line.display = bool(text)
        line.set_class(problem, "-wrong")
        line.update(text)

    def _message(self, known: KnownProfile | None) -> str:
        if self._is_pending:
            return f"{UNDER_WAY.symbol} Changing the profile…"
        if known is None:
            return "Loading the profile…"
        if known.problem:
            return f"The DataZone profile could not be read. {known.problem}"
        people = self.known.people
        if known.profile is None:
            # Where the domain could not be searched it can be another one, or none.
            notices = people.notices[:1] if people and not people.user_profiles else ()
            return " ".join(("No DataZone profile.", *notices))
        return ""

    def _reading(self, option: Option) -> Reading:
        mark, style = ("✓", "ready") if option.allowed else ("–", "muted")
        shown = Content.assemble(
            (f" {mark} ", f"bold ${style}"),
            (pad(option.label, _LABEL), "bold" if option.allowed else "$muted"),
            (option.why, "" if option.allowed else "$muted"),
        )
        return Reading(option.label, shown, option.label, indent=_INDENT)

    # What can be done.

    @on(ReadingList.Chosen)
    def _chosen(self, event: ReadingList.Chosen) -> None:
        options = self._options()
        option = next((one for one in options if one.label == event.reading.key), None)
        if option is None or not self.patience.heeds() or self._is_pending:
            return
        if not option.allowed:
            self.nimble.show_toast(Notice(option.why, f"Can't set {option.label}", about=REFUSAL))
        elif option.action == user_profile.CREATE:
            self._send(PersonChange(ChangeKind.CREATE_PROFILE, self._person))
        elif option.label in profile_status.SHUTS_OUT:
            self._confirm(PersonChange(ChangeKind.SET_STATUS, self._person, value=option.label))
        else:
            self._send(PersonChange(ChangeKind.SET_STATUS, self._person, value=option.label))

    @property
    def _person(self) -> Person:
        """The person with the profile as it is known."""
        known = self._profile
        return replace(self.person or self.about, user_profile=known.profile if known else None)

    def _confirm(self, change: PersonChange) -> None:
        def outdated() -> str:
            reason = self.outdated()
            allowed = (one.label for one in self._options() if one.allowed)
            if not reason and change.value not in allowed:
                reason = "The DataZone profile has changed in the meantime."
            return f"{reason} No changes made." if reason else ""

        def confirmed(answer: Answer | None) -> None:
            if answer:
                self._send(change)

        question = questions.of_change(change, RunningSessions())
        self.app.push_screen(ConfirmDialog(question, self.workspace, outdated), confirmed)

    def _send(self, change: PersonChange) -> None:
        self.workspace.people.send(change)
        self._show()

    @on(Button.Pressed, "#cancel")
    def _close_pressed(self) -> None:
        self.dismiss(None)


def _fact(fact: Fact) -> Reading:
    shown = Content.assemble((f"   {pad(fact.label, _LABEL)}", "$muted"), fact.value)
    return Reading(fact.label, shown, fact.value, heading=True, indent=_INDENT)
