"""Copying a text to the clipboard, with a notification of the result."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

from nimble_tui.desktop import clipboard
from nimble_tui.desktop.clipboard import Outcome

if TYPE_CHECKING:
    from textual.app import App

    from nimble_tui.tui.host import Host


def copy(app: App[None], text: str, what: str, *, secret: bool = False) -> None:
    """Copy a text to the terminal's clipboard; `what` begins the sentence of the notification.

    A `secret` is stored nowhere else. An empty text leaves the clipboard unchanged.
    """
    if not text:
        return
    # Textual pastes this into its own fields.
    app._clipboard = "" if secret else text  # noqa: SLF001
    if os.environ.get("TMUX"):
        host = cast("Host", app)
        host.tasks.start("copy", _by_tmux(app, host, text, what, secret=secret))
        return
    _write(app, text)
    app.notify(f"{what} copied, if your terminal allows it.", timeout=4)


def _write(app: App[None], text: str) -> None:
    if app._driver is not None:  # noqa: SLF001 - Textual writes there, too
        app._driver.write(clipboard.through(clipboard.osc52(text), os.environ))  # noqa: SLF001


async def _by_tmux(app: App[None], host: Host, text: str, what: str, *, secret: bool) -> None:
    match await host.context.call(clipboard.by_tmux, text, os.environ, secret=secret):
        case Outcome.SENT:
            app.notify(f"{what} copied, if your terminal allows it.", timeout=4)
        case Outcome.NO_CLIPBOARD:
            where = "Nothing is copied" if secret else f"{what} copied only in tmux"
            app.notify(_needed(where, clipboard.FEATURE), severity="warning")
        case Outcome.FAILED:
            _write(app, text)
            app.notify(_needed(f"{what} copied, if tmux allows it", clipboard.PASSTHROUGH))


def _needed(where: str, line: str) -> str:
    return f"{where}. To copy to your clipboard, add to ~/.tmux.conf: {line}"
