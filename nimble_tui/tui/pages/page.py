"""The base of the pages, which show more about the main screen's subject."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.reactive import reactive

from nimble_tui.config.keymap import key_label
from nimble_tui.core.actions import BY_ID, Action
from nimble_tui.tui import commands, copying
from nimble_tui.tui.commands import Offer
from nimble_tui.tui.nimble_screen import NimbleScreen, NoRoom
from nimble_tui.tui.snapshot_changed import SnapshotChanged, follow
from nimble_tui.tui.widgets.account import AccountLine
from nimble_tui.tui.widgets.banner import Banner
from nimble_tui.tui.widgets.keybar import KeyBar
from nimble_tui.tui.widgets.line import fit
from nimble_tui.view import notices
from nimble_tui.workspace.permissions import Target

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import PurePath

    from textual.app import ComposeResult
    from textual.content import Content
    from textual.widget import Widget

    from nimble_tui.config.settings import Settings
    from nimble_tui.workspace.store import Snapshot
    from nimble_tui.workspace.workspace import Workspace

_HERE = Path(__file__).parent  # a subclass can be in another folder

PAGES = ("backups", "show", "history", "usage")
_NOT_NAMED = frozenset({"theme", "quit", "refresh"})
_SHOWN = 60
_BACK = Action("back", "Back", "Back to workstations", "escape")


class Page(NimbleScreen):
    """A full screen about the main screen's subject; escape returns to that.

    `OWN` are the actions that the main screen does not have. `target` is the main screen's
    selection.
    """

    PACE: ClassVar[float] = 5.0
    OWN: ClassVar[tuple[Action, ...]] = ()
    OFFERED: ClassVar[tuple[str, ...]] = (*PAGES, "refresh", "help", "palette", "theme", "quit")
    CSS_PATH: ClassVar[list[str | PurePath]] = [_HERE / "page.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", show=False),
        *commands.bindings(PAGES, do="go"),
        *commands.bindings(("refresh",)),
    ]

    snapshot: reactive[Snapshot | None] = reactive(None, init=False, repaint=False)

    box = getters.query_one("#page", Vertical)
    account = getters.query_one(AccountLine)
    banner = getters.query_one(Banner)
    keybar = getters.query_one(KeyBar)

    def __init__(self, workspace: Workspace, target: Target) -> None:
        super().__init__()
        self.workspace = workspace
        self.target = target
        self.set_reactive(Page.snapshot, workspace.snapshot)

    @abstractmethod
    def body(self) -> Iterable[Widget]:
        """Return the page's widgets."""

    @abstractmethod
    def draw(self) -> None:
        """Show everything as it is now."""

    def compose(self) -> ComposeResult:
        """Lay the page out between the top line and the key bar."""
        app = self.nimble
        yield AccountLine(app.clock).data_bind(Page.snapshot)
        yield Banner(app.clock, app.context.key_of).data_bind(Page.snapshot)
        with Vertical(id="page", classes="pane"):
            yield from self.body()
        yield KeyBar()
        yield NoRoom()

    def on_mount(self) -> None:
        """Show the data, and follow changes and time."""
        follow(self, self.workspace.store)
        self.redraw()
        self.set_interval(self.PACE, self.redraw)

    @on(SnapshotChanged)
    def _snapshot_changed(self) -> None:
        before, self.snapshot = self.snapshot, self.workspace.snapshot
        if before is None or not self.workspace.snapshot.is_fresher(before):
            self.redraw()

    def settings_changed(self, before: Settings) -> None:  # noqa: ARG002 - all of them matter
        """Redraw with the current keys and prices."""
        self.redraw()

    def redraw(self) -> None:
        """Show the current data."""
        self.snapshot = self.workspace.snapshot
        self.account.tick()
        self.banner.tick()
        self.draw()
        self.show_keys()

    def show_keys(self) -> None:
        """Show the keys; those that would be refused are dim."""
        self.keybar.offers = tuple(
            offer for offer in self.offers() if offer.action.id not in _NOT_NAMED
        )

    def head(self, title: Content, subtitle: Content | str = "") -> None:
        """Set the title on the border."""
        self.box.border_title = title
        self.box.border_subtitle = subtitle

    def labelled(self, action: Action) -> Action:
        """Return an action of this page as it is labelled now."""
        return action

    def offers(self) -> Iterable[Offer]:
        """Return the actions of this page, then the others."""
        keys = commands.labels(self.nimble.keys)
        for action in (_BACK, *self.OWN):
            key = keys.get(action.id, key_label(action.key))
            yield Offer(self.labelled(action), key, self.refusal_reason(action.id))
        for name in self.OFFERED:
            if name != self.PAGE:
                yield Offer(BY_ID[name], keys[name], self.refusal_reason(name))

    @property
    def about(self) -> str:
        """The id of the page's workstation, or of the selected one."""
        return ""

    def refusal_reason(self, action: str) -> str | None:
        """Return why an action would be refused now; None if it would not."""
        if action not in PAGES:
            return None
        if not self.about:
            return self.workspace.permissions.refusal_reason(action, self.target)
        snapshot = self.workspace.snapshot
        if action == "show" and snapshot.session(self.about) is None:
            return "This workstation was deleted. Only its history remains."
        if action == "backups" and snapshot.row(self.about) is None:
            return "This workstation and its backups were deleted."
        return None

    def moves(self) -> Iterable[tuple[str, str]]:
        """Return the navigation keys."""
        return (("↑ ↓", "Move"),)

    async def run_offered(self, action: str) -> None:
        """Run an offered action, as if its key had been pressed."""
        if action in PAGES:
            self.action_go(action)
        else:
            await super().run_offered(action)

    def action_back(self) -> None:
        """Go back."""
        self.dismiss(None)

    def action_refresh(self) -> None:
        """Refresh now."""
        self.workspace.polling.refresh(for_me=True)

    def action_go(self, page: str) -> None:
        """Show another page about the same subject in place of this one."""
        if page != self.PAGE:
            if (reason := self.refusal_reason(page)) is not None:
                self.nimble.show_toast(notices.of_refusal(BY_ID[page], reason))
                return
            about = self.about
            row = self.workspace.snapshot.row(about) if about else None
            target = Target(row, session_id=about) if about else self.target.of_page(page)
            self.dismiss(None)
            self.nimble.navigation.open_page(self.workspace, page, target)
        else:
            self.dismiss(None)

    def copy_line(self, line: str) -> None:
        """Copy a line, and show it in the notification."""
        self.copy(line, f"“{fit(line, _SHOWN)}” is")

    def copy(self, text: str, what: str) -> None:
        """Copy a text to the terminal's clipboard."""
        copying.copy(self.app, text, what)

    @on(KeyBar.Chosen)
    async def _chosen(self, event: KeyBar.Chosen) -> None:
        await self.run_offered(event.action)
