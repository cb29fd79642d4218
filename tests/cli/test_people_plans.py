"""people onboard and offboard: shown, agreed to, done step by step, gone on with."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.client.people.membership import Membership
from nimble_tui.client.people.user_profiles import UserProfiles
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.studio.demo import Demo, open_demo
from nimble_tui.studio.sample.data import THEO, ZOFIA
from tests.cli.running import Person, Run, everybody, one

pytestmark = pytest.mark.usefixtures("staff")

ADMIN = ("--studio", "admin")
OPERATOR = ("--studio", "operator")
ONBOARD = ("people", "onboard", "Zofia", "--profile", "Review", "--profile", "Comp", *ADMIN)
ALL_OF_IT = [
    "[ ] Invite Zofia Kowalska and issue access keys, if they have none.",
    f"operator: nimble-tui studio invite {ZOFIA} --data FILE",
    "[ ] Activate Zofia Kowalska in the studio's DataZone domain.",
    "[ ] Add Zofia Kowalska to Review.",
    "[ ] Add Zofia Kowalska to Comp.",
]
DONE = [
    "[x] Activate Zofia Kowalska in the studio's DataZone domain.",
    "[x] Add Zofia Kowalska to Review.",
    "[x] Add Zofia Kowalska to Comp.",
]


def lines(text: str) -> list[str]:
    return [one.strip() for one in text.splitlines()]


def on(run: Run, name: str) -> set[str]:
    return {one["name"] for one in everybody(run, "admin")[name]["launchProfiles"]}


def test_a_plan_is_printed_and_nothing_is_done(run: Run) -> None:
    before = run("people", "--json", *ADMIN).out
    told = run(*ONBOARD, "--plan")
    assert (told.code, told.err) == (exit_codes.DONE, "")
    assert lines(told.out) == ["Onboard Zofia Kowalska:", *ALL_OF_IT]
    assert run("people", "--json", *ADMIN).out == before
    assert run("people", *ADMIN).err == ""


def test_somebody_whom_nobody_knows_is_invited_first(run: Run) -> None:
    told = run("people", "onboard", "Ada Kovac", "--profile", "Comp", *ADMIN)
    assert (told.code, told.out) == (exit_codes.FAILED, "")
    assert told.err.endswith("nimble-tui studio invite NAME.\n")
    assert "studio invite" not in run("people", "offboard", "Ada Kovac", *ADMIN).err


def test_it_is_asked_for_once_and_each_step_is_ticked(run: Run, person: Person) -> None:
    person.answers = ["n"]
    told = run(*ONBOARD)
    assert (told.code, told.out) == (exit_codes.FAILED, "")
    assert lines(told.err)[1:] == [*ALL_OF_IT, "No changes made."]
    assert on(run, "Zofia Kowalska") == set()
    person.answers = ["y"]
    told = run(*ONBOARD)
    assert (told.code, told.out) == (exit_codes.DONE, "")
    assert lines(told.err)[6:] == [
        *DONE,
        "Zofia Kowalska: done. Remaining steps, for the operator:",
        f"nimble-tui studio invite {ZOFIA} --data FILE",
        f"When they are done: nimble-tui people onboard {ZOFIA} --operator-done --studio admin",
    ]
    assert person.asked == ["Run this plan? [y/N] "] * 2
    assert on(run, "Zofia Kowalska") == {"Review", "Comp"}


def test_a_plan_stays_open_until_the_operator_has_done_their_part(run: Run) -> None:
    assert run(*ONBOARD, "--yes").code == exit_codes.DONE
    told = run("people", *ADMIN)
    command = f"people onboard {ZOFIA}"
    assert told.err == (
        "Onboard Zofia Kowalska: only the operator's steps are left. "
        f"When they are done: nimble-tui {command} --operator-done --studio admin\n"
    )
    told = run(*command.split(), "--operator-done", *ADMIN)
    assert told.code == exit_codes.DONE
    assert told.err.endswith("Zofia Kowalska: done.\n")
    assert run("people", *ADMIN).err == ""
    told = run(*command.split(), *ADMIN)
    assert told.code == exit_codes.REFUSED
    assert "Select at least one launch profile" in told.err


def test_without_a_terminal_yes_must_be_said(run: Run) -> None:
    told = run(*ONBOARD)
    assert told.code == exit_codes.USAGE
    assert "--yes" in told.err
    assert on(run, "Zofia Kowalska") == set()


def test_a_failure_stops_it_and_the_same_command_goes_on(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise StudioError(ErrorKind.TROUBLE, "The studio returned an internal error.")

    with monkeypatch.context() as patch:
        patch.setattr(Membership, "put_launch_profile_members", broken)
        told = run(*ONBOARD, "--yes")
    assert (told.code, told.out) == (exit_codes.FAILED, "")
    assert lines(told.err)[6:] == [
        DONE[0],
        "[!] Add Zofia Kowalska to Review.",
        "The studio returned an internal error.",
        "Finished steps are not repeated. Run the same command to continue.",
        told.err.splitlines()[-1],
    ]
    assert run("people", *ADMIN).err == (
        "Onboard Zofia Kowalska: not finished. "
        f"Resume: nimble-tui people onboard {ZOFIA} --studio admin\n"
    )
    monkeypatch.setattr(UserProfiles, "activate", lambda *_: pytest.fail("it was done again"))
    told = run(*ONBOARD, "--yes")
    assert told.code == exit_codes.DONE
    assert lines(told.err)[6:9] == DONE
    told = run(*ONBOARD, "--yes")
    assert told.code == exit_codes.DONE
    assert on(run, "Zofia Kowalska") == {"Review", "Comp"}


def test_making_an_admin_is_left_to_the_operator_once_the_studio_says_so(run: Run) -> None:
    words = ("people", "onboard", "Zofia", "--admin", "--yes")
    told = run(*words, *ADMIN)
    assert told.code == exit_codes.DONE
    assert f"  nimble-tui people admin add {ZOFIA}\n" in told.err
    assert everybody(run, "admin")["Zofia Kowalska"]["isAdmin"] is False
    told = run(*words, *OPERATOR)
    assert told.code == exit_codes.DONE
    assert "[x] Make Zofia Kowalska an admin." in told.err
    assert everybody(run, "admin")["Zofia Kowalska"]["isAdmin"] is True


def test_who_leaves_keeps_their_workstations_until_each_is_deleted(
    run: Run, person: Person
) -> None:
    assert run("launch", "Review", "--name", "last shot", "--studio", "theo").code == 0
    session_id = one(lambda *words: run(*words, "--studio", "theo"), "last shot")["sessionId"]
    told = run("people", "offboard", "Theo", "--plan", *ADMIN)
    command = f"nimble-tui delete {session_id} --studio admin"
    assert f"last shot, READY: {command}" in told.out
    told = run("people", "offboard", "Theo", "--yes", *ADMIN)
    assert told.code == exit_codes.DONE, told.err
    assert f"nimble-tui studio revoke {THEO} --data FILE" in told.err
    theo = everybody(run, "admin")["Theo Lindqvist"]
    assert theo["launchProfiles"] == []
    assert theo["userProfile"]["status"] == "DEACTIVATED"
    assert {"sessionId": session_id, "state": "READY"} in theo["sessions"]
    # What the plan names works: with a confirmation of its own.
    end = session_id[-4:]
    person.answers = [end]
    told = run(*command.split()[1:], "--wait")
    assert told.code == exit_codes.DONE, told.err
    assert person.asked == [f"Type {end} (the last four characters of its id) to delete it: "]
    gone = everybody(run, "admin")["Theo Lindqvist"]["sessions"]
    assert session_id not in {one["sessionId"] for one in gone}


def test_an_artist_deletes_nothing_of_others(run: Run) -> None:
    session_id = one(run, "sq042 lighting")["sessionId"]
    told = run("delete", session_id, "--yes", "--studio", "theo")
    assert told.code == exit_codes.FAILED
    assert "You have no workstation" in told.err
    assert one(run, "sq042 lighting")["state"] == "READY"


def test_nobody_takes_out_themself_or_the_last_admin(run: Run) -> None:
    told = run("people", "offboard", "Inês", "--yes", *ADMIN)
    assert told.code == exit_codes.REFUSED
    assert "You can't offboard yourself" in told.err
    told = run("people", "offboard", "Lena", "Inês", "--yes", *OPERATOR)
    assert told.code == exit_codes.REFUSED
    assert "last admin" in told.err
    assert everybody(run, "operator")["Inês Cardoso"]["isAdmin"] is True


def test_several_people_in_one_go(run: Run) -> None:
    told = run("people", "onboard", "Zofia", "Theo", "--profile", "Comp", "--yes", *ADMIN)
    assert told.code == exit_codes.DONE
    assert on(run, "Zofia Kowalska") == {"Comp"}
    assert "Comp" in on(run, "Theo Lindqvist")


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Demo]:
    """A studio somewhere else, whose data somebody has."""
    with open_demo(tmp_path / "studio.db", speed=100_000) as demo:
        yield demo


def test_all_the_way_in_and_out_again(run: Run, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "studio.db"))
    assert run(*ONBOARD, "--yes").code == exit_codes.DONE
    assert run("launch", "Comp", "--studio", "theo").code == exit_codes.FAILED
    assert run("people", "onboard", "Theo", "--profile", "Comp", "--yes", *ADMIN).code == 0
    assert run("launch", "Comp", "--studio", "theo").code == exit_codes.DONE
    assert run("people", "offboard", "Theo", "--yes", *ADMIN).code == exit_codes.DONE
    assert run("launch", "Comp", "--studio", "theo").code == exit_codes.FAILED
    assert run("studio", "revoke", THEO, "--yes", *data).code == exit_codes.DONE
    assert run("sessions", "--studio", "theo").code == exit_codes.NOT_SIGNED_IN


@pytest.fixture
def wrong_domain(config: Path, remote: Demo, staff: Demo) -> None:
    """The settings name a DataZone domain that is not there, so no DataZone step succeeds."""
    text = config.read_text()
    right = remote.invite.domain_id
    assert staff is remote
    assert right in text
    config.write_text(text.replace(right, "dzd-" + "x" * (len(right) - 4)))


@pytest.mark.usefixtures("wrong_domain")
def test_a_step_that_cannot_succeed_can_be_skipped(run: Run) -> None:
    told = run(*ONBOARD, "--yes")
    assert told.code == exit_codes.FAILED
    assert "[!] Activate Zofia Kowalska in the studio's DataZone domain." in lines(told.err)
    said, _, command = told.err.splitlines()[-1].partition(": ")
    assert said == "To skip this step and run the rest"
    assert on(run, "Zofia Kowalska") == set()
    _, *words = shlex.split(command)
    told = run(*words, "--yes")
    assert told.code == exit_codes.DONE
    assert "[-] Activate Zofia Kowalska in the studio's DataZone domain." in lines(told.err)
    assert on(run, "Zofia Kowalska") == {"Review", "Comp"}
    told = run("people", "onboard", ZOFIA, "--operator-done", *ADMIN)
    assert told.code == exit_codes.DONE
    assert told.err.endswith("Zofia Kowalska: done, without the skipped step.\n")


@pytest.mark.usefixtures("wrong_domain")
def test_a_skipped_step_stays_skipped_the_next_time(run: Run) -> None:
    assert run(*ONBOARD, "--yes", "--skip", "activate").code == exit_codes.DONE
    told = run("people", "onboard", ZOFIA, "--plan", *ADMIN)
    assert "[-] Activate Zofia Kowalska in the studio's DataZone domain." in lines(told.out)


def test_a_step_that_the_plan_has_not_cannot_be_skipped(run: Run) -> None:
    told = run(*ONBOARD, "--yes", "--skip", "\x1b[2Jnothing")
    assert (told.code, told.out) == (exit_codes.USAGE, "")
    assert "has no step" in told.err
    assert "activate  Activate Zofia Kowalska in the studio's DataZone domain." in told.err
    assert "\x1b" not in told.err
    assert on(run, "Zofia Kowalska") == set()
