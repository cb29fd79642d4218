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
from nimble_tui.tui.dialogs.dialog import BUTTON_KEYS, Dialog
from nimble_tui.tui.patience import DEAF_FOR, Patience
from nimble_tui.tui.reviewer import Reviewer
from nimble_tui.tui.toasts import TellingApp
from nimble_tui.tui.widgets.code import CodeSlots
from nimble_tui.tui.widgets.tick import Tick
from nimble_tui.view import outcomes
from nimble_tui.view.notices import REFUSAL, Notice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult

    from nimble_tui.core.clock import Clock
    from nimble_tui.view.session_rows import SessionRow


class SessionDialog(Reviewer, Dialog[bool]):
    """Asks about one workstation; closes by itself when that changes underneath.

    `DOES` is what enter does on its button, `LEFT` what is said when it is left. Where
    `needs_code` holds, the last four characters of the id are typed before it can be confirmed.
    """

    AUTO_FOCUS = "#cancel"
    ACTION: ClassVar[SessionAction]
    DOES: ClassVar[str]
    LEFT: ClassVar[str]

    box = getters.query_one("#box", Vertical)
    sure = getters.query_one("#sure", Button)
    slots = getters.query_one(CodeSlots)

    def __init__(self, entry: SessionRow, note: str, clock: Clock) -> None:
        super().__init__()
        self._entry = entry
        self._note = note
        self._clock = clock
        self._opened = clock.monotonic()
        self._patience = Patience(clock)

    @property
    def session_id(self) -> str:
        """The workstation this is about."""
        return self._entry.key

    @property
    def needs_code(self) -> bool:
        """Whether the end of the workstation's id must be typed."""
        return False

    @property
    def listening(self) -> bool:
        """Whether it has been open for long enough to be answered."""
        return self._clock.monotonic() - self._opened >= DEAF_FOR

    def verdict(self, entry: SessionRow) -> Allowed | Refused:
        """Return whether what is asked about can still be done."""
        return rules.verdict(self.ACTION, entry.session, entry.launch_profile)

    def review(self, entries: Iterable[SessionRow]) -> None:
        """Close when the workstation is no longer as it was when this was asked."""
        new = next((entry for entry in entries if entry.key == self.session_id), None)
        same = new is not None and new.session.state == self._entry.session.state
        if new is not None and same and not isinstance(self.verdict(new), Refused):
            return
        if not self.is_current:
            return
        became = f"is {new.session.state} now" if new else "is gone"
        self.notify(f"{self._entry.title} {became}; nothing was done.", severity="warning")
        self.close_by_itself(False)

    def action_leave(self) -> None:
        """Close, and say that nothing happened."""
        if isinstance(self.app, TellingApp):
            # Like a refusal it goes once something else is asked for.
            self.app.tell(Notice(self.LEFT, self._entry.title, about=REFUSAL))
        self.dismiss(False)

    @on(Button.Pressed, "#cancel")
    def _cancelled(self) -> None:
        if self.listening:
            self.action_leave()
        else:
            self._too_soon()

    @on(Button.Pressed, "#sure")
    def _sure(self) -> None:
        if self._patience.heeds():
            self.dismiss(True)
        else:
            self._too_soon()

    # What it consists of.

    def subject(self) -> ComposeResult:
        """Say which workstation it is about."""
        yield Static(self._entry.title, markup=False, classes="subject")
        yield Static(_whereabouts(self._entry), markup=False, classes="whereabouts")

    def code(self) -> ComposeResult:
        """Say what to type, and show what was typed."""
        session_id, short = self.session_id, self._entry.session.short_id
        with Vertical(id="code"):
            yield Static(
                Content.assemble(
                    f"To go on, type the last {len(short)} characters of its id, ",
                    (session_id[-len(short) :], "bold $last"),
                    ":",
                )
            )
            yield CodeSlots(short, self.DOES)

    def buttons(self, label: str, *, disabled: bool = False) -> ComposeResult:
        """Return the two buttons, Cancel first."""
        with Horizontal(classes="buttons"):
            yield Button("Cancel", id="cancel")
            yield Button(label, id="sure", disabled=disabled)

    # Keys.

    def on_descendant_focus(self) -> None:
        """Name the keys of what has the focus."""
        self.show_keys()

    def show_keys(self) -> None:
        """Name the keys as they are now."""
        if self.focused is self.sure:
            keys = f"enter {self.DOES}   esc cancels"
        elif self.needs_code:
            keys = "type the characters, then enter   esc cancels"
        else:
            keys = BUTTON_KEYS
        self.box.border_subtitle = keys

    def _too_soon(self) -> None:
        self.box.border_subtitle = "that was too soon, press enter again   esc cancels"

    def on_key(self, event: events.Key) -> None:
        """Take what is typed as the code, wherever the focus is."""
        if not self.needs_code:
            return
        if event.key == "enter" and self.slots.typed and not self.slots.right:
            event.stop()
            self.slots.insists = True
        elif event.key == "backspace":
            event.stop()
            self._type(self.slots.typed[:-1])
        elif event.character and event.is_printable and event.character != " ":
            event.stop()
            if self.listening:
                self._type(self.slots.typed + event.character)

    def _type(self, typed: str) -> None:
        self.slots.insists = False
        self.slots.typed = typed[: len(self.slots.code)]
        self.sure.disabled = not self.slots.right
        if self.slots.right:
            self.sure.focus()
        elif self.focused is None or self.focused is self.sure:
            self.query_one("#cancel").focus()


