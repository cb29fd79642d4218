"""The program as a person meets it: in a terminal, by keyboard alone."""

import os
import signal
import socket
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from nimble_tui.cli.exit_codes import USAGE
from nimble_tui.tui.key_guard import DEAF_FOR
from tests.pty.terminal import Terminal

pytestmark = pytest.mark.pty

Open = Callable[..., Terminal]
DOWN = "\x1b[B"
ESCAPE = "\x1b"


def answered(terminal: Terminal) -> bool:
    """Press the focused button until its dialog is gone: a new dialog is deaf for a moment.

    There is a pause before each press, since those of a key that is held down do not count.
    """
    if "Stop this workstation?" not in terminal.text:
        return True
    time.sleep(2 * DEAF_FOR)
    terminal.press("\r")
    return False


@pytest.fixture
def hanging_port() -> Iterator[int]:
    """A studio that takes calls and never answers."""
    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hold() -> None:
            with suppress(OSError):
                while True:
                    held.append(listener.accept()[0])

        thread = threading.Thread(target=hold, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()
    for connection in held:
        connection.close()


@pytest.fixture
def hanging_studio(hanging_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings for that studio, signed in through an AWS profile."""
    config = tmp_path / "config.toml"
    config.write_text(
        textwrap.dedent(f"""\
            [studios.stuck]
            studio_id = "us-west-2:stuck"
            region = "us-west-2"
            principal_id = "somebody"
            endpoint_url = "http://127.0.0.1:{hanging_port}"
            credentials = "stuck"
            """)
    )
    monkeypatch.setenv("NIMBLE_TUI_CONFIG", str(config))
    keys = tmp_path / "aws-credentials"
    keys.write_text("[stuck]\naws_access_key_id = made-up\naws_secret_access_key = made-up\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(keys))


def test_the_demo_opens_with_everything_in_view(open_terminal: Open) -> None:
    terminal = open_terminal("--demo")
    every = (
        "READY",
        "Northwind Animation",
        "DEMO",
        "Launch profiles",
        "will be deleted in",
        "STOPPED",
    )
    terminal.wait_until(lambda: all(text in terminal.text for text in every), "all of it")
    terminal.press("q")
    assert terminal.wait_for_end() == 0


def test_a_workstation_is_stopped_by_keyboard(open_terminal: Open) -> None:
    terminal = open_terminal("--demo")
    terminal.wait_for("╭─ Lighting")
    for title in ("Comp", "Review", "sq042 lighting"):
        terminal.press(DOWN)
        terminal.wait_for(f"╭─ {title}")
    terminal.press("s")
    terminal.wait_for("enter stops it")
    terminal.wait_until(lambda: answered(terminal), "an answer")
    terminal.wait_for("STOPPING")


def test_what_is_typed_right_after_the_filter_key_is_meant_for_the_filter(
    open_terminal: Open,
) -> None:
    terminal = open_terminal("--demo")
    terminal.wait_for("sq018")
    terminal.press("/quad/")
    terminal.wait_for("quad/")
    terminal.press(ESCAPE)
    terminal.wait_until(
        lambda: "quad" not in terminal.text and "sq018" in terminal.text, "all of them"
    )
    assert "?" not in terminal.text.replace("? Help", "")
    assert terminal.process.poll() is None


def test_after_a_rest_in_the_background_keys_count_again(open_terminal: Open) -> None:
    terminal = open_terminal("--demo")
    terminal.wait_for("╭─ Lighting")
    os.kill(terminal.process.pid, signal.SIGTSTP)
    terminal.wait_until(terminal.is_stopped, "it to be stopped")
    os.kill(terminal.process.pid, signal.SIGCONT)
    terminal.wait_for("╭─ Lighting")
    terminal.press(DOWN)
    terminal.wait_for("╭─ Comp")
    terminal.press("q")
    assert terminal.wait_for_end() == 0


@pytest.mark.usefixtures("hanging_studio")
def test_quitting_waits_for_nobody(open_terminal: Open) -> None:
    """The studio's answer would take longer than the test's patience; the end does not."""
    terminal = open_terminal()
    terminal.wait_for("connecting")
    terminal.press("q")
    assert terminal.wait_for_end() == 0
    assert terminal.is_restored()


def test_the_terminal_is_restored_when_the_program_is_told_to_end(open_terminal: Open) -> None:
    terminal = open_terminal("--demo")
    terminal.wait_for("READY")
    terminal.terminate()
    assert terminal.wait_for_end() == 128 + 15
    assert terminal.is_restored()


def test_leaving_says_what_still_runs(open_terminal: Open) -> None:
    terminal = open_terminal("--demo")
    terminal.wait_for("READY")
    terminal.press("q")
    assert terminal.wait_for_end() == 0
    assert terminal.is_restored()
    terminal.wait_until(lambda: "still running" in terminal.text, "the farewell")


def test_a_tiny_terminal_asks_for_more_room(open_terminal: Open) -> None:
    terminal = open_terminal("--demo", columns=20, rows=5)
    terminal.wait_until(lambda: "larger" in " ".join(terminal.text.split()), "the request")
    terminal.press("q")
    assert terminal.wait_for_end() == 0


def test_keys_of_one_read_take_effect_in_their_order(open_terminal: Open) -> None:
    terminal = open_terminal("--demo")
    terminal.wait_for("sq042")
    terminal.press("/")
    terminal.wait_for("esc Clear")
    terminal.press("sq04\x7f18\r")
    terminal.wait_for("sq018 r")
    terminal.press("e")
    terminal.wait_for("Rename this")
    terminal.press("\x15sq0189\x1b[D\x1b[Dx\x7f\x1b[Fs\r")
    terminal.wait_for("╭─ sq0189s ")


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_terminal_that_can_draw_nothing_is_told_of_the_commands(
    open_terminal: Open, term: str
) -> None:
    terminal = open_terminal("--demo", term=term)
    assert terminal.wait_for_end() == USAGE
    assert "\x1b" not in terminal.written.decode()
    words = " ".join(terminal.text.split())
    assert f"(TERM={term}) cannot show the app." in words
    assert "List your workstations with nimble-tui sessions" in words
