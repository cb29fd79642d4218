"""The dialog that asks for confirmation; its question is given as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, getters, on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from nimble_tui.tui.dialogs.dialog import BUTTON_KEYS, Dialog
from nimble_tui.tui.key_guard import DEAF_FOR, Patience
from nimble_tui.tui.snapshot_changed import SnapshotChanged, follow
from nimble_tui.tui.widgets.code import CodeSlots
from nimble_tui.tui.widgets.tick import Tick
from nimble_tui.view.notices import REFUSAL, Notice
from nimble_tui.view.questions import Answer, Question, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.app import ComposeResult

    from nimble_tui.workspace.workspace import Workspace

_CLASSES = {
    Role.SUBJECT: "line subject",
    Role.MUTED: "line whereabouts",
    Role.PLAIN: "line",
    Role.LOSS: "line loss",
}


def _never() -> str:
    return ""


def _to_type(code: str) -> Content:
    before = f"To confirm, type the last {len(code)} characters of its id, "
    return Content.assemble(before, (code, "bold $last"), ":")


class ConfirmDialog(Dialog[Answer]):
    """Asks a question; the result is the answer, or None if it was cancelled.

    `outdated` returns the reason if the question is outdated, else an empty string; an outdated
    dialog closes automatically. A press counts only after a pause, so that a key held down, or
    typed for the screen before, confirms nothing.
    """

    AUTO_FOCUS = ".first"

    box = getters.query_one("#box", Vertical)
    cancel = getters.query_one("#cancel", Button)
    sure = getters.query_one("#sure", Button)
    extra = getters.query_one("#extra", Button)
    slots = getters.query_one(CodeSlots)

    def __init__(
        self, question: Question, workspace: Workspace, outdated: Callable[[], str] = _never
    ) -> None:
        super().__init__()
        self._question = question
        self._workspace = workspace
        self._outdated = outdated
        self._clock = clock = workspace.context.clock
        self._opened = clock.monotonic()
        self._patience = Patience(clock)
        self._ticked = False

    @property
    def question(self) -> Question:
        """The current question, which depends on the tick."""
        ticked = self._question.ticked
        return ticked if ticked is not None and self._ticked else self._question

    @property
    def listening(self) -> bool:
        """True once it has been open for long enough to be answered."""
        return self._clock.monotonic() - self._opened >= DEAF_FOR

    # Display.

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        question = self.question
        with Vertical(classes="dialog", id="box") as box:
            box.border_title = question.title
            box.set_class(question.dangerous, "-danger")
            for line in question.lines:
                yield Static(line.text, markup=False, classes=_CLASSES[line.role])
            if question.tick:
                yield Tick(question.tick, "tick")
            if code := (question.ticked or question).code:
                with Vertical(id="code") as part:
                    part.display = bool(question.code)
                    yield Static(_to_type(code))
                    yield CodeSlots(code, question.does)
            with Horizontal(classes="buttons"):
                yield from self._buttons()

    def _buttons(self) -> Iterable[Button]:
        question = self.question
        extra = Button(question.extra, id="extra")
        extra.display = bool(question.extra)
        cancel = Button("Cancel", id="cancel")
        sure = Button(question.confirm, id="sure", disabled=bool(question.code))
        (sure if question.confirm_first else cancel).add_class("first")
        for button in (extra, cancel, sure):
            button.active_effect_duration = 0  # painting the press would delay what it does
        return extra, cancel, sure

    def show(self, question: Question) -> None:
        """Replace the question by one of the same shape with other sentences."""
        if question == self._question:
            return
        self._question = question
        if self.is_mounted:
            self._draw()

    def _draw(self) -> None:
        """Show the current question; a code has to be typed from its start."""
        question = self.question
        self.box.set_class(question.dangerous, "-danger")
        for static, line in zip(self.query(".line").results(Static), question.lines, strict=True):
            static.set_classes(_CLASSES[line.role])
            static.update(Content(line.text))
        self.extra.label, self.extra.display = question.extra, bool(question.extra)
        self.sure.label = question.confirm
        self.sure.refresh(layout=True)
        for part in self.query("#code"):
            part.display = bool(question.code)
            self._type("")
        self.sure.disabled = bool(question.code)

    # Keys.

    def on_descendant_focus(self) -> None:
        """Show the keys of the focused widget."""
        self._show_keys()

    def _show_keys(self) -> None:
        question = self.question
        if isinstance(self.focused, Tick):
            keys = "space ticks it   tab moves on   esc cancels"
        elif question.does and self.focused is self.sure:
            keys = f"enter {question.does}   esc cancels"
        elif question.code and not self.slots.typed and self.focused is self.cancel:
            keys = "type the characters to confirm   enter or esc cancels"
        elif question.code:
            keys = "type the characters, then enter   esc cancels"
        elif question.does and self.focused is self.cancel:
            keys = f"→ moves to {question.confirm}   enter or esc cancels"
        else:
            keys = BUTTON_KEYS
        self.box.border_subtitle = keys

    def on_key(self, event: events.Key) -> None:
        """Use typed characters as the code, regardless of the focus."""
        if not self.question.code:
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
            self.cancel.focus()
        self._show_keys()

    # Answers.

    @on(Tick.Changed)
    def _tick_changed(self, event: Tick.Changed) -> None:
        if event.value and not self.listening:
            event.checkbox.value = False
            return
        self._ticked = event.value
        self._draw()
        if not self.question.confirm_first:
            self.cancel.focus()
        self._show_keys()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if not (self._patience.heeds() or self.question.at_once):
            if self.question.does:
                self.box.border_subtitle = "too soon: press enter again   esc cancels"
        elif event.button is self.cancel:
            self.action_leave()
        else:
            self.dismiss(Answer(self._ticked, event.button is self.extra))

    def action_leave(self) -> None:
        """Close, and report that nothing was done."""
        question = self._question
        if question.left:
            # Like a refusal it disappears with the next request.
            self.nimble.show_toast(Notice(question.left, question.subject, about=REFUSAL))
        self.dismiss(None)

    # Changes meanwhile.

    def on_mount(self) -> None:
        """Follow the subject of the question."""
        follow(self, self._workspace.store)

    @on(SnapshotChanged)
    def _snapshot_changed(self) -> None:
        """Close with the reason if the question is outdated."""
        reason = self._outdated() if self.is_active else ""
        if reason:
            self.notify(reason, severity=self._question.severity)
            self.close_by_itself()
