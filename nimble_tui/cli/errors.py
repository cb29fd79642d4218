"""Every failure as sentences on stderr and an exit code."""

import shutil
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nimble_tui.cli import exit_codes
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.config.settings import SettingsError
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.core.text import clean, in_lines

_CODES = {
    ErrorKind.NOT_SIGNED_IN: exit_codes.NOT_SIGNED_IN,
    ErrorKind.UNREACHABLE: exit_codes.UNREACHABLE,
    ErrorKind.REFUSED: exit_codes.REFUSED,
    ErrorKind.DENIED: exit_codes.REFUSED,
    ErrorKind.SETTINGS: exit_codes.USAGE,
}


@dataclass
class Ending:
    """The outcome of a command."""

    code: int = exit_codes.DONE


@contextmanager
def report_errors() -> Iterator[Ending]:
    """Report what a command raises as sentences, and set its exit code."""
    ending = Ending()
    try:
        yield ending
    except Stop as stop:
        say(*stop.sentences)
        ending.code = stop.code
    except StudioError as error:
        say(error.message)
        ending.code = code_of(error.kind)
    except SettingsError as error:
        say("Settings errors:", *error.problems)
        ending.code = exit_codes.USAGE
    except ImportError:
        say("nimble-tui was updated while this command ran. Run it again.")
        ending.code = exit_codes.FAILED
    except OSError:
        raise  # it may be stdout itself, which is main's to see to
    except Exception as error:  # noqa: BLE001 - a traceback says nothing to an artist
        # Its own words may hold anything, a secret even: where it happened is enough to find it.
        last = traceback.extract_tb(error.__traceback__)[-1]
        say(
            f"Internal error; please report: {type(error).__name__} in {Path(last.filename).name}, "
            f"line {last.lineno}."
        )
        ending.code = exit_codes.FAILED


@contextmanager
def note_interrupt(name: str) -> Iterator[None]:
    """Say, when a request about `name` is interrupted, that it may have been sent."""
    try:
        yield
    except KeyboardInterrupt:
        say(f"{name}: the request may have been sent. Check with nimble-tui sessions.")
        raise


def code_of(kind: ErrorKind) -> int:
    """Return the exit code of an error's kind."""
    return _CODES.get(kind, exit_codes.FAILED)


def say(*sentences: str) -> None:
    """Print sentences on stderr, wrapped at words on a terminal."""
    width = shutil.get_terminal_size().columns if sys.stderr.isatty() else 0
    for sentence in sentences:
        for line in sentence.splitlines() or [""]:
            indent = " " * (len(line) - len(line.lstrip(" ")))
            text = indent + clean(line, 4096)
            print(in_lines(text, width) if width else text, file=sys.stderr)
