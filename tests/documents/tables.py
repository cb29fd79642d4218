"""The tables that documents take from the code: `python3 dev.py docs` writes them.

A document holds one between `<!-- table: NAME -->` and `<!-- end -->`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from nimble_tui.cli import exit_codes
from nimble_tui.cli.grammar import COMMON, GROUPS, VERSION
from nimble_tui.cli.syntax import Argument, Command
from nimble_tui.config.keymap import key_label
from nimble_tui.core.actions import ACTIONS, BY_ID, PAGE_ACTIONS, Action, places
from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.view import glossary, labels
from tests.documents.pages import PAGES, read

_PLACE = re.compile(r"(?<=<!-- table: )([\w ]+)( -->\n)(?:.*?)(?=<!-- end -->)", re.DOTALL)
MATTER_MOST = (
    "connect",
    "new",
    "stop",
    "start",
    "keep",
    "delete",
    "show",
    "filter",
    "help",
    "quit",
)


def with_tables(text: str) -> str:
    """Return a document with each of its tables as the code has it."""
    return _PLACE.sub(lambda place: f"{place[1]}{place[2]}{TABLES[place[1]]()}", text)


def named_tables(page: Path) -> set[str]:
    return {place[1] for place in _PLACE.finditer(read(page))}


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = list(head)
    lines = [titles, ["---"] * len(titles), *rows]
    ruled = ("| " + " | ".join(cells) + " |\n" for cells in lines)
    return "".join(line.replace("| --- ", "|---").replace("--- |", "---|") for line in ruled)


def _keys(action: Action) -> str:
    return " or ".join(f"`{key_label(key)}`" for key in (action.key, *action.also))


def _main_keys(actions: Iterable[Action]) -> str:
    rows = ((_keys(one), one.label, f"{one.words}.") for one in actions)
    return _table(("Key", "Name", "What it does"), rows)


def _page_keys() -> str:
    rows = ((_keys(one), ", ".join(places(one.id)), f"{one.words}.") for one in PAGE_ACTIONS)
    return _table(("Key", "On the screen", "What it does"), rows)


def _key_settings() -> str:
    rows = ((f"`{one.id}`", _keys(one), f"{one.words}.") for one in BY_ID.values())
    return _table(("Setting", "Default", "What it does"), rows)


def _exit_codes() -> str:
    found = re.findall(r"^ +(\d+) +(.+)$", exit_codes.HELP, re.MULTILINE)
    return _table(("Code", "Meaning"), found)


def _states() -> str:
    rows = (
        (f"`{one}`", _in_app(one), glossary.state(one).partition(" · ")[0]) for one in SessionState
    )
    return _table(("State", "In the app", "Meaning"), rows)


def _in_app(state: SessionState) -> str:
    if state == SessionState.DELETED:
        return "not listed"
    look = labels.state_label(StreamingSession("any", state=state))
    return f"{look.symbol} {look.text}"


def _commands() -> str:
    everywhere = _arguments((*COMMON, VERSION))
    groups = (
        f"\n## {title.capitalize()}\n" + "".join(_command("nimble-tui", one) for one in group)
        for title, group in GROUPS
    )
    return "\n" + everywhere + "".join(groups) + "\n"


def _command(above: str, command: Command) -> str:
    name = f"{above} {command.name}"
    values = " ".join(_spelt(one) for one in command.words if one.required or not one.is_option)
    text = f"\n### `{name}{f' {values}' if values else ''}`\n\n{command.what}\n"
    if command.words:
        text += "\n" + _arguments(command.words)
    return text + "".join(_command(name, part) for part in command.parts)


def _arguments(arguments: Iterable[Argument]) -> str:
    rows = (
        (
            f"`{_spelt(one)}`".replace("|", "\\|"),
            one.help.replace("|", "\\|"),
        )
        for one in arguments
    )
    return _table(("Argument", "Meaning"), rows)


def _spelt(value: Argument) -> str:
    """Return an option with its value, or a value as a usage line has it."""
    if value.is_option:
        return f"{value.name} {value.metavar or '|'.join(value.choices)}".rstrip()
    name = value.metavar or "|".join(value.choices) or value.name.upper()
    name += " …" if value.many else ""
    return f"[{name}]" if value.optional else name


TABLES: Mapping[str, Callable[[], str]] = {
    "ten keys": lambda: _main_keys(BY_ID[one] for one in MATTER_MOST),
    "main keys": lambda: _main_keys(ACTIONS),
    "page keys": _page_keys,
    "key settings": _key_settings,
    "exit codes": _exit_codes,
    "states": _states,
    "commands": _commands,
}


def main() -> None:
    """Write every table into the documents that hold it."""
    for page in PAGES:
        before = read(page)
        after = with_tables(before)
        if after != before:
            page.write_text(after, encoding="utf-8")


if __name__ == "__main__":
    main()
