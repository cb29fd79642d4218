"""The program's own files, and its libraries', taken away while it runs, as an update does."""

import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nimble_tui.cli.exit_codes import DONE
from nimble_tui.client.nimble import connect
from nimble_tui.core.model import SessionAction
from nimble_tui.core.service import StudioInfo
from nimble_tui.studio.demo import Demo, open_demo
from tests.pty.terminal import Terminal

pytestmark = [
    pytest.mark.pty,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]

Open = Callable[..., Terminal]
ESCAPE = "\x1b"
_STEADY = 15
# What opens something, and what is seen then.
ACTIONS = {
    "n": "Takes a few minutes",
    "d": "Delete this workstation?",
    "e": "Rename this workstation",
    "k": "Keep this workstation?",
    "v": "j JSON",
    "h": "a All",
    "u": "─ Usage",
    "b": "─ Backups",
    "l": "─ Licences",
    "p": "─ People",
    "?": "─ Help",
    "g": "Switch studio",
    "i": "Sign in with an invite",
    "\x10": "What would you like to do?",
}


class Installation:
    """A copy of the program, and a way to its libraries, that an update can take away."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ours, self.libraries = folder / "ours", folder / "libraries"
        package = Path(__file__).resolve().parents[2] / "nimble_tui"
        shutil.copytree(package, self.ours / "nimble_tui")
        self.libraries.symlink_to(Path(pytest.__file__).resolve().parents[1])
        monkeypatch.setenv("PYTHONPATH", f"{self.ours}:{self.libraries}")
        monkeypatch.chdir(folder)
        # Without `site`, so that there is no other way to the libraries.
        self.program = (sys.executable, "-S", "-m", "nimble_tui")

    def update(self) -> None:
        self.ours.rename(self.ours.with_name("moved"))
        self.libraries.unlink()


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    return Installation(tmp_path, monkeypatch)


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    """A studio somewhere else, whose machines take a second or two; it is in the settings."""
    with open_demo(None, speed=60) as demo:
        invite = demo.invite
        config, keys = tmp_path / "config.toml", tmp_path / "keys"
        config.write_text(
            "[refresh]\nidle = 1\nbusy = 1\n[studios.north]\n"
            f'studio_id = "{invite.studio_id}"\nregion = "{invite.region}"\n'
            f'principal_id = "{invite.principal_id}"\ncredentials = "north"\n'
            f'endpoint_url = "{invite.endpoint_url}"\n'
        )
        keys.write_text(
            f"[north]\naws_access_key_id = {invite.keys.access_key_id}\n"
            f"aws_secret_access_key = {invite.keys.secret_access_key}\n"
        )
        monkeypatch.setenv("NIMBLE_TUI_CONFIG", str(config))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(keys))
        yield demo


def leave(terminal: Terminal, text: str) -> None:
    """Press escape until what shows `text` is gone, and not only half drawn."""
    gone = 0

    def is_gone() -> bool:
        nonlocal gone
        gone = 0 if text in terminal.text else gone + 1
        return gone > _STEADY

    terminal.press(ESCAPE)
    terminal.wait_until(is_gone, f"the end of {text!r}")


def stop(demo: Demo, title: str) -> None:
    """Stop a workstation from elsewhere."""
    invite = demo.invite
    info = StudioInfo("other", invite.studio_id, invite.region, invite.principal_id)
    service = connect(info, endpoint_url=invite.endpoint_url, keys=invite.keys)
    session = next(
        one for one in service.list_streaming_sessions().items if one.tags.get("Name") == title
    )
    service.act(SessionAction.STOP, session.session_id)
    service.close()


@pytest.mark.parametrize(
    "keys", ["nv?\x10", pytest.param("".join(ACTIONS), marks=pytest.mark.slow)], ids=["some", "all"]
)
def test_actions_work_after_an_update(
    installation: Installation, open_terminal: Open, keys: str
) -> None:
    terminal = open_terminal("--demo", program=installation.program)
    terminal.wait_for("READY")
    terminal.wait_until_stuck()
    installation.update()
    for key in keys:
        terminal.press(key)
        terminal.wait_for(ACTIONS[key])
        leave(terminal, ACTIONS[key])
    terminal.press("\x11")
    assert terminal.wait_for_end() == DONE


def test_leaving_right_after_an_update_ends_with_0(
    installation: Installation, open_terminal: Open
) -> None:
    terminal = open_terminal("--demo", program=installation.program)
    terminal.wait_for("nimble")
    installation.update()
    terminal.press("q")
    assert terminal.wait_for_end() == DONE, terminal.text


def test_a_watch_outlives_an_update(
    installation: Installation, open_terminal: Open, studio: Demo
) -> None:
    terminal = open_terminal("watch", columns=120, program=installation.program)
    terminal.wait_for("sq042")
    terminal.wait_until_stuck()
    installation.update()
    stop(studio, "sq042 lighting")
    terminal.wait_for("READY → STOP")
    studio.close()
    terminal.wait_for("Still watching")
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.wait_for_end() == DONE


def test_waiting_outlives_an_update(
    installation: Installation, open_terminal: Open, studio: Demo
) -> None:
    del studio
    terminal = open_terminal(
        "stop", "sq042 lighting", "--yes", "--wait", columns=120, program=installation.program
    )
    terminal.wait_for("STOP")
    terminal.wait_until_stuck()
    installation.update()
    assert terminal.wait_for_end() == DONE
