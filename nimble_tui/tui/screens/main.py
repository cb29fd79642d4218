"""The main screen: launch profiles, my workstations, and details of the selected one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events, getters, on
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.reactive import reactive

from nimble_tui.config.keymap import key_label
from nimble_tui.core.actions import BY_ID, SCREENS, Action
from nimble_tui.core.text import clean
from nimble_tui.tui import commands
from nimble_tui.tui.alarm_watch import warn
from nimble_tui.tui.nimble_screen import NimbleScreen, NoRoom
from nimble_tui.tui.snapshot_changed import SnapshotChanged, follow
from nimble_tui.tui.widgets.account import AccountLine
from nimble_tui.tui.widgets.banner import Banner
from nimble_tui.tui.widgets.detail_pane import DetailPane
from nimble_tui.tui.widgets.filter_field import LONGEST
from nimble_tui.tui.widgets.keybar import KeyBar
from nimble_tui.tui.widgets.profile_list import ProfileList
from nimble_tui.tui.widgets.rows import Rows
from nimble_tui.tui.widgets.session_pane import SessionPane
from nimble_tui.view import details, notices
from nimble_tui.view.health import Phase
from nimble_tui.view.list_diff import differing
from nimble_tui.workspace.detail import detail_of
from nimble_tui.workspace.permissions import UNANSWERED, Target

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.timer import Timer

    from nimble_tui.config.settings import Settings
    from nimble_tui.core.service import StudioInfo
    from nimble_tui.view.session_rows import PendingAction, SessionRow
    from nimble_tui.workspace.store import Snapshot
    from nimble_tui.workspace.workspace import Workspace

_UNFOCUSED_TICK = 30.0
_AIRY = 30
_SENT = ("stop", "start", "delete", "keep", "rename", "connect", "new", "eulas", "sign_out")
_OPENED = ("backups", "show", "history", "usage", "people")
_NEED_STUDIO = frozenset({*_SENT, "backups"}) - {"sign_out"}
_TYPING = (
    Action("to_list", "To the list", "Go to the matches", "enter"),
    Action("clear_filter", "Clear", "Clear the filter", "escape"),
)


class MainScreen(NimbleScreen):
    """The main screen: its layout and its keys."""

    PAGE = "main"
    OFFERED = SCREENS["main"]
    AUTO_FOCUS = "#workstations"
    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, so that characters typed right after it go into the filter.
        *commands.bindings(("filter",), priority=True),
        *commands.bindings((*_SENT, *_OPENED), do="do"),
        *commands.bindings(("sort", "refresh")),
        Binding("escape", "clear_filter", "Clear", show=False),
    ]

    snapshot: reactive[Snapshot | None] = reactive(None, init=False, repaint=False)

    profiles = getters.query_one("#profiles", ProfileList)
    detail = getters.query_one(DetailPane)
    account = getters.query_one(AccountLine)
    banner = getters.query_one(Banner)
    keybar = getters.query_one(KeyBar)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.set_reactive(MainScreen.snapshot, workspace.snapshot)
        outside = workspace.context
        self.pane = SessionPane(outside.clock, outside.tz, outside.key_of, self._remember_filter)
        self._ticker: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the widgets."""
        app, key_of = self.nimble, self.nimble.context.key_of
        yield AccountLine(app.clock).data_bind(MainScreen.snapshot)
        yield Banner(app.clock, key_of).data_bind(MainScreen.snapshot)
        with Container(id="panes"):
            yield ProfileList(id="profiles", classes="pane").data_bind(MainScreen.snapshot)
            yield self.pane.data_bind(MainScreen.snapshot)
            yield DetailPane(classes="pane")
        yield KeyBar()
        yield NoRoom()

    def on_mount(self) -> None:
        """Show the snapshot, follow changes, and start the polling."""
        self.profiles.border_title = "Launch profiles"
        self.detail.keys = commands.labels(self.nimble.keys)
        follow(self, self.workspace.store)
        self.watch(self.pane.filter_field, "words", self._filter_changed, init=False)
        self.workspace.polling.refreshed.append(self._refreshed)
        self.workspace.polling.signed_out.append(self._signed_out)
        self.workspace.actions.unconfirmed = self._start_unconfirmed
        if (state := self.nimble.ui_state.state).filter and state.filter_of == self.at.name:
            self.pane.filter_field.show(state.filter)
        self._snapshot_changed()
        self._tick()
        self.watch(self.app, "app_focus", self._focus_changed, init=False)
        self.call_after_refresh(self.workspace.start)

    def on_unmount(self) -> None:
        """Close the workspace, and save an unconfirmed filter."""
        self._remember_filter()
        self.workspace.close()

    # Display.

    @property
    def target(self) -> Target:
        """The subject of the keys."""
        profile_row = self.profiles.selected
        return Target(
            self.pane.selected,
            profile_row.launch_profile if profile_row else None,
            on_profiles=self.profiles.has_focus,
            is_filtered=bool(self.pane.filter_field.words),
        )

    @on(SnapshotChanged)
    def _snapshot_changed(self) -> None:
        """Show the snapshot, and warn of near deadlines."""
        before, snapshot = self.snapshot, self.workspace.snapshot
        self.snapshot = snapshot
        self.set_class(snapshot.is_cached, "-kept")
        self.set_class(snapshot.health.phase in {Phase.OFFLINE, Phase.SIGNED_OUT}, "-offline")
        self._show_detail()
        if before is None or before.rows is not snapshot.rows:
            self.call_after_refresh(self._warn)  # its toasts come after the rows

    def _catch_up(self) -> None:
        """Show the snapshot, if the message about its change is still pending."""
        if self.snapshot is not self.workspace.snapshot:
            self._snapshot_changed()

    def on_resize(self, event: events.Resize) -> None:
        """Leave blank lines between rows if there is room."""
        is_airy = event.size.height >= _AIRY and event.size.width >= 60
        self.pane.workstations.airy = self.profiles.airy = is_airy

    def on_descendant_focus(self) -> None:
        """Show the details of the focused list."""
        self._show_detail()

    @on(Rows.Moved)
    def _moved(self) -> None:
        self._show_detail()

    def _show_detail(self) -> None:
        target = self.target
        profile_id = ""
        if target.on_profiles and target.profile is not None:
            profile_id = target.profile.launch_profile_id
        elif target.row is not None:
            profile_id = target.row.session.launch_profile_id or ""
        if self.workspace.snapshot.is_live and profile_id:
            self.workspace.details.request(profile_id)
        self.detail.detail = detail_of(self.workspace, target)
        self.keybar.offers = self._footer(target)

    def _footer(self, target: Target) -> tuple[commands.Offer, ...]:
        if self.focused is self.pane.filter_field:
            offers = [commands.Offer(action, key_label(action.key)) for action in _TYPING]
            return (*offers, self.offer("palette"))
        names = [name for name in self.OFFERED if BY_ID[name].footer]
        row = None if target.on_profiles else target.row
        if target.on_profiles:
            names.remove("new")  # enter launches as well
        read_only = self.workspace.snapshot.info.read_only
        if row and details.should_keep(row, self.workspace.now, read_only=read_only):
            names[names.index("stop")] = "keep"  # a stopped one needs Keep, not Stop
        return tuple(self.offer(name) for name in names)

    def settings_changed(self, before: Settings) -> None:
        """Show the current keys, and apply the studio's settings."""
        self.detail.keys = commands.labels(self.nimble.keys)
        self.workspace.settings_changed(before)
        self._show_detail()

    # Time.

    def _tick(self) -> None:
        self.workspace.check_clock()
        for part in (self.pane.workstations, self.account, self.banner):
            part.tick()
        self._show_detail()
        self._warn()
        self.nimble.check_settings()
        self._ticker = self.set_timer(self._pace(), self._tick)

    def _pace(self) -> float:
        """Return the seconds until the next repaint because of time."""
        pace = self.pane.workstations.pace()
        is_offline = self.workspace.snapshot.health.phase == Phase.OFFLINE
        if is_offline or self.workspace.polling.is_refreshing:
            pace = min(pace, 1.0)
        return pace if self.app.app_focus else max(pace, _UNFOCUSED_TICK)

    def _focus_changed(self, focused: bool) -> None:
        """Refresh immediately for a person who returns."""
        self.workspace.polling.focus_changed()
        if focused and self._ticker is not None:
            self._ticker.stop()
            self._tick()

    def _warn(self) -> None:
        row = None if self.profiles.has_focus else self.pane.selected
        warn(self.nimble, self.workspace.snapshot, row.key if row else None)

    # Actions.

    @property
    def at(self) -> StudioInfo:
        """The shown studio."""
        return self.workspace.snapshot.info

    def refusal_reason(self, action: str) -> str | None:
        """Return why an action would be refused now; None if it would not."""
        return self.workspace.permissions.refusal_reason(action, self.target)

    def offer(self, name: str) -> commands.Offer:
        """Return an action as offered now; enter on a launch profile launches."""
        offer = super().offer(name)
        if name != "connect" or not self.profiles.has_focus:
            return offer
        launches = replace(offer.action, label="Launch", words=BY_ID["new"].words)
        return offer._replace(action=launches)

    def moves(self) -> Iterable[tuple[str, str]]:
        """Return the navigation keys."""
        return (
            ("↑ ↓", "Choose a workstation"),
            ("tab", "Switch between the two lists"),
            ("esc", "Clear the filter"),
        )

    async def run_offered(self, action: str) -> None:
        """Run an offered action, as if its key had been pressed."""
        if action in {*_SENT, *_OPENED}:
            self.action_do(action)
        else:
            await super().run_offered(action)

    def action_do(self, action: str) -> None:
        """Run an action on the selection, or show why it is refused."""
        self._catch_up()
        target = self.target
        if action == "connect" and target.on_profiles:
            action = "new"
        reason = self.refusal_reason(action)
        if reason is None and action in _NEED_STUDIO and self.workspace.service is None:
            reason = UNANSWERED
        if reason is not None:
            self.nimble.show_toast(notices.of_refusal(BY_ID[action], reason))
            return
        self.nimble.remove_toast(notices.REFUSAL)
        if action in _OPENED:
            self.nimble.navigation.open_page(self.workspace, action, target.of_page(action))
        else:
            self.nimble.navigation.request(self.workspace, action, target, self.pane.reveal_later)

    def _start_unconfirmed(self, row: SessionRow, pending: PendingAction) -> bool:
        """Ask to confirm a start that was not sent; return whether that was possible."""
        can_ask = self.is_active
        if can_ask:
            self.nimble.navigation.ask_to_start(self.workspace, row, pending.backup_id)
        return can_ask

    def action_refresh(self) -> None:
        """Refresh now."""
        self.workspace.polling.refresh(for_me=True)

    def action_sort(self) -> None:
        """Change to the next sort order."""
        self.workspace.sorting.change()

    def action_sign_in(self) -> None:
        """Ask for an invite, with the reason if the studio no longer accepts the keys."""
        health = self.workspace.snapshot.health
        why = health.problem or "" if health.phase == Phase.SIGNED_OUT else ""
        self.nimble.navigation.ask_for_invite(info=self.at, why=why)

    @on(KeyBar.Chosen)
    async def _chosen(self, event: KeyBar.Chosen) -> None:
        await self.run_offered(event.action)

    # The filter.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Allow the filter's own key inside the filter; a key typed ahead finds no list yet."""
        can_open = self.is_mounted and self.focused is not self.pane.filter_field
        return can_open if action == "filter" else super().check_action(action, parameters)

    def action_filter(self) -> None:
        """Open the filter, which also matches the names of images."""
        self.pane.filter_field.open()
        snapshot = self.workspace.snapshot
        for profile in snapshot.launch_profiles if snapshot.is_live else ():
            self.workspace.details.request(profile.launch_profile_id)

    def action_clear_filter(self) -> None:
        """Clear the filter."""
        self.pane.filter_field.close()

    def _filter_changed(self, words: str) -> None:
        self.pane.filter(words)
        self._show_detail()

    def _remember_filter(self) -> None:
        state, name = self.nimble.ui_state, self.at.name
        wanted = clean(self.pane.filter_field.words, LONGEST)
        if wanted or state.state.filter_of == name:
            state.change(filter=wanted, filter_of=name)

    # Events.

    def _refreshed(self, before: Snapshot, after: Snapshot) -> None:
        """Report finished changes and near deadlines, and connect to READY workstations."""
        if before.is_live:
            self._catch_up()
            row = self.pane.selected
            here = row.key if row and not after.info.read_only else None
            were, are = differing(before.rows, after.rows)
            for notice in notices.of_changes(were, are, commands.labels(self.nimble.keys), here):
                self.nimble.show_toast(notice)
        self.call_later(self._warn)  # the cursor is in the list after the next repaint
        self.app.call_later(self._connect_to_ready)  # outdated dialogs are closed by then

    def _connect_to_ready(self) -> None:
        for row in self.workspace.actions.take_ready():
            if self.is_active and self.app.app_focus:
                self.nimble.navigation.request(self.workspace, "connect", Target(row))

    def _signed_out(self) -> None:
        """Offer to sign in."""
        if self.is_active:
            self.action_sign_in()
