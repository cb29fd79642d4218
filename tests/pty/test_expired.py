"""Leaving with q while the studio says that the keys have expired."""

import textwrap
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from nimble_tui.config.credentials import KeyringVault
from nimble_tui.config.loading import load
from nimble_tui.core.keys import Keys
from tests.config.keyrings import SafeFileKeyring, keyring_in_use
from tests.pty.terminal import PATIENCE, Terminal

pytestmark = pytest.mark.pty

Open = Callable[..., Terminal]
_BODY = b'{"message": "The security token included in the request is expired"}'
_MOMENTS = ("connecting", "Sign in with an invite", "nimble")
_SOON = 5.0


class Expired(BaseHTTPRequestHandler):
    """Answers every request that the keys have expired."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(403)
        self.send_header("x-amzn-ErrorType", "ExpiredTokenException")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(_BODY)))
        with suppress(OSError):  # the app may have ended
            self.end_headers()
            self.wfile.write(_BODY)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
        pass


@pytest.fixture
def _expired(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Settings for a studio whose keys are in a keyring, and have expired."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Expired) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        config = tmp_path / "config.toml"
        config.write_text(
            textwrap.dedent(f"""\
                [studios.stuck]
                studio_id = "us-west-2:stuck"
                region = "us-west-2"
                principal_id = "somebody"
                endpoint_url = "http://127.0.0.1:{server.server_port}"
                """)
        )
        monkeypatch.setenv("NIMBLE_TUI_CONFIG", str(config))
        monkeypatch.setenv("KEYRING_FILE", str(tmp_path / "keyring.json"))
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.config.keyrings.SafeFileKeyring")
        monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
        with keyring_in_use(SafeFileKeyring()):
            KeyringVault().store(load(config).studios[0], Keys("made-up", "made-up"))
        yield
        server.shutdown()


def leave(open_terminal: Open, number: int, within: float = PATIENCE) -> None:
    """Press q early, late or in between, and only once."""
    terminal = open_terminal()
    terminal.wait_for(_MOMENTS[number % len(_MOMENTS)])
    terminal.press("q")
    assert terminal.wait_for_end(within) == 0
    assert terminal.is_restored()


@pytest.mark.usefixtures("_expired")
def test_q_leaves_whatever_the_studio_says_of_the_keys(open_terminal: Open) -> None:
    for number in range(4):
        leave(open_terminal, number)


@pytest.mark.slow
@pytest.mark.usefixtures("_expired")
def test_q_leaves_two_hundred_times_each_soon(open_terminal: Open) -> None:
    for number in range(200):
        leave(open_terminal, number, _SOON)
