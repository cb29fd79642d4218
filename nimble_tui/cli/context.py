"""The context of a command: its settings, its studios, and the chosen one."""

import difflib
import shlex
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nimble_tui.cli import exit_codes
from nimble_tui.cli.aws_prompt import prompt_if_possible
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.studios import ConfiguredStudios, NoKeyringError
from nimble_tui.config.loading import load
from nimble_tui.config.paths import config_file
from nimble_tui.core.lookup import composed
from nimble_tui.core.service import DEMO, DEMO_AS, StudioService, is_demo
from nimble_tui.core.text import clean

if TYPE_CHECKING:
    from nimble_tui.config.settings import Settings


def settings_for(args: Namespace) -> "Settings":
    """Return the settings; for the demo, without the studios in them."""
    return load(config_file(), with_studios=not wants_demo(args))


def log_file(args: Namespace, settings: "Settings") -> Path | None:
    """Return the log file, from the arguments or else from the settings."""
    named = args.log or settings.log
    return Path(named).expanduser().absolute() if named else None


def studios_for(args: Namespace, settings: "Settings") -> ConfiguredStudios:
    """Return the studios of a command, with its prompts and its log."""
    studios = ConfiguredStudios(settings, prompt=prompt_if_possible())
    studios.log_to(log_file(args, settings), say)
    return studios


def wants_demo(args: Namespace) -> bool:
    """Return whether the demo is requested; Stop if a studio is requested too."""
    if args.demo and args.studio is not None and not is_demo(args.studio):
        raise Stop(exit_codes.USAGE, "Use --demo or --studio, not both.")
    if demo_user(args) and not (args.demo or args.studio == DEMO):
        raise Stop(exit_codes.USAGE, "--as chooses the demo user; add --demo.")
    return bool(args.demo) or is_demo(args.studio or "")


def demo_user(args: Namespace) -> str:
    """Return the demo user; empty for the artist."""
    # The parser leaves it out where it was not given.
    return str(getattr(args, "as", "") or "")


def chosen(args: Namespace, settings: "Settings", last: str = "") -> str | None:
    """Return the chosen studio's name: by default `last`, else the first.

    None if there are no studios; Stop if there is none of that name.
    """
    if wants_demo(args):
        who = demo_user(args)
        return f"{DEMO_AS}{who}" if who else args.studio or DEMO
    names = [studio.name for studio in settings.studios]
    if args.studio is None:
        return last if last in names else names[0] if names else None
    meant = next((one for one in names if composed(one) == composed(args.studio)), None)
    if meant is None:
        near = difflib.get_close_matches(args.studio[:64], names, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        have = f" You have: {', '.join(names)}." if names and not near else ""
        raise Stop(
            exit_codes.USAGE,
            f"No studio named {clean(args.studio, 64)} in your settings.{hint}{have}",
        )
    return meant


def need_studio(args: Namespace, settings: "Settings") -> str:
    """Return the chosen studio's name; Stop if there is none."""
    name = chosen(args, settings)
    if name is None:
        raise Stop(
            exit_codes.NOT_SIGNED_IN,
            "No studio configured. Sign in with nimble-tui login, or add --demo to try the demo "
            "studio.",
        )
    return name


def again(args: Namespace, command: str) -> str:
    """Return a command line to try next, with the options of this one."""
    who = f" --as {shlex.quote(demo_user(args))}" if demo_user(args) else ""
    which = f"--demo{who}" if wants_demo(args) else f"--studio {args.studio}" if args.studio else ""
    return f"nimble-tui {command} {which}".rstrip()


@contextmanager
def opened(args: Namespace) -> Iterator[tuple["Settings", StudioService]]:
    """Open the chosen studio, and close it at the end.

    The person at the terminal is prompted for keys that no keyring can hold, and for what an AWS
    profile needs to know.
    """
    settings = settings_for(args)
    name = need_studio(args, settings)
    studios = studios_for(args, settings)
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
    from nimble_tui.cli.credential_prompts import ask_keys

    studio = studios.settings_of(name)
    studios.store_in_memory(studio, ask_keys(studio))
    return studios.open(name)
