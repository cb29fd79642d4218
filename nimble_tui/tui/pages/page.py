"""What the screens on top of the main one share: they tell about what that keeps watching."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from nimble_tui.config.keymap import key_label
from nimble_tui.core.actions import BY_ID, Action
from nimble_tui.tui import commands, copying
from nimble_tui.tui.commands import Offer
from nimble_tui.tui.nimble_screen import NimbleScreen, NoRoom
from nimble_tui.tui.reviewer import Reviewer
from nimble_tui.tui.widgets.account import AccountLine
from nimble_tui.tui.widgets.banner import Banner
from nimble_tui.tui.widgets.keybar import KeyBar
from nimble_tui.tui.widgets.line import fit
from nimble_tui.view import notices

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import PurePath

    from textual.app import ComposeResult
    from textual.content import Content
    from textual.widget import Widget

    from nimble_tui.config.settings import Settings
    from nimble_tui.tui.screens.telling import TellingScreen
    from nimble_tui.view.session_rows import SessionRow

_HERE = Path(__file__).parent  # a subclass may be in another folder

PAGES = ("backups", "show", "history", "usage")
_NOT_NAMED = frozenset({"theme", "quit", "refresh"})
_SHOWN = 60
_BACK = Action("back", "Back", "Go back to the workstations", "escape")


class Page(Reviewer, NimbleScreen):
    """A full screen about what the main screen watches; escape goes back to that.

    `OWN` are the actions that the main screen does not have.
    """

    PACE: ClassVar[float] = 5.0
    OWN: ClassVar[tuple[Action, ...]] = ()
    OFFERED: ClassVar[tuple[str, ...]] = (*PAGES, "refresh", "help", "palette", "theme", "quit")
    CSS_PATH: ClassVar[list[str | PurePath]] = [_HERE / "page.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", show=False),
        *commands.bindings((*PAGES, "refresh")),
    ]

    box = getters.query_one("#page", Vertical)
    account = getters.query_one(AccountLine)
    banner = getters.query_one(Banner)
    keybar = getters.query_one(KeyBar)

    def __init__(self, desk: TellingScreen) -> None:
        super().__init__()
        self.desk = desk

    @abstractmethod
    def body(self) -> Iterable[Widget]:
        """Return what this page is made of."""

    @abstractmethod
    def draw(self) -> None:
        """Show everything as it is now."""

    def compose(self) -> ComposeResult:
        """Lay the page out between the two lines that every screen has."""
        yield AccountLine(self.desk.info, self.nimble.clock)
        yield Banner()
        with Vertical(id="page", classes="pane"):
            yield from self.body()
        yield KeyBar()
        yield NoRoom()

    def on_mount(self) -> None:
        """Begin to tell, and go on with it as time passes."""
        self.retell()
        self.set_interval(self.PACE, self.retell)

    def review(self, entries: Iterable[SessionRow]) -> None:  # noqa: ARG002 - the desk has more
        """Tell anew: the lists changed."""
        if self.is_mounted:
            self.retell()

    def settings_changed(self, before: Settings) -> None:  # noqa: ARG002 - all of them matter
        """Tell anew, with the keys and the prices that there are now."""
        self.retell()

    def retell(self) -> None:
        """Tell everything anew, as it is now."""
        desk, keys = self.desk, commands.labels(self.nimble.keys)
        self.account.studio = desk.studio_name
        self.account.health = desk.health
        self.account.tick()
        self.banner.sentence = desk.health.banner(desk.now, keys["refresh"], keys["sign_in"])
        self.draw()
        self.show_keys()

    def show_keys(self) -> None:
        """Name the keys, those dim that would be refused."""
        self.keybar.offers = tuple(
            offer for offer in self.offers() if offer.action.id not in _NOT_NAMED
        )

    def head(self, title: Content, subtitle: Content | str = "") -> None:
        """Say on the edge what this is about."""
        self.box.border_title = title
        self.box.border_subtitle = subtitle

    def offers(self) -> Iterable[Offer]:
        """Return the actions of this page, then those of others."""
        keys = commands.labels(self.nimble.keys)
        for action in (_BACK, *self.OWN):
            key = keys.get(action.id, key_label(action.key))
            yield Offer(action, key, self.refusal(action.id))
        for name in self.OFFERED:
            if name != self.PAGE:
                yield Offer(BY_ID[name], keys[name], self.refusal(name))

    @property
    def about(self) -> str:
        """The id of the workstation that this is about, or that is under its cursor."""
        return ""

    def refusal(self, action: str) -> str | None:
        """Return why an action would be refused now; None when it would not."""
        if action not in PAGES:
            return None
        if not self.about:
            return self.desk.refusal(action)
        sight = self.desk.sight
        if action == "show" and not any(one.session_id == self.about for one in sight.sessions):
            return "This workstation is gone; only what happened to it is still known."
        if action == "backups" and not any(one.key == self.about for one in sight.entries):
            return "This workstation is gone, and its backups with it."
        return None

    def moves(self) -> Iterable[tuple[str, str]]:
        """Return the keys that move about."""
        return (("↑ ↓", "Move"),)

    def action_back(self) -> None:
        """Go back."""
        self.dismiss(None)

    def action_refresh(self) -> None:
        """Look at the studio again now."""
        self.desk.look(for_me=True)

    def action_show(self) -> None:
        """Show everything about it instead."""
        self._go("show")

    def action_history(self) -> None:
        """Show what happened instead."""
        self._go("history")

    def action_usage(self) -> None:
        """Show running times instead."""
        self._go("usage")

    def action_backups(self) -> None:
        """Show backups instead."""
        self._go("backups")

    def _go(self, page: str) -> None:
        if page != self.PAGE:
            if (reason := self.refusal(page)) is not None:
                self.desk.tell(notices.of_refusal(BY_ID[page], reason))
                return
            if self.about:
                self.desk.call_later(self.desk.tell_about, page, self.about)
            else:
                self.desk.call_later(self.desk.run_offered, page)
        self.dismiss(None)

    def copy_line(self, line: str) -> None:
        """Hand a line over, and show what it was."""
        self.copy(line, f"“{fit(line, _SHOWN)}” is")

    def copy(self, text: str, what: str) -> None:
        """Hand a text to the terminal's clipboard."""
        copying.copy(self.nimble, text, what)

    @on(KeyBar.Chosen)
    async def _chosen(self, event: KeyBar.Chosen) -> None:
        await self.run_offered(event.action)
