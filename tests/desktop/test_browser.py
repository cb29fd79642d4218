"""The browser that a person chose, and those of Windows, get the address and nothing runs it."""

import base64
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nimble_tui.desktop import opening
from nimble_tui.desktop.environment import surroundings
from nimble_tui.desktop.opening import open_address
from tests.desktop.conftest import Install

URL = "https://screen.northwind.example/s?token=a%20b,c&d='$(touch%20x)';e"


@pytest.fixture(autouse=True)
def over_ssh(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person who sits elsewhere, with no screen here."""
    del install
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")
    for name in ("DISPLAY", "BROWSER", "TMUX", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("browser", "arguments"),
    [
        ("mine", [URL]),
        ("{folder}/mine", [URL]),
        ("mine %s", [URL]),
        ("mine --new-window %s", ["--new-window", URL]),
        ("mine --app=%s --quiet", [f"--app={URL}", "--quiet"]),
        ("mine '-P my profile' %s &", ["-P my profile", URL]),
        ("mine -P work", ["-P", "work", URL]),
        ("nowhere:mine", [URL]),
        (":nowhere %s:mine %s:other", [URL]),
        ("'unclosed %s:mine", [URL]),
    ],
)
def test_the_chosen_browser_comes_first(
    install: Install, monkeypatch: pytest.MonkeyPatch, browser: str, arguments: list[str]
) -> None:
    """Also over SSH and without a screen: it may be one that opens where the person sits."""
    mine, other = install("mine"), install("other")
    folder = mine.told.parent / "bin"
    monkeypatch.setenv("BROWSER", browser.format(folder=folder))
    assert open_address(URL) is None
    assert mine.arguments == arguments
    assert not other.ran


def test_a_path_with_blanks_is_one_program(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = install("my browser")
    monkeypatch.setenv("BROWSER", str(program.told.parent / "bin" / "my browser"))
    assert open_address(URL) is None
    assert program.arguments == [URL]


def test_a_chosen_browser_that_fails_is_followed_by_the_next(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, system = install("first", code=1), install("second"), install("xdg-open")
    monkeypatch.setenv("BROWSER", f"first{os.pathsep}second")
    assert open_address(URL) is None
    assert second.arguments == [URL]
    second_of_all = second.told / "arguments"
    second_of_all.unlink()
    monkeypatch.setenv("BROWSER", "first")
    assert open_address(URL) == opening.REMOTE
    monkeypatch.setenv("DISPLAY", ":99")
    assert open_address(URL) is None
    assert first.ran
    assert system.arguments == [URL]


@pytest.mark.parametrize(
    "browser",
    [
        "sh -c %s",
        "sh -c 'mine %s'",
        "bash -lc %s",
        "env sh -c %s",
        "ssh desk mine %s",
        "cmd.exe /c start %s",
        "pwsh -Command %s",
        "%s",
        "mine x%s",
        "w3m",
        "",
    ],
)
def test_no_shell_and_no_terminal_gets_the_address(
    install: Install, monkeypatch: pytest.MonkeyPatch, browser: str
) -> None:
    names = ("mine", "sh", "bash", "env", "ssh", "cmd.exe", "pwsh", "w3m")
    programs = [install(name) for name in names]
    monkeypatch.setenv("BROWSER", browser)
    assert open_address(URL) == opening.REMOTE
    assert not [program.told.name for program in programs if program.ran]


def test_the_chosen_browser_gets_no_secret_but_its_own_way_back(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The helper of VS Code Remote opens addresses over a socket that a variable names."""
    for name in ("AWS_SECRET_ACCESS_KEY", "NIMBLE_TUI_CONFIG", "GITHUB_TOKEN"):
        monkeypatch.setenv(name, "canary")
    monkeypatch.setenv("VSCODE_IPC_HOOK_CLI", "/run/user/1000/vscode.sock")
    monkeypatch.setenv("BROWSER", "mine")
    program = install("mine")
    assert open_address(URL) is None
    assert "canary" not in program.environment.values()
    assert program.environment["VSCODE_IPC_HOOK_CLI"] == "/run/user/1000/vscode.sock"


class TestWindows:
    @pytest.fixture(autouse=True)
    def wsl(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Linux inside Windows, on the computer in front of the person."""
        monkeypatch.delenv("SSH_CONNECTION")
        monkeypatch.setenv("WSL_DISTRO_NAME", "Debian")

    def test_explorer_opens_it_whatever_it_ends_with(self, install: Install) -> None:
        program = install("explorer.exe", code=1)
        assert open_address(URL) is None
        assert program.arguments == [URL.replace(",", "%2C")]

    @pytest.mark.parametrize("browser", ["", "powershell.exe", "powershell.exe -Command start %s"])
    def test_powershell_gets_a_text_and_no_code(
        self, install: Install, monkeypatch: pytest.MonkeyPatch, browser: str
    ) -> None:
        program, explorer = install("powershell.exe"), install("explorer.exe", code=1)
        monkeypatch.setenv("BROWSER", browser)
        assert open_address(URL) is None
        *options, script = program.arguments
        assert options == ["-NoProfile", "-NonInteractive", "-EncodedCommand"]
        code = base64.b64decode(script).decode("utf-16-le")
        before, quoted = code.split(" -FilePath ")
        assert before == "Start-Process"
        text = quoted[1:-1]
        assert (quoted[0], quoted[-1]) == ("'", "'")
        # Only a quote that is alone ends a text.
        assert "'" not in text.replace("''", "")
        assert text.replace("''", "'") == URL
        assert not explorer.ran

    def test_its_own_browser_comes_before_those_of_windows(self, install: Install) -> None:
        ours, theirs = install("firefox"), install("explorer.exe")
        assert open_address(URL) is None
        assert ours.arguments == [URL]
        assert not theirs.ran


class TestTmux:
    def test_what_the_session_knows_is_newer(
        self, install: Install, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A server that was started over SSH, and a person who sits in front of it by now."""
        browser = install("xdg-open")
        monkeypatch.setenv("TMUX", "default,1,0")
        monkeypatch.setenv("SSH_TTY", "/dev/pts/3")
        asked = install("tmux", says="DISPLAY=:7\n-SSH_CONNECTION\nBROWSER=evil\n-HOME")
        assert open_address(URL) is None
        assert asked.arguments == ["show-environment"]
        assert browser.environment["DISPLAY"] == ":7"
        assert "HOME" in browser.environment

    @pytest.mark.parametrize("says", ["", "SSH_CONNECTION=10.0.0.9 1 10.0.0.2 22", "unknown"])
    def test_who_came_over_ssh_is_still_elsewhere(
        self, install: Install, monkeypatch: pytest.MonkeyPatch, says: str
    ) -> None:
        browser = install("xdg-open")
        monkeypatch.setenv("TMUX", "default,1,0")
        install("tmux", says=says)
        assert open_address(URL) == opening.REMOTE
        assert not browser.ran


@pytest.fixture
def tmux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The words that call a real tmux with a server of its own."""
    monkeypatch.undo()
    found = shutil.which("tmux")
    if found is None or sys.platform == "win32":
        pytest.skip("tmux is not installed")
    words = [found, "-S", str(tmp_path / "socket"), "-f", "/dev/null"]
    yield words
    subprocess.run([*words, "kill-server"], check=False, stderr=subprocess.DEVNULL)


@pytest.mark.pty
def test_a_real_tmux_that_was_started_over_ssh(
    tmux: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.pty.terminal import Terminal

    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")
    monkeypatch.setenv("SSH_TTY", "/dev/pts/3")
    subprocess.run([*tmux, "new-session", "-d", "-s", "work", "sleep 60"], check=True)
    shown = subprocess.run(
        [*tmux, "display-message", "-p", "#{socket_path},#{pid},0"], check=True, capture_output=True
    )
    monkeypatch.setenv("TMUX", shown.stdout.decode().strip())
    assert "SSH_CONNECTION" in surroundings()
    with monkeypatch.context() as local:
        for name in ("SSH_CONNECTION", "SSH_TTY", "TMUX"):
            local.delenv(name)
        terminal = Terminal(program=[*tmux, "attach", "-t", "work"])
    try:
        until = time.monotonic() + 30
        while "SSH_CONNECTION" in surroundings() and time.monotonic() < until:
            terminal.read()
        assert not {"SSH_CONNECTION", "SSH_TTY"} & set(surroundings())
    finally:
        terminal.close()
