"""The studio as a program of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.core.invite import Invite
from nimble_tui.studio.demo import open_demo
from nimble_tui.studio.invites import invite
from nimble_tui.studio.sample import facts as sample_facts
from nimble_tui.studio.studio import Studio
from tests.studio.world import MARA, STUDIO_ID, client_of

PATIENCE = 30.0
_SERVE = """
import json, sys
from pathlib import Path
from nimble_tui.studio.serve import serve
options = json.loads(sys.argv[1])
if "data" in options:
    options["data"] = Path(options["data"])
sys.exit(serve(**options))
"""
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


def command(**options: Any) -> list[str]:
    return [sys.executable, "-c", _SERVE, json.dumps(options)]


@contextmanager
def serving(**options: Any) -> Iterator[tuple["subprocess.Popen[str]", dict[str, Any]]]:
    process = subprocess.Popen(
        command(**options), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=PATIENCE)


@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_ends_when_told(number: int) -> None:
    with serving(sessions=12, show_keys=True) as (process, facts):
        assert list(facts) == [
            "endpoint_url",
            "region",
            "studio_id",
            "identity_store_id",
            "domain_id",
            "display_name",
            "principal_id",
            "access_key_id",
            "secret_access_key",
            "invite",
            "others",
        ]
        invite = Invite.decode(facts["invite"])
        assert {name: getattr(invite, name) for name in list(facts)[:9]} == {
            name: facts[name] for name in list(facts)[:9]
        }
        assert facts["display_name"] == sample_facts.DISPLAY_NAME
        for one in facts["others"]:
            assert list(one) == [
                "role",
                "name",
                "principal_id",
                "access_key_id",
                "secret_access_key",
                "invite",
            ]
            assert Invite.decode(one["invite"]).display_name == one["name"]
        assert {one["role"] for one in facts["others"]} == {"artist", "admin", "operator"}

        artist = client_of(
            facts["endpoint_url"], facts["access_key_id"], facts["secret_access_key"]
        )
        mine = artist.list_streaming_sessions(studioId=STUDIO_ID, ownedBy=MARA)["sessions"]
        assert len(mine) == 12

        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE)
        artist.close()
        assert (process.returncode, out, err) == (0, "", "")
        port = int(facts["endpoint_url"].rpartition(":")[2])
        socket.create_server(("127.0.0.1", port)).close()


def refusal(**options: Any) -> str:
    done = subprocess.run(
        command(**options), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.endswith(".\n")
    return done.stderr


def test_a_port_in_use_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert str(port) in refusal(port=port)


def test_a_file_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    path.write_text("mine " * 1000)
    assert str(path) in refusal(data=str(path))
    assert path.read_text() == "mine " * 1000


@posix
def test_its_data_and_keys_stay_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    keys = set()
    for _ in range(2):
        with serving(data=str(path), show_keys=True) as (_, facts):
            keys.add(facts["secret_access_key"])
    assert len(keys) == 1


def test_only_the_made_up_keys_are_printed_and_only_where_they_are_wanted(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    with open_demo(path):
        invited = [invite(path, name, operator=True).invite for name in ("Lena Hoffmann", "Wren")]
        invited.append(invite(path, MARA).invite)
    with serving(data=str(path), show_keys=True) as (_, facts):
        printed = json.dumps(facts)
        named = {one["name"]: one for one in facts["others"]}
        assert named["Theo Lindqvist"]["secret_access_key"] in printed
        assert (
            list(named["Lena Hoffmann"]) == list(named["Wren"]) == ["role", "name", "principal_id"]
        )
        assert "invite" not in facts
        for one in invited:
            assert one.secret_access_key not in printed
            assert one.access_key_id not in printed
    with serving(data=str(path)) as (_, facts):
        printed = json.dumps(facts)
        with Studio.open(path) as studio:
            assert not any(one.secret_access_key in printed for one in studio.people())
        assert facts["endpoint_url"].startswith("http://127.0.0.1:")


@posix
def test_a_terminal_gets_sentences_without_keys() -> None:
    import pty

    master, slave = pty.openpty()
    with subprocess.Popen(
        command(show_keys=True), stdout=slave, stderr=subprocess.PIPE, text=True
    ) as process:
        os.close(slave)
        said = b""
        while b"nimble-tui login" not in said:
            said += os.read(master, 4096)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    os.close(master)
    assert b"is served at http://127.0.0.1:" in said
    assert b"secret" not in said
    assert b"NWDEMO" not in said


def status_under(endpoint_url: str, host: str) -> int:
    address = endpoint_url.removeprefix("http://").split(":")
    connection = HTTPConnection(address[0], int(address[1]), timeout=PATIENCE)
    try:
        connection.request("GET", "/stream/none", headers={"Host": host})
        return connection.getresponse().status
    finally:
        connection.close()


def test_on_loopback_it_answers_under_its_own_names_alone() -> None:
    with serving(host_names=["studio.example"]) as (_, facts):
        url = facts["endpoint_url"]
        port = url.rpartition(":")[2]
        answered = ["127.0.0.1", f"localhost:{port}", "studio.example", "Studio.Example:443"]
        assert [status_under(url, one) for one in answered] == [404] * 4
        refused = ["attacker.example", "studio.example.attacker.example", "", "127.0.0.1.nip.io"]
        assert [status_under(url, one) for one in refused] == [403] * 4
    with serving() as (_, facts):
        assert status_under(facts["endpoint_url"], "studio.example") == 403
