"""The questions before something of somebody's changes: which, and whether it is meant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import getters, on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from nimble_tui.core.people.changes import Change, Wish
from nimble_tui.core.people.running import Running
from nimble_tui.tui.dialogs.confirm import DeleteDialog
from nimble_tui.tui.dialogs.dialog import Dialog
from nimble_tui.tui.patience import Patience
from nimble_tui.tui.widgets.choices import Choices
from nimble_tui.view.choices import Choosable, Piece
from nimble_tui.view.people.changes import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import PurePath

    from textual.app import ComposeResult

    from nimble_tui.core.clock import Clock
    from nimble_tui.core.people.model import Person
    from nimble_tui.tui.people.plans_screen import PlansScreen
    from nimble_tui.view.session_rows import SessionRow

T = TypeVar("T")


_AROUND = 9  # lines of the dialog that are not launch profiles


class PersonDialog(Dialog[T]):
    """Is about one person; closes by itself when what it asks is no longer to be asked."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [*Dialog.CSS_PATH, "person_dialog.tcss"]

    def __init__(self, desk: PlansScreen, person: Person) -> None:
        super().__init__()
        self.desk = desk
        self.about = person
        self.patience = Patience(desk.nimble.clock)

    def on_mount(self) -> None:
        """Follow what becomes of the person."""
        self.watch(self.desk, "who", self.people_changed, init=False)

    def room(self, around: int, most: int) -> int:
        """Return how many lines to choose from fit, at most `most`, with `around` others."""
        return max(min(self.app.size.height - around, most), 1)

    @property
    def person(self) -> Person | None:
        """The person as they are now."""
        found = self.desk.who.people
        return found.person(self.about.principal_id) if found else None

    def people_changed(self) -> None:
        """Close when it was answered by what happened meanwhile."""
        reason = self.outdated()
        if reason and self.is_current:
            self.notify(f"{reason} Nothing was done.", severity="warning")
            self.close_by_itself()

    def outdated(self) -> str:
        """Return why there is nothing to ask any more; empty while there is."""
        return "" if self.person else f"{self.about.label} is not there any more."


class ProfileDialog(PersonDialog[Wish]):
    """Asks which launch profile somebody is added to, or taken off."""

    AUTO_FOCUS = "Choices"
    KEYS = "↑↓ choose   enter takes it   esc cancels"

    choices = getters.query_one(Choices)

    def __init__(self, desk: PlansScreen, person: Person, change: Change) -> None:
        super().__init__(desk, person)
        self._change = change

    def compose(self) -> ComposeResult:
        """Lay out the launch profiles that come into question."""
        adds = self._change == Change.ADD
        with Vertical(classes="dialog") as box:
            box.border_title = "Add to a launch profile" if adds else "Take off a launch profile"
            yield Static(self.about.label, markup=False, classes="subject")
            text = "They may launch from it at once." if adds else "Their workstations stay."
            yield Static(text, classes="whereabouts")
            yield Choices("which", most=self.room(_AROUND, 12))
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="cancel")
                yield Button("Add" if adds else "Take off…", id="sure")

    def on_mount(self) -> None:
        """Show what there is to choose from."""
        self._show()

    def people_changed(self) -> None:
        """Show what there is to choose from by now."""
        super().people_changed()
        if self.is_current and not self.outdated():
            self._show()

    def outdated(self) -> str:
        """Return why there is nothing to choose any more."""
        return super().outdated() or ("" if self._titles() else "There is none left to choose.")

    def _titles(self) -> dict[str, str]:
        found, person = self.desk.who.people, self.person
        if found is None or person is None:
            return {}
        adds = self._change == Change.ADD
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
            self.dismiss(Wish(self._change, person, self.choices.key, title))

    @on(Button.Pressed, "#cancel")
    def _cancelled(self) -> None:
        self.dismiss(None)


class WishDialog(PersonDialog[Wish]):
    """Asks once before something is taken away from somebody, or rights are given.

    What runs of a launch profile that a person is taken off can be stopped first.
    """

    AUTO_FOCUS = "#cancel"

    def __init__(self, desk: PlansScreen, wish: Wish) -> None:
        super().__init__(desk, wish.person)
        self._wish = wish

    def compose(self) -> ComposeResult:
        """Say who it is about and what comes of it."""
        said = sentences(self._wish)
        with Vertical(classes="dialog") as box:
            box.border_title = said.question
            yield Static(self.about.label, markup=False, classes="subject")
            if self._wish.title:
                yield Static(self._wish.title, markup=False, classes="whereabouts")
            yield Static(self._outcome(), id="outcome", markup=False)
            with Horizontal(classes="buttons"):
                if self._wish.change == Change.TAKE_OFF:
                    yield Button("Stop first", id="stop")
                yield Button("Cancel", id="cancel")
                yield Button(said.button, id="sure")

    def on_mount(self) -> None:
        """Offer a stop where something runs."""
        self._show_running()

    def people_changed(self) -> None:
        """Say what runs by now."""
        super().people_changed()
        if self.is_current:
            self._show_running()

    def _runs_on(self) -> Running:
        found = self.desk.who.people
        return self._wish.running(found) if found else Running()

    def _show_running(self) -> None:
        for button in self.query("#stop"):
            button.display = bool(self._runs_on().to_stop)
        self.query_one("#outcome", Static).update(Content(self._outcome()))

    def outdated(self) -> str:
        """Return why there is nothing to ask any more: it is so already, or may not be."""
        found, person, wish = self.desk.who.people, self.person, self._wish
        if found is None or person is None:
            return super().outdated()
        if wish.is_so(found):
            return "That is so already."
        return wish.refusal(found, read_only=self.desk.info.read_only) or ""

    def _outcome(self) -> str:
        return f"{sentences(self._wish).outcome}\n{self._runs_on().sentence}".strip()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if self.patience.heeds():
            stops = self._runs_on().to_stop if event.button.id == "stop" else ()
            sure = replace(self._wish, to_stop=stops)
            self.dismiss(None if event.button.id == "cancel" else sure)


class TheirDeleteDialog(DeleteDialog):
    """Asks the same about somebody else's workstation, which is not in one's own list."""

    def __init__(self, entry: SessionRow, note: str, clock: Clock, owner: str) -> None:
        super().__init__(entry, note, clock)
        self._owner = owner

    def subject(self) -> ComposeResult:
        """Say whose it is, too."""
        title, *more = super().subject()
        yield title
        yield Static(f"of {self._owner}", markup=False)
        yield from more

    def review(self, entries: Iterable[SessionRow]) -> None:
        """Nothing of one's own can change it; it is looked at once more before it is deleted."""
