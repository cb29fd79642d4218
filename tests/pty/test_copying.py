"""Copying in a real tmux, as over SSH, and through GNU screen."""

import base64
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nimble_tui.desktop.clipboard import FEATURE, osc52, through
from nimble_tui.tui.key_guard import DEAF_FOR
from tests.pty.terminal import OURS, Terminal

pytestmark = pytest.mark.pty

Open = Callable[..., Terminal]


class Tmux:
    """A tmux server of the test's own."""

    def __init__(self, folder: Path) -> None:
        self._command = ("tmux", "-S", str(folder / "socket"), "-f")
        self._settings = folder / "tmux.conf"
        self._settings.touch()

    def setting(self, line: str) -> None:
        self._settings.write_text(f"{line}\n")

    def __call__(self, *words: str) -> str:
        command = [*self.program, *words]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    @property
    def program(self) -> tuple[str, ...]:
        return (*self._command, str(self._settings))


@pytest.fixture
def tmux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tmux]:
    if shutil.which("tmux") is None:
        pytest.skip("needs tmux")
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    monkeypatch.delenv("DISPLAY", raising=False)
    made = Tmux(tmp_path)
    yield made
    made("kill-server")


def copied(terminal: Terminal) -> list[str]:
    """Return what was put into the clipboard of the terminal."""
    found = re.findall(rb"\x1b\]52;[a-z]*;([A-Za-z0-9+/=]*)(?:\x07|\x1b\\)", terminal.written)
    return [base64.b64decode(text).decode() for text in found]


def connecting(tmux: Tmux, open_terminal: Open) -> Terminal:
    """Ask for a stream in the app within tmux, where no window can open."""
    terminal = open_terminal("new-session", *OURS, "--demo", columns=100, program=tmux.program)
    terminal.wait_for("sq042")
    terminal.press("/sq042\r")
    terminal.wait_for("1 of 6")
    terminal.press("\r")
    terminal.wait_for("c  Copy")
    return terminal


def test_tmux_passes_a_copy_on_and_keeps_no_address(tmux: Tmux, open_terminal: Open) -> None:
    terminal = connecting(tmux, open_terminal)
    terminal.wait_until(lambda: pressed(terminal, "c"), "the copy")
    assert copied(terminal)[0].startswith("http://127.0.0.1")
    assert tmux("list-buffers") == ""
    terminal.press("\x1b")
    terminal.wait_for("esc clears")
    before = len(copied(terminal))
    terminal.press("vc")
    terminal.wait_until(lambda: len(copied(terminal)) > before, "the other copy")
    assert tmux("show-buffer") == copied(terminal)[-1] != copied(terminal)[0]


@pytest.mark.slow
def test_without_a_clipboard_the_line_for_tmux_is_named(tmux: Tmux, open_terminal: Open) -> None:
    tmux.setting("set -as terminal-overrides ',*:Ms@'")
    terminal = connecting(tmux, open_terminal)
    terminal.wait_until(lambda: pressed(terminal, "c", "Nothing is copied"), "the advice")
    assert FEATURE in " ".join(terminal.text.replace("│", " ").split())
    assert copied(terminal) == []
    assert tmux("list-buffers") == ""


def pressed(terminal: Terminal, key: str, text: str = "is copied") -> bool:
    """Press a key that a new dialog may not take yet; return whether it was taken."""
    if text not in terminal.text:
        time.sleep(2 * DEAF_FOR)
        terminal.press(key)
    return text in terminal.text


@pytest.mark.parametrize("text", ["short", "ä" * 2_000])
def test_screen_passes_on_what_comes_in_control_strings(text: str) -> None:
    sent = through(osc52(text), {"STY": "1.pts"})
    strings = re.findall(r"\x1bP([^\x1b]*|\x1b\][^\x1b]*)\x1b\\", sent)
    assert "".join(strings) == osc52(text)
    assert all(len(string) < 256 for string in strings)
