"""Which Pythons the tests run on: those that start and can make virtual environments."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="makes programs of shell scripts")


def program(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o700)
    return path


def pythons(project: Path, folders: list[Path], home: Path) -> list[str]:
    environment = {
        "PATH": os.pathsep.join([*map(str, folders), "/usr/bin", "/bin"]),
        "PYENV_ROOT": str(home),
    }
    done = subprocess.run(
        [sys.executable, project / "dev.py", "pythons"],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        timeout=120,
    )
    return done.stdout.split()


def test_the_oldest_and_the_newest_that_work_are_listed(project: Path, tmp_path: Path) -> None:
    bin_, pyenv = tmp_path / "bin", tmp_path / "pyenv" / "versions"
    program(bin_, "python3.10", "echo 3 10")
    program(bin_, "python3.98", "exit 127")  # a shim that stands for nothing
    program(bin_, "python3.96", "echo nonsense")
    program(bin_, "python3.95-config", "echo 3 95")
    newest = program(bin_, "python3.97", "echo 3 97")
    program(pyenv / "3.97.1" / "bin", "python3.97", "echo 3 97")
    found = pythons(project, [bin_, tmp_path / "missing"], tmp_path / "pyenv")
    assert len(found) == 2
    assert found[1] == str(newest)
    assert "3.10" not in found[0]


def test_one_that_only_pyenv_has_counts(project: Path, tmp_path: Path) -> None:
    newest = program(tmp_path / "pyenv/versions/3.99.0/bin", "python3.99", "echo 3 99")
    assert pythons(project, [], tmp_path / "pyenv")[-1] == str(newest)
