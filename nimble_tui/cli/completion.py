"""Shell completion of the command line, by argcomplete."""

import os
import re
import sys
from argparse import Action, ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from contextlib import suppress

from argcomplete import io
from argcomplete.completers import BaseCompleter
from argcomplete.finders import ExclusiveCompletionFinder
from argcomplete.lexers import split_line
from argcomplete.shell_integration import shellcode

from nimble_tui.cli import exit_codes
from nimble_tui.core.lookup import folded

_PROGRAM = "nimble-tui"
_OUTPUT = 8
"""The file descriptor that argcomplete's shell code reads."""

# Characters that argcomplete leaves as they are, though a shell gives them a meaning: tildes,
# comments and zsh's extended globs. Those within an open quote cannot be escaped there: bash
# expands what it is given once more, and a ! recalls a command.
_UNESCAPED = re.compile(r"^=|[~#^]")
_QUOTES = {"'": re.compile("'"), '"': re.compile(r'(?<!\\)"')}
_ESCAPED = re.compile(r'\\([$`"\\])')
_IMPOSSIBLE = {"'": "*?[", '"': "*?[!"}


def print_script(args: Namespace) -> int:
    """Print the code that lets a shell complete the words of this program."""
    print(shellcode([_PROGRAM], shell=args.shell, complete_arguments=["-o", "nospace"]), end="")
    return exit_codes.DONE


def complete(new_parser: Callable[[Sequence[str]], ArgumentParser]) -> int:
    """Write the completions of the line that argcomplete's shell code puts into the environment.

    `new_parser` returns the parser that some words need. Ends with SystemExit; a failure writes
    nothing and returns an exit code.
    """
    file = os.environ.get("_ARGCOMPLETE_STDOUT_FILENAME", _OUTPUT)
    with suppress(Exception), open(file, "w", encoding=sys.stdout.encoding) as output:  # noqa: PTH123 - or a number
        before = _words_before()
        _Finder()(
            new_parser([*before, ""]),
            always_complete_options=False,
            exit_method=sys.exit,
            output_stream=output,
            validator=lambda text, prefix: folded(text).startswith(folded(prefix)),
            default_completer=_Names(),
        )
    return exit_codes.FAILED


def _words_before() -> list[str]:
    """Return the words of our own command before the one to complete.

    zsh hands over all of its line, so argcomplete needs to know where our command begins.
    """
    args = split_line(_typed())[3]
    ours = [at for at, word in enumerate(args) if word.endswith(_PROGRAM)]
    start = ours[-1] if ours and ours[0] else 0
    os.environ["_ARGCOMPLETE"] = str(start + 1)
    return args[start + 1 :]


class _Names(BaseCompleter):
    """Completes the values of arguments."""

    def __call__(
        self, *, prefix: str, action: Action, parser: ArgumentParser, parsed_args: Namespace
    ) -> dict[str, str]:
        """Return the possible values, each with a description."""
        del parser
        from nimble_tui.cli.completion_names import beginning

        return beginning(prefix, action.dest, parsed_args)


class _Finder(ExclusiveCompletionFinder):
    """Finds completions, and quotes them for the shell."""

    def _init_debug_stream(self) -> None:
        io.debug_stream = sys.stderr

    def collect_completions(
        self, active_parsers: list[ArgumentParser], parsed_args: Namespace, cword_prefix: str
    ) -> list[str]:
        """Return the completions of a word, which argcomplete calls `cword_prefix`."""
        del cword_prefix
        return super().collect_completions(active_parsers, parsed_args, _word()[1])

    def filter_completions(self, completions: list[str]) -> list[str]:
        """Return each once, in time that does not grow with the square of their number."""
        return [text for text in dict.fromkeys(completions) if text != "-h"]

    def quote_completions(
        self, completions: list[str], cword_prequote: str, last_wordbreak_pos: int | None
    ) -> list[str]:
        """Return the completions quoted for the shell, without those that it cannot quote."""
        shell = os.environ.get("_ARGCOMPLETE_SHELL")
        if shell == "bash" and cword_prequote:
            # It replaces what stands after the quote, where that was opened within the word too.
            quoted_part = _QUOTES[cword_prequote].split(_typed())[-1]
            if cword_prequote == '"':
                quoted_part = _ESCAPED.sub(r"\1", quoted_part)
            begun = len(_word()[1]) - len(quoted_part)
            impossible = set(_IMPOSSIBLE[cword_prequote])
            completions = [text[begun:] for text in completions if not impossible & set(text)]
        shown = self._display_completions
        quoted = super().quote_completions(completions, cword_prequote, last_wordbreak_pos)
        if shell == "fish" or cword_prequote:
            return quoted
        escaped = {_UNESCAPED.sub(r"\\\g<0>", text): shown.get(text, "") for text in quoted}
        shown.update(escaped)
        return list(escaped)


def _typed() -> str:
    return os.environ["COMP_LINE"][: int(os.environ["COMP_POINT"])]


def _word() -> tuple[str, str]:
    """Return the open quote at the end of the word to complete, and the word's text."""
    quote, word, *_ = split_line(_typed())
    # argcomplete takes a backslash before these for a part of the word.
    return quote, re.sub(r"\\([$`])", r"\1", word) if quote == '"' else word
