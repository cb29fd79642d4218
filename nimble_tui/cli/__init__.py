"""The command line: parses the arguments, runs the command, prints its result."""

import atexit
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module

from nimble_tui.core.stdio import flush_or_drop


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; only the result goes to stdout."""
    # The start is imports, which leave nothing to collect; and the objects that exist at the end
    # go with the process, without a last collection.
    gc.set_threshold(100_000)
    atexit.register(gc.freeze)
    from nimble_tui.cli import exit_codes

    try:
        _open_what_is_closed()
        _never_fail_on_a_character()
        code = _run(argv)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return exit_codes.INTERRUPTED
    except BrokenPipeError:
        return exit_codes.BROKEN_PIPE
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        with suppress(OSError):  # nor may there be room for this
            print(f"Error: {where}{error.strerror or error}.", file=sys.stderr)
        return exit_codes.FAILED
    finally:
        flush_or_drop(sys.stdout)
        flush_or_drop(sys.stderr)
    return code


def _run(argv: Sequence[str] | None) -> int:
    argv = sys.argv[1:] if argv is None else list(argv)
    try:
        from nimble_tui.cli.parser import new_parser

        if "_ARGCOMPLETE" in os.environ:  # set by the shell code of `completion`, at every tab
            from nimble_tui.cli.completion import complete

            return complete(new_parser)
        args = new_parser(argv).parse_args(argv)
    except SystemExit as end:  # --help, or words that cannot be, or completed
        return end.code if isinstance(end.code, int) else 0
    if args.version:
        from nimble_tui.cli.output import version

        print(f"nimble-tui {version()}")
        return 0
    from nimble_tui.cli.errors import report_errors

    with report_errors() as ending:
        module, _, function = args.run.partition(":")
        ending.code = getattr(import_module(f"nimble_tui.cli.{module}"), function)(args)
    return ending.code


def _open_what_is_closed() -> None:
    # A job can start without its streams, and the next opened file would become one of them.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))


def _never_fail_on_a_character() -> None:
    # A terminal that cannot write a character gets a question mark in its place.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
