"""history and keys."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.core.actions import BY_ID
from nimble_tui.studio.demo import Demo
from nimble_tui.studio.sample.data import INES
from tests.cli.running import Run, one
from tests.studio.world import client_of

READY = "sq042 lighting"


@pytest.mark.usefixtures("signed_in")
def test_what_was_done_is_told_with_its_time(run: Run) -> None:
    run("stop", READY, "--yes", "--wait")
    run("start", "Review")
    told = run("history", READY, "--json")
    assert (told.code, told.err) == (exit_codes.DONE, "")
    events = json.loads(told.out)["events"]
    session_id = one(run, READY)["sessionId"]
    assert {event["sessionId"] for event in events} == {session_id}
    assert ("asked", "stop", True) in {(e["kind"], e["what"], e["done"]) for e in events}
    times = [datetime.fromisoformat(event["at"]) for event in events]
    assert times == sorted(times)
    table = run("history").out
    assert table.splitlines()[0].split() == ["ABOUT", "WHEN", "WHAT", "BY", "NOTE"]
    assert any(line.startswith(READY) and "  stop" in line for line in table.splitlines())


def test_who_else_did_it_is_named(run: Run, signed_in: Demo) -> None:
    run("sessions")
    session_id = one(run, READY)["sessionId"]
    invite = next(invite for _, invite in signed_in.others if invite.principal_id == INES)
    ines = client_of(invite.endpoint_url, invite.access_key_id, invite.secret_access_key)
    ines.stop_streaming_session(studioId=invite.studio_id, sessionId=session_id)
    ines.close()
    assert any(one(run, READY)["state"] == "STOPPED" for _ in range(200))
    (row,) = [line for line in run("history", READY).out.splitlines() if "  STOPPED" in line]
    assert row.endswith("  Inês Cardoso")
    events = json.loads(run("history", READY, "--json").out)["events"]
    assert (events[-1]["what"], events[-1]["by"]) == ("STOPPED", INES)
    signed_in.close()
    # Their name is known to the studio alone.
    assert INES.rpartition("-")[2] in run("history", session_id).out


def test_it_needs_no_studio(run: Run, signed_in: Demo) -> None:
    session_id = one(run, READY)["sessionId"]
    run("stop", READY, "--yes")
    signed_in.close()
    told = run("history", session_id)
    assert told.code == exit_codes.DONE
    assert READY in told.out
    assert "stop" in told.out


@pytest.mark.usefixtures("signed_in")
def test_nothing_yet_is_said(run: Run) -> None:
    told = run("history", "no such")
    assert told.code == exit_codes.FAILED
    assert "You have no workstation named no such." in told.err


def test_the_keys_with_ones_own_changes(run: Run, config: Path) -> None:
    config.write_text('[keys]\nrefresh = ["f5", "r"]\nfilter = "comma"\n[studios.n]\nregion = 3\n')
    told = run("keys")
    assert (told.code, told.err) == (exit_codes.DONE, "")
    rows = {row.split()[-1]: row for row in told.out.splitlines()}
    assert set(rows) == {"SETTING", *BY_ID}
    assert "  f5 or r " in rows["refresh"]
    assert "  , " in rows["filter"]
    assert "  q or ctrl+q " in rows["quit"]
    assert rows["all"].startswith("Switch between all workstations and one (History)  ")
    every = json.loads(run("keys", "--json").out)["keys"]
    assert {"action": "stop", "keys": ["s"], "words": "Stop a workstation, keep its disk"} in every


def test_keys_that_clash_are_told(run: Run, config: Path) -> None:
    config.write_text('[keys]\nstop = "t"\n')
    told = run("keys")
    assert (told.code, told.out) == (exit_codes.USAGE, "")
    assert '"t" is already assigned to "start"' in told.err
