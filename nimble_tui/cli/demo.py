"""demo reset."""

from argparse import Namespace
from contextlib import closing
from dataclasses import replace

from nimble_tui.cli import exit_codes
from nimble_tui.cli.demo_file import InUseError, remove
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.config import cache
from nimble_tui.config.paths import demo_file, journal_file
from nimble_tui.core.service import DEMO, DEMOS, StudioInfo


def reset(args: Namespace) -> int:
    """Remove the demo's data, which resets it."""
    from nimble_tui.client.journal.journal import Journal

    if args.studio not in {None, DEMO}:
        raise Stop(exit_codes.USAGE, "Only the demo studio can be reset.")
    try:
        remove(demo_file())
    except InUseError:
        raise Stop(
            exit_codes.FAILED,
            "The demo is open in another window. Quit it there (q), then run this again.",
        ) from None
    except OSError as error:
        raise Stop(
            exit_codes.FAILED, f"Can't remove {demo_file()}: {error.strerror or error}."
        ) from None
    info = StudioInfo(DEMO, studio_id="", region="", principal_id="", demo=True)
    for name in DEMOS:
        cache.forget(replace(info, name=name))
    with closing(Journal(journal_file())) as journal:
        journal.forget(info)
    say("The demo studio will be reset when you next open it.")
    return exit_codes.DONE
