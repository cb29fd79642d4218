"""What a person at a real terminal meets."""

import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.config.loading import load
from nimble_tui.config.paths import config_file
from nimble_tui.core.invite import Invite
from nimble_tui.studio.demo import Demo

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

import termios

from nimble_tui.cli.terminal import _as_meant, ask_hidden
from tests.pty.terminal import Terminal

pytestmark = pytest.mark.pty

ROOT = Path(__file__).parents[2]
SAFE_FILE_KEYRING = "tests.config.keyrings.SafeFileKeyring"
Open = Callable[..., Terminal]


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The file of the keyring that the program under test uses."""
    kept = tmp_path / "keyring.json"
    monkeypatch.setenv("KEYRING_FILE", str(kept))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", SAFE_FILE_KEYRING)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return kept


@pytest.fixture
def terminal() -> Iterator[Open]:
    opened: list[Terminal] = []

    def open_one(*words: str) -> Terminal:
        opened.append(Terminal(*words, columns=120))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


def padded(invite: Invite) -> str:
    """Return the invite as a word far longer than a terminal's own lines."""
    known = {name: getattr(invite, name) for name in invite.__slots__}
    return Invite(**{**known, "display_name": "Mara " * 900}).encode()


def no_canary(screen: Terminal, remote: Demo, *others: Path) -> None:
    secret = remote.invite.secret_access_key
    word = remote.invite.encode()
    assert secret.encode() not in screen.written
    assert word[20:60].encode() not in screen.written
    for path in others:
        assert secret not in path.read_text()


@pytest.mark.parametrize("line", [76, 100_000])
def test_a_long_paste_in_one_line_or_many_signs_in_unseen(
    remote: Demo, terminal: Open, kept: Path, line: int
) -> None:
    screen = terminal("login")
    screen.wait_for("Paste your invite")
    word = padded(remote.invite)
    assert len(word) > 5_000
    pasted = "\n".join(word[at : at + line] for at in range(0, len(word), line))
    # In pieces, as terminals hand over a long paste.
    pieces = [pasted[at : at + 512] for at in range(0, len(pasted), 512)]
    for piece in pieces:
        write_all(screen, piece)
    screen.press("\n")
    assert screen.wait_for_end() == exit_codes.DONE
    assert "Signed in to" in screen.text
    no_canary(screen, remote, config_file())
    assert remote.invite.secret_access_key in kept.read_text()


def test_nothing_is_echoed_from_the_moment_the_question_shows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keyboard, terminal = os.openpty()
    echoes: list[bool] = []

    class Witness(io.StringIO):
        def write(self, text: str) -> int:
            if "Paste" in text:
                echoes.append(bool(termios.tcgetattr(terminal)[3] & termios.ECHO))
                os.write(keyboard, b"word\n")
            return super().write(text)

    with os.fdopen(terminal, "rb", 0, closefd=False) as typed:
        monkeypatch.setattr(sys, "stdin", typed)
        monkeypatch.setattr(sys, "stderr", Witness())
        assert ask_hidden("Paste: ") == "word"
    assert echoes == [False]
    assert termios.tcgetattr(terminal)[3] & termios.ECHO
    os.close(terminal)
    os.close(keyboard)


def write_all(screen: Terminal, text: str) -> None:
    data = text.encode()
    while data:
        try:
            data = data[os.write(screen.master, data) :]
        except BlockingIOError:
            screen.read()


def test_field_by_field_with_the_secret_unseen(remote: Demo, terminal: Open, kept: Path) -> None:
    screen = terminal("login", "--studio", "mine")
    invite = remote.invite
    for question, answer in (
        ("Paste your invite", ""),
        ("Address", invite.endpoint_url),
        ("Region", invite.region),
        ("Studio id", invite.studio_id),
        ("Your id", invite.principal_id),
        ("Your display name", ""),
        ("Access key id", invite.access_key_id),
        ("Secret access key", f"wrong\x15{invite.secret_access_key}x\x7f"),
    ):
        screen.wait_for(question)
        screen.press(f"{answer}\n")
    assert screen.wait_for_end() == exit_codes.DONE
    assert [studio.name for studio in load(config_file()).studios] == ["mine"]
    no_canary(screen, remote, config_file())
    assert kept.exists()


@pytest.mark.usefixtures("kept")
def test_the_keys_show_in_no_process(remote: Demo, terminal: Open) -> None:
    screen = terminal("login")
    screen.wait_for("Paste your invite")
    screen.press(remote.invite.encode() + "\n")
    faces: set[bytes] = set()

    def ended() -> bool:
        faces.add(_face(screen))
        return screen.process.poll() is not None

    screen.wait_until(ended, "the program's end")
    for word in (remote.invite.secret_access_key, remote.invite.encode()):
        assert not any(word.encode() in face for face in faces)
    assert screen.process.returncode == exit_codes.DONE


def _face(screen: Terminal) -> bytes:
    folder = Path(f"/proc/{screen.process.pid}")
    try:
        return (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
    except OSError:
        return b""


@pytest.mark.parametrize("words", [("login",), ("stop", "sq042 lighting", "--demo")])
def test_interrupted_at_a_question_it_ends_without_a_trace(
    terminal: Open, words: tuple[str, ...]
) -> None:
    screen = terminal(*words)
    screen.wait_for("Paste your invite" if words == ("login",) else "[y/N]")
    screen.process.send_signal(signal.SIGINT)
    assert screen.wait_for_end() == exit_codes.INTERRUPTED
    assert "Traceback" not in screen.text
    assert termios.tcgetattr(screen.slave) == screen.before


def test_hanging_up_on_a_question_changes_nothing(terminal: Open) -> None:
    screen = terminal("delete", "sq007 plates", "--demo")
    screen.wait_for("to delete it:")
    screen.press("\x04")
    assert screen.wait_for_end() == exit_codes.FAILED
    assert "No changes made." in screen.text


def test_waiting_shows_what_goes_on_and_can_be_left(terminal: Open) -> None:
    screen = terminal("launch", "Lighting", "--demo", "--wait", "--name", "fog")
    screen.wait_for("fog: CREATE_IN_PROGRESS ")
    screen.process.send_signal(signal.SIGINT)
    assert screen.wait_for_end() == exit_codes.INTERRUPTED
    assert "Traceback" not in screen.text
    assert "The studio continues. Check" in screen.text
    session_id = screen.text.split()[-1]
    screen = terminal("sessions", "--demo")
    assert screen.wait_for_end() == 0
    (row,) = [row for row in screen.screen.display if row.startswith("fog ")]
    assert row.split()[1] == session_id[-4:]
    assert b"\x1b[32mREADY\x1b[0m" in screen.written


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("abc\n", "abc\n"),
        ("abx\x7fc\n", "abc\n"),
        ("\x7fa", "a"),
        ("wrong\x15right", "right"),
        ("\x1b[200~abc\x1b[201~\n", "abc\n"),
        ("abc\x04", "abc"),
    ],
)
def test_what_was_typed_unseen_is_what_was_meant(typed: str, meant: str) -> None:
    assert _as_meant(typed) == meant
