"""people: who is in the studio, as an admin and an artist see it."""

import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.cli.output import width_of
from nimble_tui.client.people.aws_service import AwsService
from nimble_tui.client.people.membership import Membership
from nimble_tui.config.credentials import KeyringVault
from nimble_tui.config.editing import append_studio
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.studio.demo import open_demo
from nimble_tui.studio.sample.data import INES, THEO, ZOFIA
from tests.cli.running import Run, completions, everybody, settings_of
from tests.config.keyrings import FakeKeyring


@pytest.mark.usefixtures("staff")
def test_an_admin_sees_who_can_do_what(run: Run) -> None:
    told = run("people", "--studio", "admin")
    assert (told.code, told.err) == (exit_codes.DONE, "")
    head, *rows = told.out.splitlines()
    assert head.split() == ["NAME", "ROLE", "RUN", "STOP", "DATAZONE", "ID", "LAUNCH", "PROFILES"]
    mara = next(row for row in rows if row.startswith("Mara Vos"))
    assert mara.split()[2:6] == ["artist", "3", "3", "ACTIVATED"]
    assert "Lighting, Comp" in mara
    ines = next(row for row in rows if row.startswith("Inês Cardoso (you)"))
    assert INES in ines
    assert ines.endswith("(all)")
    zofia = next(row for row in rows if row.startswith("Zofia"))
    assert zofia.split()[2:4] == ["none", "none"]


@pytest.mark.usefixtures("staff")
def test_in_a_terminal_everybody_has_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run("people", "--studio", "admin").out
    for name, value in (("COLUMNS", "80"), ("LINES", "24"), ("NO_COLOR", "1")):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    rows = run("people", "--studio", "admin").out.splitlines()
    assert len(rows) == len(whole.splitlines())
    assert max(map(width_of, rows)) <= 80
    mara = next(row for row in rows if row.startswith("Mara Vos"))
    assert "Lighting, Comp" in mara
    assert mara.endswith("…")
    assert INES in whole
    assert not any(INES in row for row in rows)


@pytest.mark.usefixtures("staff")
def test_json_holds_the_same(run: Run) -> None:
    told = run("people", "--json", "--studio", "admin")
    answer = json.loads(told.out)
    assert answer["role"] == "admin"
    theo = next(one for one in answer["people"] if one["principalId"] == THEO)
    assert theo["name"] == "Theo Lindqvist"
    assert theo["email"] == "theo.lindqvist@northwind.example"
    assert (theo["isAdmin"], theo["isMe"]) == (False, False)
    assert {one["name"] for one in theo["launchProfiles"]} == {"Review", "Animation", "Previs"}
    assert theo["userProfile"]["status"] == "ACTIVATED"
    assert theo["running"] + theo["stopped"] <= len(theo["sessions"])
    assert sum(one["isMe"] for one in answer["people"]) == 1


@pytest.mark.usefixtures("staff")
def test_an_artist_sees_who_they_work_with_and_whom_to_ask(run: Run) -> None:
    told = run("people")
    assert told.code == exit_codes.DONE
    assert "DATAZONE" not in told.out
    assert "Theo Lindqvist" in told.out
    assert "Zofia" not in told.out
    assert told.err.startswith("Launch profiles are managed by the admins: Inês Cardoso, ")


@pytest.mark.usefixtures("staff")
def test_names_that_cannot_be_looked_up_leave_ids_and_a_notice(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object, **__: object) -> None:
        raise StudioError(ErrorKind.UNREACHABLE, "It is away.")

    monkeypatch.setattr(AwsService, "ask", down)
    told = run("people", "--studio", "admin")
    assert told.code == exit_codes.DONE
    assert THEO in told.out
    assert "Names are unavailable" in told.err
    assert ZOFIA not in told.out
    told = run("people", "add", ZOFIA, THEO[-12:], "--profile", "Comp", "--studio", "admin")
    assert told.code == exit_codes.DONE
    assert told.err == f"{ZOFIA}, {THEO[-12:]} can now launch from Comp.\n"
    assert ZOFIA in everybody(run, "admin", key="principalId")


