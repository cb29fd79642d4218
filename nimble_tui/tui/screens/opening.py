"""A screen that opens one studio, and lets go of it when it is left."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on, work
from textual.reactive import reactive

from nimble_tui.core.service import StudioError
from nimble_tui.tui import messages
from nimble_tui.tui.nimble_screen import NimbleScreen
from nimble_tui.view.health import Health

if TYPE_CHECKING:
    from datetime import datetime

    from textual.timer import Timer

    from nimble_tui.config.settings import Settings
    from nimble_tui.core.service import StudioInfo, StudioService

_KEYS_EVERY = 1.0


class OpenScreen(NimbleScreen):
    """Owns one studio's service; nothing is sent once the screen was left, and nothing heard."""

    health: reactive[Health] = reactive(Health, repaint=False)
    studio_name: reactive[str] = reactive("", repaint=False)

    def __init__(self, info: StudioInfo) -> None:
        super().__init__()
        self.info = info
        self.service: StudioService | None = None
        self.looking = False
        self._set = info
        self._fresh: StudioService | None = None
        self._left = False
        self._outdated = False
        self._keys_timer: Timer | None = None

    @property
    def at(self) -> StudioInfo:
        """The studio that is shown."""
        return self.info

    @property
    def now(self) -> datetime:
        """The time, from the app's clock."""
        return self.nimble.clock.now()

    @property
    def seconds(self) -> float:
        """Seconds that pass evenly, whatever the time of day is set to."""
        return self.nimble.clock.monotonic()

    def connect(self) -> None:
        """Open the studio, in a worker."""
        self.looking = True
        self._stop_keys_timer()
        self.health = replace(self.health, looking_since=self.now)
        self._open()

    @work(
        thread=True,
        exclusive=True,
        exit_on_error=False,
        group="open",
        description="open the studio",
    )
    def _open(self) -> None:
        try:
            service = self.nimble.studios.open(self.info.name)
        except StudioError as error:
            self.post_message(messages.OpenFailed(error))
            return
        self._fresh = service
        if self._left:
            service.close()
            return
        self.post_message(messages.Opened(service))
        self._ask_name(service)

    def _ask_name(self, service: StudioService) -> None:
        try:
            studio = service.get_studio()
        except StudioError:
            return  # the lists tell what is wrong, with a sentence and the next try
        self.post_message(messages.Named(studio.display_name or studio.studio_name or ""))

    @on(messages.Opened)
    def _opened(self, message: messages.Opened) -> None:
        self.service = message.service
        self.info = message.service.info
        if not self.info.demo:
            self.nimble.remembered.change(studio=self.info.name)
        self.known(self.info)
        self.looking = False
        self.look()

    @on(messages.Named)
    def _named(self, message: messages.Named) -> None:
        self.studio_name = message.display_name

    @on(messages.OpenFailed)
    def _open_failed(self, message: messages.OpenFailed) -> None:
        self.failed(message.error)

    def on_unmount(self) -> None:
        """Let go of the studio."""
        self._left = True
        self.close()

    def close(self) -> None:
        """Let go of the studio's service, also of one that was opened a moment ago."""
        for service in {id(one): one for one in (self.service, self._fresh) if one}.values():
            self.nimble.let_go(service)
        self.service = self._fresh = None

    # Keys of an AWS profile, which are renewed elsewhere.

    def wait_for_keys(self) -> None:
        """Look again as soon as the files of the AWS profile change."""
        self._stop_keys_timer()
        if self.nimble.studios.keys_changed(self.info.name):
            self.look(for_me=True)
        else:
            self._keys_timer = self.set_timer(_KEYS_EVERY, self.wait_for_keys)

    def _stop_keys_timer(self) -> None:
        if self._keys_timer is not None:
            self._keys_timer.stop()
            self._keys_timer = None

    # Settings that change meanwhile.

    def settings_changed(self, before: Settings) -> None:
        """Take over what the settings say of this studio; one they no longer name goes on."""
        super().settings_changed(before)
        if self.info.demo:
            return
        try:
            info = self.nimble.studios.info(self.info.name)
        except StudioError:
            return
        if info != self._set:
            self._outdated = self._outdated or _reach(info) != _reach(self._set)
            self._set = self.info = info
            self.known(info)

    def reopen_if_outdated(self) -> None:
        """Open the studio anew the way the settings say now, once nothing is under way."""
        if self._outdated and not self.looking and not self.is_busy():
            self._outdated = False
            self.close()
            self.connect()

    # What the screens built on this know.

    @abstractmethod
    def is_busy(self) -> bool:
        """Return whether an answer is waited for that must not get lost."""

    @abstractmethod
    def look(self, *, for_me: bool = False) -> None:
        """Look at the studio now."""

    @abstractmethod
    def failed(self, error: StudioError) -> None:
        """Note that the studio could not be seen."""

    def known(self, info: StudioInfo) -> None:
        """Say where this is and who the artist is there."""


def _reach(info: StudioInfo) -> StudioInfo:
    """Return what decides how a studio is reached; how it looks does not."""
    return replace(info, display_name="", accent=None)
