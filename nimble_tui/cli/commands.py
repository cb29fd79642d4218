"""Each command, brought in only when it runs: what one does not need, it does not wait for."""

from argparse import Namespace
from collections.abc import Callable

Command = Callable[[Namespace], int]


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


def serve(words: Namespace) -> int:
    """Run a studio."""
    from nimble_tui.cli.demo import serve as serve_studio

    return serve_studio(words)
