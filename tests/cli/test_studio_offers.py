"""studio image, profile, quota and machines, on a studio of one's own."""

import json
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.cli import exit_codes, output, studio_machines
from nimble_tui.core.invite import Invite
from nimble_tui.studio.invites import opened
from nimble_tui.studio.lifecycle.patrols import note_unknown
from nimble_tui.studio.studio import Studio
from tests.cli.own_studio import OwnStudio
from tests.cli.running import Run
from tests.studio.world import client_of

ACTIVATED, DEACTIVATED = "ACTIVATED", "DEACTIVATED"


@pytest.fixture
def studio(run: Run, tmp_path: Path) -> OwnStudio:
    return OwnStudio(run, tmp_path / "studio")


@pytest.fixture
def lighting(studio: OwnStudio) -> str:
    """A launch profile, made with as few words as possible."""
    studio.done("image", "add", "Rocky 9")
    return studio.done("profile", "add", "Lighting")


def listed(studio: OwnStudio, what: str = "profile") -> list[dict[str, Any]]:
    member = {"profile": "launchProfiles", "image": "streamingImages", "machines": "machines"}
    words = [what] if what == "machines" else [what, "list"]
    found: list[dict[str, Any]] = json.loads(studio.run(*words, "--json").out)[member[what]]
    return found


def configuration(studio: OwnStudio) -> dict[str, Any]:
    (profile,) = listed(studio)
    found: dict[str, Any] = profile["streamConfiguration"]
    return found


def test_an_image_and_a_launch_profile_take_two_commands(studio: OwnStudio, lighting: str) -> None:
    (image,) = listed(studio, "image")
    assert (image["name"], image["platform"], image["state"]) == ("Rocky 9", "LINUX", "READY")
    (profile,) = listed(studio)
    assert (profile["launchProfileId"], profile["state"]) == (lighting, "READY")
    assert profile["streamConfiguration"] == {
        "clipboardMode": "ENABLED",
        "ec2InstanceTypes": ["g5.xlarge"],
        "streamingImageIds": [image["streamingImageId"]],
        "sessionPersistenceMode": ACTIVATED,
        "automaticTerminationMode": DEACTIVATED,
        "maxSessionLengthInMinutes": 690,
    }
    assert profile["createdBy"] == studio.invite.principal_id
    assert len(profile["studioComponentIds"]) == 1
    again = studio.done("profile", "add", "Comp", "--image", "rocky")
    assert listed(studio)[1]["launchProfileId"] == again
    assert listed(studio)[1]["studioComponentIds"] == profile["studioComponentIds"]


def test_an_image_of_windows_on_ec2(studio: OwnStudio) -> None:
    words = ("--platform", "windows", "--ami", "ami-0abc", "--description", "For comp")
    made = json.loads(studio.done("image", "add", "Comp", *words, "--json"))["streamingImage"]
    assert (made["platform"], made["ec2ImageId"], made["description"]) == (
        "WINDOWS",
        "ami-0abc",
        "For comp",
    )
    row = studio.done("image", "list").splitlines()[1].split()
    assert row[:4] == ["Comp", "WINDOWS", "READY", "ami-0abc"]


@pytest.mark.usefixtures("lighting")
def test_who_can_launch_is_said_in_the_same_command(studio: OwnStudio) -> None:
    studio.done("invite", "Ada Kovac")
    studio.done("invite", "Theo Lindqvist")
    studio.done("profile", "edit", "light", "--member", "ada", "--member", "theo.lindqvist")
    (profile,) = listed(studio)
    assert [one["name"] for one in profile["members"]] == ["Ada Kovac", "Theo Lindqvist"]
    changed = studio.run("profile", "edit", "Lighting", "--remove-member", "Ada")
    assert "Ada Kovac can no longer launch from it." in changed.err
    again = studio.run("profile", "edit", "Lighting", "--remove-member", "Ada")
    assert again.code == exit_codes.FAILED
    assert "Its members: Theo Lindqvist." in again.err
    row = studio.done("profile", "list").splitlines()[1]
    assert "Theo Lindqvist" in row
    assert "READY  kept until deleted" in row


CHANGES: dict[str, tuple[tuple[str, ...], dict[str, object]]] = {
    "kept for days": (
        ("--max-stopped", "4d"),
        {"automaticTerminationMode": ACTIVATED, "maxStoppedSessionLengthInMinutes": 5760},
    ),
    "not kept": (
        ("--persistence", "off"),
        {"sessionPersistenceMode": DEACTIVATED, "automaticTerminationMode": None},
    ),
    "backups": (
        ("--backups", "3"),
        {"sessionBackup": {"mode": "AUTOMATIC", "maxBackupsToRetain": 3}},
    ),
    "no clipboard": (("--clipboard", "off"), {"clipboardMode": "DISABLED"}),
    "longer": (("--max-session", "12h"), {"maxSessionLengthInMinutes": 720}),
    "types": (
        ("--type", "g5.2xlarge", "--type", "g4dn.xlarge", "--type", "g5.2xlarge"),
        {"ec2InstanceTypes": ["g5.2xlarge", "g4dn.xlarge"]},
    ),
}


