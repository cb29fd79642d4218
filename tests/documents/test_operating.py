"""The guide to running a studio, pasted in its order."""

import configparser
import json
import os
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest

from nimble_tui.api import register
from nimble_tui.cli import main
from nimble_tui.cli.parser import new_parser
from nimble_tui.core.invite import Invite
from nimble_tui.studio.config_file import parse_config
from tests.documents.pages import ROOT, blocks, command_lines
from tests.studio.world import refused

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a shell's way of quoting")

PAGE = ROOT / "docs" / "operating.md"
PATIENCE = 60
PORT = "8443"


class Pasted:
    """The lines of the guide, run one after the other by a person in their home folder."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self._port = str(listener.getsockname()[1])
        self._capsys = capsys
        self.lines = command_lines(PAGE)

    def next(self) -> list[str]:
        """Return the words of the next line, as a shell has them."""
        line = self.lines.pop(0).replace(PORT, self._port)
        program, *words = shlex.split(line)
        assert program == "nimble-tui"
        words = [os.path.expanduser(one) for one in words]  # noqa: PTH111 - as a shell does
        if words[:2] == ["studio", "init"]:
            words += ["--listen", f"127.0.0.1:{self._port}"]
        return words

    def run(self) -> str:
        """Run the next line, which has to succeed; return what it printed."""
        words = self.next()
        self._capsys.readouterr()
        code = main(words)
        out, err = self._capsys.readouterr()
        assert code == 0, (words, err)
        return out

    @contextmanager
    def served(self) -> Iterator[dict[str, str]]:
        """Run the next line, which serves the studio; yield the facts that it printed."""
        words = [sys.executable, "-m", "nimble_tui", *self.next(), "--speed", "100000"]
        with subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            try:
                assert process.stdout is not None
                yield json.loads(process.stdout.readline())
            finally:
                process.terminate()
                process.wait(PATIENCE)


def nimble(invite: Invite) -> Any:
    """Return a client that signs as a person and trusts the studio's own authority."""
    session: Any = boto3.Session(
        region_name=invite.region,
        aws_access_key_id=invite.access_key_id,
        aws_secret_access_key=invite.secret_access_key,
    )
    register(session)
    authority = Path.home() / "studio" / "ca.pem"
    return session.client("nimble", endpoint_url=invite.endpoint_url, verify=str(authority))


def test_from_nothing_to_an_artist_s_first_workstation_over_tls(
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = Pasted(capsys)
    pat = Invite.decode(page.run())
    with page.served() as served:
        assert served["endpoint_url"] == pat.endpoint_url
        assert pat.endpoint_url.startswith("https://")
        assert "the studio is served" in page.run()
        page.run()
        profile_id = page.run().strip()
        ada = Invite.decode(page.run())
        page.run()

        client, studio = nimble(ada), {"studioId": ada.studio_id}
        made = client.create_streaming_session(**studio, launchProfileId=profile_id)["session"]
        client.get_waiter("streaming_session_ready").wait(**studio, sessionId=made["sessionId"])

        assert "Ada Kovac" in page.run()
        lena = Invite.decode(page.run())
        again = Invite.decode(page.run())
        with refused("UnrecognizedClientException"):
            client.list_studios()
        nimble(again).list_studios()
        page.run()
        with refused("UnrecognizedClientException"):
            nimble(again).list_studios()
        nimble(lena).update_studio(**studio, displayName="Renamed")
        while page.lines:
            page.run()
        client.close()


def test_its_settings_are_right(tmp_path: Path) -> None:
    whole, behind_a_proxy = blocks(PAGE, "toml")
    assert parse_config(whole, tmp_path / "studio.toml").certificate == tmp_path / "server.pem"
    store = '[studio]\nstore = "studio.sqlite3"\n'
    assert parse_config(store + behind_a_proxy, tmp_path / "studio.toml").trusted_proxies


def test_its_unit_serves_and_leaves_workstations_alone() -> None:
    (text,) = blocks(PAGE, "ini")
    unit = configparser.ConfigParser()
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(text)
    service = unit["Service"]
    assert service["KillMode"] == "process"
    program, *words = service["ExecStart"].split()
    assert program.endswith("/nimble-tui")
    args = new_parser().parse_args(words)
    assert (args.run, args.config) == ("serve:serve", "/srv/studio/studio.toml")
