"""The dialog that requests and opens a workstation's desktop, with alternatives if that fails.

The address of a screen is a secret until it expires: it is in no title, no log and no repr, is
shown only on request, and is dropped when it expires.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from nimble_tui.core.durations import in_words
from nimble_tui.core.model import SessionState
from nimble_tui.core.service import StudioError
from nimble_tui.tui import copying
from nimble_tui.tui.dialogs.dialog import Dialog
from nimble_tui.tui.key_guard import Patience
from nimble_tui.tui.snapshot_changed import SnapshotChanged, follow
from nimble_tui.view import labels
from nimble_tui.workspace.tasks import MISTAKE, Tasks, mistake

if TYPE_CHECKING:
    from datetime import datetime

    from textual.app import ComposeResult

    from nimble_tui.view.session_rows import SessionRow
    from nimble_tui.workspace.workspace import Workspace

_LIFETIME = timedelta(seconds=120)
"""The validity of an address if the studio does not report its end."""
_PACE = 0.25


class ConnectDialog(Dialog[str]):
    """Opens a workstation's desktop; its result is the text of the notification after that."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "open", "Open", show=False),
        Binding("c", "copy", "Copy", show=False),
        Binding("s", "show", "Show", show=False),
        Binding("enter", "again", "Try again", show=False),
    ]

    def __init__(self, workspace: Workspace, row: SessionRow) -> None:
        super().__init__()
        self._workspace = workspace
        self._tasks = Tasks(workspace.context)
        self._row = row
        self._clock = clock = workspace.context.clock
        self._since: datetime | None = clock.now()
        self._patience = Patience(clock)
        self._url: str | None = None
        self._ends: datetime | None = None
        self._opening = False

    @property
    def session_id(self) -> str:
        """The workstation this is about."""
        return self._row.key

    def compose(self) -> ComposeResult:
        """Lay out the progress, and the alternatives if it fails."""
        with Vertical(classes="dialog") as box:
            box.border_title = "Connect"
            box.border_subtitle = "esc cancels"
            yield Static(self._row.title, markup=False, classes="subject")
            yield Static(id="message", markup=False)
            yield Static(id="address", markup=False)
            yield Static(id="left", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("o  Open", id="open")
                yield Button("c  Copy", id="copy")
                yield Button("s  Show", id="show")

    def on_mount(self) -> None:
        """Request the desktop."""
        follow(self, self._workspace.store)
        for one in ("#address", "#left", ".buttons"):
            self.query_one(one).display = False
        self.set_interval(_PACE, self._tick)
        self._tick()
        self._ask()

    def on_unmount(self) -> None:
        """Drop the address, and cancel everything."""
        self._url = None
        self._tasks.close()

    @on(SnapshotChanged)
    def _snapshot_changed(self) -> None:
        """Close when the workstation is no longer running."""
        row = self._workspace.snapshot.row(self.session_id)
        if row is not None and row.session.state == SessionState.READY:
            return
        if self.is_active:
            became = f"is now {labels.state_label(row.session).text}" if row else "was deleted"
            self.notify(f"{self._row.title} {became}.", severity="warning")
            self.close_by_itself()

    # Requesting.

    def _ask(self) -> None:
        """Request the desktop from the studio."""
        self._tasks.start("request a workstation's desktop", self._read(), self._broken)

    def _broken(self) -> None:
        self._failed(mistake())

    async def _read(self) -> None:
        try:
            service = self._workspace.require_service()
            stream = await self._workspace.context.call(service.connect, self.session_id)
        except StudioError as error:
            self._failed(error)
            return
        self._url = stream.url
        self._ends = stream.expires_at or self._clock.now() + _LIFETIME
        self.action_open()

    def _failed(self, error: StudioError) -> None:
        self._since, self._opening = None, False
        self._patience = Patience(self._clock)
        self._say(error.message, wrong=True)
        self._closes("enter tries again · esc closes")

    def action_again(self) -> None:
        """Try again after a failure."""
        if self._since is None and self._url is None and self._patience.heeds():
            self._since = self._clock.now()
            self._closes("esc cancels")
            self._tick()
            self._ask()

    # Opening.

    @property
    def _native(self) -> bool:
        return (self._url or "").startswith("dcv://")

    def action_open(self) -> None:
        """Hand the address over to the desktop."""
        if self._url is None or self._opening:
            return
        self._opening = True
        self._say("◌ Opening…")
        hand_over = self._hand_over(self._url)
        broken = partial(self._not_opened, MISTAKE)
        self._tasks.start("open a workstation's desktop", hand_over, broken)

    async def _hand_over(self, url: str) -> None:
        problem = await self._workspace.context.call(self._workspace.context.open_url, url)
        if problem is not None:
            self._not_opened(problem)
            return
        self._opening = False
        where = "the DCV viewer" if self._native else "your browser"
        self.close_by_itself(f"Its desktop opens in {where}.")

    def _not_opened(self, problem: str) -> None:
        """Show the reason, and offer the alternatives."""
        self._opening = False
        if self._url is None:
            return
        self._since = None
        self._say(problem, wrong=True)
        self._closes()
        self._patience = Patience(self._clock)
        for one in ("#left", ".buttons"):
            self.query_one(one).display = True
        self.query_one("#copy").focus()  # what the reasons advise; opening just failed
        self._tick()

    # The alternatives.

    @on(Button.Pressed)
    async def _pressed(self, event: Button.Pressed) -> None:
        if self._patience.heeds():
            await self.run_action(event.button.id or "")

    def action_copy(self) -> None:
        """Copy the address; only on this key press."""
        if self._url is not None and not self._opening:
            copying.copy(self.app, self._url, "The address is", secret=True)

    def action_show(self) -> None:
        """Show the address, or hide it again."""
        if self._url is None or self._opening:
            return
        address = self.query_one("#address", Static)
        address.display = not address.display
        address.update(Content(self._url) if address.display else "")

    def _tick(self) -> None:
        now = self._clock.now()
        if self._since is not None:
            asked = in_words(now - self._since, seconds=True)
            turning = labels.TURNING[int(now.timestamp() * 2) % len(labels.TURNING)]
            if self._url is None:
                self._say(f"{turning} Requesting its desktop…  {asked}")
        if self._ends is None:
            return
        if now >= self._ends and not self._opening:
            self._url = None
            self.query_one("#address", Static).update("")
            self.notify("The address of its desktop has expired. Connect again for a new one.")
            self.close_by_itself()
            return
        kind = ", in the DCV viewer" if self._native else ""
        left = in_words(self._ends - now, seconds=True)
        text = f"Valid for {left}{kind}. Anyone with this address can use the desktop."
        self.query_one("#left", Static).update(Content.styled(text, "$muted"))

    def _say(self, text: str, *, wrong: bool = False) -> None:
        message = self.query_one("#message", Static)
        message.set_class(wrong, "-wrong")
        message.update(f"✕ {text}" if wrong else text)

    def _closes(self, keys: str = "esc closes") -> None:
        self.query_one(".dialog").border_subtitle = keys