@pytest.mark.usefixtures("lighting")
@pytest.mark.parametrize("what", CHANGES)
def test_a_change_changes_what_it_names(studio: OwnStudio, what: str) -> None:
    words, changes = CHANGES[what]
    before = configuration(studio)
    studio.done("profile", "edit", "Lighting", *words)
    expected = {name: value for name, value in (before | changes).items() if value is not None}
    assert configuration(studio) == expected


@pytest.mark.usefixtures("lighting")
def test_what_is_kept_for_days_is_kept_for_ever_again(studio: OwnStudio) -> None:
    before = configuration(studio)
    studio.done("profile", "edit", "Lighting", "--max-stopped", "2d", "--backups", "2")
    studio.done("profile", "edit", "Lighting", "--max-stopped", "none", "--backups", "0")
    assert configuration(studio) == before | {"sessionBackup": {"mode": DEACTIVATED}}
    studio.done("profile", "edit", "Lighting", "--persistence", "off")
    studio.done("profile", "edit", "Lighting", "--persistence", "on", "--max-stopped", "1d")
    assert configuration(studio)["maxStoppedSessionLengthInMinutes"] == 1440


REFUSED = {
    "another image": (("edit", "Lighting", "--image", "Rokcy 9"), 'did you mean "Rocky 9"?'),
    "another profile": (("edit", "Lihgting", "--backups", "1"), 'did you mean "Lighting"?'),
    "another type": (("edit", "Lighting", "--type", "g5.xlarg"), 'did you mean "g5.xlarge"?'),
    "another person": (("edit", "Lighting", "--member", "Zoe"), "is called Zoe."),
    "another component": (("edit", "Lighting", "--component", "Setpu"), 'you mean "Setup"?'),
    "the same name": (("add", "Lighting"), "already a launch profile named “Lighting”"),
    "not kept, and for days": (
        ("add", "Comp", "--persistence", "off", "--max-stopped", "1d"),
        "--max-stopped needs --persistence on.",
    ),
    "too many backups": (
        ("edit", "Lighting", "--backups", "11"),
        "maxBackupsToRetain must be at most 10. No changes made.",
    ),
    "too long a name": (("add", "L" * 65), "name must have at most 64 characters"),
    "nothing": (("edit", "Lighting"), "Nothing to change"),
    "kept for too long": (("edit", "Lighting", "--max-stopped", "5d"), "must be at most 5760"),
}


@pytest.mark.usefixtures("lighting")
@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_is_one_sentence_and_changes_nothing(studio: OwnStudio, what: str) -> None:
    words, says = REFUSED[what]
    before = listed(studio)
    refused = studio.run("profile", *words)
    assert refused.code in {exit_codes.FAILED, exit_codes.USAGE}
    assert (refused.out, refused.err.count("\n")) == ("", 1)
    assert says in refused.err
    assert listed(studio) == before


def test_which_image_must_be_said_where_there_are_several(studio: OwnStudio) -> None:
    none = studio.run("profile", "add", "Lighting")
    assert "There is no image yet; add one with nimble-tui studio image add." in none.err
    studio.done("image", "add", "Rocky 9")
    studio.done("image", "add", "Windows 2022")
    refused = studio.run("profile", "add", "Lighting")
    assert refused.code == exit_codes.USAGE
    assert "--image with one of “Rocky 9”, “Windows 2022”." in refused.err
    assert [one["platform"] for one in listed(studio, "image")] == ["LINUX", "WINDOWS"]
    assert "already" in studio.run("image", "add", "Rocky 9").err
    assert "must have the form" in studio.run("image", "add", "x", "--ami", "0abc").err


def test_an_empty_studio_says_how_to_begin(studio: OwnStudio) -> None:
    assert "nimble-tui studio image add NAME" in studio.run("image", "list").err
    assert "nimble-tui studio profile add NAME" in studio.run("profile", "list").err
    assert "no workstations and no machines" in studio.run("machines").err


