"""The guides' `sh` blocks, run in their order by a script: nobody answers questions."""

import shlex
from functools import partial
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.studio import demo
from tests.cli.running import Run
from tests.documents.pages import GUIDES, ROOT, blocks, command_lines, name_of

README = ROOT / "README.md"
SCRIPTING = ROOT / "docs" / "scripting.md"
PEOPLE = ROOT / "docs" / "people.md"
OPERATING = ROOT / "docs" / "operating.md"  # tests/documents/test_operating.py
CLIENTS = ROOT / "docs" / "clients.md"  # tests/documents/test_clients.py


def failures(run: Run, page: Path, *more: str) -> list[tuple[str, int, str]]:
    """Run the commands of a page; return those that failed."""
    failed = []
    for line in command_lines(page):
        program, *words = shlex.split(line)
        assert program == "nimble-tui"
        is_operators = words[:2] == ["people", "admin"]
        studio = ("--studio", "operator" if is_operators else "admin") if page == PEOPLE else ()
        ran = run(*words, *studio, *more)
        if ran.code != exit_codes.DONE:
            failed.append((line, ran.code, ran.err))
    return failed


@pytest.mark.usefixtures("quick_looks")
def test_the_readme_works_on_a_computer_without_settings(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "open_demo", partial(demo.open_demo, speed=100_000))
    assert failures(run, README) == []


@pytest.mark.usefixtures("signed_in", "addresses")
def test_the_commands_for_scripts_work_in_their_order(run: Run) -> None:
    assert failures(run, SCRIPTING) == []


@pytest.mark.usefixtures("staff")
def test_the_commands_on_people_work_in_their_order(run: Run) -> None:
    assert failures(run, PEOPLE) == []


def test_every_block_for_a_shell_is_run() -> None:
    with_blocks = {page for page in GUIDES if blocks(page, "sh")}
    assert set(map(name_of, with_blocks)) == set(
        map(name_of, (README, SCRIPTING, PEOPLE, OPERATING, CLIENTS))
    )


def test_few_blocks_are_left_to_the_reader() -> None:
    assert sum(len(blocks(page, "console")) for page in GUIDES) <= 10
