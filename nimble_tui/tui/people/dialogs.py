"""The dialogs about one person, and the choice of a launch profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import getters, on
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from nimble_tui.core.people.changes import ChangeKind, PersonChange
from nimble_tui.tui.dialogs.dialog import Dialog
from nimble_tui.tui.key_guard import Patience
from nimble_tui.tui.snapshot_changed import SnapshotChanged, follow
from nimble_tui.tui.widgets.choices import Choices
from nimble_tui.view.choices import Choosable, Piece

if TYPE_CHECKING:
    from pathlib import PurePath

    from textual.app import ComposeResult

    from nimble_tui.core.people.model import Person
    from nimble_tui.workspace.people_snapshot import PeopleSnapshot
    from nimble_tui.workspace.workspace import Workspace

T = TypeVar("T")


_AROUND = 9  # lines of the dialog that are not launch profiles


class PersonDialog(Dialog[T]):
    """A dialog about one person; closes by itself when it is outdated."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [*Dialog.CSS_PATH, "person_dialog.tcss"]

    def __init__(self, workspace: Workspace, person: Person) -> None:
        super().__init__()
        self.workspace = workspace
        self.about = person
        self.patience = Patience(workspace.context.clock)
        self._shown = self.known

    def on_mount(self) -> None:
        """Follow the person."""
        follow(self, self.workspace.store)
        self._snapshot_changed()

    @on(SnapshotChanged)
    def _snapshot_changed(self) -> None:
        before, self._shown = self._shown, self.known
        if self._shown is not before:
            self.people_changed()

    @property
    def known(self) -> PeopleSnapshot:
        """The people part of the snapshot."""
        return self.workspace.snapshot.people

    def room(self, around: int, most: int) -> int:
        """Return how many lines to choose from fit, at most `most`, with `around` others."""
        return max(min(self.app.size.height - around, most), 1)

    @property
    def person(self) -> Person | None:
        """The person as they are now."""
        people = self.known.people
        return people.person(self.about.principal_id) if people else None

    def people_changed(self) -> None:
        """Close if it is outdated."""
        reason = self.outdated()
        if reason and self.is_active:
            self.notify(f"{reason} No changes made.", severity="warning")
            self.close_by_itself()

    def outdated(self) -> str:
        """Return why the dialog is outdated; empty while it is not."""
        return "" if self.person else f"{self.about.label} is no longer a member."


class ProfileDialog(PersonDialog[PersonChange]):
    """Chooses the launch profile that a person is added to, or removed from."""

    AUTO_FOCUS = "Choices"
    KEYS = "↑↓ choose   enter selects   esc cancels"

    choices = getters.query_one(Choices)

    def __init__(self, workspace: Workspace, person: Person, change: ChangeKind) -> None:
        super().__init__(workspace, person)
        self._change = change

    def compose(self) -> ComposeResult:
        """Lay out the launch profiles that come into question."""
        adds = self._change == ChangeKind.ADD
        with Vertical(classes="dialog") as box:
            box.border_title = "Add to launch profile" if adds else "Remove from launch profile"
            yield Static(self.about.label, markup=False, classes="subject")
            text = (
                "They can launch from it immediately."
                if adds
                else "Their workstations are not deleted."
            )
            yield Static(text, classes="whereabouts")
            yield Choices("which", most=self.room(_AROUND, 12))
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="cancel")
                yield Button("Add" if adds else "Remove…", id="sure")

    def on_mount(self) -> None:
        """Show what there is to choose from."""
        self._show()

    def people_changed(self) -> None:
        """Show what there is to choose from by now."""
        super().people_changed()
        if self.is_active and not self.outdated():
            self._show()

    def outdated(self) -> str:
        """Return why there is nothing left to choose."""
        return super().outdated() or ("" if self._titles() else "Nothing left to choose.")

    def _titles(self) -> dict[str, str]:
        found, person = self.known.people, self.person
        if found is None or person is None:
            return {}
        adds = self._change == ChangeKind.ADD
        return {
            one.launch_profile_id: one.title
            for one in found.launch_profiles
            if (one.launch_profile_id in person.launch_profile_ids) != adds
        }

    def _show(self) -> None:
        self.choices.show([Choosable(key, (Piece(name),)) for key, name in self._titles().items()])

    @on(Choices.Taken)
    @on(Button.Pressed, "#sure")
    def _sure(self) -> None:
        title = self._titles().get(self.choices.key)
        if self.patience.heeds() and title is not None and (person := self.person) is not None:
            self.dismiss(PersonChange(self._change, person, self.choices.key, title))

    @on(Button.Pressed, "#cancel")
    def _cancelled(self) -> None:
        self.dismiss(None)
