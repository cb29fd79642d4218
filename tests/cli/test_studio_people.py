"""studio people, invite and revoke, on a data file and on the demo."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.config.paths import demo_file
from nimble_tui.core.invite import Invite
from nimble_tui.studio.demo import Demo, open_demo
from nimble_tui.studio.sample.data import THEO, ZOFIA
from tests.cli.running import Person, Run
from tests.studio.world import client_of, refused


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "studio.db"


@pytest.fixture
def demo(data: Path) -> Iterator[Demo]:
    """A studio that is served from the data file."""
    with open_demo(data) as demo:
        yield demo


Refusal = tuple[tuple[str, ...], int, str]


def test_everybody_as_a_table_and_as_json(run: Run, demo: Demo, data: Path) -> None:
    table = run("studio", "people", "--data", str(data))
    assert table.code == exit_codes.DONE
    head, *rows = table.out.splitlines()
    assert head.split("  ")[0] == "NAME"
    assert len(rows) == len(demo.studio.people())
    theo = next(row for row in rows if row.startswith("Theo Lindqvist"))
    assert "theo.lindqvist" in theo
    assert "Review, Animation, Previs" in theo
    assert theo.endswith(THEO)
    people = json.loads(run("studio", "people", "--data", str(data), "--json").out)["people"]
    found = next(one for one in people if one["principalId"] == THEO)
    assert found == {
        "principalId": THEO,
        "name": "Theo Lindqvist",
        "userName": "theo.lindqvist",
        "email": "theo.lindqvist@northwind.example",
        "role": "artist",
        "keys": "work",
        "launchProfiles": ["Review", "Animation", "Previs"],
    }
    everything = json.dumps(people) + table.out
    assert not any(one.secret_access_key in everything for one in demo.studio.people())


def test_an_invite_lets_somebody_in_and_a_revocation_out(run: Run, demo: Demo, data: Path) -> None:
    told = run("studio", "invite", "wren.adeyemi", "--name", "Wren Adeyemi", "--data", str(data))
    assert told.code == exit_codes.DONE
    assert told.out.count("\n") == 1
    invite = Invite.decode(told.out)
    assert (invite.endpoint_url, invite.display_name) == (demo.endpoint_url, "Wren Adeyemi")
    assert "Added Wren Adeyemi, " in told.err
    assert invite.secret_access_key not in told.err
    wren = client_of(invite.endpoint_url, invite.access_key_id, invite.secret_access_key)
    wren.list_studios()
    told = run("studio", "revoke", "wren.adeyemi", "--data", str(data), "--yes")
    assert (told.code, told.out) == (exit_codes.DONE, "")
    assert "Revoked Wren Adeyemi's access keys. Their" in told.err
    with refused("UnrecognizedClientException") as reply:
        wren.list_studios()
    assert reply["ResponseMetadata"]["HTTPStatusCode"] == 403
    wren.close()
    again = run("studio", "revoke", "Wren Adeyemi", "--data", str(data), "--yes")
    assert again.code == exit_codes.DONE
    assert "already" in again.err
    assert "revoked" in run("studio", "people", "--data", str(data)).out


def test_a_second_invite_ends_the_first(run: Run, demo: Demo, data: Path) -> None:
    theo = next(one for _, one in demo.others if one.principal_id == THEO)
    client = client_of(theo.endpoint_url, theo.access_key_id, theo.secret_access_key)
    told = run("studio", "invite", THEO, "--data", str(data), "--endpoint", "https://x.example")
    assert Invite.decode(told.out).endpoint_url == "https://x.example"
    assert "Their previous access keys are revoked." in told.err
    with refused("UnrecognizedClientException"):
        client.list_studios()
    client.close()


def test_who_runs_the_studio_is_said_by_one_word(run: Run, demo: Demo, data: Path) -> None:
    where = ("--data", str(data))
    told = run("studio", "invite", "theo.lindqvist", "--operator", *where)
    assert told.code == exit_codes.DONE
    assert "Theo Lindqvist is now an operator." in told.err
    told = run("studio", "invite", "Wren Adeyemi", "--operator", *where)
    assert "Added Wren Adeyemi, who is now an operator." in told.err
    roles = {
        one["userName"]: one["role"]
        for one in json.loads(run("studio", "people", "--json", *where).out)["people"]
    }
    assert {name for name, role in roles.items() if role == "operator"} == {
        *("pat.okafor", "theo.lindqvist", "wren.adeyemi")
    }
    told = run("studio", "revoke", "theo.lindqvist", "--operator", *where, "--yes")
    assert "Theo Lindqvist stays an admin, with their access keys" in told.err
    told = run("studio", "revoke", "Wren Adeyemi", *where, "--yes")
    assert "Revoked Wren Adeyemi's access keys and operator role." in told.err
    told = run("studio", "revoke", "Pat Okafor", "--operator", *where, "--yes")
    assert (told.code, told.out) == (exit_codes.FAILED, "")
    assert "nimble-tui studio invite PERSON --operator" in told.err
    assert run("studio", "people", "--operator", *where).code == exit_codes.USAGE
    assert len(demo.studio.people()) == 13


def test_the_demo_is_its_own_file(run: Run) -> None:
    assert not demo_file().exists()
    assert run("studio", "people", "--demo").code == exit_codes.DONE
    assert run("sessions", "--demo").code == exit_codes.DONE
    told = run("studio", "invite", "zofia.kowalska", "--demo")
    assert Invite.decode(told.out).principal_id == ZOFIA
    assert "No studio is served there at the moment" in told.err
    with open_demo(demo_file()) as demo:
        told = run("studio", "invite", "zofia.kowalska", "--demo")
        assert Invite.decode(told.out).endpoint_url == demo.endpoint_url
        assert "Nothing answers" not in told.err


@pytest.mark.parametrize(
    "refusal",
    [
        (("invite",), exit_codes.USAGE, "PERSON"),
        (("revoke",), exit_codes.USAGE, "PERSON"),
        (("revoke", "nobody"), exit_codes.FAILED, "No person in this studio is called nobody."),
        (("revoke", "Pat Okafor", "--yes"), exit_codes.FAILED, "only operator of this studio"),
        (
            ("revoke", "Inês Cardoso", "--operator", "--yes"),
            exit_codes.FAILED,
            "is not an operator of this studio",
        ),
        (("revoke", "theo"), exit_codes.USAGE, "add --yes to confirm"),
        (("revoke", "th", "--yes"), exit_codes.FAILED, "No person in this studio is called th"),
        (("invite", THEO, "--json"), exit_codes.USAGE, "--json"),
        (("people", "--speed", "7"), exit_codes.USAGE, "--speed"),
        (
            ("invite", "Theo Lindquist", "--operator"),
            exit_codes.FAILED,
            "did you mean Theo Lindqvist?",
        ),
        (("invite", "Theo Lindquist"), exit_codes.FAILED, "did you mean Theo Lindqvist?"),
        (("invite", "x", "--name", "\x1b[2J"), exit_codes.FAILED, "visible characters"),
        (("invite", THEO, "--endpoint", "http://x.example"), exit_codes.USAGE, "--endpoint must"),
        (
            ("invite", THEO, "--endpoint", "https://nimble.us-west-2.amazonaws.com"),
            exit_codes.USAGE,
            "closed in October 2024",
        ),
        (("invite", THEO, "--endpoint", ""), exit_codes.USAGE, "--endpoint must"),
        (("revoke", "\x1b]52;c;x\x07"), exit_codes.FAILED, "No person"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    run: Run, demo: Demo, data: Path, refusal: Refusal
) -> None:
    words, code, sentence = refusal
    told = run("studio", *words, "--data", str(data))
    assert (told.code, told.out) == (code, "")
    assert sentence in told.err
    assert "\x1b" not in told.err
    assert len(demo.studio.people()) == 12
    assert all(one.active for one in demo.studio.people())


def test_options_stand_before_or_after_the_name(run: Run, demo: Demo, data: Path) -> None:
    assert run("sessions", "--demo").code == exit_codes.DONE
    for words in (
        ("studio", "invite", "--demo", "Zofia Kowalska"),
        ("studio", "invite", "Zofia Kowalska", "--demo"),
        ("studio", "--demo", "invite", "Zofia Kowalska"),
        ("--demo", "studio", "invite", "Zofia Kowalska"),
    ):
        assert Invite.decode(run(*words).out).principal_id == ZOFIA, words
    file = ("--data", str(data))
    for words in (
        (*file, "Theo Lindqvist", "--yes"),
        ("--yes", *file, "Lena Hoffmann"),
        ("Callum Reid", "--yes", *file),
    ):
        assert run("studio", "revoke", *words).code == exit_codes.DONE, words
    assert len([one for one in demo.studio.people() if not one.active]) == 3


def test_each_command_takes_its_own_options_alone(run: Run, demo: Demo, data: Path) -> None:
    for words in (
        ("studio", "people", "--demo", "--speed", "7", "--port", "80"),
        ("studio", "--port", "80", "people", "--demo"),
        ("studio", "invite", "--demo", "Zofia Kowalska", "--ephemeral"),
        ("studio", "revoke", "--data", str(data), "Theo Lindqvist", "--name", "Theo"),
        ("studio", "clock", "--demo", "--sessions", "3"),
        ("studio", "serve", "--demo", "--json"),
        ("studio",),
        ("demo", "reset", "--data", str(data)),
        ("demo", "--port", "80"),
        ("demo",),
    ):
        ran = run(*words)
        assert (ran.code, ran.out) == (exit_codes.USAGE, ""), words
        assert "usage: nimble-tui" in ran.err, words
    assert all(one.active for one in demo.studio.people())


def test_which_studio_must_be_said(run: Run, tmp_path: Path) -> None:
    told = run("studio", "people")
    assert told.code == exit_codes.USAGE
    assert "--data FILE, or --demo" in told.err
    for path in (tmp_path / "nothing", tmp_path):
        told = run("studio", "people", "--data", str(path))
        assert told.code == exit_codes.FAILED
        assert "o studio in" in told.err
    (tmp_path / "text").write_text("no studio")
    assert "damaged" in run("studio", "people", "--data", str(tmp_path / "text")).err


def test_hostile_names_draw_nothing_but_themselves(run: Run, demo: Demo, data: Path) -> None:
    connection = sqlite3.connect(data)
    connection.execute(
        "UPDATE people SET name = ?, user_name = ? WHERE principal_id = ?",
        ("\x1b[2J\u202e[bold]\n", "\x9b31m", THEO),
    )
    connection.commit()
    connection.close()
    for ran in (
        run("studio", "people", "--data", str(data)),
        run("studio", "people", "--data", str(data), "--json"),
        run("studio", "revoke", THEO, "--data", str(data), "--yes"),
    ):
        shown = ran.out + ran.err
        assert ran.code == exit_codes.DONE
        assert not any(one in shown for one in "\x1b\x9b\u202e")
    assert not next(one for one in demo.studio.people() if one.principal_id == THEO).active


def test_the_beginning_of_a_name_revokes_after_a_yes(
    run: Run, person: Person, demo: Demo, data: Path
) -> None:
    person.answers = ["n", "y"]
    where = ("--data", str(data))
    told = run("studio", "revoke", "theo", *where)
    assert (told.code, told.err) == (exit_codes.FAILED, "No changes made.\n")
    told = run("studio", "revoke", *where, "theo")
    assert told.code == exit_codes.DONE
    assert person.asked == ["Revoke Theo Lindqvist's access keys? [y/N] "] * 2
    active = {one.name: one.active for one in demo.studio.people()}
    assert [name for name, works in active.items() if not works] == ["Theo Lindqvist"]


def test_a_beginning_that_fits_several_revokes_nobody(run: Run, demo: Demo, data: Path) -> None:
    run("studio", "invite", "Theo Vance", "--name", "Theo Vance", "--data", str(data))
    told = run("studio", "revoke", "theo", "--yes", "--data", str(data))
    assert told.code == exit_codes.FAILED
    assert "matches 2 people" in told.err
    assert all(one.active for one in demo.studio.people())
