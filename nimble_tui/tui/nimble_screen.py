"""The base of all full screens: their actions, and a message if the terminal is too small."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from nimble_tui.core.actions import BY_ID
from nimble_tui.tui.commands import Offer, label
from nimble_tui.tui.dismiss_once import DismissOnce

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nimble_tui.config.settings import Settings
    from nimble_tui.core.service import StudioInfo


class NimbleScreen(DismissOnce[None]):
    """A full screen with its actions; a too small terminal shows a message instead."""

    PAGE: ClassVar[str] = ""
    """Its name in the registry of actions."""
    OFFERED: ClassVar[tuple[str, ...]] = ()

    _lost_focus: Widget | None = None

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - as Textual declares it
        (0, "-tiny-width"),
        (36, "-narrow"),
        (60, "-normal"),
        (110, "-wide"),
        (160, "-very-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - as Textual declares it
        (0, "-tiny-height"),
        (10, "-low"),
        (20, "-middle"),
        (30, "-high"),
    ]

    def watch_focused(self, before: Widget | None, after: Widget | None) -> None:
        """Move the focus on if the focused widget is hidden, as by a smaller window."""
        if after is not None:
            self._lost_focus = None
        elif before is not None and self.app.app_focus:
            self._lost_focus = before
            self.call_later(self.restore_focus)

    def restore_focus(self) -> None:
        """Return the focus to the widget that lost it, or to another visible one."""
        lost = self._lost_focus
        if self.focused is None and lost is not None and (shown := self.focus_chain):
            self.set_focus(lost if lost in shown else shown[-1])

    def offers(self) -> Iterable[Offer]:
        """Return the actions that this screen offers now."""
        return map(self.offer, self.OFFERED)

    def offer(self, name: str) -> Offer:
        """Return an action as offered by this screen."""
        action = BY_ID[name]
        return Offer(action, label(action, self.nimble.keys), self.refusal_reason(name))

    async def run_offered(self, action: str) -> None:
        """Run an offered action, as if its key had been pressed."""
        here = hasattr(self, f"action_{action}")
        await self.app.run_action(action, self if here else self.app)

    def moves(self) -> Iterable[tuple[str, str]]:
        """Return the navigation keys, which no setting changes, with their effect."""
        return (("↑ ↓", "Move"), ("enter", "Choose"))

    @property
    def at(self) -> StudioInfo | None:
        """The shown studio, if any."""
        return None

    def settings_changed(self, before: Settings) -> None:
        """Apply reloaded settings; `before` are the previous ones."""

    def refusal_reason(self, action: str) -> str | None:  # noqa: ARG002 - screens with rules need it
        """Return why an action would be refused now; None if it would not."""
        return None


class NoRoom(Widget):
    """The message in place of a screen that does not fit."""

    def render(self) -> str:
        """Return the message."""
        return "Make the window larger"

    def on_hide(self) -> None:
        """Restore the focus."""
        if isinstance(self.screen, NimbleScreen):
            self.screen.restore_focus()
