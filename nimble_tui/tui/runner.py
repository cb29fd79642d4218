"""Runs the app in a terminal, and returns its exit code."""

from __future__ import annotations

import asyncio
import gc
import shutil
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from nimble_tui.core.stdio import flush_or_drop
from nimble_tui.core.text import in_lines
from nimble_tui.tui.event_loop import new_event_loop

if TYPE_CHECKING:
    from nimble_tui.tui.app import NimbleApp

_WRITING_TIME = 0.3
_TURN = 0.0005


def run(app: NimbleApp) -> int:
    """Run the app until it ends, print the running workstations, and return the exit code.

    The code is 0 after a quit, 1 after a crash, 128 + n when signal n ended it.
    """
    # A full garbage collection blocks every key, with ten thousand workstations for a fifth of a
    # second each time; the app does it while it has no focus.
    gc.set_threshold(100_000, 1_000, 1_000)
    # A key must not wait while a worker reads a long list.
    sys.setswitchinterval(_TURN)
    if app.console.color_system == "standard":
        app.limit_colours()
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(app.run_async(mouse=app.settings.mouse))
    app.ui_state.finish(_WRITING_TIME)
    with suppress(ImportError, OSError):  # the app's files or the terminal may no longer exist
        if line := app.farewell:
            sys.stdout.write(f"{in_lines(line, shutil.get_terminal_size().columns)}\n")
    flush_or_drop(sys.stdout)
    return app.return_code or 0
