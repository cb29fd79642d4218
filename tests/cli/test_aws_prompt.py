"""AWS profiles that need a person: a command in a terminal prompts, nothing else ever does."""

import os
import shlex
import signal
import stat
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes
from tests.cli.aws import (
    CODE,
    ROLE_SECRET,
    SERIAL,
    aws_config,
    process_profile,
    role_profile,
    token_service,
)
from tests.cli.running import Run
from tests.faults.faulty_studio import PRINCIPAL_ID, STUDIO_ID, FaultyStudio, Server

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

import termios

from tests.pty.terminal import OURS, Terminal

pytestmark = pytest.mark.pty

Open = Callable[..., Terminal]
# The terminal is the session's own, so that /dev/tty opens it.
OWN = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
OWN += "os.execvp(sys.argv[1], sys.argv[1:])"
READS_TERMINAL = (
    "tty = open('/dev/tty', 'r+b', 0)\ntty.write(b'Your word: ')\n"
    "pathlib.Path({word!r}).write_bytes(tty.readline().strip())"
)


@pytest.fixture
def terminal() -> Iterator[Open]:
    opened: list[Terminal] = []

    def open_one(*words: str, program: tuple[str, ...] = OURS, own: bool = True) -> Terminal:
        before = (sys.executable, "-c", OWN) if own else ()
        opened.append(Terminal(*words, columns=120, program=(*before, *program)))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def studio(config: Path) -> Iterator[FaultyStudio]:
    """A studio in the settings, to which the AWS profile `artist` signs in."""
    peer = FaultyStudio(states={"ses.ready": "READY"})
    with closing(Server(peer)):
        config.write_text(
            textwrap.dedent(f"""\
                [studios.north]
                studio_id = "{STUDIO_ID}"
                region = "us-west-2"
                principal_id = "{PRINCIPAL_ID}"
                endpoint_url = "{peer.url}"
                credentials = "artist"
                """)
        )
        yield peer


@pytest.fixture
def tokens(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, list[str]]]]:
    """The requests to AWS's token service, which gives the profile `artist` its role."""
    aws_config(role_profile("artist"))
    with token_service() as (url, requests):
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", url)
        yield requests


def test_a_code_is_asked_for_once_and_serves_every_later_command(
    terminal: Open, run: Run, studio: FaultyStudio, tokens: list[dict[str, list[str]]]
) -> None:
    screen = terminal("sessions")
    screen.wait_for(f"Enter MFA code for {SERIAL}:")
    assert not termios.tcgetattr(screen.slave)[3] & termios.ECHO
    screen.press(f"{CODE}\n")
    assert screen.wait_for_end() == exit_codes.DONE
    assert "shot 7" in screen.text
    assert CODE not in screen.text
    assert termios.tcgetattr(screen.slave) == screen.before
    told = run("sessions")
    assert (told.code, told.err) == (exit_codes.DONE, "")
    assert [one["TokenCode"] for one in tokens] == [[CODE]]
    signed = {one.headers["authorization"].split("/")[0] for one in studio.requests}
    assert signed == {"AWS4-HMAC-SHA256 Credential=ASIAROLE"}
    (kept,) = (Path(os.environ["HOME"]) / ".aws" / "cli" / "cache").iterdir()
    assert ROLE_SECRET in kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    kept.write_text('{"Credentials": {"Expiration": []}}')
    assert run("sessions").code == exit_codes.NOT_SIGNED_IN


def test_a_wrong_code_ends_the_command_with_a_sentence(
    terminal: Open, studio: FaultyStudio, tokens: list[dict[str, list[str]]]
) -> None:
    screen = terminal("sessions")
    screen.wait_for("Enter MFA code")
    screen.press("000000\n")
    assert screen.wait_for_end() == exit_codes.NOT_SIGNED_IN
    assert "AWS provides no keys for the AWS profile artist (AccessDenied)" in screen.text
    assert (len(tokens), studio.requests) == (1, [])


@pytest.mark.usefixtures("tokens")
def test_without_a_terminal_a_code_is_not_asked_for(run: Run, studio: FaultyStudio) -> None:
    told = run("sessions")
    assert told.code == exit_codes.NOT_SIGNED_IN
    assert told.err == (
        "The AWS profile artist needs a code; sign in to it in a terminal first (nimble-tui "
        "doctor prompts for the code), then try again.\n"
    )
    assert not studio.requests


