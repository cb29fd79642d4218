"""The Textual application: it connects the screens to the studios."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import signal
import sys
from collections import defaultdict
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import constants, events
from textual.css.errors import StylesheetError
from textual.css.query import NoMatches
from textual.dom import NoScreen
from textual.widget import AwaitMount

from nimble_tui.core.actions import BY_ID
from nimble_tui.core.clock import SystemClock
from nimble_tui.tui import commands, stylesheet
from nimble_tui.tui.daemon_threads import Calls, DaemonExecutor
from nimble_tui.tui.key_guard import LateKeys
from nimble_tui.tui.navigation import Navigation
from nimble_tui.tui.nimble_screen import NimbleScreen
from nimble_tui.tui.settings_watcher import SettingsWatcher
from nimble_tui.tui.theming import ThemedApp
from nimble_tui.tui.widgets.text_field import was_entered
from nimble_tui.view import notices
from nimble_tui.view.alarms import Alarms
from nimble_tui.workspace.context import Context
from nimble_tui.workspace.permissions import Target
from nimble_tui.workspace.tasks import Tasks
from nimble_tui.workspace.ui_state import UiStateFile

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from datetime import tzinfo
    from pathlib import PurePath
    from types import FrameType

    from rich.console import RenderableType
    from textual.actions import ActionParseResult
    from textual.binding import BindingType
    from textual.dom import DOMNode
    from textual.driver import Driver
    from textual.worker import Worker

    from nimble_tui.config.settings import Settings, SettingsError
    from nimble_tui.core.clock import Clock
    from nimble_tui.core.service import Studios, StudioService
    from nimble_tui.tui.last_resort import LastResort

_BELL_AGAIN = 0.4
_LOAD_AFTER = 0.3
"""Seconds after the first frame; until then loading would delay the lists."""
_UPDATED = "nimble-tui was updated while it was open. Quit and start it again."


class NimbleApp(ThemedApp):
    """The Textual application.

    `studio` is the name of the studio to open (DEMO for the demo), None to let the artist choose.
    `new_settings` returns changed settings, see SettingsWatcher; with a `last_resort` the process
    ends even if an orderly shutdown hangs. `problem` is the reason if `settings` are the defaults.
    `load_ahead` imports modules needed later; it is called in a thread soon after the first frame.
    """

    TITLE = "nimble"
    CSS_PATH: ClassVar[list[str | PurePath]] = ["app.tcss", "screens/main.tcss"]
    DEFAULT_MODE = "first"
    ENABLE_COMMAND_PALETTE = False  # ours has its own key
    NOTIFICATION_TIMEOUT = 6
    BINDINGS: ClassVar[list[BindingType]] = [
        *commands.bindings(("studios", "help", "palette", "theme", "sign_in", "quit")),
    ]

    def __init__(
        self,
        studios: Studios,
        settings: Settings,
        studio: str | None,
        *,
        clock: Clock | None = None,
        tz: tzinfo | None = None,
        jitter: Callable[[], float] = random.random,
        new_settings: Callable[[], Settings | None] | None = None,
        problem: SettingsError | None = None,
        last_resort: LastResort | None = None,
        load_ahead: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self.stylesheet = stylesheet.LoadedStylesheet()
        self.studios = studios
        self.settings = settings
        self.clock = clock or SystemClock()
        self.tz = tz
        self.late_keys = LateKeys(self.clock)
        self._first = studio
        self._problem = problem
        self._last_resort = last_resort
        self._load_ahead = load_ahead
        self._executor = DaemonExecutor()
        self.calls = Calls(self._executor)
        self.ui_state = UiStateFile(self._executor)
        self.alarms: dict[str, Alarms] = defaultdict(Alarms)
        self.settings_watcher = SettingsWatcher(self, self.clock, new_settings)
        self.context = self._workspace_context(jitter)
        self.tasks = Tasks(self.context)
        self.navigation = Navigation(self, self)
        if studio is None:
            self.add_mode(self.DEFAULT_MODE, self.navigation.welcome_screen)
        self.begin_theme()
        self.set_keymap(dict(settings.keys))

    @property
    def keys(self) -> dict[str, str]:
        """The keys changed in the settings, by action id."""
        return dict(self.settings.keys)

    def _workspace_context(self, jitter: Callable[[], float]) -> Context:
        """Return the context of workspaces: threads, workers and notifications."""
        return Context(
            studios=self.studios,
            clock=self.clock,
            tz=self.tz,
            call=self.calls,
            spawn=self._spawn,
            wait=_wait,
            notify=self.show_toast,
            open_url=_open_url,
            settings=lambda: self.settings,
            key_of=lambda action: commands.label(BY_ID[action], self.keys),
            ui_state=self.ui_state,
            is_focused=lambda: self.app_focus,
            jitter=jitter,
            close_service=self._close_service,
            report=self._report,
        )

    def _spawn(self, work: Callable[[], Coroutine[Any, Any, None]], name: str) -> Worker[None]:
        """Run a coroutine of a workspace as a background worker."""
        return self.run_worker(work, name, description=name, exit_on_error=False)

    def _close_service(self, service: StudioService) -> None:
        """Close a studio's service without waiting for it."""
        self._executor.submit(service.close)

    def _report(self, task: str, error: Exception) -> None:
        """Log an unexpected exception, which ends only its task."""
        self.log.error(task, type(error).__name__)

    # Beginning and end.

    def on_load(self) -> None:
        """Use daemon threads, and exit cleanly on SIGTERM and SIGHUP."""
        loop = asyncio.get_running_loop()
        loop.set_default_executor(self._executor)
        if self._last_resort is not None and sys.platform != "win32":
            for number in (signal.SIGTERM, signal.SIGHUP):
                # Not a handler of the loop, which may hang on a blocked terminal.
                signal.signal(number, partial(self._terminated, loop))

    def _terminated(
        self, loop: asyncio.AbstractEventLoop, number: int, frame: FrameType | None
    ) -> None:
        del frame
        code = 128 + number
        self._end_for_certain(code)
        with suppress(RuntimeError):  # the loop has already ended
            loop.call_soon_threadsafe(partial(self.exit, return_code=code))

    def exit(
        self,
        result: None = None,
        return_code: int = 0,
        message: RenderableType | None = None,
    ) -> None:
        """End the app with this return code, even if something hangs."""
        super().exit(result, return_code, message)
        self._end_for_certain(return_code)

    def _end_for_certain(self, code: int) -> None:
        if self._last_resort is not None:
            self._last_resort.arm(code)

    def get_driver_class(self) -> type[Driver]:
        """Return the class of the terminal driver."""
        if sys.platform == "win32" or constants.DRIVER is not None:
            return super().get_driver_class()
        from nimble_tui.tui.terminal_driver import TerminalDriver

        return TerminalDriver

    def on_app_blur(self) -> None:
        """Collect garbage while the app has no focus."""
        gc.collect()

    def copy_to_clipboard(self, text: str) -> None:
        """Copy the selected text."""
        from nimble_tui.tui import copying

        copying.copy(self, text, "The text is")

    @property
    def farewell(self) -> str | None:
        """One line about the running workstations; None if no studio was shown."""
        from nimble_tui.view.exit_summary import farewell

        workspace = self.navigation.workspace
        rows = workspace.snapshot.rows if workspace else ()
        return farewell(rows, self.clock.now(), self.tz) or None

    @property
    def is_ending(self) -> bool:
        """True once the app is about to end."""
        return self._exit

    def _handle_exception(self, error: Exception) -> None:
        # During shutdown a screen may already have lost its widgets, and a widget its screen.
        if not (self._exit and isinstance(error, NoMatches | NoScreen)):
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # Textual would print every local variable here, including keys.
        from rich.text import Text

        if isinstance(self._exception, ImportError | StylesheetError):
            report = _UPDATED
        else:
            from nimble_tui.tui.crash import crash_report

            report = crash_report(self._exception)
        self.bell()
        self._exit_renderables.append(Text(report))
        self._close_messages_no_wait()
        self._end_for_certain(1)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action, unless the app is ending."""
        if self._exit:
            return True
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except (ImportError, StylesheetError):
            self.notify(_UPDATED, severity="error")
            return True

    if not TYPE_CHECKING:  # Textual declares two overloads

        def push_screen(self, screen, *arguments, **options):
            """Show a screen, unless the app is ending: such a screen never gets its widgets."""
            if self._exit:
                return AwaitMount(self.screen, ())
            return super().push_screen(screen, *arguments, **options)

    async def on_event(self, event: events.Event) -> None:
        """Pass an event on, unless it is a key meant for a dialog that has just closed.

        Keys for a text field take effect before the next event is handled.
        """
        if isinstance(event, events.Key) and not event.is_forwarded:
            if self.late_keys.ignores(event.key):
                return
            self.app_focus = True  # gives a text field its focus back
            self.leave_read()
        if event.is_forwarded or not await was_entered(self, event):
            await super().on_event(event)

    def seconds(self) -> float:
        """Return monotonic seconds."""
        return self.clock.monotonic()

    # Navigation.

    def get_default_screen(self) -> NimbleScreen:
        """Return the first screen, painted sooner than that of a mode."""
        if self._first is None:
            return self.navigation.welcome_screen()
        return self.navigation.studio_screen(self._first)

    def on_mount(self) -> None:
        """Turn the first screen into a mode, which can be closed; report invalid settings."""
        if self._first is not None:
            self.add_mode(self.DEFAULT_MODE, self.get_default_screen)
        if self._problem is not None:
            self.show_toast(notices.of_wrong_settings(self._problem.problems, at_start=True))

    def on_ready(self) -> None:
        """Load modules needed later soon, since an update may remove the files."""
        if self._load_ahead is not None:
            self.set_timer(_LOAD_AFTER, self._load)

    def _load(self) -> None:
        self._executor.submit(stylesheet.load_ahead)
        if self._load_ahead is not None:
            self._executor.submit(self._load_ahead)

    # Actions of all screens.

    def action_help(self) -> None:
        """Show help for this screen."""
        if isinstance(self.screen, NimbleScreen):
            from nimble_tui.tui.dialogs.help import HelpScreen

            self.push_screen(HelpScreen(self.screen))

    def action_palette(self) -> None:
        """Show all actions."""
        if isinstance(self.screen, NimbleScreen):
            from nimble_tui.tui.dialogs.palette import ActionPalette

            self.push_screen(ActionPalette())

    def action_studios(self) -> None:
        """Show the list of studios."""
        self.navigation.choose_studio()

    def action_sign_in(self) -> None:
        """Ask for an invite, unless the shown studio uses an AWS profile."""
        workspace = self.navigation.workspace
        reason = workspace.permissions.refusal_reason("sign_in", Target()) if workspace else None
        if reason is None:
            self.navigation.ask_for_invite()
        else:
            self.show_toast(notices.of_refusal(BY_ID["sign_in"], reason))

    def check_settings(self) -> None:
        """Apply changed settings; checks every few seconds at most."""
        self.settings_watcher.poll()

    def expect_new_studio(self) -> None:
        """Note that the app itself is about to add a studio to the settings."""
        self.settings_watcher.signed_in()

    def ignore_late_keys(self) -> None:
        """Ignore keys still being typed into a dialog that closes automatically."""
        self.late_keys.begin()

    async def action_quit(self) -> None:
        """Quit."""
        self.exit()

    def action_help_quit(self) -> None:
        """Show how to quit, for a person who presses ctrl+c out of habit."""
        key = commands.labels(self.keys)["quit"]
        self.notify(f"Press {key} to quit; your workstations keep running.", title="Quit?")

    def alarm(self, notice: notices.Notice) -> None:
        """Show a notification, ring the bell, and send a terminal notification."""
        self.show_toast(notice)
        self.bell()
        if notice.severity == "error":
            self.set_timer(_BELL_AGAIN, self.bell)
        if self.settings.notify == "off" or self.is_headless or self._driver is None:
            return
        from nimble_tui.desktop.notification import notification, passed_on

        asked = notification(self.settings.notify, notice.title, notice.text)
        self._driver.write(passed_on(asked, os.environ))


async def _wait(event: asyncio.Event, seconds: float | None) -> None:
    """Return once the event is set or the seconds have passed."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


def _open_url(url: str) -> str | None:
    """Hand an address over to the desktop; return the alternative if that fails."""
    from nimble_tui.desktop.opening import open_address

    return open_address(url)
