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
    """How a command ended."""

    code: int = exit_codes.DONE


@contextmanager
def report_errors() -> Iterator[Ending]:
    """Turn what a command raises into sentences and its exit code."""
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
        say("Your settings need mending:", *error.problems)
        ending.code = exit_codes.USAGE
    except ImportError:
        say("nimble-tui was updated while it ran; run the command again.")
        ending.code = exit_codes.FAILED
    except OSError:
        raise  # it may be stdout itself, which is main's to see to
    except Exception as error:  # noqa: BLE001 - a traceback says nothing to an artist
        # Its own words may hold anything, a secret even: where it happened is enough to find it.
        last = traceback.extract_tb(error.__traceback__)[-1]
        say(
            "nimble-tui made a mistake; please report this line: "
            f"{type(error).__name__} in {Path(last.filename).name}, line {last.lineno}."
        )
        ending.code = exit_codes.FAILED


@contextmanager
def note_interrupt(name: str) -> Iterator[None]:
    """Tell whoever interrupts a request about `name` that the studio may have taken it."""
    try:
        yield
    except KeyboardInterrupt:
        say(f"{name}: the studio may have been asked already; nimble-tui sessions tells how it is.")
        raise


def code_of(kind: ErrorKind) -> int:
    """Return the exit code of an error's kind."""
    return _CODES.get(kind, exit_codes.FAILED)


def say(*sentences: str) -> None:
    """Print sentences for the person, apart from the answer; a terminal gets whole words a line."""
    width = shutil.get_terminal_size().columns if sys.stderr.isatty() else 0
    for sentence in sentences:
        for line in sentence.splitlines() or [""]:
            indent = " " * (len(line) - len(line.lstrip(" ")))
            text = indent + clean(line, 4096)
            print(in_lines(text, width) if width else text, file=sys.stderr)
