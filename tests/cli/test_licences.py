import json
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.config.credentials import KeyringVault
from nimble_tui.config.editing import append_studio
from nimble_tui.studio.demo import Demo
from tests.cli.running import Person, Run, settings_of

MISSING = "Realtime engine, production use"


@pytest.fixture
def admin(signed_in: Demo, config: Path) -> str:
    """The same studio, seen by an admin: its name in the settings."""
    invite = next(one for role, one in signed_in.others if role == "admin")
    studio = settings_of(invite, "office")
    append_studio(config, studio)
    KeyringVault().store(studio, invite.keys)
    return studio.name


@pytest.mark.usefixtures("signed_in")
def test_an_artist_sees_what_is_missing_and_whom_to_ask(run: Run) -> None:
    told = run("licences")
    assert told.code == exit_codes.DONE
    heads = ["LICENCE", "ID", "ACCEPTED", "BY", "NEEDED", "BY"]
    assert told.out.splitlines()[0].split() == heads
    assert "Inês Cardoso" in told.out
    (row,) = [row for row in told.out.splitlines() if row.startswith(MISSING)]
    assert "not yet" in row
    assert told.err == (
        "Ask Inês Cardoso, Lena Hoffmann or Pat Okafor; an admin can accept the licences not "
        "accepted yet with: nimble-tui licences --accept\n"
    )
    every = json.loads(run("licences", "--json").out)["eulas"]
    assert {one["accepted"] for one in every} == {True, False}
    assert all(one["acceptedAt"] for one in every if one["accepted"])


@pytest.mark.usefixtures("signed_in")
def test_the_text_of_one_is_read_by_its_name_or_its_id(run: Run) -> None:
    told = run("licences", "--read", MISSING.upper())
    assert told == run("licences", "--read", MISSING[:5])
    assert (told.code, told.err) == (exit_codes.DONE, "")
    (one,) = [
        one for one in json.loads(run("licences", "--json").out)["eulas"] if not one["accepted"]
    ]
    assert told.out == f"{one['content']}\n"
    assert json.loads(run("licences", "--read", one["eulaId"], "--json").out) == one


@pytest.mark.usefixtures("signed_in")
def test_a_licence_that_is_not_there_names_those_that_are(run: Run) -> None:
    told = run("licences", "--read", "\x1b[2JNothing")
    assert (told.code, told.out) == (exit_codes.FAILED, "")
    assert "None of your images needs a licence named " in told.err
    assert "\x1b" not in told.err
    assert MISSING in told.err
    both = run("licences", "--read", MISSING, "--accept")
    assert both.code == exit_codes.USAGE
    assert "Use --read or --accept, not both" in both.err


@pytest.mark.usefixtures("signed_in")
def test_an_artist_cannot_accept_and_is_told_whom_to_ask(run: Run) -> None:
    told = run("licences", "--accept", "--yes")
    assert (told.code, told.out) == (exit_codes.FAILED, "")
    assert "Only admins of the studio can accept licences: Inês Cardoso or " in told.err
    assert told.err.endswith(f"Licences:\n  {MISSING}\n")


def test_an_admin_accepts_for_all(run: Run, admin: str, person: Person) -> None:
    assert run("launch", "Previs", "--studio", "north").code == exit_codes.REFUSED
    told = run("licences", "--studio", admin)
    command = f"nimble-tui licences --accept --studio {admin}"
    assert told.err == f"You can accept the licences not accepted yet with: {command}\n"
    person.answers = ["n"]
    told = run("licences", "--accept", "--studio", admin)
    assert told.code == exit_codes.FAILED
    assert f"{MISSING}:" in told.err
    person.answers = ["y"]
    told = run("licences", "--accept", "--studio", admin)
    assert told.code == exit_codes.DONE, told.err
    assert told.err.endswith("All licences are accepted.\n")
    assert "not yet" not in told.out
    (row,) = [row for row in told.out.splitlines() if row.startswith(MISSING)]
    assert "  you  " in row
    assert run("launch", "Previs", "--studio", "north").code == exit_codes.DONE
    # Nothing is left to be asked for.
    assert run("licences", "--accept", "--studio", admin).code == exit_codes.DONE


def test_where_nobody_can_be_asked_yes_must_be_said(run: Run, admin: str) -> None:
    told = run("licences", "--accept", "--studio", admin)
    assert told.code == exit_codes.USAGE
    assert "--yes" in told.err
    assert run("licences", "--accept", "--yes", "--studio", admin).code == exit_codes.DONE


def test_a_read_only_studio_accepts_nothing(run: Run, admin: str, config: Path) -> None:
    config.write_text(config.read_text() + "read_only = true\n")
    told = run("licences", "--accept", "--yes", "--studio", admin)
    assert told.code == exit_codes.REFUSED
    assert "read_only" in told.err
