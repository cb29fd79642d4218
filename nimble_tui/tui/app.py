"""The app: it wires the screens to the studios and owns what all screens share."""

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
from typing import TYPE_CHECKING, ClassVar

from textual import constants, events, on
from textual.css.errors import StylesheetError
from textual.css.query import NoMatches
from textual.widget import AwaitMount

from nimble_tui.core.actions import BY_ID
from nimble_tui.core.clock import SystemClock
from nimble_tui.core.service import StudioError
from nimble_tui.tui import commands, messages, stylesheet
from nimble_tui.tui.daemon import DaemonExecutor
from nimble_tui.tui.following import Following
from nimble_tui.tui.nimble_screen import NimbleScreen
from nimble_tui.tui.patience import LateKeys
from nimble_tui.tui.theming import ThemedApp
from nimble_tui.tui.widgets.text_field import was_entered
from nimble_tui.view import notices
from nimble_tui.view.alarms import Alarms
from nimble_tui.workspace.ui_state import UiStateFile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import tzinfo
    from pathlib import PurePath
    from types import FrameType

    from rich.console import RenderableType
    from textual.actions import ActionParseResult
    from textual.binding import BindingType
    from textual.dom import DOMNode
    from textual.driver import Driver

    from nimble_tui.config.settings import Settings, SettingsError
    from nimble_tui.core.clock import Clock
    from nimble_tui.core.service import SignedIn, StudioInfo, Studios, StudioService
    from nimble_tui.tui.last_resort import LastResort
    from nimble_tui.view.session_rows import SessionRow

_BELL_AGAIN = 0.4
_LOAD_AFTER = 0.3
"""Seconds after the first frame; until then the lists are read, which should not wait."""
_UPDATED = "nimble-tui was updated while it was open; quit and start it again."


