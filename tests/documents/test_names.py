"""The guides name every option, setting, key, code and error kind, and none that is not there."""

import re
import shlex
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import takewhile
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.cli.errors import code_of
from nimble_tui.cli.grammar import COMMANDS, COMMON, VERSION
from nimble_tui.cli.parser import new_parser
from nimble_tui.cli.syntax import Command
from nimble_tui.config import fields
from nimble_tui.config.keymap import RESERVED, keys_of, normal_key
from nimble_tui.config.reading import parse
from nimble_tui.config.settings import Settings
from nimble_tui.core.actions import BY_ID
from nimble_tui.core.model import SessionState
from nimble_tui.core.service import ErrorKind
from tests.documents.pages import GUIDES, ROOT, blocks, command_lines, name_of, rows, spans
from tests.documents.pages import read as text_of

DOCS = ROOT / "docs"
each_guide = pytest.mark.parametrize("page", GUIDES, ids=name_of)

OF_OTHERS = {
    "--now",
    "--user",
    # apt
    "--no-install-recommends",
    # useradd and pipx
    "--force",
    "--home-dir",
    "--shell",
    "--system",
    # aws
    "--owned-by",
    "--principal-id",
    "--studio-id",
}
"""Options of other programs."""
SETTINGS = {*fields.TOP, *fields.REFRESH, *fields.STUDIO, *BY_ID, "currency"}
VARIABLES_OF_OTHERS = {
    "AWS_DATA_PATH",
    "NODE_EXTRA_CA_CERTS",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_NIMBLE",
    "DBUS_SESSION_BUS_ADDRESS",
}
NAMES_OF_OTHERS = {"ca_bundle", "g5.xlarge", "allow-passthrough"}


def every_command(commands: Iterable[Command], above: str = "nimble-tui") -> Iterator[str]:
    for command in commands:
        yield f"{above} {command.name}"
        yield from every_command(command.parts, f"{above} {command.name}")


def every_option(commands: Iterable[Command]) -> Iterator[str]:
    for command in commands:
        yield from (one.name for one in command.words if one.is_option)
        yield from every_option(command.parts)


OPTIONS = {
    *every_option(COMMANDS.values()),
    *(one.name for one in (*COMMON, VERSION)),
    "--help",
}


@cache
def source() -> str:
    files = sorted((ROOT / "nimble_tui").rglob("*.py"))
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def names_in(page: Path) -> list[str]:
    """Return what the page names: what stands in backquotes, and its lines for a shell."""
    return [*spans(page), *command_lines(page), *blocks(page, "console")]


def test_every_command_and_option_is_in_the_reference() -> None:
    text = text_of(DOCS / "commands.md")
    titles = re.findall(r"^### `([^`]+)`$", text, re.MULTILINE)
    commands = set(every_command(COMMANDS.values()))
    is_name = re.compile(r"[a-z][a-z-]*").fullmatch
    assert {" ".join(takewhile(is_name, one.split())) for one in titles} == commands
    assert set(re.findall(r"^\| `(--[\w-]+)", text, re.MULTILINE)) == OPTIONS - {"--help"}


@each_guide
def test_its_options_are_real(page: Path) -> None:
    named = {one for name in names_in(page) for one in re.findall(r"(?<![\w-])--[a-z0-9-]+", name)}
    assert named - OPTIONS - OF_OTHERS == set()


def command_of(words: list[str]) -> tuple[Command, list[str]] | None:
    """Return the command that words begin with, and what follows; None where there is none."""
    known: Mapping[str, Command] = COMMANDS
    found: Command | None = None
    while words and words[0] in known:
        found, words = known[words[0]], words[1:]
        known = {part.name: part for part in found.parts}
    return (found, words) if found else None


@each_guide
def test_its_options_are_those_of_the_command_before_them(page: Path) -> None:
    wrong = []
    for name in spans(page):
        if not (parts := command_of(name.removeprefix("nimble-tui ").split())):
            continue
        command, words = parts
        own = {one.name for one in (*command.words, *COMMON)} | {"--help"}
        wrong += [name for word in words if word.startswith("--") and word not in own]
    assert wrong == []


