"""Each command, brought in only when it runs: what one does not need, it does not wait for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import Namespace

Command = Callable[["Namespace"], int]


def app(words: Namespace) -> int:
    """Open the app."""
    from nimble_tui.cli.app import open_app

    return open_app(words)


def sessions(words: Namespace) -> int:
    """List the workstations."""
    from nimble_tui.cli.lists import list_sessions

    return list_sessions(words)


def profiles(words: Namespace) -> int:
    """List the launch profiles."""
    from nimble_tui.cli.lists import list_profiles

    return list_profiles(words)


def act(words: Namespace) -> int:
    """Stop, start or delete a workstation."""
    from nimble_tui.cli.acting import act as act_on

    return act_on(words)


def watch(words: Namespace) -> int:
    """Tell each change."""
    from nimble_tui.cli.following import follow

    return follow(words)


def history(words: Namespace) -> int:
    """Tell what happened."""
    from nimble_tui.cli.past import tell_history

    return tell_history(words)


def backups(words: Namespace) -> int:
    """List the backups."""
    from nimble_tui.cli.backups import list_backups

    return list_backups(words)


def launch(words: Namespace) -> int:
    """Launch a workstation."""
    from nimble_tui.cli.launching import launch as launch_one

    return launch_one(words)


def connect(words: Namespace) -> int:
    """Open a workstation's screen."""
    from nimble_tui.cli.connecting import connect as connect_to

    return connect_to(words)


def keep(words: Namespace) -> int:
    """Put off a workstation's deletion."""
    from nimble_tui.cli.keeping import keep as keep_one

    return keep_one(words)


def rename(words: Namespace) -> int:
    """Rename a workstation."""
    from nimble_tui.cli.renaming import rename as rename_one

    return rename_one(words)


def eulas(words: Namespace) -> int:
    """List or accept licences."""
    from nimble_tui.cli.eulas import eulas as see_eulas

    return see_eulas(words)


def people(words: Namespace) -> int:
    """List the people."""
    from nimble_tui.cli.people.listing import list_people

    return list_people(words)


def change_people(words: Namespace) -> int:
    """Change who may do what."""
    from nimble_tui.cli.people.changes import change

    return change(words)


def run_plan(words: Namespace) -> int:
    """Let people into the studio or out of it."""
    from nimble_tui.cli.people.plans import run_plans

    return run_plans(words)


def keys(words: Namespace) -> int:
    """Show the keys."""
    from nimble_tui.cli.keys import show_keys

    return show_keys(words)


def completion(words: Namespace) -> int:
    """Print a script for a shell."""
    from nimble_tui.cli.completion import print_script

    return print_script(words)


def login(words: Namespace) -> int:
    """Sign in."""
    from nimble_tui.cli.signing_in import login as sign_in

    return sign_in(words)


def logout(words: Namespace) -> int:
    """Sign out."""
    from nimble_tui.cli.signing_in import logout as sign_out

    return sign_out(words)


def whoami(words: Namespace) -> int:
    """Say who one is."""
    from nimble_tui.cli.whoami import whoami as say_who

    return say_who(words)


def doctor(words: Namespace) -> int:
    """Look at everything that can be wrong."""
    from nimble_tui.cli.doctor import examine

    return examine(words)


def demo_reset(words: Namespace) -> int:
    """Start the demo anew."""
    from nimble_tui.cli.demo import reset

    return reset(words)


def serve_studio(words: Namespace) -> int:
    """Serve a studio."""
    from nimble_tui.cli.serving import serve

    return serve(words)


def studio_people(words: Namespace) -> int:
    """List a studio's people."""
    from nimble_tui.cli.studio_people import list_people

    return list_people(words)


def studio_invite(words: Namespace) -> int:
    """Invite a person."""
    from nimble_tui.cli.studio_people import invite_person

    return invite_person(words)


def studio_revoke(words: Namespace) -> int:
    """Revoke a person's keys."""
    from nimble_tui.cli.studio_people import revoke_keys

    return revoke_keys(words)


def studio_clock(words: Namespace) -> int:
    """Show or accept what the clock did."""
    from nimble_tui.cli.studio_clock import look_at_clock

    return look_at_clock(words)
