"""The words of the command line."""

import argparse
from typing import TYPE_CHECKING, Any, Final, NoReturn

from nimble_tui.cli import commands, exit_codes

if TYPE_CHECKING:
    from nimble_tui.cli.commands import Command

_SESSION: Final = "its id, the beginning of it, its last four characters, or its name"


class _Parser(argparse.ArgumentParser):
    """Takes whole options only, and shows no character that steers a terminal."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """End with the usage and a message."""
        from nimble_tui.core.text import clean

        super().error(clean(message))


def new_parser() -> argparse.ArgumentParser:
    """Return the parser; what it parses has a `run`, which takes it and returns an exit code."""
    parser = _Parser(
        prog="nimble-tui",
        description="Look after your cloud workstation. Without a command it opens the app.",
        epilog=exit_codes.HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[_which_studio()],
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    parser.set_defaults(run=commands.app, demo=False, studio=None)
    words = parser.add_subparsers(title="commands", metavar="COMMAND", prog="nimble-tui")

    def add(name: str, run: "Command", what: str, *, json: bool = False) -> argparse.ArgumentParser:
        one = words.add_parser(name, help=what, description=what, parents=[_which_studio()])
        one.set_defaults(run=run)
        if json:
            one.add_argument("--json", action="store_true", help="print JSON")
        return one

    sessions = add("sessions", commands.sessions, "List your workstations.", json=True)
    sessions.add_argument("--all", action="store_true", help="list deleted ones too")
    add("profiles", commands.profiles, "List the launch profiles you may use.", json=True)
    for name, what in (
        ("stop", "Stop a workstation and keep its disk."),
        ("start", "Start a stopped workstation again."),
        ("delete", "Delete a workstation and its disk for good."),
    ):
        act = add(name, commands.act, what, json=True)
        act.set_defaults(action=name)
        act.add_argument("session", metavar="SESSION", help=_SESSION)
        act.add_argument("--wait", action="store_true", help="return when it is done")
        act.add_argument("--yes", action="store_true", help="ask nothing")
    add("login", commands.login, "Sign in to a studio with your invite.")
    add("logout", commands.logout, "Forget a studio's keys on this computer.")
    add("whoami", commands.whoami, "Say which studio, who you are, where your keys are.", json=True)
    add("doctor", commands.doctor, "Find out what is wrong, and how to mend it.")
    demo = add("demo", commands.demo_reset, "Look after the demo studio.")
    demo.add_argument("what", choices=["reset"], help="reset: start it anew")
    _add_studio(add("studio", commands.serve, "Run a studio on this computer."))
    return parser


def _add_studio(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["serve"], help="serve: run it until ctrl+c")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=_port, default=0, help="the port; 0: any that is free")
    parser.add_argument("--data", metavar="FILE", help="keep it in this file; else in memory")
    parser.add_argument(
        "--speed",
        type=_speed,
        default=1.0,
        metavar="X",
        help="how much faster machines start and stop",
    )
    parser.add_argument(
        "--sessions", type=_count, metavar="N", help="give the artist N workstations"
    )


def _which_studio() -> _Parser:
    # Taken before a command and after it; suppressed, so that the one does not undo the other.
    which = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    which.add_argument("--demo", action="store_true", help="use the demo studio on this computer")
    which.add_argument("--studio", metavar="NAME", help="use this studio of your settings")
    return which


def _port(text: str) -> int:
    if text.isdecimal() and int(text) <= 65_535:
        return int(text)
    raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if 0 < speed <= 1_000_000:
        return speed
    raise argparse.ArgumentTypeError("a speed is a number above 0, such as 10")


def _count(text: str) -> int:
    if text.isdecimal() and int(text) <= 100_000:
        return int(text)
    raise argparse.ArgumentTypeError("a count is a number from 0 to 100000")
