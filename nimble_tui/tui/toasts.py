"""The part of the app that tells the artist something in passing, and takes it away again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual.app import App
from textual.notifications import Notification, Notify

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

    from nimble_tui.view.notices import Notice

_READ = 3.0  # seconds


class ToastApp(App[None]):
    """Tells notices; markup in them is never read, since what is told may be foreign."""

    def __init__(self) -> None:
        super().__init__()
        self._toasts: dict[str, Notification] = {}
        self._since: dict[str, float] = {}

    def show_toast(self, notice: Notice) -> None:
        """Tell the artist something in passing."""
        toast = Notification(
            notice.text, notice.title, notice.severity, notice.seconds, markup=False
        )
        if notice.about:
            self.remove_toast(notice.about)
            self._toasts[notice.about] = toast
            self._since[notice.about] = self.seconds()
        self.post_message(Notify(toast))

    def remove_toast(self, about: str) -> None:
        """Take away what was told last about something."""
        self._since.pop(about, None)
        toast = self._toasts.pop(about, None)
        if toast is not None:
            self._unnotify(toast)
            self.call_later(self._unnotify, toast)  # once more, if it was still to be shown

    def leave_read(self) -> None:
        """Take away what is said elsewhere too, and was there for long enough to be read."""
        for about, since in list(self._since.items()):
            if self.seconds() - since >= _READ:
                self.remove_toast(about)

    def seconds(self) -> float:
        """Return the seconds of a clock that nobody sets."""
        return time.monotonic()

    def shown_toasts(self) -> frozenset[str]:
        """Return what is told about right now."""
        for about in [about for about, toast in self._toasts.items() if toast.has_expired]:
            del self._toasts[about]
        return frozenset(self._toasts)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,  # noqa: ARG002 - what is told may be foreign
    ) -> None:
        """Tell the artist something."""
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=False)
