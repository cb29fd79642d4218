"""The app's interface for screens, pages and dialogs: navigation and notifications."""

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
        """Ask for the confirmation of an action, then send it.

        `then` gets the row key of a launch once that was sent.
        """
        ...

    def ask_to_start(
        self, workspace: Workspace, row: SessionRow, backup_id: str | None = None
    ) -> None:
        """Confirm a start after which a stop might not be possible, then send it."""
        ...

    def ask_to_start_from(
        self,
        workspace: Workspace,
        row: SessionRow,
        backup: StreamingSessionBackup,
        made: str,
        then: Callable[[], None],
    ) -> None:
        """Confirm restoring a backup from the time `made`, then send it."""
        ...

    def open_page(self, workspace: Workspace, page: str, target: Target) -> None:
        """Show a page about a workstation, a launch profile, all workstations, or the people."""
        ...

    def open_studio(self, name: str) -> None:
        """Show a studio in place of the current screen."""
        ...

    def welcome(self, reason: str) -> None:
        """Show the welcome screen with a reason."""
        ...

    def ask_for_invite(
        self, *, pasted: str = "", info: StudioInfo | None = None, why: str = ""
    ) -> None:
        """Ask for an invite, then open its studio; `why` is the reason."""
        ...

    def ask_for_fields(self, info: StudioInfo | None = None) -> None:
        """Ask for the content of an invite as single fields."""
        ...


class Host(Protocol):
    """The part of the app that its screens use."""

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
        """The navigator."""
        ...

    @property
    def keys(self) -> dict[str, str]:
        """The keys changed in the settings, by action id."""
        ...

    # Notifications.

    def show_toast(self, notice: Notice) -> None:
        """Show a notification."""
        ...

    def remove_toast(self, about: str) -> None:
        """Remove the notification about a subject."""
        ...

    def shown_toasts(self) -> frozenset[str]:
        """Return the subjects of the notifications shown now."""
        ...

    def alarm(self, notice: Notice) -> None:
        """Show a notification, ring the bell, and send a terminal notification."""
        ...

    def ignore_late_keys(self) -> None:
        """Ignore keys still being typed into a dialog that closes automatically."""
        ...

    @property
    def is_ending(self) -> bool:
        """True once the app is about to end."""
        ...

    def expect_new_studio(self) -> None:
        """Note that the app itself is about to add a studio to the settings."""
        ...

    def check_settings(self) -> None:
        """Apply changed settings; checks every few seconds at most."""
        ...