def test_a_program_may_ask_in_the_terminal(
    terminal: Open, studio: FaultyStudio, tmp_path: Path
) -> None:
    word = tmp_path / "word"
    aws_config(process_profile("artist", tmp_path, READS_TERMINAL.format(word=str(word))))
    screen = terminal("sessions")
    screen.wait_for("Your word:")
    screen.press("mellon\n")
    assert screen.wait_for_end() == exit_codes.DONE
    assert "shot 7" in screen.text
    assert word.read_text() == "mellon"
    assert "Credential=AKIDPROGRAM/" in studio.requests[0].headers["authorization"]


def test_a_program_has_no_terminal_where_the_command_has_none(
    terminal: Open, studio: FaultyStudio, tmp_path: Path
) -> None:
    aws_config(process_profile("artist", tmp_path, READS_TERMINAL.format(word=str(tmp_path / "w"))))
    ours = f"exec {shlex.join(OURS)} sessions </dev/null"
    screen = terminal(program=("sh", "-c", ours))
    assert screen.wait_for_end() == exit_codes.NOT_SIGNED_IN
    assert "credential_process failed, and may need a code" in screen.text
    assert b"Your word" not in screen.written
    assert not studio.requests


@pytest.mark.usefixtures("studio")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_program_that_hangs_ends_with_the_command(
    terminal: Open, tmp_path: Path, number: signal.Signals
) -> None:
    pid = tmp_path / "pid"
    work = f"pathlib.Path({str(pid)!r}).write_text(str(os.getpid()) + '.')\ntime.sleep(60)"
    aws_config(process_profile("artist", tmp_path, work))
    # The end of a session that owns its terminal would end the program too.
    screen = terminal("sessions", own=False)
    screen.wait_until(lambda: pid.exists() and pid.read_text().endswith("."), "the program")
    screen.process.send_signal(number)
    screen.wait_for_end()
    screen.wait_until(lambda: not is_there(int(pid.read_text()[:-1])), "the program's end")
    assert termios.tcgetattr(screen.slave) == screen.before


@pytest.mark.usefixtures("studio", "tokens")
def test_a_signal_at_the_question_leaves_the_terminal_as_it_was(terminal: Open) -> None:
    screen = terminal("sessions")
    screen.wait_for("Enter MFA code")
    screen.terminate()  # unlike SIGHUP, no parent of the tests lets it be ignored
    assert screen.wait_for_end() == 128 + signal.SIGTERM
    assert termios.tcgetattr(screen.slave) == screen.before


@pytest.mark.usefixtures("studio")
def test_a_program_that_hides_what_is_typed_ends_with_the_command(
    terminal: Open, tmp_path: Path
) -> None:
    work = "import getpass\npid = pathlib.Path({pid!r})\n"
    work += "tty = open('/dev/tty', 'r+b', 0)\npid.write_text(str(os.getpid()) + '.')\n"
    work += "getpass.getpass('Hidden word: ')"
    pid = tmp_path / "pid"
    aws_config(process_profile("artist", tmp_path, work.format(pid=str(pid))))
    screen = terminal("sessions")
    screen.wait_for("Hidden word:")
    assert not termios.tcgetattr(screen.slave)[3] & termios.ECHO
    screen.terminate()
    assert screen.wait_for_end() == 128 + signal.SIGTERM
    screen.wait_until(lambda: not is_there(int(pid.read_text()[:-1])), "the program's end")
    assert termios.tcgetattr(screen.slave) == screen.before


@pytest.mark.usefixtures("studio", "tokens")
def test_the_app_prompts_for_nothing_and_says_what_to_do(terminal: Open) -> None:
    screen = terminal()
    screen.wait_for("needs a code; sign in to it in a terminal first")
    assert "Enter MFA code" not in screen.text
    screen.press("q")
    assert screen.wait_for_end() == exit_codes.DONE
    assert screen.is_restored()


def is_there(pid: int) -> bool:
    """Return whether a process still runs; one that only waits to be collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
