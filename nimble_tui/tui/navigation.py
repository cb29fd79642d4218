"""Navigation between studios, pages and dialogs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.core.service import StudioError
from nimble_tui.view import notices
from nimble_tui.view.notices import Notice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.app import App

    from nimble_tui.core.backups import StreamingSessionBackup
    from nimble_tui.core.service import SignedIn, StudioInfo
    from nimble_tui.tui.host import Host
    from nimble_tui.tui.nimble_screen import NimbleScreen
    from nimble_tui.tui.pages.page import Page
    from nimble_tui.tui.requests import Requests
    from nimble_tui.view.session_rows import SessionRow
    from nimble_tui.workspace.permissions import Target
    from nimble_tui.workspace.workspace import Workspace


class Navigation:
    """Shows screens, pages and dialogs of one app.

    `workspace` is that of the shown studio, None if there is none.
    """

    def __init__(self, app: App[None], host: Host) -> None:
        self._app = app
        self._host = host
        self.workspace: Workspace | None = None

    # Studios.

    def studio_screen(self, name: str) -> NimbleScreen:
        """Return the main screen of a studio; raises StudioError for an unknown one."""
        from nimble_tui.tui.screens.main import MainScreen
        from nimble_tui.workspace.workspace import Workspace

        self.workspace = Workspace(self._host.context, self._host.studios.info(name))
        return MainScreen(self.workspace)

    def welcome_screen(self) -> NimbleScreen:
        """Return the screen shown without a studio."""
        from nimble_tui.tui.screens.welcome import WelcomeScreen

        self.workspace = None
        return WelcomeScreen()

    def open_studio(self, name: str) -> None:
        """Show a studio, as soon as the requesting screen is finished."""
        try:
            screen = self.studio_screen(name)
        except StudioError as error:  # it was removed from the settings meanwhile
            self._host.show_toast(Notice(error.message, severity="warning"))
        else:
            self._app.call_later(self._show, screen)

    def welcome(self, reason: str) -> None:
        """Show the welcome screen with a reason."""
        self._app.call_later(self._show, self.welcome_screen())
        self._host.show_toast(Notice(reason))

    async def _show(self, screen: NimbleScreen) -> None:
        """Show a full screen in place of the current one."""
        if self._host.is_ending:
            return
        before = self._app.current_mode
        after = f"{before}+"
        self._app.add_mode(after, lambda: screen)
        await self._app.switch_mode(after)
        await self._app.remove_mode(before)

    def choose_studio(self) -> None:
        """Show the list of studios."""
        from nimble_tui.tui.dialogs.studios import StudioChooser

        here = self.workspace.snapshot.info if self.workspace else None
        self._app.push_screen(StudioChooser(self._host.studios, here), self._go)

    def _go(self, name: str | None) -> None:
        here = self.workspace.snapshot.info.name if self.workspace else None
        if name == "":
            self.ask_for_invite()
        elif name is not None and name != here:
            self._app.clear_notifications()  # they are about the studio being left
            for notice in self._report_unresolved():
                self._host.show_toast(notice)
            self.open_studio(name)

    def _report_unresolved(self) -> Iterable[Notice]:
        """Return the notices for leaving the current studio."""
        if self.workspace is None:
            return
        snapshot = self.workspace.snapshot
        titles = [row.title for row in snapshot.rows if row.keeping]
        if titles:
            yield notices.of_unresolved(titles, snapshot.studio_name or snapshot.info.name)

    # Signing in.

    def ask_for_invite(
        self, *, pasted: str = "", info: StudioInfo | None = None, why: str = ""
    ) -> None:
        """Ask for an invite, then open its studio; `why` is the reason."""
        from nimble_tui.tui.dialogs.sign_in import InviteScreen

        screen = InviteScreen(self._host.context, pasted, info=info, why=why)
        self._app.push_screen(screen, self._signed_in)

    def ask_for_fields(self, info: StudioInfo | None = None) -> None:
        """Ask for the content of an invite as single fields."""
        from nimble_tui.tui.dialogs.sign_in import FieldsScreen

        self._app.push_screen(FieldsScreen(self._host.context, info), self._signed_in)

    def _signed_in(self, signed_in: SignedIn | None) -> None:
        if signed_in is None:
            return
        self._host.expect_new_studio()
        self.open_studio(signed_in.name)
        for note in signed_in.notes:
            self._host.show_toast(Notice(note, "Signed in", "warning", 20))

    # Pages and dialogs about a studio.

    def open_page(self, workspace: Workspace, page: str, target: Target) -> None:
        """Show a page about a workstation, a launch profile, all workstations, or the people."""
        from nimble_tui.tui.screens.main import MainScreen

        workspace.names.renew()
        workspace.history.read()
        self._app.push_screen(_page(workspace, page, target))
        main = self._app.screen_stack[0]
        if target.session_id and isinstance(main, MainScreen):
            main.pane.workstations.select(target.session_id)

    def request(
        self,
        workspace: Workspace,
        action: str,
        target: Target,
        then: Callable[[str], None] | None = None,
    ) -> None:
        """Ask for the confirmation of an action, then send it.

        `then` gets the row key of a launch once that was sent.
        """
        self._requests(workspace).request(action, target, then)

    def ask_to_start(
        self, workspace: Workspace, row: SessionRow, backup_id: str | None = None
    ) -> None:
        """Confirm a start after which a stop might not be possible, then send it."""
        self._requests(workspace).ask_to_start(row, backup_id)

    def ask_to_start_from(
        self,
        workspace: Workspace,
        row: SessionRow,
        backup: StreamingSessionBackup,
        made: str,
        then: Callable[[], None],
    ) -> None:
        """Confirm restoring a backup from the time `made`, then send it."""
        self._requests(workspace).ask_to_start_from(row, backup, made, then)

    def _requests(self, workspace: Workspace) -> Requests:
        from nimble_tui.tui.requests import Requests

        return Requests(self._app, self._host, workspace)


def _page(workspace: Workspace, page: str, target: Target) -> Page:
    match page:
        case "show":
            from nimble_tui.tui.pages.show import ShowPage

            return ShowPage(workspace, target)
        case "history":
            from nimble_tui.tui.pages.history import HistoryPage

            return HistoryPage(workspace, target)
        case "usage":
            from nimble_tui.tui.pages.usage import UsagePage

            return UsagePage(workspace, target)
        case "backups":
            from nimble_tui.tui.pages.backups import BackupsPage

            return BackupsPage(workspace, target)
        case _:
            from nimble_tui.tui.people.page import PeoplePage

            return PeoplePage(workspace, target)