@each_guide
def test_its_commands_are_understood(page: Path) -> None:
    lines = [line for block in blocks(page, "console") for line in block.splitlines()]
    shell = [*command_lines(page), *(line.removeprefix("$ ") for line in lines)]
    named = [one for one in (*shell, *spans(page)) if one.startswith("nimble-tui ")]
    named = [one.partition(" > ")[0] for one in named if page.name != "commands.md"]
    wrong = []
    for command in named:
        try:
            new_parser().parse_args(shlex.split(command, comments=True)[1:])
        except SystemExit:
            wrong.append(command)
    assert wrong == []


@each_guide
def test_its_keys_are_keys_of_the_app(page: Path) -> None:
    keys = {key for action in BY_ID.values() for key in keys_of(action, {})}
    keys |= RESERVED | {f"f{number}" for number in range(1, 25)} | {"escape", "minus"}
    is_key = re.compile(r"[A-Za-z]|[/?-]|esc|enter|tab|f\d+|ctrl\+\w").fullmatch
    named = filter(is_key, spans(page))
    known = [{"esc": "escape"}.get(one) or normal_key(one) or one for one in named]
    assert set(known) - keys == set()


@each_guide
def test_its_settings_and_names_of_members_stand_in_the_code(page: Path) -> None:
    named = [one for one in spans(page) if not one.startswith("nimble-tui")]
    assigned = {one[1] for name in named if (one := re.fullmatch(r'"?([\w.]+)"? = .+', name))}
    snake = {one for one in named if re.fullmatch(r"[a-z]+(_[a-z]+)+", one)}
    unknown = (assigned | snake) - SETTINGS - NAMES_OF_OTHERS
    assert {one for one in unknown if not re.search(rf"\b{re.escape(one)}\b", source())} == set()


@each_guide
def test_its_words_in_capitals_stand_in_the_code(page: Path) -> None:
    words = {one for one in spans(page) if re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+", one)}
    assert {one for one in words if one not in source()} - VARIABLES_OF_OTHERS == set()


def test_every_setting_is_in_the_guide_and_no_other() -> None:
    named = [row[0].strip("`") for row in rows(DOCS / "settings.md", "Setting")]
    assert sorted(named) == sorted(
        [*fields.TOP, *fields.REFRESH, *fields.STUDIO, *BY_ID, "currency"]
    )


def test_the_defaults_are_those_of_no_settings_at_all() -> None:
    given = [row[:2] for row in rows(DOCS / "settings.md", "Setting | Default")]
    lines: dict[str, list[str]] = {"": [], "[refresh]": [], "[prices]": []}
    for name, value in ([cell.strip("`") for cell in row] for row in given):
        if name in BY_ID and value not in {"true", "false"} and not value.startswith('"'):
            continue  # the table of keys, which is taken from the code
        table = "[refresh]" if name in fields.REFRESH else "[prices]" * (name == "currency")
        lines[table].append(f"{name} = {value}")
    text = "\n".join("\n".join([table, *found]) for table, found in lines.items())
    assert len(tomllib.loads(text)) == len(fields.TOP) + 2
    assert parse(text.encode(), "docs/settings.md") == Settings()


def test_needed_settings_are_marked_so() -> None:
    needed = {row[0].strip("`") for row in rows(DOCS / "settings.md", "Setting | Needed") if row[1]}
    assert needed == set(fields.NEEDED)


def test_every_exit_code_is_in_the_guide_and_no_other() -> None:
    codes = {one for name, one in vars(exit_codes).items() if name.isupper() and name != "HELP"}
    named = [int(row[0]) for row in rows(DOCS / "scripting.md", "Code")]
    assert sorted(named) == sorted(codes)


def test_every_error_kind_is_in_the_guide_with_its_exit_code() -> None:
    named = [(row[0].strip("`"), int(row[1])) for row in rows(DOCS / "troubleshooting.md", "Kind")]
    assert sorted(named) == sorted((kind.value, code_of(kind)) for kind in ErrorKind)


def test_every_state_is_in_the_glossary() -> None:
    assert {row[0].strip("`") for row in rows(DOCS / "glossary.md", "State")} == set(SessionState)


def test_the_readme_is_short() -> None:
    assert len(text_of(ROOT / "README.md").splitlines()) <= 150
