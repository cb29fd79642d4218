"""What screens, pages and dialogs ask the app for: where to go, and messages in passing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from nimble_tui.config.settings import Settings
    from nimble_tui.core.backups import StreamingSessionBackup
    from nimble_tui.core.clock import Clock
    from nimble_tui.core.service import StudioInfo, Studios
    from nimble_tui.view.alarms import Alarms
    from nimble_tui.view.notices import Notice
    from nimble_tui.view.session_rows import SessionRow
    from nimble_tui.workspace.context import Context
    from nimble_tui.workspace.permissions import Target
    from nimble_tui.workspace.tasks import Tasks
    from nimble_tui.workspace.ui_state import UiStateFile
    from nimble_tui.workspace.workspace import Workspace


class Navigator(Protocol):
    """Shows other screens, pages and dialogs."""

    def request(
        self,
        workspace: Workspace,
        action: str,
        target: Target,
        then: Callable[[str], None] | None = None,
    ) -> None:
        """Ask for the confirmation that an action needs, then send it.

        `then` gets the key of the row of a launch once that was sent.
        """
        ...

    def ask_to_start(
        self, workspace: Workspace, row: SessionRow, backup_id: str | None = None
    ) -> None:
        """Ask about a start after which no stop may be possible, then send it."""
        ...

    def ask_to_start_from(
        self,
        workspace: Workspace,
        row: SessionRow,
        backup: StreamingSessionBackup,
        made: str,
        then: Callable[[], None],
    ) -> None:
        """Ask about a start from a backup, which was `made` then, and send it."""
        ...

    def open_page(self, workspace: Workspace, page: str, target: Target) -> None:
        """Show a page about a workstation, a launch profile, all of them, or the people."""
        ...

    def open_studio(self, name: str) -> None:
        """Show a studio in place of what is shown."""
        ...

    def welcome(self, reason: str) -> None:
        """Show the first screen again, and say why."""
        ...

    def ask_for_invite(
        self, *, pasted: str = "", info: StudioInfo | None = None, why: str = ""
    ) -> None:
        """Ask for an invite, then open the studio it is for; `why` says why that is asked."""
        ...

    def ask_for_fields(self, info: StudioInfo | None = None) -> None:
        """Ask for everything that an invite would bring."""
        ...


class Host(Protocol):
    """The app, as far as what it shows needs to know it."""

    clock: Clock
    tz: tzinfo | None
    settings: Settings
    studios: Studios
    ui_state: UiStateFile
    alarms: dict[str, Alarms]
    context: Context
    tasks: Tasks

    @property
    def navigation(self) -> Navigator:
        """Where to go."""
        ...

    @property
    def keys(self) -> dict[str, str]:
        """The keys that the settings changed, by action id."""
        ...

    # Messages in passing.

    def show_toast(self, notice: Notice) -> None:
        """Show a notification."""
        ...

    def remove_toast(self, about: str) -> None:
        """Take away the notification about something."""
        ...

    def shown_toasts(self) -> frozenset[str]:
        """Return what the notifications are about that are shown right now."""
        ...

    def alarm(self, notice: Notice) -> None:
        """Show a notification, ring the bell, and have the terminal notify too."""
        ...

    def ignore_late_keys(self) -> None:
        """Ignore what is still typed into a dialog that closes by itself."""
        ...

    @property
    def is_ending(self) -> bool:
        """Whether the app is about to end."""
        ...

    def expect_new_studio(self) -> None:
        """Note that the app itself is about to add a studio to the settings."""
        ...

    def check_settings(self) -> None:
        """Take over settings that were changed since, at most every few seconds."""
        ...
