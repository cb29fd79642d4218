"""studio backup, restore, takeover and audit, as their operator runs them."""

import json
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.studio.config_file import read_config
from nimble_tui.studio.serve_config import served
from nimble_tui.studio.store.master_key import make_master_key, read_master_key
from nimble_tui.studio.studio import Studio
from tests.cli.own_studio import OwnStudio
from tests.cli.running import Run
from tests.studio.world import client_of, refused

posix = pytest.mark.skipif(sys.platform == "win32", reason="files have no modes there")


class Encrypted(OwnStudio):
    """A studio with a master key."""

    def __init__(self, run: Run, folder: Path) -> None:
        super().__init__(run, folder)
        self.key = folder / "master.key"
        assert self.key.exists()

    def moved(self, run: Run, folder: Path) -> "Encrypted":
        """Return a studio elsewhere with the same settings and key, without data."""
        folder.mkdir()
        for one in (self.config, self.key):
            shutil.copy(one, folder / one.name)
        other = Encrypted.__new__(Encrypted)
        other._run, other.folder, other.key = run, folder, folder / self.key.name  # noqa: SLF001
        other.config, other.store = folder / self.config.name, folder / self.store.name
        other.invite = self.invite
        return other


@pytest.fixture
def own(run: Run, tmp_path: Path) -> Encrypted:
    return Encrypted(run, tmp_path / "own")


def files(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir()}


