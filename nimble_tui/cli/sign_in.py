"""login and logout."""

from argparse import Namespace
from contextlib import closing

from nimble_tui.cli import exit_codes, terminal
from nimble_tui.cli.context import need_studio, settings_for, studios_for, wants_demo
from nimble_tui.cli.credential_prompts import ask_invite, read_invite
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.studios import ConfiguredStudios
from nimble_tui.config.fields import STUDIO_NAME
from nimble_tui.core.text import clean


def login(args: Namespace) -> int:
    """Take an invite, check it with the studio, and store its keys and settings.

    It is prompted for, or read from a pipe with --stdin; never an argument, which others can see.
    """
    if wants_demo(args):
        raise Stop(exit_codes.USAGE, "The demo studio needs no sign-in; run nimble-tui --demo.")
    if args.studio is not None and not STUDIO_NAME.fullmatch(args.studio):
        raise Stop(
            exit_codes.USAGE,
            "A studio's name has at most 32 lower-case letters, digits and hyphens.",
        )
    if not args.stdin:
        terminal.need_terminal("run nimble-tui login in a terminal, or add --stdin to a pipe.")
    studios = studios_for(args, settings_for(args))
    invite = read_invite() if args.stdin else ask_invite()
    say("Checking with the studio…")
    done = studios.sign_in(invite, args.studio)
    say(*done.notes)
    who = clean(invite.display_name) or "you"
    if studios.is_only_in_memory(done.name):
        say(
            "Signed in, but no keyring is available, so commands will ask for your access keys "
            "each time."
        )
        return exit_codes.NOT_SIGNED_IN
    first = "Change that, then run" if done.notes else "To begin, run"
    say(f"Signed in to {done.name} as {who}. {first}: nimble-tui --studio {done.name}")
    return exit_codes.DONE


def logout(args: Namespace) -> int:
    """Remove a studio's keys and lists."""
    settings = settings_for(args)
    name = need_studio(args, settings)
    with closing(ConfiguredStudios(settings)) as studios:
        studios.sign_out(name)
    say(f"Signed out of {name}. Workstations are not affected.")
    return exit_codes.DONE
