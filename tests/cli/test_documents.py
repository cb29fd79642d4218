"""The README's commands, run in their order by a script: nobody answers questions."""

import re
import shlex
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes
from tests.cli.running import Run

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


def commands(section: str) -> list[list[str]]:
    text = README.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    block = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)[0]
    lines = [line for line in block.splitlines() if line.startswith("nimble-tui")]
    return [shlex.split(line, comments=True)[1:] for line in lines]


ENDLESS = (["watch", "--json"],)


@pytest.mark.usefixtures("signed_in", "addresses")
def test_the_commands_for_scripts_work_in_their_order(run: Run) -> None:
    failed = []
    for words in commands("From scripts"):
        if words in ENDLESS:
            continue
        ran = run(*words)
        if ran.code != exit_codes.DONE:
            failed.append((words, ran.code, ran.err))
    assert failed == [], "\n".join(map(str, failed))


@pytest.mark.usefixtures("staff")
def test_the_commands_on_people_work_in_their_order(run: Run) -> None:
    failed = []
    for words in commands("People"):
        who = "operator" if words[:2] == ["people", "admin"] else "admin"
        ran = run(*words, "--studio", who)
        if ran.code != exit_codes.DONE:
            failed.append((words, ran.code, ran.err))
    assert failed == [], "\n".join(map(str, failed))
