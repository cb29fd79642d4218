"""complete: what a word of the command line may become, for a shell's completion.

It asks nobody: names of workstations and launch profiles are those last seen, and neither network
nor keyring nor anything else that takes time is touched.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from nimble_tui.cli import bash_words, exit_codes
from nimble_tui.cli.grammar import COMMANDS, VERSION, WHICH_STUDIO
from nimble_tui.cli.syntax import Command, Kind, Word
from nimble_tui.core.lookup import composed, folded
from nimble_tui.core.service import DEMO, DEMO_AS, is_demo

Answer = tuple[str, str]
"""A word, and what it is in few words."""

_HELP = Word("--help", "tell more")


@dataclass
class Line:
    """What the words before the one that is typed say."""

    command: Command | None = None
    studio: str | None = None
    given: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    due: Word | None = None


def complete(words: Sequence[str]) -> int:
    """Print the answers for a shell, one a line; whatever goes wrong, there are just none."""
    try:
        for line in _lines(*words):
            print(line)
    except Exception:  # noqa: BLE001 - a shell that completes a word has no use for a reason
        return exit_codes.FAILED
    return exit_codes.DONE


def answers(words: Sequence[str], current: str) -> list[Answer]:
    """Return what the word may become that comes after `words` and begins with `current`."""
    line = _read(words)
    if line is None:
        return []
    if line.due is not None:
        return list(_values(line.due, line))
    options = line.command.words if line.command else (VERSION,)
    if current.startswith("-"):
        return [
            (one.name, one.help)
            for one in (*options, *WHICH_STUDIO, _HELP)
            if one.is_option and (one.many or one.name not in line.used)
        ]
    if line.command is None:
        return [(one.name, one.what) for one in COMMANDS.values()]
    if line.command.parts and not line.given:
        return [(one.name, one.what) for one in line.command.parts]
    awaited = [one for one in options if not one.is_option][len(line.given) :]
    return list(_values(awaited[0], line)) if awaited else []


def _lines(shell: str, *words: str) -> Iterator[str]:
    """Return the answers as the script for that shell takes them."""
    if shell == "bash":
        line, replaced = words
        *before, typed = bash_words.split(line)
        found = answers([one.meant for one in before[1:]], typed.meant)
        for text, _ in _beginning(typed.meant, found):
            put = bash_words.completing(typed, replaced, text)
            if put is not None:
                yield put
        return
    *before_it, current = words
    for text, note in answers(before_it, current):
        yield f"{_as_typed(current, text)}\t{note}"


def _beginning(start: str, found: Iterable[Answer]) -> list[Answer]:
    every = [(_as_typed(start, text), note) for text, note in found]
    small = folded(start)
    exact = [one for one in every if one[0].startswith(start)]
    return exact or [one for one in every if folded(one[0]).startswith(small)]


def _as_typed(start: str, text: str) -> str:
    """Return a text beginning with what was typed, where only accents are written another way.

    A shell compares bytes, and drops what does not begin with those on its line.
    """
    typed, whole = composed(start), composed(text)
    if text.startswith(start) or not whole.startswith(typed):
        return text
    return start + whole[len(typed) :]


def _read(words: Iterable[str]) -> Line | None:
    """Return what the words say, None where they cannot be."""
    line = Line()
    for word in words:
        if line.due is not None:
            if line.due.kind == Kind.STUDIO:
                line.studio = word
            elif line.due.name == "--as":
                line.studio = f"{DEMO_AS}{word}"
            line.due = None
        elif word.startswith("--"):
            options = (*WHICH_STUDIO, *(line.command.words if line.command else ()))
            option = next((one for one in options if one.name == word), None)
            line.used.add(word)
            if word == "--demo" and not is_demo(line.studio or ""):
                line.studio = DEMO
            line.due = option if option and option.takes_value else None
        elif line.command is not None:
            part = next((one for one in line.command.parts if one.name == word), None)
            if part is None:
                line.given.append(word)
            line.command = part or line.command
        elif word in COMMANDS:
            line.command = COMMANDS[word]
        else:
            return None
    return line


def _values(word: Word, line: Line) -> Iterator[Answer]:
    if word.kind == Kind.TEXT:
        yield from ((one, "") for one in (*word.choices, *word.suggested))
        return
    from nimble_tui.cli import completing_names as names

    yield from (
        answer
        for answer in names.answers(word.kind, line.studio, line.given)
        if _can_be_printed(answer[0])
    )


def _can_be_printed(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return text.isprintable() and not text.startswith("-") and bool(text)