class NimbleApp(ThemedApp):
    """Looks after an artist's workstations.

    `studio` is the name of the studio to open (DEMO for the demo), None to let the artist choose.
    `new_settings` is how to hear of settings that change meanwhile, see Following; with a
    `last_resort` the process ends even where an orderly end hangs. `problem` is why `settings` are
    the defaults. `load_ahead` imports what is needed later; it is called in a thread soon after the
    first frame.
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
        self.jitter = jitter
        self.late_keys = LateKeys(self.clock)
        self.last_seen: Sequence[SessionRow] = ()
        self._first = studio
        self._problem = problem
        self._last_resort = last_resort
        self._load_ahead = load_ahead
        if studio is None:
            self.add_mode(self.DEFAULT_MODE, self._welcome)
        self._executor = DaemonExecutor()
        self.remembered = UiStateFile(self._executor)
        self.alarms: dict[str, Alarms] = defaultdict(Alarms)
        self.following = Following(self, new_settings)
        self.begin_theme()
        self.set_keymap(dict(settings.keys))

    @property
    def keys(self) -> dict[str, str]:
        """The keys that the settings changed, by action id."""
        return dict(self.settings.keys)

    # Beginning and end.

    def on_load(self) -> None:
        """Let no thread hold up the end, and end well when the terminal goes away."""
        loop = asyncio.get_running_loop()
        loop.set_default_executor(self._executor)
        if self._last_resort is not None and sys.platform != "win32":
            for number in (signal.SIGTERM, signal.SIGHUP):
                # Not a handler of the loop, which may hang on a terminal that takes nothing.
                signal.signal(number, partial(self._terminated, loop))

    def _terminated(
        self, loop: asyncio.AbstractEventLoop, number: int, frame: FrameType | None
    ) -> None:
        del frame
        code = 128 + number
        self._end_for_certain(code)
        with suppress(RuntimeError):  # the loop has ended already
            loop.call_soon_threadsafe(partial(self.exit, return_code=code))

    def exit(
        self,
        result: None = None,
        return_code: int = 0,
        message: RenderableType | None = None,
    ) -> None:
        """End the app with this return code, whatever hangs."""
        super().exit(result, return_code, message)
        self._end_for_certain(return_code)

    def _end_for_certain(self, code: int) -> None:
        if self._last_resort is not None:
            self._last_resort.arm(code)

    def get_driver_class(self) -> type[Driver]:
        """Return the class that reads from the terminal and writes to it."""
        if sys.platform == "win32" or constants.DRIVER is not None:
            return super().get_driver_class()
        from nimble_tui.tui.terminal_driver import TerminalDriver

        return TerminalDriver

    def on_app_blur(self) -> None:
        """Tidy up the memory while nobody looks."""
        gc.collect()

    def copy_to_clipboard(self, text: str) -> None:
        """Copy what was selected."""
        from nimble_tui.tui import copying

        copying.copy(self, text, "The text is")

    def let_go(self, service: StudioService) -> None:
        """Close a studio's service without waiting for it."""
        self._executor.submit(service.close)

    @property
    def farewell(self) -> str | None:
        """One line about what still runs and until when; None when nothing was seen."""
        from nimble_tui.view.exit_summary import farewell

        return farewell(self.last_seen, self.clock.now(), self.tz) or None

    def _handle_exception(self, error: Exception) -> None:
        # A screen that opened right before the end may be without its parts.
        if not (self._exit and isinstance(error, NoMatches)):
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # Textual would print every local variable here, keys and all.
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
        """Run an action, unless it was requested in the same breath as the end."""
        if self._exit:
            return True
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except (ImportError, StylesheetError):
            self.notify(_UPDATED, severity="error")
            return True

    if not TYPE_CHECKING:  # its types are Textual's own, which has two of them

        def push_screen(self, screen, *arguments, **options):
            """Show a screen, unless the app is ending: such a screen never gets its parts."""
            if self._exit:
                return AwaitMount(self.screen, ())
            return super().push_screen(screen, *arguments, **options)

    async def on_event(self, event: events.Event) -> None:
        """Pass an event on, unless it is a key typed into a dialog that has closed by itself.

        Keys for a text field take effect before the next event is handled.
        """
        if isinstance(event, events.Key) and not event.is_forwarded:
            if self.late_keys.ignores(event.key):
                return
            self.app_focus = True  # which gives a text field its focus back
            self.leave_read()
        if event.is_forwarded or not await was_entered(self, event):
            await super().on_event(event)

    def seconds(self) -> float:
        """Return the seconds of a clock that nobody sets."""
        return self.clock.monotonic()

    # Where to go.

    def get_default_screen(self) -> NimbleScreen:
        """Return the first screen, which is painted sooner than that of a mode would be."""
        return self._welcome() if self._first is None else self._main(self._first)

    def on_mount(self) -> None:
        """Make a mode of the first screen, which can be left for good; say what is wrong."""
        if self._first is not None:
            self.add_mode(self.DEFAULT_MODE, self.get_default_screen)
        if self._problem is not None:
            self.tell(notices.of_wrong_settings(self._problem.problems, at_start=True))

    def on_ready(self) -> None:
        """Load what is needed later, soon, since an update may take the files away."""
        if self._load_ahead is not None:
            self.set_timer(_LOAD_AFTER, self._load)

    def _load(self) -> None:
        self._executor.submit(stylesheet.load_ahead)
        if self._load_ahead is not None:
            self._executor.submit(self._load_ahead)

    def _main(self, name: str) -> NimbleScreen:
        from nimble_tui.tui.screens.main import MainScreen

        return MainScreen(self.studios.info(name))

    def _welcome(self) -> NimbleScreen:
        from nimble_tui.tui.screens.welcome import WelcomeScreen

        return WelcomeScreen()

    async def _show(self, screen: NimbleScreen) -> None:
        """Show a full screen in place of whatever is shown."""
        if self._exit:
            return
        before = self.current_mode
        after = f"{before}+"
        self.add_mode(after, lambda: screen)
        await self.switch_mode(after)
        await self.remove_mode(before)

    def open_studio(self, name: str) -> None:
        """Show a studio, as soon as the screen that asks for it is done."""
        try:
            screen = self._main(name)
        except StudioError as error:  # it was taken out of the settings meanwhile
            self.notify(error.message, severity="warning")
        else:
            self.call_later(self._show, screen)

    def welcome(self, told: str) -> None:
        """Show the first screen again, and say why."""
        self.last_seen = ()
        self.call_later(self._show, self._welcome())
        self.notify(told)

    def ask_for_invite(
        self, *, pasted: str = "", info: StudioInfo | None = None, why: str = ""
    ) -> None:
        """Ask for an invite, then open the studio it is for; `why` says why that is asked."""
        from nimble_tui.tui.dialogs.sign_in import InviteScreen

        screen = InviteScreen(self.studios, pasted, info=info, why=why)
        self.push_screen(screen, self._signed_in)

    def ask_for_fields(self, info: StudioInfo | None = None) -> None:
        """Ask for everything that an invite would bring."""
        from nimble_tui.tui.dialogs.sign_in import FieldsScreen

        self.push_screen(FieldsScreen(self.studios, info), self._signed_in)

    def _signed_in(self, signed_in: SignedIn | None) -> None:
        if signed_in is None:
            return
        self.following.signed_in()
        self.open_studio(signed_in.name)
        for note in signed_in.notes:
            self.notify(note, title="Signed in", severity="warning", timeout=20)

    @on(messages.FieldsWanted)
    def _fields_wanted(self, message: messages.FieldsWanted) -> None:
        self.ask_for_fields(message.info)

    @on(messages.LogFailed)
    def _log_failed(self, message: messages.LogFailed) -> None:
        self.notify(message.problem, title="Log", severity="warning")

    # What every screen can do.

    def action_help(self) -> None:
        """Show help for this screen."""
        if isinstance(self.screen, NimbleScreen):
            from nimble_tui.tui.dialogs.help import HelpScreen

            self.push_screen(HelpScreen(self.screen))

    def action_palette(self) -> None:
        """Show every action."""
        if isinstance(self.screen, NimbleScreen):
            from nimble_tui.tui.dialogs.palette import ActionPalette

            self.push_screen(ActionPalette())

    def action_studios(self) -> None:
        """Show the studios there are to go to."""
        from nimble_tui.tui.dialogs.studios import StudioChooser

        desk = self._desk()
        self.push_screen(StudioChooser(self.studios, desk.at if desk else None), self._go)

    def _go(self, name: str | None) -> None:
        desk = self._desk()
        if name == "":
            self.ask_for_invite()
        elif name is not None and (desk is None or desk.at is None or desk.at.name != name):
            self.clear_notifications()  # they are about what is left behind
            for notice in desk.left_open() if desk else ():
                self.tell(notice)
            self.open_studio(name)

    def _desk(self) -> NimbleScreen | None:
        """Return the screen that shows a studio, whatever is on top of it."""
        screens = (one for one in self.screen_stack if isinstance(one, NimbleScreen))
        return next((one for one in screens if one.at is not None), None)

    def action_sign_in(self) -> None:
        """Ask for an invite, unless an AWS profile signs for the studio that is shown."""
        desk = self._desk()
        reason = desk.refusal("sign_in") if desk else None
        if reason is None:
            self.ask_for_invite()
        else:
            self.tell(notices.of_refusal(BY_ID["sign_in"], reason))

    async def action_quit(self) -> None:
        """Leave."""
        self.exit()

    def action_help_quit(self) -> None:
        """Tell whoever presses ctrl+c out of habit how to leave."""
        key = commands.labels(self.keys)["quit"]
        self.notify(f"Press {key} to leave; your workstations run on.", title="Leave?")

    def alarm(self, notice: notices.Notice) -> None:
        """Warn the artist: on the screen, with the bell, and by the terminal's own notification."""
        self.tell(notice)
        self.bell()
        if notice.severity == "error":
            self.set_timer(_BELL_AGAIN, self.bell)
        if self.settings.notify == "off" or self.is_headless or self._driver is None:
            return
        from nimble_tui.desktop.notification import notification, passed_on

        asked = notification(self.settings.notify, notice.title, notice.text)
        self._driver.write(passed_on(asked, os.environ))
