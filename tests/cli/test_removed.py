"""Workstations whose launch profile the studio shows no more: decided by what was last seen."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.config.credentials import KeyringVault
from nimble_tui.config.editing import append_studio
from nimble_tui.studio.demo import Demo, open_demo
from tests.cli.running import Person, Run, one, settings_of
from tests.faults.faulty_studio import no, replaced
from tests.faults.proxy import FaultProxy, faults_before
from tests.faults.replies import rewritten

pytestmark = pytest.mark.usefixtures("staff")

ADMIN = ("--studio", "admin")
LIGHTING = "sq042 lighting"
REMOVE = ("people", "remove", "Mara Vos", "--profile", "Lighting", *ADMIN, "--yes")
DONE = exit_codes.DONE


@pytest.fixture
def remote() -> Iterator[Demo]:
    """A studio somewhere else, fast enough to wait for and too slow for its deadlines."""
    with open_demo(None, speed=600) as demo:
        yield demo


@pytest.fixture
def removed(staff: Demo, run: Run) -> Demo:
    """The studio where Mara, who saw her lists once, is off Lighting while one of it runs."""
    assert run("sessions").code == DONE
    assert run(*REMOVE).code == DONE
    return staff


@pytest.fixture
def proxy(staff: Demo, config: Path) -> Iterator[FaultProxy]:
    """The same studio behind faults, in the settings as odd."""
    with faults_before(staff) as opened_proxy:
        studio = settings_of(replace(staff.invite, endpoint_url=opened_proxy.url), "odd")
        append_studio(config, studio)
        KeyringVault().store(studio, staff.invite.keys)
        yield opened_proxy


def without_deadlines(reply: dict[str, Any]) -> dict[str, Any]:
    sessions = reply["sessions"] if "sessions" in reply else [reply["session"]]
    for session in sessions:
        session.pop("stopAt", None)
    return reply


@pytest.mark.usefixtures("removed")
def test_who_was_taken_off_still_stops_and_starts_what_runs(run: Run) -> None:
    ran = run("stop", LIGHTING, "--yes", "--wait")
    assert ran.code == DONE
    assert ran.err.endswith(f"{LIGHTING}: STOPPED.\n")
    ran = run("start", LIGHTING, "--wait")
    assert ran.code == DONE
    assert ran.err.endswith(f"{LIGHTING}: READY.\n")
    # It stays known, however often the lists are read without it.
    assert run("stop", LIGHTING, "--yes").code == DONE


@pytest.mark.usefixtures("removed")
def test_names_stay(run: Run) -> None:
    for _ in range(2):
        table = run("sessions").out
        assert "Lighting · " in table
        assert "Workstation · " not in table
    short_id = one(run, "Lighting · ")["sessionId"][-4:]
    told = run("start", f"Lighting · {short_id}")
    assert told.err == f"Lighting · {short_id}: START_IN_PROGRESS.\n"
    assert "Lighting" not in run("profiles").out
    assert run("launch", "Lighting").code == exit_codes.FAILED


def test_facts_of_its_own_suffice_where_nothing_was_seen_before(run: Run) -> None:
    assert run(*REMOVE).code == DONE
    ran = run("stop", LIGHTING, "--yes")
    assert (ran.code, ran.err) == (DONE, f"{LIGHTING}: STOP_IN_PROGRESS.\n")


def test_no_delete_is_advised_where_nothing_can_be_known(run: Run, proxy: FaultProxy) -> None:
    assert run(*REMOVE).code == DONE
    looks = ["ListStreamingSessions", "GetStreamingSession"]
    proxy.strike(rewritten(without_deadlines), on=looks, before=False)
    ran = run("stop", LIGHTING, "--yes", "--studio", "odd")
    assert ran.code == exit_codes.REFUSED
    assert "launch profile can't be read" in ran.err
    assert "delete" not in ran.err


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_fault_of_the_launch_profiles_alone_hides_no_workstation(
    run: Run, proxy: FaultProxy, status: int
) -> None:
    at = ("--studio", "odd")
    assert run("sessions", *at).code == DONE
    names = {403: "AccessDenied", 404: "ResourceNotFound", 500: "InternalServerError"}
    name = f"{names[status]}Exception"
    looks = ["ListLaunchProfiles", "GetLaunchProfile"]
    proxy.strike(replaced(no(status, name, "not now")), on=looks, before=True)
    ran = run("sessions", *at)
    assert ran.code == exit_codes.FAILED
    assert "Lighting · " in ran.out
    assert ran.err
    assert run("stop", LIGHTING, "--yes", *at).code == DONE


def state_of(run: Run, name: str = LIGHTING) -> str:
    state: str = one(run, name)["state"]
    return state


def test_removing_somebody_counts_what_runs_and_stops_it_first(run: Run, person: Person) -> None:
    person.answers = ["y", "n"]
    told = run(*REMOVE[:-1])
    assert told.code == exit_codes.FAILED
    assert person.asked == ["Stop it first? [y/N] ", "Remove Mara Vos from Lighting? [y/N] "]
    assert f"Mara Vos of Lighting: 1 workstation is running: {LIGHTING}." in told.err
    assert state_of(run) == "READY"
    person.answers = ["y", "y"]
    assert run(*REMOVE[:-1]).code == DONE
    assert state_of(run) in {"STOP_IN_PROGRESS", "STOPPED"}


def test_removing_somebody_in_a_script_says_what_runs_on(run: Run) -> None:
    told = run(*REMOVE)
    assert told.code == DONE
    assert told.err.splitlines()[:2] == [
        f"Mara Vos of Lighting: 1 workstation is running: {LIGHTING}.",
        "Workstations keep running; use --stop to stop them first.",
    ]
    assert state_of(run) == "READY"


def test_removing_somebody_with_stop_asks_nothing(run: Run) -> None:
    assert run(*REMOVE, "--stop").code == DONE
    assert state_of(run) in {"STOP_IN_PROGRESS", "STOPPED"}


def test_offboarding_counts_what_runs_and_stops_it_first(run: Run) -> None:
    plan = run("people", "offboard", "Mara Vos", "--plan", *ADMIN)
    assert "workstations are running: " in plan.out
    assert "--stop stops" in plan.out
    told = run("people", "offboard", "Mara Vos", "--stop", "--yes", *ADMIN)
    assert told.code == DONE
    assert state_of(run) in {"STOP_IN_PROGRESS", "STOPPED"}
