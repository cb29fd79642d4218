"""A command killed at any moment, then the same command again: one effect at the studio."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.config.credentials import KeyringVault
from nimble_tui.config.editing import append_studio
from nimble_tui.config.paths import journal_file
from nimble_tui.studio.demo import Demo
from tests.cli.running import Run, settings_of
from tests.config.keyrings import SafeFileKeyring, keyring_in_use
from tests.faults.faulty_studio import hang_up
from tests.faults.proxy import FaultProxy, faults_before

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX signals")

HERE = Path(__file__).parents[2]
LAUNCH = ("launch", "Lighting", "--name", "night shot", "--wait")


@pytest.fixture
def studio(
    remote: Demo,
    config: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    quick_looks: None,
) -> Iterator[FaultProxy]:
    """A studio with a ledger that this process and others are signed in to."""
    del quick_looks
    monkeypatch.setenv("KEYRING_FILE", str(tmp_path / "keyring"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.config.keyrings.SafeFileKeyring")
    with faults_before(remote) as proxy, keyring_in_use(SafeFileKeyring()):
        from dataclasses import replace

        settings = settings_of(replace(remote.invite, endpoint_url=proxy.url))
        append_studio(config, settings)
        KeyringVault().store(settings, remote.invite.keys)
        yield proxy


def process(moment: str, *command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "tests.cli.killed_command", moment, *command],
        capture_output=True,
        text=True,
        cwd=HERE,
        timeout=60,
        check=False,
    )


def killed(moment: str, *command: str) -> None:
    assert process(moment, *command).returncode == -signal.SIGKILL


def named(run: Run, name: str) -> list[dict[str, Any]]:
    sessions = json.loads(run("sessions", "--json", "--all").out)["sessions"]
    return [one for one in sessions if one["tags"].get("Name") == name]


def ending(run: Run) -> str:
    """Return the id of the stopped workstation that is going to be deleted."""
    table = run("sessions").out.splitlines()
    row = next(row for row in table if " STOPPED " in row and " delete " in row)
    sessions = json.loads(run("sessions", "--json").out)["sessions"]
    return next(str(one["sessionId"]) for one in sessions if one["sessionId"] in row)


def launched(run: Run) -> str:
    return run("launch", "Lighting", "--wait").out.strip()


def stoppable(run: Run) -> str:
    sessions = json.loads(run("sessions", "--json").out)["sessions"]
    return next(
        str(one["sessionId"]) for one in sessions if one["tags"].get("Name") == "sq042 lighting"
    )


@pytest.mark.parametrize("moment", ["sending", "sent", "read"])
def test_a_launch_killed_and_repeated_makes_one_workstation(
    run: Run, studio: FaultProxy, moment: str
) -> None:
    killed(moment, *LAUNCH)
    told = run(*LAUNCH)
    assert told.code == exit_codes.DONE, told.err
    assert "is unresolved. It is resumed, and no second workstation is created" in told.err
    (session,) = named(run, "night shot")
    assert told.out == f"{session['sessionId']}\n"
    assert studio.applied is not None
    assert studio.applied.count("launch") == 1
    # Its outcome was shown: the next one is another one.
    told = run(*LAUNCH)
    assert "unresolved" not in told.err
    assert studio.applied.count("launch") == 2


def test_new_asks_for_another_one(run: Run, studio: FaultProxy) -> None:
    killed("sent", *LAUNCH)
    told = run(*LAUNCH, "--new")
    assert (told.code, "unresolved" in told.err) == (exit_codes.DONE, False)
    assert len(named(run, "night shot")) == 2
    assert run("launch", "Lighting", "--new", "--token", "t").code == exit_codes.USAGE
    assert studio.applied is not None
    assert studio.applied.count("launch") == 2


def test_a_launch_whose_replies_are_lost_and_repeated_makes_one_workstation(
    run: Run, studio: FaultProxy
) -> None:
    studio.strike(hang_up, on=["CreateStreamingSession"], before=False, times=3)
    hidden = studio.plan

    def plan(operation: str, request: Any) -> Any:
        is_sent = bool(studio.sent("CreateStreamingSession"))
        lists = operation == "ListStreamingSessions" and is_sent
        return (hang_up, True) if lists else hidden(operation, request)

    studio.plan = plan
    told = run(*LAUNCH)
    assert told.code == exit_codes.FAILED
    assert "No response to the launch" in told.err
    assert "repeat the same launch to continue it" in told.err
    studio.plan = lambda *_: None
    told = run(*LAUNCH)
    assert told.code == exit_codes.DONE, told.err
    assert studio.applied is not None
    assert studio.applied.count("launch") == len(named(run, "night shot")) == 1


@pytest.mark.parametrize("hours", [0.1, 2])
def test_keep_that_never_left_and_is_repeated_is_not_said_to_need_that(
    run: Run, studio: FaultProxy, hours: float
) -> None:
    session_id = ending(run)
    killed("sending", "keep", session_id)
    with closing(sqlite3.connect(journal_file())) as journal, journal:
        earlier = hours * 3_600
        journal.execute(
            "UPDATE intents SET asked_at = asked_at - ?, claimed_until = claimed_until - ?",
            (earlier, earlier),
        )
        journal.execute("UPDATE plans SET planned_at = planned_at - ?", (earlier,))
    told = run("keep", session_id, "--wait")
    assert told.code == exit_codes.DONE, told.err
    assert [one.what for one in studio.effects] == ["start", "stop"]
    assert "repeat it" not in told.err
    assert "keep it again" not in told.err


@pytest.mark.parametrize("moment", ["sent", "read"])
def test_keep_killed_and_repeated_ends_stopped_after_one_start_and_one_stop(
    run: Run, studio: FaultProxy, moment: str
) -> None:
    session_id = ending(run)
    killed(moment, "keep", session_id, "--wait")
    told = run("keep", session_id, "--wait")
    assert told.code == exit_codes.DONE, told.err
    assert [one.what for one in studio.effects] == ["start", "stop"]
    # It is over: the next command has nothing to report.
    assert run("start", session_id).err.count("\n") == 1


def test_keep_killed_is_finished_by_a_command_about_another_workstation(
    run: Run, studio: FaultProxy
) -> None:
    session_id = ending(run)
    killed("written", "keep", session_id, "--wait")
    run("rename", "sq042 lighting", "a")
    assert [one.what for one in studio.effects] == ["start", "stop"]


def test_what_a_killed_keep_started_is_not_stopped_under_the_one_who_connects(
    run: Run, studio: FaultProxy
) -> None:
    session_id = ending(run)
    killed("written", "keep", session_id, "--wait")
    told = run("connect", session_id, "--show")
    assert told.code == exit_codes.DONE, told.err
    run("rename", "sq042 lighting", "a")
    told = run("keep", session_id, "--wait")
    assert told.code == exit_codes.REFUSED
    assert [one.what for one in studio.effects] == ["start"]


@pytest.mark.parametrize(("action", "moment"), [("stop", "sending"), ("delete", "sent")])
def test_what_was_killed_is_never_sent_by_another_command(
    run: Run, studio: FaultProxy, action: str, moment: str
) -> None:
    session_id = stoppable(run)
    killed(moment, action, session_id, "--yes")
    before = list(studio.effects)
    assert len(before) == (moment == "sent")
    for command in (("rename", "sq007 plates", "a"), ("connect", "a"), ("sessions",)):
        run(*command)
    assert studio.effects == before


COMMANDS: dict[str, Callable[[Run], tuple[str, ...]]] = {
    "launch": lambda _: LAUNCH,
    "keep": lambda run: ("keep", ending(run), "--wait"),
    "stop": lambda run: ("stop", stoppable(run), "--yes", "--wait"),
    "delete": lambda run: ("delete", launched(run), "--yes", "--wait"),
}
EFFECTS = {
    "launch": ["launch"],
    "keep": ["start", "stop"],
    "stop": ["stop"],
    "delete": ["terminate"],
}
SHOWN = {"launch": r"(?m)^\S{30,}$", "keep": "is kept until"}
"""What a command prints once its outcome is shown; the same command again asks for another."""


@pytest.mark.slow
@pytest.mark.parametrize("what", COMMANDS)
def test_every_moment_of_a_command_and_the_same_again(
    run: Run, studio: FaultProxy, what: str
) -> None:
    """Each write of the journal and each request, before and after; the studio is put back."""
    wrong: list[str] = []
    shown = count = 0
    while True:
        count += 1
        command = COMMANDS[what](run)
        studio.effects.clear()
        ended = process(str(count), *command)
        if ended.returncode != -signal.SIGKILL:
            break
        told = run(*command)
        effects = [one.what for one in studio.effects]
        if what in SHOWN and re.search(SHOWN[what], ended.stdout + ended.stderr):
            shown += 1
            effects = effects[: len(EFFECTS[what])]
        if effects != EFFECTS[what]:
            wrong.append(f"{count}: {effects} {ended.stderr} {told.err}")
        put_back(run, what, command)
    sys.stderr.write(f"{what}: {len(wrong)} of {count - 1} wrong, {shown} after it was shown\n")
    assert ended.returncode == exit_codes.DONE
    assert count > 10
    assert wrong == [], f"{len(wrong)} of {count - 1}"


def put_back(run: Run, what: str, command: tuple[str, ...]) -> None:
    """Bring the studio to where it was before a command."""
    if what == "launch":
        for one in named(run, "night shot"):
            if one["state"] != "DELETED":
                run("delete", one["sessionId"], "--yes", "--wait")
    elif what == "stop":
        run("start", command[1], "--wait", "--yes")
