"""The command line's parser, built from its grammar."""

import argparse
import textwrap
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any, NoReturn

from nimble_tui.cli import exit_codes
from nimble_tui.cli.grammar import COMMANDS, COMMON, GROUPS, VERSION
from nimble_tui.cli.syntax import DATA, DEMO, Argument, Command

_VALUED = {one.name for one in COMMON if one.takes_value}
_WIDEST = max(len(name) for name in COMMANDS)


class _Help(argparse.HelpFormatter):
    """Breaks no word, such as ami-local, at its hyphen."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return textwrap.wrap(text, width, break_on_hyphens=False)


class _Parser(argparse.ArgumentParser):
    """Accepts unabbreviated options only, and prints no control characters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, add_help=False, **options)

    def error(self, message: str) -> NoReturn:
        """End with the usage and a message."""
        from nimble_tui.core.text import clean

        super().error(clean(message))


def new_parser(argv: Sequence[str] | None = None) -> argparse.ArgumentParser:
    """Return the parser; its result has a `run`, as `Command` has.

    One for `argv` alone knows no command but the one named there, or none where none is, which is
    quicker to make.
    """
    parser = _Parser(
        prog="nimble-tui",
        usage="%(prog)s [--version] [--demo [--as USER]] [--studio NAME] [--log FILE]\n"
        "                  [COMMAND ...]",
        description="Manage your cloud workstations. Without a command, it opens the app.",
        epilog=_overview(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[_common(COMMON)],
    )
    _add(parser, [VERSION])
    parser.set_defaults(run="app:open_app", demo=False, studio=None, log=None)
    # The overview lists them by group.
    names = parser.add_subparsers(metavar="COMMAND", help=argparse.SUPPRESS, prog="nimble-tui")
    for command in _meant(argv):
        _add_command(names, command, COMMON)
    return parser


def _add_command(
    names: "argparse._SubParsersAction[Any]", command: Command, common: Sequence[Argument]
) -> None:
    common = common if command.common is None else command.common
    # Made for each parser, since `set_defaults` also changes the options of its parents.
    parser = names.add_parser(
        command.name,
        help=command.what,
        description=command.what,
        epilog=_more(command, common),
        formatter_class=_Help,
        parents=[_common(common)],
    )
    if command.run:
        parser.set_defaults(run=command.run, **command.fixed)
    _add(parser, command.words)
    if not command.parts:
        return
    parts = parser.add_subparsers(
        metavar="COMMAND", title="commands", prog=parser.prog, required=not command.run
    )
    for part in command.parts:
        _add_command(parts, part, common)


def _more(command: Command, common: Sequence[Argument]) -> str:
    """Return what a command's help ends with."""
    if not any(word.name == DATA.name for word in command.words):
        return command.more
    ways = "--config, --data or --demo" if DEMO in common else "--config or --data"
    return f"{command.more} Say which studio with {ways}.".strip()


def _meant(argv: Sequence[str] | None) -> Iterable[Command]:
    """Return the command named by the arguments; all if there is no such command."""
    if argv is None:
        return COMMANDS.values()
    named = [
        word
        for last, word in pairwise(["", *argv])
        if not word.startswith("-") and last not in _VALUED
    ]
    if not named:
        return ()
    command = COMMANDS.get(named[0])
    return [command] if command else COMMANDS.values()


def _overview() -> str:
    """Return all commands by group, one per line, and the exit codes."""
    groups = (
        "\n".join([f"{title}:", *(f"    {one.name:<{_WIDEST}}  {one.what}" for one in group)])
        for title, group in GROUPS
    )
    more = "Run nimble-tui COMMAND --help for details."
    return "\n\n".join([*groups, more, exit_codes.HELP])


def _common(listed: Iterable[Argument]) -> _Parser:
    """Return a parser of the common options, of which the help lists some."""
    # Taken before a command and after it; suppressed, so that the one does not undo the other.
    common = _Parser(argument_default=argparse.SUPPRESS)
    common.add_argument("-h", "--help", action="help", help="Show this help")
    names = {one.name: one for one in listed}
    _add(common, (names.get(one.name) or one._replace(help=argparse.SUPPRESS) for one in COMMON))
    return common


def _add(parser: argparse.ArgumentParser, args: Iterable[Argument]) -> None:
    for word in args:
        options: dict[str, Any] = {"help": word.help}
        if not word.takes_value:
            options["action"] = "store_true"
        else:
            options |= {"type": _taking(word.parse)}
            options |= {"metavar": word.metavar} if word.metavar else {}
            options |= {"choices": word.choices} if word.choices else {}
            options |= {"default": word.default} if word.default is not None else {}
            options |= {"nargs": "?"} if word.optional else {}
            if word.many:
                options |= {"action": "append"} if word.is_option else {"nargs": "+"}
            options |= {"required": True} if word.required else {}
        parser.add_argument(word.name, **options)


def _taking(parse: Callable[[str], object]) -> Callable[[str], object]:
    def take(text: str) -> object:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return take
