"""The part of the app that applies themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.tui import theme
from nimble_tui.tui.toasts import ToastApp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.filter import LineFilter

    from nimble_tui.config.settings import Settings
    from nimble_tui.workspace.ui_state import UiStateFile


class ThemedApp(ToastApp):
    """Uses the theme of the settings, the one chosen by key, or that for few colours."""

    settings: Settings
    ui_state: UiStateFile
    _limits: tuple[LineFilter, ...] = ()

    def begin_theme(self) -> None:
        """Use the first theme."""
        for one in theme.THEMES:
            self.register_theme(one)
        self._begin_with(theme.chosen(self.settings.theme, self.ui_state.state))

    def _begin_with(self, name: str) -> None:
        # Not by assignment, which would compute all styles twice at the start.
        self.set_reactive(ThemedApp.theme, name)
        self.stylesheet.set_variables(self.get_css_variables())

    def limit_colours(self) -> None:
        """Use only the theme for terminals of sixteen colours; called before the first frame."""
        from nimble_tui.tui import sixteen_colours

        self.register_theme(sixteen_colours.THEME)
        self._begin_with(sixteen_colours.THEME.name)
        self._limits = (sixteen_colours.NoBoldBlack(),)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return the filters of lines before they are drawn."""
        return [*super().get_line_filters(), *self._limits]

    def use_theme(self, name: str) -> None:
        """Use the theme with this registered name, unless the terminal has too few colours."""
        if not self._limits:
            self.theme = name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return our own colours for themes that do not define them."""
        return dict(theme.DARK.variables)

    def action_theme(self) -> None:
        """Change to the next theme."""
        if self._limits:
            self.notify("This terminal has 16 colours; only one theme supports that.")
            return
        self.theme = theme.following(self.theme)
        self.ui_state.change(theme=self.theme, theme_over=theme.full_name(self.settings.theme))
        self.notify(f"{self.theme.removeprefix(theme.PREFIX)}", title="Theme", timeout=2)