def test_hostile_names_draw_nothing_but_themselves(
    run: Run, tmp_path: Path, config: Path, backend: FakeKeyring
) -> None:
    assert not backend.kept
    with open_demo(tmp_path / "studio.db", speed=100_000) as demo:
        connection = sqlite3.connect(tmp_path / "studio.db")
        connection.execute(
            "UPDATE people SET name = ?, user_name = ? WHERE principal_id = ?",
            ("\x1b[2J\u202e[bold]\n{0}", "\x9b31m", THEO),
        )
        connection.commit()
        connection.close()
        invite = next(one for _, one in demo.others if one.principal_id == INES)
        studio = settings_of(invite)
        append_studio(config, studio)
        KeyringVault().store(studio, invite.keys)
        every: list[Any] = [
            run("people"),
            run("people", "--json"),
            run("people", "add", THEO, "--profile", "Comp"),
            run("people", "remove", THEO, "--profile", "Comp", "--yes"),
            run("people", "offboard", THEO, "--plan"),
            run("people", "offboard", THEO, "--yes"),
        ]
    for ran in every:
        assert ran.code == exit_codes.DONE, ran.err
        assert not any(one in ran.out + ran.err for one in "\x1b\x9b\u202e")
    assert "[bold]" in every[0].out


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    ("word", "code", "sentence"),
    [
        ("nobody", exit_codes.FAILED, "No member named nobody"),
        ("", exit_codes.USAGE, "No person given"),
        ("\x1b]52;c;x\x07", exit_codes.FAILED, "No member named"),
        ("n", exit_codes.FAILED, "Type at least 3 characters of a name."),
        ("no", exit_codes.FAILED, "Type at least 3 characters of a name."),
        (
            "eid",
            exit_codes.FAILED,
            "No member named eid. List members with nimble-tui people. Did you mean:",
        ),
        ("northwind", exit_codes.FAILED, "and 2 more"),
    ],
)
def test_who_is_meant_must_be_told(run: Run, word: str, code: int, sentence: str) -> None:
    told = run("people", "remove", word, "--profile", "Review", "--studio", "admin", "--yes")
    assert (told.code, told.out) == (code, "")
    assert sentence in told.err
    assert "\x1b" not in told.err


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    "word",
    [
        "Theo Lindqvist",
        "theo",
        " THEO  lind",
        "lind",
        "theo.lindqvist",
        "theo.lindqvist@northwind.example",
        THEO,
        THEO[-12:],
    ],
)
def test_whom_can_be_told_in_many_ways(run: Run, word: str) -> None:
    told = run("people", "remove", word, "--profile", "Review", "--studio", "admin", "--yes")
    assert told.code == exit_codes.DONE
    assert told.err == "Removed Theo Lindqvist from Review; their workstations are unchanged.\n"


@pytest.mark.usefixtures("staff")
def test_a_list_that_is_not_whole_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def trouble(*_: object) -> None:
        raise StudioError(ErrorKind.TROUBLE, "The studio returned an internal error.")

    monkeypatch.setattr(Membership, "list_studio_members", trouble)
    told = run("people", "--studio", "admin")
    assert told.code == exit_codes.FAILED
    assert "Can't list the admins. The studio returned an internal error." in told.err
    assert (
        next(row for row in told.out.splitlines() if row.startswith("Lena")).split()[2] == "unknown"
    )


@pytest.mark.usefixtures("staff")
def test_an_unknown_id_is_the_studios_to_refuse(run: Run) -> None:
    stranger = "9267a41c58-00000000-71e4-4c59-a2d6-8b5e0f91c374"
    told = run("people", "add", stranger, "--profile", "Review", "--studio", "admin")
    assert told.code == exit_codes.FAILED
    assert "That person or launch profile was not found" in told.err


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("admin", "Inês Cardoso"),
        ("operator", "Pat Okafor"),
        ("theo", "Theo Lindqvist"),
        ("ines.cardoso", "Inês Cardoso"),
        ("VOS", "Mara Vos"),
    ],
)
def test_the_demo_is_seen_as_somebody_in_it(run: Run, who: str, name: str) -> None:
    people = json.loads(run("people", "--json", "--demo", "--as", who).out)["people"]
    assert [one["name"] for one in people if one["isMe"]] == [name]


def test_what_is_kept_of_the_demo_is_kept_for_each_apart(run: Run) -> None:
    assert run("sessions", "--demo", "--as", "theo").code == exit_codes.DONE
    offered = completions(run, "nimble-tui stop --demo --as theo nw")
    assert [one.partition("\t")[0] for one in offered] == ["nw_otter walk cycles"]
    assert completions(run, "nimble-tui stop --demo ") == []
    told = run("people", "offboard", "theo", "--plan", "--demo", "--as", "admin")
    assert "nimble-tui studio revoke" in told.out
    assert " --demo --as admin\n" in told.out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--demo", "--as", "nobody\x1b[2J"), "is not a demo user; use one of:"),
        (("--as", "admin"), "add --demo"),
    ],
)
def test_who_one_is_in_the_demo_must_be_told_well(
    run: Run, words: tuple[str, ...], sentence: str
) -> None:
    told = run("people", *words)
    assert (told.code, told.out) == (exit_codes.USAGE, "")
    assert sentence in told.err
    assert "\x1b" not in told.err
