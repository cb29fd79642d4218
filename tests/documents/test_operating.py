"""The guide to running a studio, pasted in its order."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from nimble_tui.core.invite import Invite
from tests.documents.pages import ROOT, command_lines
from tests.studio.world import client_of, refused

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a shell's way of quoting")

COMMANDS = [shlex.split(line)[1:] for line in command_lines(ROOT / "docs" / "operating.md")]
PATIENCE = 60


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


def ran(words: list[str]) -> str:
    done = subprocess.run(
        program(words), capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    return done.stdout


def test_an_invite_made_as_the_guide_says_lets_in_until_it_is_revoked() -> None:
    serve, *others = COMMANDS
    assert [words[1] for words in COMMANDS] == ["serve", "people", "invite", "revoke", "invite"]
    with served(serve) as endpoint_url:
        people, invite, revoke, operator = others
        assert "Mara Vos" in ran(people)
        ada = Invite.decode(ran(invite))
        assert ada.endpoint_url == endpoint_url
        client = client_of(endpoint_url, ada.access_key_id, ada.secret_access_key)
        assert client.list_studios()["studios"]
        ran(revoke)
        with refused("UnrecognizedClientException"):
            client.list_studios()
        client.close()
        lena = Invite.decode(ran(operator))
        client = client_of(endpoint_url, lena.access_key_id, lena.secret_access_key)
        client.update_studio(studioId=lena.studio_id, displayName="Renamed")
        client.close()
