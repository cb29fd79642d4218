"""The questions before something is stopped or deleted; each is about one workstation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, getters, on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from nimble_tui.core import rules
from nimble_tui.core.model import Mode, SessionAction
from nimble_tui.core.rules import Allowed, Refused
from nimble_tui.tui.patience import DEAF_FOR
from nimble_tui.tui.screens.base import Reviewer
from nimble_tui.tui.screens.dialog import Dialog
from nimble_tui.tui.widgets.code import CodeSlots
from nimble_tui.tui.widgets.tick import Tick

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult

    from nimble_tui.core.clock import Clock
    from nimble_tui.tui.entries import Entry


class SessionDialog(Reviewer, Dialog[bool]):
    """Asks about one workstation; closes by itself when that changes underneath."""

    AUTO_FOCUS = "#cancel"
    ACTION: ClassVar[SessionAction]

    sure = getters.query_one("#sure", Button)

    def __init__(self, entry: Entry, note: str, clock: Clock) -> None:
        super().__init__()
        self._entry = entry
        self._note = note
        self._clock = clock
        self._opened = clock.monotonic()

    @property
    def session_id(self) -> str:
        """The workstation this is about."""
        return self._entry.key

    @property
    def listening(self) -> bool:
        """Whether it has been open for long enough to be answered."""
        return self._clock.monotonic() - self._opened >= DEAF_FOR

    def verdict(self, entry: Entry) -> Allowed | Refused:
        """Return whether what is asked about can still be done."""
        return rules.verdict(self.ACTION, entry.session, entry.launch_profile)

    def review(self, entries: Iterable[Entry]) -> None:
        """Close when the workstation is no longer as it was when this was asked."""
        new = next((entry for entry in entries if entry.key == self.session_id), None)
        same = new is not None and new.session.state == self._entry.session.state
        if new is not None and same and not isinstance(self.verdict(new), Refused):
            return
        if not self.is_current:
            return
        became = f"is {new.session.state} now" if new else "is gone"
        self.notify(f"{self._entry.title} {became}; nothing was done.", severity="warning")
        self.dismiss(False)

    @on(Button.Pressed, "#cancel")
    def _cancelled(self) -> None:
        if self.listening:
            self.dismiss(False)

    @on(Button.Pressed, "#sure")
    def _sure(self) -> None:
        if self.listening:
            self.dismiss(True)

    def subject(self) -> ComposeResult:
        """Say which workstation it is about."""
        yield Static(self._entry.title, markup=False, classes="subject")
        yield Static(_whereabouts(self._entry), markup=False, classes="whereabouts")

    def _buttons(self, label: str, *, disabled: bool = False) -> ComposeResult:
        with Horizontal(classes="buttons"):
            yield Button("Cancel", id="cancel")
            yield Button(label, id="sure", disabled=disabled)


class StopDialog(SessionDialog):
    """Asks once before a stop; a disk that outlives stops can be thrown away with it."""

    ACTION = SessionAction.STOP

    outcome = getters.query_one("#outcome", Static)

    def __init__(self, entry: Entry, note: str, clock: Clock) -> None:
        super().__init__(entry, note, clock)
        self.volume_retention_mode: str | None = None

    def compose(self) -> ComposeResult:
        """Say what it is about and what a stop does."""
        with Vertical(classes="dialog", id="box") as box:
            box.border_title = "Stop this workstation?"
            yield from self.subject()
            yield Static("Programs that still run are closed: save your work first.")
            yield Static(self._note, markup=False, id="outcome")
            if self._entry.session.session_persistence_mode == Mode.ACTIVATED:
                yield Tick("Throw its disk away too", "throw")
            yield from self._buttons("Stop it")

    @on(Tick.Changed, "#throw")
    def _thrown(self, event: Tick.Changed) -> None:
        if event.value and not self.listening:
            event.checkbox.value = False
            return
        self.volume_retention_mode = "DELETE" if event.value else None
        self.query_one("#box").set_class(event.value, "-danger")
        self.outcome.set_class(event.value, "loss")
        self.outcome.update(Content(self._loss() if event.value else self._note))
        self.sure.label = "Stop, lose the disk" if event.value else "Stop it"
        self.sure.refresh(layout=True)

    def _loss(self) -> str:
        session = self._entry.session
        backed_up = session.backup_mode == "AUTOMATIC" and session.max_backups_to_retain != 0
        if backed_up:
            return (
                "Its disk is thrown away for good. Started again, it comes back as its last "
                "backup has it, or empty when there is none."
            )
        return (
            "Its disk is thrown away for good, with all that is saved on it alone, and there are "
            "no backups of it. Started again, it comes back empty."
        )


class DeleteDialog(SessionDialog):
    """Asks for the last four characters of the id before a delete."""

    ACTION = SessionAction.DELETE

    slots = getters.query_one(CodeSlots)

    def compose(self) -> ComposeResult:
        """Say what it is about, what is lost, and what to type."""
        session = self._entry.session
        with Vertical(classes="dialog -danger") as box:
            box.border_title = "Delete this workstation?"
            yield from self.subject()
            yield Static(self._note, markup=False, classes="loss")
            last = len(session.short_id)
            yield Static(
                Content.assemble(
                    f"To go on, type the last {last} characters of its id, ",
                    (session.session_id[-last:], "bold $last"),
                    ":",
                )
            )
            yield CodeSlots(session.short_id)
            yield from self._buttons("Delete for good", disabled=True)

    def on_key(self, event: events.Key) -> None:
        """Take what is typed as the code, wherever the focus is."""
        if event.key == "backspace":
            event.stop()
            self._type(self.slots.typed[:-1])
        elif event.character and event.is_printable and event.character != " ":
            event.stop()
            if self.listening:
                self._type(self.slots.typed + event.character)

    def _type(self, typed: str) -> None:
        self.slots.typed = typed[: len(self.slots.code)]
        self.sure.disabled = not self.slots.right
        if self.slots.right:
            self.sure.focus()
        elif self.focused is None:
            self.query_one("#cancel").focus()


def _whereabouts(entry: Entry) -> str:
    session = entry.session
    about = " · ".join(part for part in (session.state, session.ec2_instance_type) if part)
    return f"{about}\n{session.session_id}"


class SignOutDialog(Dialog[bool]):
    """Asks before the keys of a studio are forgotten on this computer."""

    AUTO_FOCUS = "#cancel"

    def __init__(self, name: str) -> None:
        super().__init__()
        self._studio = name

    def compose(self) -> ComposeResult:
        """Say what is forgotten and what is not touched."""
        with Vertical(classes="dialog") as box:
            box.border_title = "Sign out?"
            yield Static(self._studio, markup=False, classes="subject")
            yield Static("Its keys and lists are forgotten on this computer.")
            yield Static("Your workstations go on as they are. To come back you need your invite.")
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="cancel")
                yield Button("Sign out", id="sure")

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "sure")
