"""Ends that are no quit: a terminal that goes away, or takes nothing any more."""

import os
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.terminal import PATIENCE, Terminal

pytestmark = pytest.mark.pty

Open = Callable[..., Terminal]


def test_a_terminal_that_goes_away_without_a_signal_ends_the_app(open_terminal: Open) -> None:
    terminal = open_terminal("--demo")
    terminal.wait_for("READY")
    terminal.hang_up()
    assert terminal.process.wait(PATIENCE) == 128 + 1


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_app_ends_on_request_while_its_terminal_takes_nothing(open_terminal: Open) -> None:
    """Each change of colours draws everything again, far more than a terminal holds unread."""
    terminal = open_terminal("--demo")
    terminal.wait_for("READY")
    for _ in range(40):
        terminal.press("\x14")
    terminal.wait_until_stuck()
    terminal.terminate()
    assert terminal.process.wait(PATIENCE) == 128 + 15
    assert termios.tcgetattr(terminal.slave) == terminal.before


def test_bytes_that_are_no_text_are_no_keys(open_terminal: Open) -> None:
    terminal = open_terminal("--demo")
    terminal.wait_for("READY")
    os.write(terminal.master, b"\xff\xfe\xc3")
    terminal.press("/quad")
    terminal.wait_for("quad")
    terminal.press("\x11")
    assert terminal.wait_for_end() == 0


def test_settings_that_cannot_be_read_do_not_keep_the_app_from_starting(
    open_terminal: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fifo = tmp_path / "config.toml"
    os.mkfifo(fifo)
    monkeypatch.setenv("NIMBLE_TUI_CONFIG", str(fifo))
    terminal = open_terminal()
    terminal.wait_for("Settings not applied")
    terminal.wait_for("Try the demo studio")
    terminal.press("q")
    assert terminal.wait_for_end() == 0


MOUSE_ON, MOUSE_OFF = b"\x1b[?1000h", b"\x1b[?1000l"


@pytest.fixture
def without_mouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings that leave the mouse to the terminal."""
    settings = tmp_path / "config.toml"
    settings.write_text("mouse = false\n")
    monkeypatch.setenv("NIMBLE_TUI_CONFIG", str(settings))
    return settings


def test_a_setting_leaves_the_mouse_to_the_terminal(
    open_terminal: Open, without_mouse: Path
) -> None:
    assert without_mouse.exists()
    terminal = open_terminal("--demo")
    terminal.wait_for("READY")
    terminal.press("q")
    assert terminal.wait_for_end() == 0
    assert MOUSE_ON not in terminal.written


@pytest.mark.slow
def test_the_mouse_is_given_and_taken_while_the_app_runs(
    open_terminal: Open, without_mouse: Path
) -> None:
    terminal = open_terminal("--demo")
    terminal.wait_for("READY")
    settings = without_mouse
    settings.write_text("mouse = true\n")
    terminal.wait_until(lambda: MOUSE_ON in terminal.written, "mouse")
    settings.write_text("")
    settings.write_text("mouse = false\n")
    terminal.wait_until(
        lambda: terminal.written.rfind(MOUSE_OFF) > terminal.written.rfind(MOUSE_ON), "no mouse"
    )
    terminal.press("q")
    assert terminal.wait_for_end() == 0
