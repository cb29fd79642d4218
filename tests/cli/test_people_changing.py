"""people add, remove, admin, activate and deactivate, over the wire."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes, progress
from nimble_tui.client.people.membership import Membership
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.studio.demo import Demo, open_demo
from nimble_tui.studio.invites import invite
from tests.cli.running import Person, Run, everybody

pytestmark = pytest.mark.usefixtures("staff")

ADMIN = ("--studio", "admin")
OPERATOR = ("--studio", "operator")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "studio.db"


@pytest.fixture
def remote(data: Path) -> Iterator[Demo]:
    """A studio somewhere else, whose data somebody has."""
    with open_demo(data, speed=100_000) as demo:
        yield demo


def on(run: Run, name: str) -> set[str]:
    return {one["name"] for one in everybody(run, "admin")[name]["launchProfiles"]}


def test_who_is_added_may_launch_and_who_is_taken_off_may_not(run: Run) -> None:
    assert run("launch", "Comp", "--studio", "theo").code == exit_codes.FAILED
    told = run("people", "add", "Theo", "--profile", "comp", "--profile", "FX", *ADMIN)
    assert (told.code, told.out) == (exit_codes.DONE, "")
    assert told.err.splitlines() == [
        "Theo Lindqvist can now launch from Comp.",
        "Theo Lindqvist can now launch from FX.",
    ]
    assert run("launch", "Comp", "--studio", "theo").code == exit_codes.DONE
    told = run("people", "remove", "Theo", "--profile", "Comp", *ADMIN, "--yes")
    assert told.err.endswith(
        "Removed Theo Lindqvist from Comp; their workstations are unchanged.\n"
    )
    assert run("launch", "Comp", "--studio", "theo").code == exit_codes.FAILED
    assert on(run, "Theo Lindqvist") == {"Review", "Animation", "Previs", "FX"}


def test_several_at_once_and_nothing_twice(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("people", "add", "Theo", "Noor", "theo.lindqvist", "Callum", "--profile", "Comp")
    told = run(*words, *ADMIN)
    assert told.code == exit_codes.DONE
    assert told.err == "Theo Lindqvist, Noor Rahimi, Callum Reid can now launch from Comp.\n"
    monkeypatch.setattr(
        Membership, "put_launch_profile_members", lambda *_: pytest.fail("it was sent again")
    )
    told = run(*words, *ADMIN)
    assert told.code == exit_codes.DONE
    assert told.err.splitlines() == [
        "Theo Lindqvist is already a member of Comp.",
        "Noor Rahimi is already a member of Comp.",
        "Callum Reid is already a member of Comp.",
    ]
    told = run("people", "remove", "Zofia", "Theo", "--profile", "Comp", *ADMIN, "--yes")
    assert told.code == exit_codes.DONE
    assert told.err.startswith(
        "Zofia Kowalska is not a member of Comp.\nRemoved Theo Lindqvist from Comp;"
    )


@pytest.mark.parametrize("in_a_terminal", [True, False])
def test_a_crowd_goes_in_pieces_and_is_counted(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch, *, in_a_terminal: bool
) -> None:
    names = [f"extra{number:02}" for number in range(45)]
    for name in names:
        invite(data, name, name=name.title())
    monkeypatch.setattr(progress, "is_terminal", lambda: in_a_terminal)
    told = run("people", "add", *names, "--profile", "Comp", *ADMIN)
    assert told.code == exit_codes.DONE
    counted = [f"{one} of 45 people" for one in (20, 40, 45)]
    assert [one in told.err for one in counted] == [True] * 3
    assert told.err.endswith("Extra44 can now launch from Comp.\n")
    assert ("\x1b[K" in told.err) is in_a_terminal
    assert sum("Extra" in one for one in everybody(run, "admin")) == 45
    assert "Comp" in on(run, "Extra44")


def test_one_wrong_word_and_nobody_is_added(run: Run) -> None:
    told = run("people", "add", "Theo", "nobody", "--profile", "Comp", *ADMIN)
    assert told.code == exit_codes.FAILED
    told = run("people", "add", "Theo", "--profile", "Comp", "--profile", "nowhere", *ADMIN)
    assert told.code == exit_codes.FAILED
    assert "nowhere" in told.err
    told = run("people", "add", "Theo", *ADMIN)
    assert told.code == exit_codes.USAGE
    assert "required: --profile" in told.err
    assert "Comp" not in on(run, "Theo Lindqvist")


def test_the_operator_changes_who_is_an_admin_and_nobody_else(run: Run) -> None:
    told = run("people", "admin", "add", "Theo", *ADMIN)
    assert told.code == exit_codes.REFUSED
    assert told.err == "Only the operator can change who is an admin. Ask them.\n"
    told = run("people", "admin", "add", "Theo", "Lena", *OPERATOR)
    assert told.code == exit_codes.DONE
    assert told.err == "Lena Hoffmann is already an admin.\nTheo Lindqvist is now an admin.\n"
    assert everybody(run, "admin")["Theo Lindqvist"]["isAdmin"] is True
    told = run("people", "admin", "remove", "Theo", "Noor", *OPERATOR, "--yes")
    assert told.code == exit_codes.DONE
    assert told.err == "Noor Rahimi is not an admin.\nTheo Lindqvist is no longer an admin.\n"
    assert everybody(run, "admin")["Theo Lindqvist"]["isAdmin"] is False


def test_the_last_admin_and_oneself_stay(run: Run) -> None:
    told = run("people", "admin", "remove", "Lena", "Inês", *OPERATOR, "--yes")
    assert told.code == exit_codes.REFUSED
    assert "Lena Hoffmann is no longer an admin." in told.err
    assert "last admin" in told.err
    assert everybody(run, "admin")["Inês Cardoso"]["isAdmin"] is True
    told = run("people", "admin", "remove", "Inês", *ADMIN, "--yes")
    assert told.code == exit_codes.REFUSED
    assert "You can't remove your own admin role" in told.err


def test_datazone_on_and_off(run: Run) -> None:
    told = run("people", "deactivate", "Theo", "Zofia", *ADMIN, "--yes")
    assert told.code == exit_codes.DONE
    assert told.err.splitlines() == [
        "Zofia Kowalska has no access to the studio's DataZone domain.",
        "Theo Lindqvist's DataZone profile is deactivated.",
    ]
    assert everybody(run, "admin")["Theo Lindqvist"]["userProfile"]["status"] == "DEACTIVATED"
    told = run("people", "activate", "Theo", "Zofia", "Bruno", *ADMIN)
    assert told.code == exit_codes.DONE
    assert (
        told.err.splitlines()[0]
        == "Bruno Ferreira already has access to the studio's DataZone domain."
    )
    found = everybody(run, "admin")
    assert found["Theo Lindqvist"]["userProfile"]["status"] == "ACTIVATED"
    assert found["Zofia Kowalska"]["userProfile"]["status"] in {"ASSIGNED", "ACTIVATED"}


def test_without_a_domain_there_is_nothing_to_activate(run: Run, config: Path) -> None:
    text = config.read_text()
    config.write_text("".join(one for one in text.splitlines(True) if "domain_id" not in one))
    told = run("people", "activate", "Theo", *ADMIN)
    assert told.code == exit_codes.REFUSED
    assert "Set domain_id in its settings" in told.err


CHANGES = (
    ("add", "Theo", "--profile", "Comp"),
    ("remove", "Theo", "--profile", "Review"),
    ("admin", "add", "Theo"),
    ("admin", "remove", "Lena"),
    ("activate", "Theo"),
    ("deactivate", "Theo"),
    ("onboard", "Theo", "--profile", "Comp"),
    ("offboard", "Theo"),
    ("offboard", "Theo", "--plan"),
)


@pytest.mark.parametrize("words", CHANGES, ids=" ".join)
def test_an_artist_changes_nothing_and_is_told_whom_to_ask(
    run: Run, words: tuple[str, ...]
) -> None:
    before = run("people", "--json", *ADMIN).out
    told = run("people", *words, "--studio", "theo")
    assert (told.code, told.out) == (exit_codes.REFUSED, "")
    assert "Only " in told.err
    assert "Ask" in told.err
    assert run("people", "--json", *ADMIN).out == before


@pytest.mark.parametrize("words", [one for one in CHANGES if "--plan" not in one], ids=" ".join)
def test_what_is_looked_only_is_left_as_it_is(
    run: Run, config: Path, words: tuple[str, ...]
) -> None:
    text = config.read_text().replace("[studios.admin]\n", "[studios.admin]\nread_only = true\n")
    config.write_text(text)
    before = run("people", "--json", *ADMIN).out
    told = run("people", *words, *ADMIN)
    assert (told.code, told.out) == (exit_codes.REFUSED, "")
    assert "read_only" in told.err
    assert run("people", "--json", *ADMIN).out == before


def test_a_failure_half_way_says_what_went_through_and_how_to_go_on(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Membership.delete_launch_profile_member

    def broken(self: Membership, where: str, who: str) -> None:
        if who.endswith("4c9"):
            raise StudioError(ErrorKind.TROUBLE, "The studio returned an internal error.")
        real(self, where, who)

    words = ("people", "remove", "Theo", "Noor", "Bruno", "--profile", "Review", "--yes", *ADMIN)
    with monkeypatch.context() as patch:
        patch.setattr(Membership, "delete_launch_profile_member", broken)
        told = run(*words)
    assert told.code == exit_codes.FAILED
    assert told.err.splitlines() == [
        "Removed Theo Lindqvist from Review; their workstations are unchanged.",
        "The studio returned an internal error.",
        "Finished steps are not repeated. Run the same command to continue.",
    ]
    told = run(*words)
    assert told.code == exit_codes.DONE
    assert told.err.startswith(
        "Theo Lindqvist is not a member of Review.\nRemoved Noor Rahimi from Review;"
    )


TAKING_AWAY = (
    ("remove", "Theo", "--profile", "Review"),
    ("deactivate", "Theo"),
    ("admin", "remove", "Lena"),
)


@pytest.mark.parametrize("words", TAKING_AWAY, ids=" ".join)
def test_nothing_is_taken_away_without_a_yes(
    run: Run, person: Person, words: tuple[str, ...]
) -> None:
    who = OPERATOR if "admin" in words else ADMIN
    before = run("people", "--json", *who).out
    person.answers = ["", "n", "yes"]
    for _ in range(2):
        told = run("people", *words, *who)
        assert (told.code, told.err) == (exit_codes.FAILED, "No changes made.\n")
        assert run("people", "--json", *who).out == before
    assert run("people", *words, *who).code == exit_codes.DONE
    assert run("people", "--json", *who).out != before
    assert ("Lena Hoffmann" if "admin" in words else "Theo Lindqvist") in person.asked[0]


@pytest.mark.parametrize("words", TAKING_AWAY, ids=" ".join)
def test_without_a_terminal_taking_away_needs_the_yes_in_the_command(
    run: Run, words: tuple[str, ...]
) -> None:
    who = OPERATOR if "admin" in words else ADMIN
    before = run("people", "--json", *who).out
    told = run("people", *words, *who)
    assert told.code == exit_codes.USAGE
    assert "add --yes to confirm" in told.err
    assert run("people", "--json", *who).out == before


def test_what_is_asked_names_every_change_and_what_needs_none_is_not_asked(
    run: Run, person: Person
) -> None:
    person.answers = ["y"]
    words = ("people", "remove", "Theo", "Noor", "Zofia", "--profile", "Review", *ADMIN)
    assert run(*words).code == exit_codes.DONE
    question = "Remove Theo Lindqvist from Review, Remove Noor Rahimi from Review? [y/N] "
    assert person.asked == [question]
    told = run(*words)
    assert told.code == exit_codes.DONE
    assert told.err.count(" is not a member of Review.\n") == 3
