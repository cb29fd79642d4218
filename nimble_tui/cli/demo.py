"""demo reset, and studio serve."""

from argparse import Namespace
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from nimble_tui.cli import exit_codes
from nimble_tui.cli.demo_file import InUseError, in_use, remove
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.config import cache
from nimble_tui.config.paths import demo_file, journal_file
from nimble_tui.core.service import DEMO, DEMOS, StudioInfo


def reset(words: Namespace) -> int:
    """Remove the demo's data, so that it begins anew the next time it is opened."""
    from nimble_tui.client.journal.journal import Journal

    if words.studio not in {None, DEMO}:
        raise Stop(exit_codes.USAGE, "Only the demo studio can be started anew.")
    try:
        remove(demo_file())
    except InUseError:
        raise Stop(
            exit_codes.FAILED,
            "The demo is open in another window; quit it there (q), then run this again.",
        ) from None
    except OSError as error:
        raise Stop(
            exit_codes.FAILED, f"{demo_file()} cannot be removed: {error.strerror or error}."
        ) from None
    info = StudioInfo(DEMO, studio_id="", region="", principal_id="", demo=True)
    for name in DEMOS:
        cache.forget(replace(info, name=name))
    with closing(Journal(journal_file())) as journal:
        journal.forget(info)
    say("The demo studio begins anew the next time you open it.")
    return exit_codes.DONE


def serve(words: Namespace) -> int:
    """Serve the demo studio until it is told to stop."""
    from nimble_tui.studio.serve import serve as serve_studio

    if not words.demo:
        raise Stop(exit_codes.USAGE, "Only the demo studio can be served; add --demo.")
    if words.person:
        raise Stop(exit_codes.USAGE, "Serving a studio takes no name; say it without.")
    data = Path(words.data).absolute() if words.data else None
    options = {
        "host": words.host,
        "port": words.port,
        "speed": words.speed,
        "sessions": words.sessions,
    }
    if data is None or data.resolve() != demo_file().resolve():
        return serve_studio(data=data, **options)
    with in_use(data):
        return serve_studio(data=data, **options)
