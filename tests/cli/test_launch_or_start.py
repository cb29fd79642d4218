"""launch --or-start, and the guide's line of a crontab in cron's own environment."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.config.editing import append_studio
from nimble_tui.studio.demo import Demo, open_demo
from tests.cli.running import Run, one, settings_of
from tests.documents.pages import ROOT, read

GUIDE = read(ROOT / "docs" / "scripting.md")
DAILY = ("launch", "Lighting", "--name", "daily", "--or-start")
DONE = exit_codes.DONE


@pytest.fixture
def remote() -> Iterator[Demo]:
    """A studio somewhere else, fast enough to wait for and too slow for its deadlines."""
    with open_demo(None, speed=600) as demo:
        yield demo


@pytest.mark.usefixtures("signed_in")
def test_it_launches_once_then_finds_it_and_starts_it(run: Run) -> None:
    first = run(*DAILY, "--wait")
    assert first.code == DONE
    again = run(*DAILY, "--wait")
    assert (again.code, again.out) == (DONE, first.out)
    assert again.err.startswith(
        "daily already exists and is running or starting; nothing was launched.\n"
    )
    assert run("stop", "daily", "--yes").code == DONE
    while_stopping = run(*DAILY, "--wait")
    assert (while_stopping.code, while_stopping.out) == (DONE, first.out)
    assert while_stopping.err.endswith("daily: READY.\n")
    assert run("sessions", "--all").out.count("daily") == 1
    assert run("delete", "daily", "--yes", "--wait").code == DONE
    another = run(*DAILY)
    assert another.code == DONE
    assert another.out != first.out


@pytest.mark.usefixtures("signed_in")
def test_of_several_the_one_that_runs_is_taken(run: Run) -> None:
    two = [run("launch", "Lighting", "--name", "daily", "--wait").out for _ in range(2)]
    assert run("stop", two[1].strip(), "--yes", "--wait").code == DONE
    told = run(*DAILY)
    assert (told.code, told.out) == (DONE, two[0])
    assert "2 workstations are named daily" in told.err


@pytest.mark.usefixtures("signed_in")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("launch", "Lighting", "--or-start"), exit_codes.USAGE),
        ((*DAILY, "--new"), exit_codes.USAGE),
        (("launch", "Lighting", "--yes"), exit_codes.USAGE),
        (("launch", "Comp", "--name", "sq042 lighting", "--or-start"), exit_codes.REFUSED),
    ],
)
def test_where_it_cannot_be_meant_so(run: Run, words: tuple[str, ...], code: int) -> None:
    assert run(*words).code == code


@pytest.mark.skipif(os.name != "posix" or shutil.which("env") is None, reason="cron is POSIX's")
def test_the_line_of_the_crontab_works_from_cron(remote: Demo, config: Path, run: Run) -> None:
    line = re.search(r"^0 8 \* \* 1-5 +(.*)$", GUIDE, re.MULTILINE)
    assert line is not None
    command = line[1].replace("\\%", "%")
    home = Path.home()
    studio = replace(settings_of(remote.invite), credentials="farm")
    append_studio(config, studio)
    config.write_text(f"[refresh]\nbusy = 1\n\n{config.read_text()}")
    keys = home / ".aws" / "credentials"
    keys.parent.mkdir()
    keys.write_text(
        f"[farm]\naws_access_key_id = {remote.invite.keys.access_key_id}\n"
        f"aws_secret_access_key = {remote.invite.keys.secret_access_key}\n"
    )
    program = home / ".local" / "bin" / "nimble-tui"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m nimble_tui "$@"\n')
    program.chmod(0o700)

    def cron() -> subprocess.CompletedProcess[str]:
        words = ["env", "-i", f"HOME={home}", "SHELL=/bin/sh", "PATH=/usr/bin:/bin"]
        return subprocess.run(
            [*words, "LOGNAME=mara", "/bin/sh", "-c", command],
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
            cwd=home,
        )

    first = cron()
    assert first.returncode == DONE, first.stderr
    assert run("stop", "daily", "--yes", "--wait").code == DONE
    second = cron()
    assert second.returncode == DONE, second.stderr
    assert second.stdout == first.stdout
    assert one(run, "daily")["state"] == "READY"
