"""Names with accents, written in one character or in two: the same name everywhere."""

import unicodedata

import pytest

from nimble_tui.cli import exit_codes
from tests.cli.running import Run, completions

pytestmark = pytest.mark.usefixtures("staff")

COMPOSED, APART = (unicodedata.normalize(form, "Café plage") for form in ("NFC", "NFD"))
ADMIN = ("--studio", "admin")


@pytest.mark.parametrize(("given", "typed"), [(COMPOSED, APART), (APART, COMPOSED)])
def test_a_workstation_is_found_either_way_and_shown_as_it_came(
    run: Run, given: str, typed: str
) -> None:
    assert run("rename", "sq007 plates", given).code == exit_codes.DONE
    assert run("start", typed).code == exit_codes.DONE
    assert given in run("sessions").out
    begun = typed.split(maxsplit=1)[0]
    line = f"nimble-tui stop {begun}"
    assert [one.partition("\t")[0] for one in completions(run, line)] == [typed]
    for shell in ("zsh", "bash"):
        (put,) = completions(run, line, _ARGCOMPLETE_SHELL=shell)
        assert put.startswith(typed.replace(" ", "\\ "))


def test_two_that_look_alike_are_told_apart_by_id(run: Run) -> None:
    assert run("rename", "sq007 plates", COMPOSED).code == exit_codes.DONE
    assert run("rename", "sq042 lighting", APART).code == exit_codes.DONE
    told = run("start", COMPOSED)
    assert told.code == exit_codes.FAILED
    assert "matches 2 workstations" in told.err
    assert not [one for one in completions(run, "nimble-tui stop ") if "plage\t" in one]


def test_people_are_found_either_way(run: Run) -> None:
    name = unicodedata.normalize("NFD", "Inês Cardoso")
    told = run("people", "offboard", name, "--plan", *ADMIN)
    assert "offboard yourself" in told.err
