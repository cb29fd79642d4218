"""Changes of people by commands: read back by the next one, and in the history."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.config.credentials import KeyringVault
from nimble_tui.config.editing import append_studio
from nimble_tui.config.paths import journal_file
from nimble_tui.studio.demo import Demo
from nimble_tui.studio.sample.data import INES, PAT, THEO
from tests.cli.running import Run, everybody, settings_of
from tests.config.keyrings import SafeFileKeyring, keyring_in_use
from tests.faults.faulty_studio import hang_up
from tests.faults.proxy import FaultProxy, faults_before

HERE = Path(__file__).parents[2]
ADMIN = ("--studio", "admin")
ADD = ("people", "add", "Theo", "--profile", "Comp", *ADMIN)
REMOVE = ("people", "remove", "Theo", "--profile", "Review", *ADMIN, "--yes")
PUT, DELETE = "PutLaunchProfileMembers", "DeleteLaunchProfileMember"


@pytest.fixture
def studio(
    remote: Demo, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FaultProxy]:
    """A studio that an admin and an operator are signed in to, in this process and in others."""
    monkeypatch.setenv("KEYRING_FILE", str(tmp_path / "keyring"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.config.keyrings.SafeFileKeyring")
    with faults_before(remote) as proxy, keyring_in_use(SafeFileKeyring()):
        invites = {one.principal_id: one for _, one in remote.others}
        for name, who in (("admin", INES), ("operator", PAT)):
            settings = settings_of(replace(invites[who], endpoint_url=proxy.url), name)
            append_studio(config, settings)
            KeyringVault().store(settings, invites[who].keys)
        yield proxy


def killed(moment: str, *command: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.cli.killed_command", moment, *command],
        capture_output=True,
        cwd=HERE,
        timeout=60,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL


def a_minute_passes() -> None:
    """Have all that is in the journal be a minute older."""
    with closing(sqlite3.connect(journal_file())) as journal, journal:
        journal.execute(
            "UPDATE intents SET asked_at = asked_at - 60, claimed_until = claimed_until - 60"
        )


def on(run: Run) -> set[str]:
    return {one["name"] for one in everybody(run, "admin")["Theo Lindqvist"]["launchProfiles"]}


@pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
@pytest.mark.parametrize("command", [ADD, REMOVE])
def test_a_command_that_was_killed_is_reported_by_the_next_and_done_once(
    run: Run, studio: FaultProxy, command: tuple[str, ...]
) -> None:
    call = PUT if command is ADD else DELETE
    killed("writing", *command)  # the request was sent, and nothing was written since
    assert len(studio.sent(call)) == 1
    assert "requested at" not in run("people", *ADMIN).err  # the process may still be at it
    a_minute_passes()
    told = run(*command)
    assert told.code == exit_codes.DONE
    what = (
        "Adding Theo Lindqvist to Comp" if command is ADD else "Removing Theo Lindqvist from Review"
    )
    assert told.err.startswith(f"{what}, requested at ")
    first, second = told.err.splitlines()
    assert first.endswith(", was done after all.")
    assert second.startswith("Theo Lindqvist is ")
    assert len(studio.sent(call)) == 1
    assert run("people", *ADMIN).err == ""
    assert ("Comp" in on(run), "Review" in on(run)) == (command is ADD, command is ADD)


@pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
def test_what_never_left_is_not_sent_by_itself(run: Run, studio: FaultProxy) -> None:
    killed("sending", *REMOVE)
    assert studio.requests
    assert run("history", *ADMIN).out.count("people remove (unconfirmed)") == 1
    run("people", *ADMIN)
    assert studio.sent(DELETE) == []
    assert run(*REMOVE).code == exit_codes.DONE
    assert len(studio.sent(DELETE)) == 1
    assert run("people", *ADMIN).err == ""


def test_a_lost_reply_is_reported_by_the_next_command(run: Run, studio: FaultProxy) -> None:
    lost = {DELETE, "GetLaunchProfileMember"}
    studio.plan = lambda operation, _: (hang_up, False) if operation in lost else None
    told = run(*REMOVE)
    assert told.code == exit_codes.FAILED
    assert "didn't confirm this" in told.err
    assert "Removing" not in run("people", *ADMIN).err  # it cannot be read back yet
    studio.plan = lambda *_: None
    told = run("people", "--json", *ADMIN)
    assert json.loads(told.out)["people"]
    assert told.err.startswith("Removing Theo Lindqvist from Review, requested at ")
    assert run("people", *ADMIN).err == ""


def test_the_history_holds_who_was_changed_and_when(run: Run, studio: FaultProxy) -> None:
    assert studio.requests == []
    run(*ADD)
    run("people", "deactivate", "Noor", *ADMIN, "--yes")
    run("people", "admin", "add", "Theo", *ADMIN)  # which the studio leaves to its operator
    table = run("history", *ADMIN).out.splitlines()
    lines = ["  ".join(part for part in row.split("  ") if part.strip()) for row in table]
    added, deactivated, refused = (
        next(line for line in lines if f"  people {what}" in line)
        for what in ("add", "status", "promote")
    )
    assert added.startswith("Theo Lindqvist  ")
    assert [part.strip() for part in added.split("  ")][2:] == ["people add", "you", "Comp"]
    assert deactivated.startswith("Noor Rahimi  ")
    assert deactivated.endswith("DEACTIVATED")
    assert "people promote (not done)" in refused
    events = json.loads(run("history", "--json", *ADMIN).out)["events"]
    (event,) = [one for one in events if one["what"] == "people add"]
    assert (event["sessionId"], event["principalIds"], event["by"]) == (None, [THEO], INES)
    assert event["done"] is True
