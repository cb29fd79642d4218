"""The app itself."""

import sys
from argparse import Namespace

from nimble_tui.cli import exit_codes
from nimble_tui.cli.context import chosen, settings_for
from nimble_tui.cli.exit_codes import Stop


def open_app(words: Namespace) -> int:
    """Open the app and return the code it ends with."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Stop(
            exit_codes.USAGE,
            "The app needs a terminal. Without one, nimble-tui sessions lists your workstations; "
            "nimble-tui --help names the rest.",
        )
    settings = settings_for(words)
    name = chosen(words, settings)

    from nimble_tui.cli.studios import ConfiguredStudios
    from nimble_tui.tui.app import NimbleApp
    from nimble_tui.tui.runner import run

    studios = ConfiguredStudios(settings)
    try:
        return run(NimbleApp(studios, settings, name))
    finally:
        studios.close()
