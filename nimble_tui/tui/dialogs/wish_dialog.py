"""The offer to connect to a workstation as soon as it is READY."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from nimble_tui.core.durations import in_words
from nimble_tui.core.launching import LAUNCH_TAG
from nimble_tui.tui.dialogs.dialog import Dialog
from nimble_tui.tui.patience import Patience
from nimble_tui.tui.reviewer import Reviewer
from nimble_tui.view import labels

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta

    from textual.app import ComposeResult

    from nimble_tui.core.clock import Clock
    from nimble_tui.view.session_rows import SessionRow


class WishDialog(Reviewer, Dialog[bool]):
    """Offers to connect as soon as a workstation that is not READY has become so.

    `risk` warns where it would have to be started, and no stop may be possible afterwards.
    """

    AUTO_FOCUS = ""

    def __init__(
        self, entry: SessionRow, usually: timedelta | None, clock: Clock, risk: str = ""
    ) -> None:
        super().__init__()
        self._entry = entry
        self._risk = risk
        self._usually = usually
        self._patience = Patience(clock)

    @property
    def session_id(self) -> str:
        """The workstation this is about."""
        return self._entry.key

    def compose(self) -> ComposeResult:
        """Say how it is and what would be done."""
        session = self._entry.session
        length = f" That usually takes about {in_words(self._usually)}." if self._usually else ""
        with Vertical(classes="dialog -danger" if self._risk else "dialog") as box:
            if session.in_transition:
                box.border_title = "Connect when it is READY?"
                about = f"It is {labels.look_of(session).word} now.{length}"
                label = "Connect when READY"
            else:
                box.border_title = "Start it, then connect?"
                about = f"It is {session.state}. It is started first.{length}"
                label = "Start and connect"
            yield Static(self._entry.title, markup=False, classes="subject")
            yield Static(about, markup=False)
            if self._risk:
                yield Static(self._risk, markup=False, classes="loss")
            yield Static(
                "Its screen opens by itself while you are here; otherwise you are told.",
                classes="whereabouts",
            )
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="cancel")
                yield Button(label, id="sure")

    def review(self, entries: Iterable[SessionRow]) -> None:
        """Close when the workstation is no longer as it was when this was asked."""
        new = next((one for one in entries if self._is_it(one)), None)
        if new is not None and new.session.state == self._entry.session.state:
            return
        if self.is_current:
            became = f"is {labels.look_of(new.session).word} now" if new else "is gone"
            self.notify(f"{self._entry.title} {became}.")
            self.close_by_itself(False)

    def _is_it(self, other: SessionRow) -> bool:
        """Return whether this is the workstation, which gets its id when its launch is answered."""
        token = self._entry.session.tags.get(LAUNCH_TAG)
        same_launch = token is not None and other.session.tags.get(LAUNCH_TAG) == token
        return other.key == self.session_id or same_launch

    def on_mount(self) -> None:
        """Let enter take what is harmless, and cancel what is not."""
        self.query_one("#cancel" if self._risk else "#sure").focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if self._patience.heeds():
            self.dismiss(event.button.id == "sure")