class StopDialog(SessionDialog):
    """Asks once before a stop; a disk that outlives stops can be thrown away with it."""

    AUTO_FOCUS = "#sure"
    ACTION = SessionAction.STOP
    DOES = "stops it"
    LEFT = "Nothing was stopped; it runs on."

    outcome = getters.query_one("#outcome", Static)

    def __init__(self, entry: SessionRow, note: str, clock: Clock) -> None:
        super().__init__(entry, note, clock)
        self.volume_retention_mode: str | None = None

    @property
    def needs_code(self) -> bool:
        """Whether the disk goes too, which nothing brings back."""
        return self.volume_retention_mode == "DELETE"

    def compose(self) -> ComposeResult:
        """Say what it is about and what a stop does."""
        with Vertical(classes="dialog", id="box") as box:
            box.border_title = "Stop this workstation?"
            yield from self.subject()
            yield Static("Programs that still run are closed: save your work first.")
            yield Static(self._note, markup=False, id="outcome")
            if self._entry.session.session_persistence_mode == Mode.ACTIVATED:
                yield Tick("Throw its disk away too", "throw")
            yield from self.code()
            yield from self.buttons("Stop it")

    def on_mount(self) -> None:
        """Ask for no code unless the disk goes too."""
        self.query_one("#code").display = False

    def show_keys(self) -> None:
        """Name the keys as they are now."""
        super().show_keys()
        if isinstance(self.focused, Tick):
            self.box.border_subtitle = "space ticks it   tab goes on   esc cancels"

    @on(Tick.Changed, "#throw")
    def _thrown(self, event: Tick.Changed) -> None:
        if event.value and not self.listening:
            event.checkbox.value = False
            return
        throws = event.value
        self.volume_retention_mode = "DELETE" if throws else None
        self.box.set_class(throws, "-danger")
        self.outcome.set_class(throws, "loss")
        lost = outcomes.of_lost_disk(self._entry.session)
        self.outcome.update(Content(lost if throws else self._note))
        self.query_one("#code").display = throws
        self.sure.label = "Stop, lose the disk" if throws else "Stop it"
        self.sure.refresh(layout=True)
        self._type("")
        if throws:
            self.query_one("#cancel").focus()
        else:
            self.sure.disabled = False
        self.show_keys()


class DeleteDialog(SessionDialog):
    """Asks for the last four characters of the id before a delete."""

    ACTION = SessionAction.DELETE
    DOES = "deletes it"
    LEFT = "Nothing was deleted."

    @property
    def needs_code(self) -> bool:
        """Whether the end of the workstation's id must be typed: always."""
        return True

    def compose(self) -> ComposeResult:
        """Say what it is about, what is lost, and what to type."""
        with Vertical(classes="dialog -danger", id="box") as box:
            box.border_title = "Delete this workstation?"
            yield from self.subject()
            yield Static(self._note, markup=False, classes="loss")
            yield from self.code()
            yield from self.buttons("Delete for good", disabled=True)


class StartDialog(SessionDialog):
    """Asks before a start after which no stop may be possible."""

    ACTION = SessionAction.START
    DOES = "starts it"
    LEFT = "Nothing was started."

    def compose(self) -> ComposeResult:
        """Say what it is about and what becomes of it."""
        with Vertical(classes="dialog -danger", id="box") as box:
            box.border_title = "Start this workstation?"
            yield from self.subject()
            yield Static(self._note, markup=False, classes="loss")
            yield Static("Save your work elsewhere before that.")
            yield from self.buttons("Start it")


def _whereabouts(entry: SessionRow) -> str:
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
