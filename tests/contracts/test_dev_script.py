"""dev.py says in one sentence what is missing, and keeps its promises about commands."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def dev(project: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev_script", project / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_older_python_is_told_which_one_to_install(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 9))
    assert dev.main(["demo"]) == 1
    said = capsys.readouterr().err
    assert "Python 3.11" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("module", ["ensurepip", "venv"])
def test_a_python_without_venv_is_told_what_to_install(
    dev: ModuleType,
    module: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(dev, "STAMP", tmp_path / "no-stamp")
    monkeypatch.setattr(dev, "VENV", tmp_path / "venv")
    monkeypatch.setitem(sys.modules, module, None)
    assert dev.main(["test"]) == 1
    said = capsys.readouterr().err
    assert "apt install" in said
    assert said.count("\n") == 1
    assert not (tmp_path / "venv").exists()


def test_every_check_is_run_and_any_of_them_fails_the_test_command(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[str] = []

    def run(command: str, *_words: str) -> int:
        ran.append(command)
        return 1 if command == "mypy" else 0

    monkeypatch.setattr(dev, "set_up", lambda: None)
    monkeypatch.setattr(dev, "run", run)
    assert dev.main(["test"]) == 1
    assert ran == ["ruff", "ruff", "mypy", "lint-imports", "pytest"]
    assert "mypy" in capsys.readouterr().err


@pytest.fixture
def ran(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What was run; all of it succeeds."""
    calls: list[tuple[str, ...]] = []

    def run(*words: str) -> int:
        calls.append(words)
        return 0

    monkeypatch.setattr(dev, "set_up", lambda: None)
    monkeypatch.setattr(dev, "run", run)
    return calls


LINTERS = ["ruff", "ruff", "mypy", "lint-imports"]


@pytest.mark.parametrize(
    ("words", "programs"),
    [
        (["lint"], LINTERS),
        (["unit"], ["pytest"]),
        (["check"], [*LINTERS, "pytest"]),
        (["test"], [*LINTERS, "pytest"]),
        (["snap"], ["pytest"]),
        (["snap", "--accept"], ["pytest"]),
        (["pictures", "main"], ["python", "python"]),
        (["docs"], ["python"]),
    ],
)
def test_what_each_command_runs(
    dev: ModuleType, ran: list[tuple[str, ...]], words: list[str], programs: list[str]
) -> None:
    assert dev.main(words) == 0
    assert [program for program, *_ in ran] == programs


def test_what_follows_goes_to_pytest_alone(dev: ModuleType, ran: list[tuple[str, ...]]) -> None:
    for name in ("test", "check", "unit", "snap"):
        ran.clear()
        assert dev.main([name, "-x"]) == 0
        assert [program for program, *more in ran if "-x" in more] == ["pytest"]


def test_unit_tests_are_in_folders_that_exist_and_need_no_screen(
    dev: ModuleType, ran: list[tuple[str, ...]], project: Path
) -> None:
    dev.main(["unit"])
    folders = [word for word in ran[0] if word.startswith("tests/")]
    assert folders
    for folder in folders:
        files = sorted((project / folder).glob("*.py"))
        assert files, folder
        assert [file for file in files if "run_test" in file.read_text(encoding="utf-8")] == []


def test_pictures_are_stored_only_on_request(dev: ModuleType, ran: list[tuple[str, ...]]) -> None:
    dev.main(["snap"])
    dev.main(["snap", "--accept"])
    assert ["--snapshot-update" in words for words in ran] == [False, True]


def test_help_lists_every_command(dev: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["--help"]) == 0
    listed = re.findall(r"^  ([a-z]+) +\w", capsys.readouterr().out, re.MULTILINE)
    assert sorted(listed) == sorted([*dev.COMMANDS, "pythons"])


def test_any_other_word_runs_that_command(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "set_up", lambda: None)
    assert dev.main(["python", "-c", "print('inside')"]) == 0
    assert "inside" in capfd.readouterr().out


def test_an_unknown_command_is_a_sentence(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "set_up", lambda: None)
    assert dev.main(["no-such-command"]) == 1
    assert "no-such-command" in capsys.readouterr().err
