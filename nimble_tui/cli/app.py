"""Opens the app."""

import os
import sys
from argparse import Namespace

from nimble_tui.cli import exit_codes
from nimble_tui.cli.context import chosen, log_file, settings_for, wants_demo
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.output import is_dumb
from nimble_tui.config.paths import config_file
from nimble_tui.config.settings import Settings, SettingsError
from nimble_tui.config.state import read_state
from nimble_tui.config.watching import SettingsWatch


def open_app(args: Namespace) -> int:
    """Open the app and return the code it ends with."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Stop(
            exit_codes.USAGE,
            "The app needs a terminal. Without one, list your workstations with nimble-tui "
            "sessions; for other commands, run nimble-tui --help.",
        )
    if is_dumb():
        raise Stop(
            exit_codes.USAGE,
            f"This terminal (TERM={os.environ['TERM']}) cannot show the app. List your "
            "workstations with nimble-tui sessions; for other commands, run nimble-tui --help.",
        )
    with_studios = not wants_demo(args)
    watch = SettingsWatch(config_file(), with_studios=with_studios)
    problem = None
    try:
        settings = settings_for(args)
    except SettingsError as error:
        # An editor can be in the middle of saving; the app loads the file once it is valid.
        settings, problem = Settings(), error
    if problem is None or wants_demo(args):
        name = chosen(args, settings, last=read_state().studio)
    else:
        name = None

    from nimble_tui.cli.studios import ConfiguredStudios
    from nimble_tui.tui.app import NimbleApp
    from nimble_tui.tui.last_resort import LastResort
    from nimble_tui.tui.runner import run
    from nimble_tui.view.notices import Notice

    studios = ConfiguredStudios(settings)

    def report(sentence: str) -> None:
        app.show_toast(Notice(sentence, "Log", "warning"))

    studios.log_to(log_file(args, settings), report)

    def new_settings() -> Settings | None:
        new = watch.poll()
        if new is not None:
            studios.log_to(log_file(args, new), report)
            if with_studios:
                studios.use(new)
        return new

    try:
        app = NimbleApp(
            studios,
            settings,
            name,
            new_settings=new_settings,
            problem=problem,
            last_resort=LastResort(),
            load_ahead=_load_ahead,
        )
        return run(app)
    finally:
        studios.close()


def _load_ahead() -> None:
    from nimble_tui.cli.preload import for_app

    for_app()
