"""The README tells the truth about keys, commands and files."""

import re
import shlex
from pathlib import Path

import pytest

from nimble_tui.cli.parser import new_parser
from tests.documents.tables import keys_pages

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")

COMMANDS = [
    line.partition("#")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("nimble-tui")
]


def test_its_pages_of_keys_are_the_registry() -> None:
    for page in keys_pages():
        assert page + "\n" in README, "python3 dev.py pictures"


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_are_understood(command: str) -> None:
    _, *words = shlex.split(command)
    new_parser().parse_args(words)


def test_its_links_lead_somewhere(project: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert links
    assert {link for link in links if not (project / link).is_file()} == set()
