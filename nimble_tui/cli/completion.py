"""completion: the script that lets a shell complete the words of this command line."""

from argparse import Namespace
from importlib import resources

from nimble_tui.cli import exit_codes


def print_script(words: Namespace) -> int:
    """Print the script for a shell."""
    script = resources.files("nimble_tui.cli") / "shells" / f"nimble-tui.{words.shell}"
    print(script.read_text(encoding="utf-8"), end="")
    return exit_codes.DONE
