"""people persona, over the wire, seen by boto3 as well."""

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.client.people import membership
from nimble_tui.studio.demo import Demo, open_demo
from nimble_tui.studio.sample.data import BRUNO, INES, THEO
from nimble_tui.studio.sample.facts import STUDIO_ID
from tests.cli.running import Run, completions
from tests.studio.world import client_of

pytestmark = pytest.mark.usefixtures("staff")

ADMIN = ("--studio", "admin")
OF_THEO = ("people", "persona", "Theo", "--profile", "Review")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "studio.db"


@pytest.fixture
def remote(data: Path) -> Iterator[Demo]:
    """A studio somewhere else, whose data somebody has."""
    with open_demo(data, speed=100_000) as demo:
        yield demo


@pytest.fixture
def sdk(staff: Demo) -> Iterator[Any]:
    """A client of boto3 for the admin."""
    keys = next(one.keys for _, one in staff.others if one.principal_id == INES)
    client = client_of(staff.endpoint_url, keys.access_key_id, keys.secret_access_key)
    yield client
    client.close()


def where(sdk: Any, name: str) -> dict[str, str]:
    profiles = sdk.list_launch_profiles(studioId=STUDIO_ID)["launchProfiles"]
    found = next(one["launchProfileId"] for one in profiles if one["name"] == name)
    return {"studioId": STUDIO_ID, "launchProfileId": found}


def changes(path: Path) -> list[dict[str, Any]]:
    """Return the calls of UpdateLaunchProfileMember that a log holds."""
    calls = map(json.loads, path.read_text().splitlines())
    return [one for one in calls if one["operation"] == "UpdateLaunchProfileMember"]


def test_a_persona_is_shown_with_what_it_can_be(run: Run) -> None:
    told = run(*OF_THEO, *ADMIN)
    assert (told.code, told.err) == (exit_codes.DONE, "")
    lines = dict(line.split("  ", 1) for line in told.out.splitlines())
    facts = {name: value.strip() for name, value in lines.items()}
    assert facts["Person"] == "Theo Lindqvist"
    assert facts["Launch profile"] == "Review"
    assert facts["Persona"] == "USER"
    assert facts["Since"].startswith("unknown")
    assert facts["Can be"] == "USER. It is the only persona that the API has."
    assert facts["Id"] == THEO


def test_a_persona_is_set_and_the_sdk_sees_it_so(run: Run, sdk: Any, tmp_path: Path) -> None:
    log = tmp_path / "calls.log"
    told = run(*OF_THEO, "--set", "user", "--json", *ADMIN, "--log", str(log))
    assert told.code == exit_codes.DONE
    assert told.err == (
        "Theo Lindqvist has the persona USER on Review. It is the only persona that the API has.\n"
    )
    member = sdk.get_launch_profile_member(**where(sdk, "Review"), principalId=THEO)["member"]
    assert json.loads(told.out) == {"member": member}
    assert len(changes(log)) == 1
    assert json.loads(run(*OF_THEO, "--json", *ADMIN).out) == {"member": member}


def test_since_when_is_what_this_computer_knows(run: Run) -> None:
    def since(name: str) -> str:
        out = run("people", "persona", name, "--profile", "Comp", *ADMIN).out
        line = next(line for line in out.splitlines() if line.startswith("Since"))
        return line.split(maxsplit=1)[1]

    assert run("people", "add", "Theo", "Noor", "--profile", "Comp", *ADMIN).code == 0
    first = since("Theo")
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}, set here", first)
    assert run("people", "persona", "Theo", "--profile", "Comp", "--set", "USER", *ADMIN).code == 0
    assert since("Theo") == first
    assert since("Mara").startswith("unknown")


def test_a_member_put_by_the_sdk_has_a_persona(run: Run, sdk: Any) -> None:
    store = sdk.list_studio_members(studioId=STUDIO_ID)["members"][0]["identityStoreId"]
    sdk.put_launch_profile_members(
        **where(sdk, "Comp"),
        identityStoreId=store,
        members=[{"principalId": THEO, "persona": "USER"}],
    )
    sdk.update_launch_profile_member(**where(sdk, "Comp"), principalId=THEO, persona="USER")
    told = run("people", "persona", "theo", "--profile", "comp", "--json", *ADMIN)
    assert json.loads(told.out)["member"]["persona"] == "USER"


