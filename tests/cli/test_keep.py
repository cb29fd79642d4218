"""keep, rename, backups, start --backup, stop --delete-disk, and tokens of actions."""

import json
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.client.nimble import NimbleService
from tests.cli.running import Person, Run, one

pytestmark = pytest.mark.usefixtures("signed_in")

READY = "sq042 lighting"
STOPPED = "sq007 plates"
FOREVER = "Comp"


def ending(run: Run) -> dict[str, Any]:
    """Return the stopped workstation that is going to be deleted."""
    table = run("sessions").out.splitlines()
    row = next(row for row in table if " STOPPED " in row and " delete " in row)
    sessions: list[dict[str, Any]] = json.loads(run("sessions", "--json").out)["sessions"]
    return next(one for one in sessions if one["sessionId"] in row)


def by_id(run: Run, session_id: str) -> dict[str, Any]:
    sessions: list[dict[str, Any]] = json.loads(run("sessions", "--json").out)["sessions"]
    return next(one for one in sessions if one["sessionId"] == session_id)


def backups(run: Run, *words: str) -> list[dict[str, Any]]:
    told = run("backups", *words, "--json")
    assert (told.code, told.err) == (exit_codes.DONE, "")
    found: list[dict[str, Any]] = json.loads(told.out)["streamingSessionBackups"]
    return found


def test_keep_with_wait_starts_and_stops_again(run: Run) -> None:
    before = ending(run)
    told = run("keep", before["sessionId"], "--wait")
    assert told.code == exit_codes.DONE, told.err
    assert "START_IN_PROGRESS" in told.err
    assert "is kept until" in told.err
    after = by_id(run, before["sessionId"])
    assert after["state"] == "STOPPED"
    assert after["terminateAt"] > before["terminateAt"]
    # It is over: the next command has nothing to tell.
    assert run("start", before["sessionId"]).err.count("\n") == 1


def test_keep_without_wait_says_who_finishes_it_and_it_can_be_finished(run: Run) -> None:
    session_id = ending(run)["sessionId"]
    told = run("keep", session_id, "--json")
    assert told.code == exit_codes.DONE
    assert json.loads(told.out)["session"]["state"] == "START_IN_PROGRESS"
    assert f"nimble-tui keep {session_id[-4:]} --wait" in told.err
    told = run("keep", session_id, "--wait")
    assert told.code == exit_codes.DONE, told.err
    assert by_id(run, session_id)["state"] == "STOPPED"


def test_a_wait_names_what_keep_has_still_to_stop(run: Run) -> None:
    end = ending(run)["sessionId"][-4:]
    run("keep", end)
    told = run("stop", READY, "--yes", "--wait")
    assert told.code == exit_codes.DONE
    assert f"Keep is not finished for workstation {end}." in told.err


def test_what_needs_no_keeping_says_why(run: Run) -> None:
    told = run("keep", READY)
    assert (told.code, told.out) == (exit_codes.REFUSED, "")
    assert "Only a stopped workstation needs to be kept" in told.err


def test_one_that_runs_is_not_kept_because_another_is(run: Run) -> None:
    run("keep", ending(run)["sessionId"])
    told = run("keep", READY, "--wait")
    assert told.code == exit_codes.REFUSED
    assert one(run, READY)["state"] == "READY"


def test_a_new_name_and_none(run: Run) -> None:
    session_id = one(run, READY)["sessionId"]
    told = run("rename", READY, "  sq042 final ")
    assert (told.code, told.out) == (exit_codes.DONE, "")
    assert told.err == f"Renamed {READY} to sq042 final.\n"
    assert by_id(run, session_id)["tags"]["Name"] == "sq042 final"
    told = run("rename", "sq042 final", "", "--json")
    assert "Name" not in json.loads(told.out)["session"].get("tags", {})
    assert told.err == f"Renamed sq042 final to Lighting · {session_id[-4:]}.\n"


@pytest.mark.parametrize("name", ["\x1b[2J", "a\u202eb", "x" * 257])
def test_a_name_that_could_not_be_shown_is_not_given(run: Run, name: str) -> None:
    told = run("rename", READY, name)
    assert told.code == exit_codes.FAILED
    assert "\x1b" not in told.err
    assert one(run, READY)["tags"]["Name"] == READY


def test_the_backups_of_one_and_of_all_the_newest_first(run: Run) -> None:
    session_id = one(run, STOPPED)["sessionId"]
    mine = backups(run, STOPPED)
    assert mine
    assert {one["sessionId"] for one in mine} == {session_id}
    assert mine == sorted(mine, key=lambda one: str(one["createdAt"]), reverse=True)
    assert len(backups(run)) > len(mine)
    table = run("backups", STOPPED).out.splitlines()
    assert table[0].split() == ["WORKSTATION", "BACKUP", "STATE", "CREATED"]
    assert [row.split()[2] for row in table[1:]] == [one["backupId"] for one in mine]


