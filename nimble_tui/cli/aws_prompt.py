"""Prompts of an AWS profile at the terminal: one-time codes and credential programs."""

import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext

from nimble_tui.cli import terminal
from nimble_tui.cli.errors import say
from nimble_tui.core.text import clean


class TerminalPrompt:
    """Prompts at the terminal of this command; meant for its main thread."""

    def code(self, question: str) -> str:
        """Return the one-time code that the person types unseen."""
        return terminal.ask_hidden(f"{clean(question)} ")

    def run(self, program: Sequence[str]) -> tuple[int, bytes]:
        """Run a program in the terminal; return its exit code and what it printed on stdout."""
        # Most commands need no AWS profile.
        from nimble_tui.client.programs import Program

        say("The AWS profile runs its credential_process, which may prompt you:")
        unchanged = terminal.restored(sys.stdin.fileno()) if os.name == "posix" else nullcontext()
        with unchanged, Program(program, apart=False) as running:
            return running.answer()


def prompt_if_possible() -> TerminalPrompt | None:
    """Return who prompts; None without a terminal."""
    return TerminalPrompt() if terminal.can_ask() else None