def test_the_personas_are_those_of_the_model(
    run: Run, sdk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = sdk.meta.service_model.shape_for("LaunchProfilePersona").enum
    assert list(membership.personas()) == known
    offered = completions(run, "nimble-tui people persona Theo --set ")
    assert [one.strip() for one in offered] == known
    monkeypatch.setattr(membership, "personas", lambda: ("USER", "REVIEWER"))
    assert "USER, REVIEWER." in run(*OF_THEO, *ADMIN).out
    # One that the model lists and the studio does not know is the studio's to refuse.
    told = run(*OF_THEO, "--set", "REVIEWER", *ADMIN)
    assert (told.code, told.out) == (exit_codes.FAILED, "")
    assert told.err.startswith("The studio rejected the request")
    assert "persona" in told.err


@pytest.mark.parametrize("word", ["ADMINISTRATOR", "", "\x1b[2J", "US"])
def test_a_persona_that_there_is_not_is_not_sent(run: Run, tmp_path: Path, word: str) -> None:
    log = tmp_path / "calls.log"
    told = run(*OF_THEO, "--set", word, *ADMIN, "--log", str(log))
    assert (told.code, told.out) == (exit_codes.USAGE, "")
    assert "the API has: USER.\n" in told.err
    assert "\x1b" not in told.err
    assert not log.exists() or changes(log) == []


@pytest.mark.parametrize("set_", [(), ("--set", "USER")])
def test_a_person_who_is_not_on_it(run: Run, sdk: Any, set_: tuple[str, ...]) -> None:
    told = run("people", "persona", "Zofia", "--profile", "Review", *set_, *ADMIN)
    assert (told.code, told.out) == (exit_codes.FAILED, "")
    assert told.err.startswith("Zofia Kowalska is not a member of Review. No changes made")
    told = run("people", "persona", "Lena", "--profile", "Review", *set_, *ADMIN)
    assert (told.code, told.out) == (exit_codes.FAILED, "")
    assert "an admin can use it without being a member" in told.err
    sdk.delete_launch_profile_member(**where(sdk, "Review"), principalId=THEO)
    told = run(*OF_THEO, *set_, *ADMIN)
    assert told.code == exit_codes.FAILED
    add = told.err.partition("Add: nimble-tui ")[2].split()
    assert run(*add).code == exit_codes.DONE
    assert run(*OF_THEO, *set_, *ADMIN).code == exit_codes.DONE


def test_two_of_one_name_are_listed_with_their_ids(run: Run, data: Path) -> None:
    with sqlite3.connect(data) as connection:
        connection.execute(
            "UPDATE people SET name = 'Theo Lindqvist' WHERE principal_id = ?", (BRUNO,)
        )
    connection.close()
    told = run("people", "persona", "Theo Lindqvist", "--profile", "Review", *ADMIN)
    assert (told.code, told.out) == (exit_codes.FAILED, "")
    assert THEO in told.err
    assert BRUNO in told.err


def test_an_artist_sees_a_persona_and_sets_none(run: Run) -> None:
    assert "USER" in run(*OF_THEO, "--studio", "theo").out
    told = run(*OF_THEO, "--set", "USER", "--studio", "theo")
    assert (told.code, told.out) == (exit_codes.REFUSED, "")
    assert told.err == "Only admins can change the members of launch profiles. Ask one of them.\n"


def test_a_read_only_studio_sends_nothing(run: Run, config: Path, tmp_path: Path) -> None:
    text = config.read_text().replace("[studios.admin]\n", "[studios.admin]\nread_only = true\n")
    config.write_text(text)
    log = tmp_path / "calls.log"
    told = run(*OF_THEO, "--set", "USER", *ADMIN, "--log", str(log))
    assert told.code == exit_codes.REFUSED
    assert "read_only" in told.err
    assert changes(log) == []


def test_which_launch_profile_must_be_said(run: Run) -> None:
    told = run("people", "persona", "Theo", *ADMIN)
    assert told.code == exit_codes.USAGE
    assert "required: --profile" in told.err
