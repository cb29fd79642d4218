"""The part of the app that shows and removes notifications."""

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
    """Shows notifications; markup in them is never parsed, since the text may be foreign."""

    def __init__(self) -> None:
        super().__init__()
        self._toasts: dict[str, Notification] = {}
        self._since: dict[str, float] = {}

    def show_toast(self, notice: Notice) -> None:
        """Show a notification."""
        toast = Notification(
            notice.text, notice.title, notice.severity, notice.seconds, markup=False
        )
        if notice.about:
            self.remove_toast(notice.about)
            self._toasts[notice.about] = toast
            self._since[notice.about] = self.seconds()
        self.post_message(Notify(toast))

    def remove_toast(self, about: str) -> None:
        """Remove the notification about a subject."""
        self._since.pop(about, None)
        toast = self._toasts.pop(about, None)
        if toast is not None:
            self._unnotify(toast)
            self.call_later(self._unnotify, toast)  # again, if it had not been shown yet

    def leave_read(self) -> None:
        """Remove notifications shown for long enough to be read, if the text is elsewhere too."""
        for about, since in list(self._since.items()):
            if self.seconds() - since >= _READ:
                self.remove_toast(about)

    def seconds(self) -> float:
        """Return monotonic seconds."""
        return time.monotonic()

    def shown_toasts(self) -> frozenset[str]:
        """Return the subjects of the notifications shown now."""
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
        markup: bool = False,  # noqa: ARG002 - the text may be foreign
    ) -> None:
        """Show a notification with this text."""
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=False)
