"""Which Pythons the tests run on: those that start and can make virtual environments."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="makes programs of shell scripts")

needs_git = pytest.mark.skipif(not shutil.which("git"), reason="git lists what is copied")


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
    program(bin_, "python3.99", "exit 127")  # a shim that stands for nothing
    program(bin_, "python3.96", "echo nonsense")
    program(bin_, "python3.98-config", "echo 3 98")
    newest = program(bin_, "python3.97", "echo 3 97")
    program(pyenv / "3.97.1" / "bin", "python3.97", "echo 3 97")
    found = pythons(project, [bin_, tmp_path / "missing"], tmp_path / "pyenv")
    assert len(found) == 2
    assert found[1] == str(newest)
    assert "3.10" not in found[0]


def test_one_that_only_pyenv_has_counts(project: Path, tmp_path: Path) -> None:
    newest = program(tmp_path / "pyenv/versions/3.99.0/bin", "python3.99", "echo 3 99")
    assert pythons(project, [], tmp_path / "pyenv")[-1] == str(newest)


def test_a_python_that_is_too_old_lists_the_others(
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    newest = program(tmp_path / "bin", "python3.99", "echo 3 99")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    monkeypatch.syspath_prepend(project)
    import dev

    assert dev.main(["pythons"]) == 0
    assert capsys.readouterr().out.split()[-1] == str(newest)
    assert dev.main(["test"]) == 1


def ci_run(project: Path, folder: Path, *, failing: str = "") -> tuple[int, list[str], str]:
    """Run `.ci/run` on two Pythons that write down each call.

    Return its exit code, the calls and its stderr. A call is the name of the Python, the script it
    was given and what else stood beside that. One that fails leaves a report on pictures.
    """
    checkout, log = folder / "checkout", folder / "log"
    (checkout / ".ci").mkdir(parents=True)
    (checkout / ".venv").mkdir()
    shutil.copy(project / ".ci/run", checkout / ".ci/run")
    for name in ("dev.py", "new.py", ".venv/made"):
        (checkout / name).touch()
    (checkout / ".gitignore").write_text(".venv/\n")
    git = [shutil.which("git") or "", "-C", str(checkout)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "dev.py", ".ci"], check=True)
    record = f'echo "$(basename "$0") $* $(cd "$(dirname "$1")" && ls -A | tr "\\n" " ")" >>{log}'
    report = (
        'cd "$(dirname "$1")" && mkdir failed-snapshots && basename "$0" >failed-snapshots/report'
    )
    found = [
        program(folder / "bin", name, f"{record}\n" + f"{report}; exit 1" * (name == failing))
        for name in ("python3.11", "python3.97")
    ]
    program(folder / "bin", "python3", f"printf '%s\\n' {' '.join(map(str, found))}")
    done = subprocess.run(
        [shutil.which("bash") or "", str(checkout / ".ci/run")],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": f"{folder / 'bin'}:/usr/bin:/bin", "TMPDIR": str(folder)},
        timeout=60,
    )
    calls = log.read_text().splitlines()
    for python, _ in zip(found, calls, strict=False):
        assert str(python) in done.stdout
    return done.returncode, calls, done.stderr


@needs_git
def test_both_run_the_tests_and_the_newest_in_a_copy(project: Path, tmp_path: Path) -> None:
    code, (first, second), said = ci_run(project, tmp_path)
    assert (code, said) == (0, "")
    assert first == "python3.11 dev.py test .ci .git .gitignore .venv dev.py new.py "
    name, script, *rest = second.split()
    assert (name, rest) == ("python3.97", ["test", ".ci", ".gitignore", "dev.py", "new.py"])
    assert not Path(script).parent.exists()  # the copy is gone


@needs_git
@pytest.mark.parametrize("failing", ["python3.11", "python3.97"])
def test_one_that_fails_fails_the_run(project: Path, tmp_path: Path, failing: str) -> None:
    code, calls, _ = ci_run(project, tmp_path, failing=failing)
    assert code != 0
    assert any(call.startswith(failing) for call in calls)


@needs_git
@pytest.mark.parametrize("failing", ["python3.11", "python3.97"])
def test_pictures_that_changed_are_kept(project: Path, tmp_path: Path, failing: str) -> None:
    left = tmp_path / "checkout" / "failed-snapshots"
    *_, said = ci_run(project, tmp_path, failing=failing)
    assert said == f"Changed pictures: {left}/snapshot_report.html\n"
    assert (left / "report").read_text() == f"{failing}\n"
