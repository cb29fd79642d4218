"""Addresses go to the browser or the viewer whole, alone, and without our environment."""

import os
import threading

import pytest

from nimble_tui.desktop import opening
from nimble_tui.desktop.opening import open_address
from tests.desktop.conftest import REMOTE, Install

URL = "https://screen.northwind.example/s?token=a%20b&c='$(x)';d"


@pytest.mark.parametrize("name", ["xdg-open", "wslview", "x-www-browser", "firefox"])
def test_a_browser_gets_the_address_as_one_argument(install: Install, name: str) -> None:
    program = install(name)
    assert open_address(URL) is None
    assert program.arguments == [URL]


def test_what_fails_is_followed_by_the_next(install: Install) -> None:
    first, second = install("xdg-open", code=3), install("firefox")
    assert open_address(URL) is None
    assert first.ran
    assert second.arguments == [URL]


def test_without_any_browser_it_says_what_to_do(install: Install) -> None:
    install("xdg-open", code=4)
    told = open_address(URL)
    assert told == opening.NO_BROWSER
    assert "copy the address" in told


def test_a_browser_that_stays_open_is_waited_for_by_somebody_else(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = install("xdg-open")
    script = program.told.parent / "bin" / "xdg-open"
    script.write_text(
        script.read_text().replace("exit 0", "read -r forever < /dev/null; sleep 0.3")
    )
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setattr(opening, "_AT_ONCE", 0.1)
    assert open_address(URL) is None
    for thread in threading.enumerate():
        if thread.name == "nimble-opened":
            thread.join(10)
            assert not thread.is_alive()
    assert program.arguments == [URL]


def test_keys_and_tokens_stay_here(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    canary = "canary-9f2e"
    secrets = (
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_PROFILE",
        "GITHUB_TOKEN",
        "NIMBLE_TUI_CONFIG",
        "LD_PRELOAD_CANARY",
        "PYTHONPATH",
        "SSH_AUTH_SOCK",
    )
    for name in secrets:
        monkeypatch.setenv(name, canary)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1000")
    program = install("xdg-open")
    assert open_address(URL) is None
    assert canary not in program.environment.values()
    assert program.environment["DISPLAY"] == ":99"
    assert program.environment["XDG_RUNTIME_DIR"] == "/run/user/1000"
    assert program.environment["HOME"] == os.environ["HOME"]


def test_nothing_a_browser_says_reaches_the_terminal(
    install: Install, capfd: pytest.CaptureFixture[str]
) -> None:
    install("xdg-open", says="more words")
    assert open_address(URL) is None
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", REMOTE)
def test_from_afar_nothing_is_opened(
    install: Install, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    program = install("xdg-open")
    monkeypatch.setenv(name, "10.0.0.1 1 10.0.0.2 22")
    monkeypatch.delenv("DISPLAY")
    assert open_address(URL) == opening.REMOTE
    monkeypatch.delenv(name)
    assert open_address(URL) == opening.NO_SCREEN
    assert not program.ran


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_an_address_of_this_computer_alone_needs_a_forwarded_port(
    install: Install, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    program = install("xdg-open")
    monkeypatch.delenv("DISPLAY")
    assert open_address(f"http://{host}:8443/s?token=x") == opening.FORWARD.format(port=8443)
    assert open_address(f"http://{host}/s?token=x") == opening.FORWARD.format(port=80)
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")
    assert open_address(f"https://{host}/s?token=x") == opening.FORWARD.format(port=443)
    assert not program.ran


def test_windows_that_ssh_brings_along_are_used(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = install("xdg-open")
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")
    monkeypatch.setenv("DISPLAY", "localhost:10.0")
    assert open_address(URL) is None
    assert program.ran


def test_the_native_viewer_takes_dcv(install: Install) -> None:
    viewer, browser = install("dcvviewer"), install("xdg-open")
    url = "dcv://screen.northwind.example:8443/?authToken=x#console"
    assert open_address(url) is None
    assert viewer.arguments == [url]
    assert not browser.ran


def test_a_registered_handler_takes_dcv(install: Install) -> None:
    install("xdg-mime", says="dcvviewer.desktop")
    opener = install("xdg-open")
    assert open_address("dcv://screen.northwind.example/") is None
    assert opener.arguments == ["dcv://screen.northwind.example/"]


def test_a_browser_is_never_asked_for_dcv(install: Install) -> None:
    asked = install("xdg-mime")
    opener = install("xdg-open")
    assert open_address("dcv://screen.northwind.example/") == opening.NO_VIEWER
    assert asked.arguments == ["query", "default", "x-scheme-handler/dcv"]
    assert not opener.ran


HOSTILE = [
    "",
    "-flag",
    "--version",
    "javascript:alert(1)",
    "JAVASCRIPT://x/%0aalert(1)",
    "data:text/html,hi",
    "file:///etc/passwd",
    "FILE://x/etc/passwd",
    "vscode://file/x",
    "ssh://host/",
    "ftp://host/",
    "smb://host/share",
    "\\\\host\\share",
    "//host/share",
    "https:host",
    "https:///path",
    "https://",
    "https://user@host/",
    "https://user:secret@host/",
    "https://good.example@evil.example/",
    "https://host/a b",
    "https://host/a\nb",
    "https://host/\r\nx",
    "https://host/\x1b]52;c;x\x07",
    "https://host/\x00",
    "https://host/\tx",
    " https://host/",
    "https://host/ ",
    "\nhttps://host/",
    "https://host/\n",
    'https://host/"quoted"',
    "https://host/`id`",
    "https://host/<x>",
    "https://host/{x}|y",
    "https://host/\\x",
    "https://host/^x",
    "https://hоst/",
    "https://host/ünïcode",
    "https://host/\u202egnp",
    "https://host:0/",
    "https://host:99999/",
    "https://host:port/",
    "https://[::1/",
    "HTTPS://host/",
    "dcv:host",
    "dcvs://host/",
    "https://host/" + "a" * 5000,
]


@pytest.mark.parametrize("url", HOSTILE, ids=lambda one: ascii(one)[:40])
def test_what_is_no_plain_address_goes_nowhere(install: Install, url: str) -> None:
    programs = [install(name) for name in ("xdg-open", "firefox", "dcvviewer")]
    assert open_address(url) == opening.NOT_AN_ADDRESS
    assert not any(program.ran for program in programs)


@pytest.mark.parametrize(
    "sentence",
    [opening.REMOTE, opening.NO_SCREEN, opening.NO_BROWSER, opening.NO_VIEWER, opening.FORWARD],
)
def test_every_refusal_names_another_way(sentence: str) -> None:
    assert "copy the address" in sentence
