"""The main screen: launch profiles, my workstations, and all about the one under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, getters, on
from textual.containers import Container, Vertical

from nimble_tui.core import usual
from nimble_tui.core.actions import BY_ID, SCREENS
from nimble_tui.core.text import clean
from nimble_tui.tui import commands
from nimble_tui.tui.nimble_screen import NoRoom
from nimble_tui.tui.people.plans_screen import PlansScreen
from nimble_tui.tui.reviewer import Reviewer
from nimble_tui.tui.screens.acting import ActingScreen
from nimble_tui.tui.screens.arranging import ArrangingScreen
from nimble_tui.tui.screens.connecting import ConnectingScreen
from nimble_tui.tui.screens.keeping import KeepingScreen
from nimble_tui.tui.widgets.account import AccountLine
from nimble_tui.tui.widgets.banner import Banner
from nimble_tui.tui.widgets.detail_pane import DetailPane
from nimble_tui.tui.widgets.keybar import KeyBar
from nimble_tui.tui.widgets.profile_list import ProfileList
from nimble_tui.tui.widgets.session_list import SessionList
from nimble_tui.view import details, notices
from nimble_tui.view.health import Phase
from nimble_tui.view.list_diff import differing
from nimble_tui.view.profile_rows import profile_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.timer import Timer

    from nimble_tui.config.settings import Settings
    from nimble_tui.core.model import LaunchProfile
    from nimble_tui.core.service import StudioInfo
    from nimble_tui.tui import messages
    from nimble_tui.tui.sight import Sight
    from nimble_tui.view.health import Health
    from nimble_tui.view.session_rows import SessionRow

_UNFOCUSED_TICK = 30.0
_AIRY = 30


class MainScreen(ActingScreen, ConnectingScreen, KeepingScreen, PlansScreen, ArrangingScreen):
    """What an artist looks at all day."""

    PAGE = "main"
    OFFERED = SCREENS["main"]
    BINDINGS: ClassVar[list[BindingType]] = [
        *commands.bindings(("refresh", "sign_out")),
    ]

    AUTO_FOCUS = "#workstations"

    profiles = getters.query_one("#profiles", ProfileList)
    workstations = getters.query_one("#workstations", SessionList)
    pane = getters.query_one(DetailPane)
    account = getters.query_one(AccountLine)
    banner = getters.query_one(Banner)
    keybar = getters.query_one(KeyBar)

    def __init__(self, info: StudioInfo) -> None:
        super().__init__(info)
        self._ticker: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        app = self.nimble
        yield AccountLine(self.info, app.clock)
        yield Banner()
        with Container(id="panes"):
            yield ProfileList(id="profiles", classes="pane")
            with Vertical(id="right", classes="pane"):
                yield SessionList(app.clock, app.tz, "workstations")
            yield DetailPane(classes="pane")
        yield KeyBar()
        yield NoRoom()

    async def on_mount(self) -> None:
        """Show what is known and begin to watch."""
        self.profiles.border_title = "Launch profiles"
        self.pane.keys = commands.labels(self.nimble.keys)
        self.begin()
        self._tick()
        self.watch(self.app, "app_focus", self._focused, init=False)

    # What is shown.

    @property
    def selected(self) -> SessionRow | None:
        """The workstation under the cursor."""
        return self.workstations.selected

    @property
    def selected_profile(self) -> LaunchProfile | None:
        """The launch profile under the cursor."""
        row = self.profiles.selected
        return row.launch_profile if row else None

    @property
    def on_profiles(self) -> bool:
        """Whether the launch profiles have the focus."""
        return self.profiles.has_focus

    def follow(self, key: str) -> None:
        """Put the cursor on a workstation, if it is in the list."""
        self.workstations.select(key)

    def reveal(self, key: str) -> None:
        """Bring a workstation into the list's sight, with cursor and focus on it."""
        if self.wanted and all(row.key != key for row in self.workstations.rows):
            self.wanted = ""
            self.call_later(self.action_clear_filter)
        self.set_focus(self.workstations)
        self.workstations.select(key)

    def watch_taken(self) -> None:
        """Say of changes under way how long they usually take."""
        self.workstations.taken = self.taken

    def watch_sight(self, sight: Sight) -> None:
        """Show new lists; a dialog about a workstation looks whether that changed."""
        self.nimble.last_seen = sight.entries
        shown = self.shown
        rows = profile_rows(sight.launch_profiles, sight.entries, self.profiles.rows)
        with self.prevent(SessionList.Moved):
            self.workstations.show(shown, self._empty())
            self.profiles.show(rows, self._no_profiles())
        self.mark_kept(sight)
        self._count(len(shown))
        self._show_detail()  # a list that says what was known may still be the first one live
        for screen in self.app.screen_stack:
            if isinstance(screen, Reviewer):
                screen.review(sight.entries)

    def watch_wanted(self) -> None:
        """Show only what matches."""
        self.workstations.filtered = bool(self.wanted)
        self._show_matching()

    def _show_matching(self) -> None:
        shown = self.shown
        self.workstations.show(shown, self._empty())
        self._count(len(shown))

    def watch_health(self, health: Health) -> None:
        """Say how fresh everything is."""
        self.account.health = health
        keys = commands.labels(self.nimble.keys)
        self.banner.sentence = health.banner(self.now, keys["refresh"], keys["sign_in"])
        self.set_class(health.phase in {Phase.OFFLINE, Phase.SIGNED_OUT}, "-offline")
        if not self.workstations.rows:
            self.workstations.show((), self._empty())

    def watch_studio_name(self, name: str) -> None:
        """Say what the studio calls itself."""
        self.account.studio = name

    def on_resize(self, event: events.Resize) -> None:
        """Leave blank lines between rows where there is room for them."""
        self.workstations.airy = self.profiles.airy = (
            event.size.height >= _AIRY and event.size.width >= 60
        )

    def watch_details(self) -> None:
        """Name the images in the detail pane, and find workstations by them."""
        self._show_detail()
        if self.wanted:
            self._show_matching()

    def _count(self, shown: int) -> None:
        total = len(self.sight.entries)
        right = self.query_one("#right")
        right.border_title = f"My workstations  {total}" if total else "My workstations"
        parts = [f"{shown} of {total} match, esc shows all"] if self.wanted else []
        parts += [self.order.label] if total > 1 else []
        right.border_subtitle = " · ".join(parts)

    def _empty(self) -> str:
        if self.wanted and self.sight.entries:
            return f"Nothing matches “{clean(self.wanted, 30)}”.\nesc shows all again."
        if self.sight.live and self.sight.gaps:
            return (
                "Your workstations could not be read.\nThat none shows does not mean none is there."
            )
        if self.sight.live:
            keys = commands.labels(self.nimble.keys)
            how = f"{keys['new']} launches one."
            if not self.sight.launch_profiles:
                how = "Ask an admin to put you on a launch profile;"
                how += f"\n{keys['people']} shows who they are."
            return f"You have no workstations.\n{how}"
        if self.health.phase in {Phase.OFFLINE, Phase.SIGNED_OUT}:
            return "Nothing to show until the studio answers."
        return "Looking for your workstations…"

    def _no_profiles(self) -> str:
        return "None for you yet." if self.sight.live else ""

    @on(SessionList.Moved)
    def _moved(self) -> None:
        self._show_detail()

    def on_descendant_focus(self) -> None:
        """Tell about what has the focus."""
        self._show_detail()

    def _show_detail(self) -> None:
        app = self.nimble
        profile = self.profiles.selected
        entry = self.selected
        if self.profiles.has_focus and profile is not None:
            key = profile.key
            detail = details.of_profile(
                profile.launch_profile, self.details, read_only=self.info.read_only
            )
        elif entry is not None:
            key = entry.session.launch_profile_id or ""
            detail = details.of_session(
                entry,
                self.now,
                app.tz,
                read_only=self.info.read_only,
                details=self.details,
                ran=self.ran_today(entry),
                usually=usual.usual(self.taken, entry.session),
                verdicts=self.verdicts(entry),
            )
        else:
            self.pane.detail = details.Detail("")
            self.keybar.offers = self._footer()
            return
        if self.sight.live and key:
            self.want_details(key)
        self.pane.detail = detail
        self.keybar.offers = self._footer()

    def settings_changed(self, before: Settings) -> None:
        """Show the keys as they are now."""
        self.pane.keys = commands.labels(self.nimble.keys)
        super().settings_changed(before)
        self._show_detail()

    def _footer(self) -> tuple[commands.Offer, ...]:
        if self.typing:
            return self.keys_of_filter()
        names = [name for name in self.OFFERED if BY_ID[name].footer]
        entry = None if self.on_profiles else self.selected
        if entry and details.is_to_be_kept(entry, self.now, read_only=self.info.read_only):
            names[names.index("stop")] = "keep"  # what is stopped needs the one, not the other
        return tuple(self.offer(name) for name in names)

    # Time.

    def _tick(self) -> None:
        self.follow_clock()
        self.workstations.tick()
        self.account.tick()
        keys = commands.labels(self.nimble.keys)
        self.banner.sentence = self.health.banner(self.now, keys["refresh"], keys["sign_in"])
        self._show_detail()
        self.look_if_due()
        self.warn()
        self.nimble.following.look()
        self.reopen_if_outdated()
        pace = self.workstations.pace()
        if self.health.phase == Phase.OFFLINE or self.looking:
            pace = min(pace, 1.0)
        if not self.app.app_focus:
            pace = max(pace, _UNFOCUSED_TICK)
        self._ticker = self.set_timer(pace, self._tick)

    def _focused(self, focused: bool) -> None:
        """Be up to date at once for somebody who comes back."""
        if focused and self._ticker is not None:
            self._ticker.stop()
            self._tick()

    # What may be done.

    def refusal(self, action: str) -> str | None:
        """Return why an action would be refused now; None when it would not."""
        if action == "sign_out" and self.info.demo:
            return "The demo studio has no keys to forget."
        if action == "sign_in" and self.info.aws_profile:
            return (
                f"The AWS profile {clean(self.info.aws_profile)} signs for this studio; sign in to "
                f"it in a terminal, then press {commands.labels(self.nimble.keys)['refresh']}."
            )
        return super().refusal(action)

    def moves(self) -> Iterable[tuple[str, str]]:
        """Return the keys that move about."""
        return (
            ("↑ ↓", "Choose a workstation"),
            ("tab", "Switch between the two lists"),
            ("esc", "Close the filter and show all"),
        )

    def action_refresh(self) -> None:
        """Look at the studio again now."""
        self.look(for_me=True)

    def action_sign_in(self) -> None:
        """Ask for an invite, and say why when it is not the artist's own wish."""
        why = self.health.problem if self.health.phase == Phase.SIGNED_OUT else None
        self.nimble.ask_for_invite(info=self.info, why=why or "")

    def action_sign_out(self) -> None:
        """Ask, then forget the keys."""
        if (reason := self.refusal("sign_out")) is not None:
            self.tell(notices.of_refusal(BY_ID["sign_out"], reason))
            return

        from nimble_tui.tui.dialogs.confirm import SignOutDialog

        def confirmed(sure: bool | None) -> None:
            if sure:
                self.sign_out()

        self.app.push_screen(SignOutDialog(self.studio_name or self.info.name), confirmed)

    @on(KeyBar.Chosen)
    async def _chosen(self, event: KeyBar.Chosen) -> None:
        await self.run_offered(event.action)

    # What the artist is told.

    def changed(self, before: Sight, after: Sight) -> None:
        """Tell what came to its end between two looks."""
        if before.live:
            here = self.selected.key if self.selected and not self.info.read_only else None
            keys = commands.labels(self.nimble.keys)
            was, now = differing(before.entries, after.entries)
            for notice in notices.of_changes(was, now, keys, here):
                self.tell(notice)
        super().changed(before, after)

    def action_failed(self, message: messages.ActFailed) -> None:
        """Tell why an action did not work."""
        entry = next((one for one in self.sight.entries if one.key == message.session_id), None)
        self.tell(notices.of_failure(message.action, entry, message.error))
        super().action_failed(message)

    def known(self, info: StudioInfo) -> None:
        """Say where this is and who the artist is there."""
        self.account.know(info)

    def signed_out(self) -> None:
        """Offer to sign in, once an episode."""
        if self.is_current:
            self.action_sign_in()