def test_quotas_are_shown_and_set(studio: OwnStudio) -> None:
    studio.done("invite", "Ada Kovac")
    shown = json.loads(studio.done("quota", "--json"))
    assert (shown["sessionsPerPerson"], shown["instanceTypes"]) == (10, None)
    studio.done("quota", "--per-person", "2", "--type", "g5.xlarge")
    for _ in range(2):
        changed = json.loads(studio.done("quota", "ada", "--granted", "3", "--json"))
        assert [(one["name"], one["granted"], one["limit"]) for one in changed["people"]] == [
            ("Ada Kovac", 3, 5)
        ]
    table = studio.done("quota").splitlines()
    assert table[0].split()[-1] == "2"
    assert table[1].split()[-1] == "g5.xlarge"
    assert table[-1].split()[-3:] == ["0", "+3", "5"]
    studio.done("quota", "--any-type")
    assert json.loads(studio.done("quota", "--json"))["instanceTypes"] is None
    for words, says in (
        (("--granted", "1"), "--granted is for one person"),
        (("--type", "g5.large"), "did you mean"),
        (("--type", "g5.xlarge", "--any-type"), "not both"),
        (("Zoe", "--granted", "1"), "is called Zoe"),
    ):
        refused = studio.run("quota", *words)
        assert refused.code != exit_codes.DONE
        assert says in refused.err


def test_it_takes_effect_while_the_studio_is_served(studio: OwnStudio) -> None:
    with studio.served() as endpoint_url:
        ada = Invite.decode(studio.done("invite", "Ada Kovac", "--endpoint", endpoint_url))
        studio.done("image", "add", "Rocky 9")
        profile_id = studio.done("profile", "add", "Lighting", "--member", "Ada")
        client = client_of(endpoint_url, ada.access_key_id, ada.secret_access_key)
        where = {"studioId": ada.studio_id}
        made = client.create_streaming_session(**where, launchProfileId=profile_id)["session"]
        client.get_waiter("streaming_session_ready").wait(**where, sessionId=made["sessionId"])
        (row,) = listed(studio, "machines")
        client.close()
    assert (row["sessionId"], row["owner"], row["state"]) == (
        made["sessionId"],
        "Ada Kovac",
        "READY",
    )
    assert row["machineId"].startswith(made["sessionId"])
    assert (row["problem"], row["enforcedBy"]) == (None, "by the studio")
    assert row["deadline"]


def test_what_is_alone_on_one_side_is_named(studio: OwnStudio, lighting: str) -> None:
    with studio.served() as endpoint_url:
        session_id = session_of(endpoint_url, studio, lighting)
    with opened(studio.file) as store, store.write() as tx:
        (machine,) = tx.machines.live()
        machine.session_id = "gone.1234"
        tx.machines.put(machine)
        note_unknown(tx, [machine.id, "stray-machine"])
    ran = studio.run("machines")
    assert ran.code == exit_codes.FAILED
    assert "3 of them have no counterpart" in ran.err
    lines = ran.out.splitlines()[1:]
    assert [line.split()[0] for line in lines] == [session_id[-4:], "-", "-"]
    assert [line.rpartition("  ")[2] for line in lines] == [
        "no machine",
        "no workstation",
        "unknown to the studio",
    ]
    problems = [one["problem"] for one in listed(studio, "machines")]
    assert problems == ["no machine", "no workstation", "unknown to the studio"]


def session_of(endpoint_url: str, studio: OwnStudio, profile_id: str) -> str:
    """Launch a workstation as the operator; return its id once it is READY."""
    keys, where = studio.invite.keys, {"studioId": studio.invite.studio_id}
    client = client_of(endpoint_url, keys.access_key_id, keys.secret_access_key)
    made = client.create_streaming_session(**where, launchProfileId=profile_id)["session"]
    client.get_waiter("streaming_session_ready").wait(**where, sessionId=made["sessionId"])
    client.close()
    found: str = made["sessionId"]
    return found


def test_the_demo_s_own_are_listed_too(run: Run) -> None:
    for words in (("profile", "list"), ("image", "list"), ("quota",), ("machines",)):
        shown = run("studio", *words, "--demo")
        assert (shown.code, shown.err) == (exit_codes.DONE, ""), words
        assert len(shown.out.splitlines()) > 5


def test_lists_of_a_copy_that_is_not_in_charge_are_shown(studio: OwnStudio, lighting: str) -> None:
    Studio.open(studio.store, master_key=studio.file.master_key, served=True).close()
    copy = studio.folder / "copy"
    copy.write_bytes(studio.store.read_bytes())
    copy.replace(studio.store)
    assert [one["launchProfileId"] for one in listed(studio)] == [lighting]
    for line in ("image list", "quota", "machines", "people"):
        assert studio.run(*line.split()).code == exit_codes.DONE, line
    for line in ("image add Other", "quota --per-person 1"):
        refused = studio.run(*line.split())
        assert (refused.code, refused.out) == (exit_codes.FAILED, "")
        assert "nimble-tui studio takeover" in refused.err


@pytest.mark.parametrize("line", ["profile list", "image list", "quota", "machines", "people"])
def test_in_a_terminal_of_80_columns_each_has_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    for module in (output, studio_machines):
        monkeypatch.setattr(module, "is_for_people", lambda: True)
    shown = run("studio", *line.split(), "--demo").out.splitlines()
    assert len(shown) > 5
    assert [one for one in shown if output.width_of(one) > 80] == []
