"""Applies settings that change while the app runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.config.settings import SettingsError
from nimble_tui.tui import theme
from nimble_tui.tui.nimble_screen import NimbleScreen
from nimble_tui.view import notices

if TYPE_CHECKING:
    from collections.abc import Callable

    from nimble_tui.config.settings import Settings
    from nimble_tui.core.clock import Clock
    from nimble_tui.tui.theming import ThemedApp

_EVERY = 2.0
_NAMES = {
    "theme": "theme",
    "refresh": "refresh interval",
    "keys": "keys",
    "notify": "terminal notifications",
    "log": "log",
    "mouse": "mouse",
    "prices": "prices",
    "studios": "studios",
}


class SettingsWatcher:
    """Checks every few seconds for changed settings; invalid ones leave the settings unchanged.

    `new_settings` returns changed settings, else None; it raises SettingsError, once, when they
    become invalid.
    """

    def __init__(
        self, app: ThemedApp, clock: Clock, new_settings: Callable[[], Settings | None] | None
    ) -> None:
        self._app = app
        self._clock = clock
        self._new_settings = new_settings
        self._seen_at = 0.0
        self._signed_in = False

    def poll(self) -> None:
        """Check for changes, every few seconds at most."""
        now = self._clock.monotonic()
        if self._new_settings is None or now - self._seen_at < _EVERY:
            return
        self._seen_at = now
        try:
            new = self._new_settings()
        except SettingsError as error:
            self._app.show_toast(notices.of_wrong_settings(error.problems))
        else:
            if new is not None:
                self._apply(new)

    def signed_in(self) -> None:
        """Note that the app itself is about to add a studio to the settings."""
        self._signed_in = True

    def _apply(self, new: Settings) -> None:
        app = self._app
        before, app.settings = app.settings, new
        if new.theme != before.theme:
            app.use_theme(theme.full_name(new.theme))
            app.ui_state.change(theme="", theme_over="")
        if new.mouse != before.mouse:
            _use_mouse(app, enabled=new.mouse)
        if new.keys != before.keys:
            app.set_keymap(dict(new.keys))
        for screen in app.screen_stack:
            if isinstance(screen, NimbleScreen):
                screen.settings_changed(before)
        changed = _changed(before, new)
        own = self._signed_in and changed == (_NAMES["studios"],)
        self._signed_in = False
        if changed and not own:
            app.show_toast(notices.of_settings(changed))


def _use_mouse(app: ThemedApp, *, enabled: bool) -> None:
    """Use the mouse, or leave it to the terminal; on Windows from the next start on."""
    driver = app._driver  # noqa: SLF001 - Textual has no other way
    if driver is not None and hasattr(driver, "use_mouse"):
        driver.use_mouse(enabled=enabled)


def _changed(before: Settings, after: Settings) -> tuple[str, ...]:
    """Return the names of changed settings, for the notification."""
    return tuple(
        words for name, words in _NAMES.items() if getattr(before, name) != getattr(after, name)
    )
