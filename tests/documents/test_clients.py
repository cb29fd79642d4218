"""The guide to AWS's own clients: its commands and its programs, run."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nimble_tui.api.loader import DATA
from nimble_tui.core.invite import Invite
from nimble_tui.studio.demo import Demo, open_demo
from tests import aws_sdk
from tests.documents.pages import ROOT, blocks, command_lines
from tests.studio.world import client_of, refused

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a shell's way of quoting")

PAGE = ROOT / "docs" / "clients.md"
COMMANDS = [shlex.split(line)[1:] for line in command_lines(PAGE)]
PATIENCE = 60


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with open_demo(None) as demo:
        yield demo


def program(words: list[str]) -> list[str]:
    # Any free port, since the one in the guide may be in use.
    return [sys.executable, "-m", "nimble_tui", *("0" if one == "8080" else one for one in words)]


@contextmanager
def served(words: list[str]) -> Iterator[str]:
    """Serve a studio, and yield its address."""
    with subprocess.Popen(program(words), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["endpoint_url"]
        finally:
            process.terminate()
            process.wait(PATIENCE)


def ran(words: list[str], *, given: str = "", **environment: str) -> str:
    done = subprocess.run(
        words,
        input=given,
        env=os.environ | {"PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def keys_of(invite: Invite) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": invite.access_key_id,
        "AWS_SECRET_ACCESS_KEY": invite.secret_access_key,
        "AWS_ENDPOINT_URL_NIMBLE": invite.endpoint_url,
    }


def test_an_invite_made_as_the_guide_says_lets_in_until_it_is_revoked() -> None:
    serve, *others = COMMANDS
    assert [words[1] for words in COMMANDS] == ["serve", "people", "invite", "revoke"]
    with served(serve) as endpoint_url:
        people, invite, revoke = others
        assert "Mara Vos" in ran(program(people))
        ada = Invite.decode(ran(program(invite)))
        assert ada.endpoint_url == endpoint_url
        client = client_of(endpoint_url, ada.access_key_id, ada.secret_access_key)
        assert client.list_studios()["studios"]
        ran(program(revoke))
        with refused("UnrecognizedClientException"):
            client.list_studios()
        client.close()


def test_its_python_works_as_it_is(demo: Demo) -> None:
    of_an_invite, of_boto3 = blocks(PAGE, "python")
    invite = demo.invite
    lines = ran([sys.executable, "-c", of_an_invite], given=invite.encode()).splitlines()
    assert lines[0].split() == [
        invite.endpoint_url,
        invite.region,
        invite.studio_id,
        invite.principal_id,
    ]
    assert lines[1:] == [invite.access_key_id, ""]
    studio = ran(
        [sys.executable, "-c", of_boto3],
        NIMBLE_URL=invite.endpoint_url,
        NIMBLE_KEY=invite.access_key_id,
        NIMBLE_SECRET=invite.secret_access_key,
    )
    assert studio == "Northwind Animation\n"


_LIST = """
import boto3
nimble = boto3.client("nimble", region_name="us-west-2")
print(nimble.list_studios()["studios"][0]["displayName"])
"""


@pytest.mark.slow
def test_the_address_and_the_data_path_are_enough_for_any_boto3(
    demo: Demo, aws_python: Path
) -> None:
    assert aws_sdk.PACKAGES[0] in PAGE.read_text(encoding="utf-8")
    keys = keys_of(demo.invite)
    assert ran([str(aws_python), "-c", _LIST], **keys) == "Northwind Animation\n"
    current = [sys.executable, "-c", _LIST]
    assert ran(current, **keys, AWS_DATA_PATH=str(DATA)) == "Northwind Animation\n"


@pytest.mark.slow
def test_its_javascript_works_as_it_is(demo: Demo, tmp_path: Path) -> None:
    (script,) = blocks(PAGE, "javascript")
    install = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"]
    try:
        subprocess.run(
            [*install, "@aws-sdk/client-nimble@3.523.0"], cwd=tmp_path, check=True, timeout=300
        )
    except (OSError, subprocess.SubprocessError):
        pytest.skip("node, npm or the package cannot be had here")
    path = tmp_path / "script.js"
    path.write_text(script)
    assert ran(["node", str(path)], **keys_of(demo.invite)) == "Northwind Animation\n"
