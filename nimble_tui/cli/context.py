"""What every command begins with: the settings, the studios, and which of them is meant."""

import difflib
import shlex
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nimble_tui.cli import exit_codes
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.prompting import prompt_if_possible
from nimble_tui.cli.studios import ConfiguredStudios, NoKeyringError
from nimble_tui.config.loading import load
from nimble_tui.config.paths import config_file
from nimble_tui.core.lookup import composed
from nimble_tui.core.service import DEMO, DEMO_AS, StudioService, is_demo
from nimble_tui.core.text import clean

if TYPE_CHECKING:
    from nimble_tui.config.settings import Settings


def settings_for(words: Namespace) -> "Settings":
    """Return the settings; the demo looks at none of the studios in them."""
    return load(config_file(), with_studios=not wants_demo(words))


def log_file(words: Namespace, settings: "Settings") -> Path | None:
    """Return the file that calls are logged to: the one of the words, else of the settings."""
    named = words.log or settings.log
    return Path(named).expanduser().absolute() if named else None


def studios_for(words: Namespace, settings: "Settings") -> ConfiguredStudios:
    """Return the studios as a command has them: with the person at the terminal, and its log."""
    studios = ConfiguredStudios(settings, prompt=prompt_if_possible())
    studios.log_to(log_file(words, settings), say)
    return studios


def wants_demo(words: Namespace) -> bool:
    """Return whether the demo is meant; Stop when a studio is meant too."""
    if words.demo and words.studio is not None and not is_demo(words.studio):
        raise Stop(exit_codes.USAGE, "Give --demo or --studio, not both.")
    if seen_as(words) and not (words.demo or words.studio == DEMO):
        raise Stop(exit_codes.USAGE, "--as says who you are in the demo studio; add --demo.")
    return bool(words.demo) or is_demo(words.studio or "")


def seen_as(words: Namespace) -> str:
    """Return as whom the demo is to be seen; empty for the artist whose demo it is."""
    # The parser leaves it out where it was not given.
    return str(getattr(words, "as", "") or "")


def chosen(words: Namespace, settings: "Settings", last: str = "") -> str | None:
    """Return the name of the studio that is meant: `last`, else the first, where none is named.

    None when there is none at all; Stop when there is none of that name.
    """
    if wants_demo(words):
        who = seen_as(words)
        return f"{DEMO_AS}{who}" if who else words.studio or DEMO
    names = [studio.name for studio in settings.studios]
    if words.studio is None:
        return last if last in names else names[0] if names else None
    meant = next((one for one in names if composed(one) == composed(words.studio)), None)
    if meant is None:
        near = difflib.get_close_matches(words.studio[:64], names, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        have = f" You have: {', '.join(names)}." if names and not near else ""
        raise Stop(
            exit_codes.USAGE,
            f"There is no studio {clean(words.studio, 64)} in your settings.{hint}{have}",
        )
    return meant


def need_studio(words: Namespace, settings: "Settings") -> str:
    """Return the name of the studio that is meant; Stop when there is none."""
    name = chosen(words, settings)
    if name is None:
        raise Stop(
            exit_codes.NOT_SIGNED_IN,
            "You are not signed in to any studio; run nimble-tui login, or add --demo to try the "
            "demo studio.",
        )
    return name


def again(words: Namespace, command: str) -> str:
    """Return a command line to be tried next, about the studio that was meant now."""
    who = f" --as {shlex.quote(seen_as(words))}" if seen_as(words) else ""
    which = (
        f"--demo{who}" if wants_demo(words) else f"--studio {words.studio}" if words.studio else ""
    )
    return f"nimble-tui {command} {which}".rstrip()


@contextmanager
def opened(words: Namespace) -> Iterator[tuple["Settings", StudioService]]:
    """Open the studio that is meant, and close it at the end.

    The person at the terminal is prompted for keys that no keyring can hold, and for what an AWS
    profile needs to know.
    """
    settings = settings_for(words)
    name = need_studio(words, settings)
    studios = studios_for(words, settings)
    try:
        service = _open(studios, name)
        try:
            yield settings, service
        finally:
            service.close()
    finally:
        studios.close()


def _open(studios: ConfiguredStudios, name: str) -> StudioService:
    from nimble_tui.cli import terminal

    try:
        return studios.open(name)
    except NoKeyringError:
        if not terminal.can_ask():
            raise
    from nimble_tui.cli.asking import ask_keys

    studio = studios.settings_of(name)
    studios.remember(studio, ask_keys(studio))
    return studios.open(name)