def test_a_studio_is_backed_up_restored_elsewhere_and_takes_over(
    own: Encrypted, run: Run, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.sqlite3"
    made = own.run("backup", str(backup))
    assert made.code == exit_codes.DONE
    assert "cannot be restored without the master key" in made.err
    again = own.run("backup", str(backup))
    assert again.code == exit_codes.FAILED
    assert "nothing is overwritten" in again.err
    other = own.moved(run, tmp_path / "elsewhere")
    restored = other.run("restore", str(backup))
    assert restored.code == exit_codes.DONE
    assert f"nimble-tui studio takeover --config {other.config}" in restored.err
    assert other.run("restore", str(backup)).code == exit_codes.FAILED
    assert "Pat Doe" in other.done("people")
    before = other.done("people", "--json")
    for words in (
        ("invite", "Ada Kovac"),
        ("quota", "--per-person", "3"),
        ("image", "add", "Rocky 9"),
        ("revoke", "Pat Doe", "--yes"),
    ):
        ran = other.run(*words)
        assert ran.code == exit_codes.FAILED
        assert "nimble-tui studio takeover" in ran.err
    assert other.done("people", "--json") == before
    ran = other.run("takeover")
    assert ran.code != exit_codes.DONE
    assert "--yes" in ran.err
    assert "is now in charge" in other.run("takeover", "--yes").err
    assert "already" in other.run("takeover", "--yes").err
    other.done("invite", "Ada Kovac")
    actions = [one["action"] for one in json.loads(other.done("audit", "--json"))["entries"]]
    assert actions[:2] == ["InvitePerson", "TakeOver"]
    actions = [one["action"] for one in json.loads(own.done("audit", "--json"))["entries"]]
    assert actions[0] == "BackUp"


@pytest.mark.parametrize("command", ["people", "invite", "backup", "check", "serve", "takeover"])
@pytest.mark.parametrize("how", ["missing", "wrong", "unnamed", "readable"])
def test_without_its_master_key_nothing_is_touched(
    own: Encrypted, tmp_path: Path, how: str, command: str
) -> None:
    if how == "readable" and sys.platform == "win32":
        pytest.skip("files have no modes there")
    key = own.key.read_text()
    own.key.unlink()
    if how == "wrong":
        make_master_key(own.key)
    elif how == "unnamed":
        text = own.config.read_text()
        own.config.write_text(text.replace('master_key = "master.key"\n', ""))
    elif how == "readable":
        own.key.write_text(key)
        own.key.chmod(0o644)
    before = files(own.folder)
    words = {"invite": ["Ada Kovac"], "backup": [str(tmp_path / "copy")], "takeover": ["--yes"]}
    ran = own.run(command, *words.get(command, []))
    said = {
        "missing": "is missing; put it back",
        "wrong": "encrypted with a different master key",
        "unnamed": "are encrypted; use --config",
        "readable": "can be read by others",
    }
    assert ran.code == exit_codes.FAILED
    assert said[how] in ran.out + ran.err
    assert key.strip() not in ran.out + ran.err
    assert files(own.folder) == before
    assert not (tmp_path / "copy").exists()


def test_a_restore_needs_the_key_and_the_region_of_its_backup(
    own: Encrypted, run: Run, tmp_path: Path
) -> None:
    backup = tmp_path / "backup"
    assert own.run("backup", str(backup)).code == exit_codes.DONE
    other = own.moved(run, tmp_path / "elsewhere")
    other.key.unlink()
    make_master_key(other.key)
    ran = other.run("restore", str(backup))
    assert ran.code == exit_codes.FAILED
    assert "a different master key" in ran.err
    shutil.copy(own.key, other.key)
    other.config.write_text(other.config.read_text().replace("us-west-2", "eu-west-1"))
    assert "the settings say eu-west-1" in other.run("restore", str(backup)).err
    assert not other.store.exists()


def test_the_demo_is_served_by_no_settings_and_a_studio_is_no_demo(
    own: Encrypted, run: Run, tmp_path: Path
) -> None:
    demo = tmp_path / "demo.db"
    assert run("studio", "people", "--data", str(own.store)).code == exit_codes.FAILED
    Studio.open(demo).close()
    other = own.moved(run, tmp_path / "elsewhere")
    shutil.copy(demo, other.store)
    for words in (("serve",), ("people",), ("takeover", "--yes"), ("backup", str(tmp_path / "b"))):
        ran = other.run(*words)
        assert ran.code == exit_codes.FAILED
        assert "This is the demo" in ran.err
        assert "studio init" in ran.err
    other.store.unlink()
    assert "the demo's" in other.run("restore", str(demo)).err
    with closing(sqlite3.connect(demo)) as connection, connection:
        connection.execute("DELETE FROM facts WHERE name = 'sample'")
    for option in (["--demo"], []):
        ran = run("studio", "serve", *option, "--data", str(demo))
        assert ran.code == exit_codes.FAILED
        assert "is not the demo; serve it with --config" in ran.err


def test_the_audit_log_names_who_did_what_in_deleted_workstations_too(own: Encrypted) -> None:
    own.done("image", "add", "Rocky 9")
    own.done("profile", "add", "Lighting", "--image", "Rocky 9", "--member", "Pat Doe")
    invite = own.invite
    with served(read_config(own.config), None, 100.0, read_master_key(own.key)) as (studio, url):
        client = client_of(url, invite.access_key_id, invite.secret_access_key)
        studio_id = studio.about.studio_id
        listed = client.list_launch_profiles(studioId=studio_id)["launchProfiles"]
        session = client.create_streaming_session(
            studioId=studio_id,
            launchProfileId=listed[0]["launchProfileId"],
            tags={"Name": "Shot 12"},
            clientToken="once",
        )["session"]
        for _ in range(2):
            client.create_streaming_session(
                studioId=studio_id,
                launchProfileId=listed[0]["launchProfileId"],
                tags={"Name": "Shot 12"},
                clientToken="once",
            )
        with refused("ResourceNotFoundException"):
            client.create_streaming_session(studioId=studio_id, launchProfileId="none")
        client.get_waiter("streaming_session_ready").wait(
            studioId=studio_id,
            sessionId=session["sessionId"],
            WaiterConfig={"Delay": 0.05, "MaxAttempts": 200},
        )
        client.delete_streaming_session(studioId=studio_id, sessionId=session["sessionId"])
        client.get_waiter("streaming_session_deleted").wait(
            studioId=studio_id,
            sessionId=session["sessionId"],
            WaiterConfig={"Delay": 0.05, "MaxAttempts": 200},
        )
    with closing(sqlite3.connect(own.store)) as connection, connection:
        connection.execute("DELETE FROM resources WHERE kind = 'streaming-session'")
    found = json.loads(own.done("audit", "--session", session["sessionId"][-4:], "--json"))
    entries = found["entries"]
    assert [one["action"] for one in entries] == [
        "DeleteStreamingSession",
        "CreateStreamingSession",
    ]
    assert {one["name"] for one in entries} == {"Pat Doe"}
    assert {one["from"] for one in entries} == {"127.0.0.1"}
    assert {one["about"]["name"] for one in entries} == {"Shot 12"}
    assert {one["sessionId"] for one in entries} == {session["sessionId"]}
    table = own.done("audit", "--person", "Pat Doe")
    assert "Shot 12" in table
    assert "DeleteStreamingSession" in table
    everything = json.loads(own.done("audit", "--json"))["entries"]
    assert {"InvitePerson", "CreateLaunchProfile", "CreateStreamingImage"} <= {
        one["action"] for one in everything
    }
    assert {one["from"] for one in everything} == {"127.0.0.1", "command line"}
    whole = own.done("audit", "--json")
    for secret in (invite.secret_access_key, invite.access_key_id, own.key.read_text().strip()):
        assert secret not in whole
    pages, before = [], ""
    while True:
        words = ["--before", before] if before else []
        page = json.loads(own.done("audit", "--limit", "2", "--json", *words))
        pages += page["entries"]
        if page["before"] is None:
            break
        before = str(page["before"])
    assert pages == everything