def test_one_without_backups_says_so(run: Run) -> None:
    told = run("backups", "Review")
    assert (told.code, told.out) == (exit_codes.DONE, "")
    assert told.err.endswith("has no backups.\n")


@pytest.mark.parametrize("which", ["latest", "oldest"])
def test_start_goes_back_to_a_backup(run: Run, person: Person, which: str) -> None:
    mine = backups(run, STOPPED)
    wanted = mine[0] if which == "latest" else mine[-1]
    word = which if which == "latest" else wanted["backupId"]
    person.answers = ["n"]
    told = run("start", STOPPED, "--backup", word)
    assert told.code == exit_codes.FAILED
    assert "Everything saved on it since then is lost" in told.err
    assert "ago" in told.err
    assert one(run, STOPPED)["state"] == "STOPPED"
    person.answers = ["y"]
    told = run("start", STOPPED, "--backup", word, "--wait", "--json")
    assert told.code == exit_codes.DONE
    assert json.loads(told.out)["session"]["startedFromBackupId"] == wanted["backupId"]
    assert person.asked == ["Start it? [y/N] "] * 2


def test_a_backup_that_is_not_there_or_of_another_lists_what_is(run: Run) -> None:
    mine = backups(run, STOPPED)
    others = [one for one in backups(run) if one not in mine]
    for word in ("gone", others[0]["backupId"], "\x1b[2J"):
        told = run("start", STOPPED, "--backup", word, "--yes")
        assert (told.code, told.out) == (exit_codes.FAILED, "")
        assert mine[0]["backupId"] in told.err
        assert "\x1b" not in told.err
    assert one(run, STOPPED)["state"] == "STOPPED"


def test_a_stop_that_does_not_keep_the_disk_wants_its_id(run: Run, person: Person) -> None:
    end = one(run, READY)["sessionId"][-4:]
    person.answers = ["y"]
    told = run("stop", READY, "--delete-disk")
    assert told.code == exit_codes.FAILED
    assert "Its disk is deleted permanently" in told.err
    assert one(run, READY)["state"] == "READY"
    person.answers = [end]
    told = run("stop", READY, "--delete-disk", "--wait", "--json")
    assert told.code == exit_codes.DONE
    assert json.loads(told.out)["session"]["volumeRetentionMode"] == "DELETE"
    assert (
        person.asked
        == [f"Type {end} (the last four characters of its id) to delete its disk: "] * 2
    )


def test_a_stop_keeps_the_disk_unless_told_otherwise(run: Run) -> None:
    told = run("stop", READY, "--yes", "--json")
    assert json.loads(told.out)["session"].get("volumeRetentionMode") in {None, "RETAIN"}


@pytest.mark.parametrize(
    ("action", "name", "end"),
    [("start", STOPPED, "READY"), ("stop", READY, "STOPPED"), ("delete", STOPPED, "DELETED")],
)
def test_an_action_under_a_token_is_done_once(
    run: Run, monkeypatch: pytest.MonkeyPatch, action: str, name: str, end: str
) -> None:
    session_id = one(run, name)["sessionId"]
    words = (action, session_id, "--yes", "--token", "2026-11-21", "--wait")
    assert run(*words).code == exit_codes.DONE
    monkeypatch.setattr(NimbleService, "act", lambda *_, **__: pytest.fail("it was asked again"))
    told = run(*words)
    assert told.code == exit_codes.DONE
    assert f"{end} (already done with this token; no changes made)." in told.err


def test_a_token_that_was_used_starts_nothing_that_was_stopped_since(run: Run) -> None:
    words = ("start", STOPPED, "--token", "2026-11-21", "--wait")
    assert run(*words).code == exit_codes.DONE
    assert run("stop", STOPPED, "--yes", "--wait").code == exit_codes.DONE
    told = run(*words)
    assert told.code == exit_codes.DONE
    assert "STOPPED (already done" in told.err
    assert one(run, STOPPED)["state"] == "STOPPED"
    assert run("start", STOPPED, "--token", "2026-11-22", "--wait").code == exit_codes.DONE
    assert one(run, STOPPED)["state"] == "READY"


def test_a_token_does_not_make_a_rule_go_away(run: Run) -> None:
    told = run("stop", "Review", "--yes", "--token", "a")
    assert told.code == exit_codes.REFUSED
    assert "can't be stopped" in told.err


def test_what_is_looked_only_is_left_as_it_is(run: Run, config: Path) -> None:
    session_id = ending(run)["sessionId"]
    config.write_text(config.read_text() + "read_only = true\n")
    for words in (
        ("keep", session_id),
        ("rename", READY, "a"),
        ("start", STOPPED, "--backup", "latest", "--yes"),
        ("stop", READY, "--delete-disk", "--yes"),
    ):
        told = run(*words)
        assert told.code == exit_codes.REFUSED
        assert "read_only" in told.err
