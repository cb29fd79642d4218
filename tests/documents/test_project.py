"""The documents for developers: they name files that exist, real commands, and the version."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

import dev
from tests.documents.pages import PAGES, ROOT, blocks, name_of, read, rows, spans

_FILE = re.compile(r"(?:\.github|\.ci|docs|tests|benchmarks|nimble_tui|screenshots)/[\w./-]*")
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
CHANGELOG = ROOT / "CHANGELOG.md"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_files_that_it_names_exist(page: Path) -> None:
    named = [one for one in spans(page) if _FILE.fullmatch(one)]
    assert [one for one in named if not (ROOT / one).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_commands_of_dev_py_that_it_names_exist(page: Path) -> None:
    named = re.findall(r"python3[.\d]* dev\.py ([\w-]+)", read(page))
    others = {"nimble-tui", "pytest", "python"}  # of the virtual environment
    assert set(named) - {*dev.COMMANDS, "pythons"} - others == set()


def test_contributing_lists_every_command_of_dev_py() -> None:
    listed = re.findall(
        r"^\| `python3 dev\.py (\w+)`", read(ROOT / "CONTRIBUTING.md"), re.MULTILINE
    )
    assert sorted(listed) == sorted(dev.COMMANDS)


def test_every_folder_of_tests_has_its_kind() -> None:
    text = read(ROOT / "CONTRIBUTING.md")
    folders = {path.parent for path in (ROOT / "tests").glob("*/test_*.py")}
    assert {one.name for one in folders} == set(re.findall(r"`tests/(\w+)/`", text))


def test_each_promise_of_security_names_its_tests() -> None:
    promises = rows(ROOT / "SECURITY.md", "Promise")
    assert len(promises) > 8
    named = re.compile(r"`tests/[\w/]+\.py`(, `tests/[\w/]+\.py`)*").fullmatch
    assert [promise for promise, tests in promises if not named(tests)] == []


def test_the_latest_release_is_this_version() -> None:
    meta = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    releases = re.findall(r"^## \[([\d.]+)\] - (\S+)$", read(CHANGELOG), re.MULTILINE)
    assert releases[0][0] == meta["version"]
    days = [date.fromisoformat(day) for _, day in releases]
    assert days == sorted(days, reverse=True)


def test_changes_are_of_the_usual_kinds() -> None:
    text = read(CHANGELOG)
    titles = re.findall(r"^### (.+)$", text, re.MULTILINE)
    assert set(titles) <= KINDS
    assert not blocks(CHANGELOG, "sh")
