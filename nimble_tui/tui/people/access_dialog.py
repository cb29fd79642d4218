"""A person's access: their persona on each launch profile, and setting it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters, on
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Label, Static

from nimble_tui.core.people.changes import ChangeKind, PersonChange
from nimble_tui.tui import commands
from nimble_tui.tui.people.dialogs import PersonDialog
from nimble_tui.tui.widgets.choices import Choices
from nimble_tui.view.choices import Choosable, Piece
from nimble_tui.view.people import access
from nimble_tui.view.people.person_rows import UNDER_WAY

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from nimble_tui.view.people.access import AccessRow

_AROUND = 15  # lines of the dialog that are not launch profiles
_TITLE, _PERSONA = 26, 14


class AccessDialog(PersonDialog[None]):
    """Shows a person's persona on each launch profile; stays open after one is set."""

    AUTO_FOCUS = "#which"
    KEYS = "↑↓ choose   enter sets the persona   esc closes"

    profiles = getters.query_one("#which", Choices)
    personas = getters.query_one("#personas", Choices)

    def compose(self) -> ComposeResult:
        """Lay out the launch profiles, the personas below them, and what to know."""
        with Vertical(classes="dialog -access") as box:
            box.border_title = "Access"
            yield Static(self.about.label, markup=False, classes="subject")
            yield Static(id="summary", markup=False, classes="whereabouts")
            yield Choices("which", most=self.room(_AROUND, 12), radio=False)
            with Horizontal(classes="choice"):
                yield Label("Persona")
                yield Choices("personas", most=4)
            yield Static(id="message", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Close", id="cancel")
                yield Button("Set persona", id="sure")

    def on_mount(self) -> None:
        """Show what is known, and read the rest."""
        self.workspace.people.read_personas()
        self._show()

    def people_changed(self) -> None:
        """Show how it is by now."""
        super().people_changed()
        if self.is_mounted and not self.outdated():
            self._show()

    # What is shown.

    def _rows(self) -> tuple[AccessRow, ...]:
        people, person = self.known.people, self.person
        if people is None or person is None:
            return ()
        workspace = self.workspace
        return access.rows(
            people, person, self.known.persona_dates, workspace.now, workspace.context.tz
        )

    @property
    def _row(self) -> AccessRow | None:
        key = self.profiles.key
        return next((row for row in self._rows() if row.launch_profile_id == key), None)

    def _show(self) -> None:
        people, person = self.known.people, self.person
        if people is None or person is None:
            return
        self.query_one("#summary", Static).update(access.summary(people, person))
        self.profiles.show([self._line(row) for row in self._rows()])
        self._show_personas()

    def _line(self, row: AccessRow) -> Choosable:
        is_pending = (self.about.principal_id, row.launch_profile_id) in self.known.pending
        quiet = "" if row.is_member else "$muted"
        state = (
            Piece(f"{UNDER_WAY.symbol} changing…", f"${UNDER_WAY.style}")
            if is_pending
            else Piece(row.since, "$muted")
        )
        persona = Piece(row.persona, quiet, _PERSONA)
        return Choosable(row.launch_profile_id, (Piece(row.title, quiet, _TITLE), persona, state))

    def _show_personas(self) -> None:
        row, known = self._row, self.known.personas
        current = row.persona if row and row.persona in known else ""
        self.personas.show([Choosable(one, (Piece(one),)) for one in known], current)
        reason = self._refusal()
        line = self.query_one("#message", Static)
        line.set_class(reason is not None, "-wrong")
        line.update(reason or access.note(known))
        self.query_one("#sure", Button).disabled = reason is not None

    def _refusal(self) -> str | None:
        people = self.known.people
        if people is None:
            return ""
        add = commands.labels(self.nimble.keys)["add"]
        read_only = self.workspace.snapshot.info.read_only
        return access.refusal(people, self._row, add, read_only=read_only)

    # Keys.

    @on(Choices.Chosen, "#which")
    def _moved(self) -> None:
        self._show_personas()

    @on(Choices.Taken, "#which")
    def _profile_taken(self) -> None:
        if self._refusal() is None:
            self.set_focus(self.personas)

    @on(Choices.Taken, "#personas")
    @on(Button.Pressed, "#sure")
    def _sure(self) -> None:
        row, person, persona = self._row, self.person, self.personas.key
        if not self.patience.heeds() or self._refusal() is not None or not persona:
            return
        if row is not None and person is not None:
            key, title = row.launch_profile_id, row.title
            self.workspace.people.send(
                PersonChange(ChangeKind.SET_PERSONA, person, key, title, value=persona)
            )
            self.set_focus(self.profiles)

    @on(Button.Pressed, "#cancel")
    def _close_pressed(self) -> None:
        self.dismiss(None)
