"""Completion in the shells themselves, as a person at a terminal meets it."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.config import cache
from nimble_tui.core.model import read_launch_profile, read_streaming_session
from nimble_tui.core.service import DEMO, StudioInfo
from tests.cli.running import Run, completions

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

from tests.pty.terminal import Terminal

pytestmark = pytest.mark.pty

INFO = StudioInfo(DEMO, studio_id="", region="", principal_id="", demo=True)
SHELLS = {
    "bash": ("bash", "--norc", "--noprofile", "-i"),
    "zsh": ("zsh", "-f", "-i"),
    "fish": ("fish", "--no-config", "-i"),
}
OTHER_SHELLS_SLOW = [
    pytest.param(name, marks=[] if name == "bash" else [pytest.mark.slow]) for name in SHELLS
]
# What each shell needs to know first: no colours, a prompt of our own, no suggestions of its own.
SET_UP = {
    "bash": "PS1='ready> '; bind 'set enable-bracketed-paste off'; bind 'set bell-style none'",
    "zsh": "autoload -Uz compinit; compinit -u -D; PS1='ready> '; unset zle_bracketed_paste",
    "fish": (
        "function fish_prompt; printf 'ready> '; end; function fish_greeting; end; "
        "set -g fish_autosuggestion_enabled 0"
    ),
}
READ_SCRIPT = {
    "bash": 'eval "$(nimble-tui completion bash)"',
    "zsh": 'eval "$(nimble-tui completion zsh)"',
    "fish": "nimble-tui completion fish | source",
}


def need_shell(name: str) -> None:
    """Skip the test where the shell is missing."""
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed")


# Its words, whole at once in a file of their own.
SHOW = """#!/bin/sh
printf '%s\\0' "$@" > "$SHOWN.part" && mv "$SHOWN.part" "$SHOWN"
"""
# A terminal that a program opens itself is the one it is in charge of.
IN_CHARGE = ("sh", "-c", 'exec "$@" 0<>"$(tty)" 1>&0 2>&0', "sh")


def keep(*names: str, state: str = "READY") -> None:
    """Let these be the names of the workstations last seen in the demo."""
    profile = read_launch_profile(
        {
            "launchProfileId": "lp-1",
            "name": "Look dev: hair & fur",
            "streamConfiguration": {"ec2InstanceTypes": ["g5.xlarge", "g5.2xlarge"]},
        }
    )
    sessions = [
        read_streaming_session(
            {"sessionId": f"id-{number}", "state": state, "tags": {"Name": name}}
        )
        for number, name in enumerate(names)
    ]
    assert cache.write(INFO, [profile], sessions, datetime(2026, 11, 21, tzinfo=UTC))


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with nimble-tui in it, and `show`, which tells the words it was given."""
    folder = tmp_path / "bin"
    folder.mkdir()
    ours = f"#!{sys.executable}\nimport sys\nfrom nimble_tui.cli import main\nsys.exit(main())\n"
    for name, code in (("nimble-tui", ours), ("show", SHOW)):
        (folder / name).write_text(code)
        (folder / name).chmod(0o755)
    return folder


Shell = Callable[[str], Terminal]


@pytest.fixture
def shell(programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """Open a shell that has read our script, in an empty folder."""
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setenv("SHOWN", str(tmp_path / "shown"))
    opened: list[Terminal] = []

    def open_one(name: str) -> Terminal:
        need_shell(name)
        screen = Terminal(columns=200, rows=50, program=(*IN_CHARGE, *SHELLS[name]))
        opened.append(screen)
        screen.press(f"{SET_UP[name]}; {READ_SCRIPT[name]}\n")
        screen.wait_until(lambda: is_ready(screen), "the prompt")
        return screen

    yield open_one
    for screen in opened:
        screen.close()
    assert list(empty.iterdir()) == []


def is_ready(screen: Terminal) -> bool:
    """Whether the shell waits for a line."""
    lines = [line for line in screen.text.splitlines() if line.strip()]
    return bool(lines) and lines[-1].rstrip() == "ready>"


def completed(screen: Terminal, line: str, tabs: int = 1) -> list[str]:
    """Type a line, complete its end, and return the words that the command would be given."""
    shown = Path(os.environ["SHOWN"])
    screen.wait_until(lambda: is_ready(screen), "the prompt")
    # The shell takes what is typed after a tab once it is done with the tab.
    screen.press(line + "\t" * tabs + "\x01show \n")
    screen.wait_until(shown.exists, "the words")
    words = shown.read_bytes().decode().split("\0")[:-1]
    shown.unlink()
    return words


NASTY = (
    "alpha two words",
    "beta $(touch pwned)",
    "gamma `touch pwned`",
    "delta; touch pwned & #",
    'epsilon it\'s "said" !! \\ ~',
    "zeta *?[a-z]{a,b}",
    "eta: left=right @home %s",
    "theta · 日本 é",
    "~iota",
    "$kappa ${HOME}",
    "#lambda ^ ~ = x",
    "=mu",
)


@pytest.mark.parametrize("name", SHELLS)
def test_a_name_arrives_whole_and_runs_nothing(shell: Shell, name: str) -> None:
    keep(*NASTY, state="$(touch pwned) `touch pwned` %s: it's")
    screen = shell(name)
    for full in NASTY:
        start = full[:3]
        typed = f"\\{start}" if start[0] in "~$#=" else start
        words = completed(screen, f"nimble-tui stop --demo {typed}")
        assert words == ["nimble-tui", "stop", "--demo", full]


@pytest.mark.parametrize("name", OTHER_SHELLS_SLOW)
def test_a_name_arrives_whole_within_an_open_quote(shell: Shell, name: str) -> None:
    keep(*NASTY)
    screen = shell(name)
    for full, quote in zip(NASTY, cycle("'\""), strict=False):
        if name == "bash" and "*" in full:
            continue  # it has no way to take these within a quote
        typed = full[:3].replace("$", "\\$") if quote == '"' else full[:3]
        words = completed(screen, f"nimble-tui stop --demo {quote}{typed}")
        assert words[3:] == [full], quote


@pytest.mark.parametrize("name", SHELLS)
def test_each_word_is_completed_by_what_it_may_be(shell: Shell, name: str) -> None:
    keep("alpha two", "beta")
    screen = shell(name)
    for typed, given in (
        ("lau", ["launch"]),
        ("--demo launch Loo", ["--demo", "launch", "Look dev: hair & fur"]),
        ("sessions --js", ["sessions", "--json"]),
        ("stop --demo 'al", ["stop", "--demo", "alpha two"]),
        ('stop --demo "al', ["stop", "--demo", "alpha two"]),
        # What zsh takes for the same is a person's own setting.
        ("stop --demo al" if name == "zsh" else "stop --demo AL", ["stop", "--demo", "alpha two"]),
        ("completion f", ["completion", "fish"]),
        ("start alpha --backup l", ["start", "alpha", "--backup", "latest"]),
    ):
        assert completed(screen, f"nimble-tui {typed}") == ["nimble-tui", *given]


def test_bash_goes_on_with_a_word_however_it_was_begun(shell: Shell) -> None:
    keep("shot:042 a", "a=b c", 'it\'s "one" $5 `x`', "two words", "seq 10 a", "seq 10 b")
    screen = shell("bash")
    for typed, full in (
        ("shot:0", "shot:042 a"),
        ("shot\\:0", "shot:042 a"),
        ('"shot:0', "shot:042 a"),
        ("a=b", "a=b c"),
        ("\"it's", 'it\'s "one" $5 `x`'),
        ("'it'\\''s", 'it\'s "one" $5 `x`'),
        ("it\\'s", 'it\'s "one" $5 `x`'),
        ('it"\'"s', 'it\'s "one" $5 `x`'),
        ("two\\ w", "two words"),
        ("two' 'w", "two words"),
        ("se", "seq 10 "),  # as far as the names of several are the same
    ):
        assert completed(screen, f"nimble-tui stop --demo {typed}")[3:] == [full]


def answers(run: Run, *words: str) -> list[str]:
    """Return what the last word may become."""
    line = f"nimble-tui {shlex.join(words[:-1])} {words[-1]}"
    return [one.partition("\t")[0] for one in completions(run, line)]


def test_what_is_offered_where(run: Run) -> None:
    keep("one", "two")
    assert {"launch", "stop", "completion"} <= set(answers(run, ""))
    assert "complete" not in answers(run, "")
    assert answers(run, "-") == ["--help", "--demo", "--as", "--studio", "--log", "--version"]
    assert answers(run, "launch", "--demo", "Look dev: hair & fur", "--type", "") == [
        "g5.xlarge",
        "g5.2xlarge",
    ]
    assert "g4dn.xlarge" in answers(run, "launch", "--type", "")
    assert answers(run, "stop", "--demo", "") == ["one", "two"]
    assert answers(run, "stop", "--demo", "one", "") == []
    assert answers(run, "--studio", "demo", "rename", "") == ["one", "two"]
    assert answers(run, "rename", "--demo", "one", "") == []
    assert "--wait" in answers(run, "stop", "--yes", "-")
    assert "--yes" not in answers(run, "stop", "--yes", "-")
    assert answers(run, "--studio", "") == ["demo"]
    assert answers(run, "--studio=d") == ["--studio=demo"]
    assert answers(run, "stop", "--token", "") == []
    assert answers(run, "--demo", "--as", "") == ["admin", "operator"]
    assert answers(run, "stop", "--demo", "--as", "admin", "") == []
    assert answers(run, "stop", "--as", "admin", "--demo", "") == []
    assert answers(run, "people", "") == [
        *("add", "remove", "admin", "onboard", "offboard", "activate", "deactivate"),
        *("persona", "find", "profile"),
    ]
    assert answers(run, "people", "admin", "") == ["add", "remove"]
    assert "--profile" in answers(run, "people", "add", "Theo", "--profile", "x", "-")
    assert answers(run, "people", "add", "--demo", "--profile", "") == ["Look dev: hair & fur"]
    assert answers(run, "people", "add", "--demo", "") == []
    assert answers(run, "people", "add", "Theo", "") == []


def test_a_name_that_two_have_is_told_apart_by_their_ids(run: Run) -> None:
    keep("same", "Same", "other", "-odd")
    assert answers(run, "stop", "--demo", "") == ["id-0", "id-1", "other", "id-3"]


def test_deleted_ones_and_those_of_others_are_not_offered(run: Run, config: Path) -> None:
    gone = read_streaming_session({"sessionId": "id", "state": "DELETED", "tags": {"Name": "a"}})
    cache.write(INFO, [], [gone], datetime(2026, 11, 21, tzinfo=UTC))
    assert answers(run, "stop", "--demo", "") == []
    keep("one")
    assert answers(run, "stop", "") == []
    config.write_text("them = 1")
    assert answers(run, "stop", "") == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"COMP_LINE": "\x1b\x1b[31m"},
        {"COMP_POINT": "x"},
        {"COMP_POINT": ""},
        {"_ARGCOMPLETE_IFS": "too long"},
        {"_ARGCOMPLETE_STDOUT_FILENAME": "/"},
        {"NIMBLE_TUI_CONFIG": "/"},
    ],
)
def test_whatever_is_wrong_a_shell_gets_no_answer_and_no_word(
    run: Run, wrong: dict[str, str]
) -> None:
    assert completions(run, "nimble-tui stop ", **wrong) == []


def test_the_names_come_from_the_lists_that_commands_saw(run: Run) -> None:
    assert answers(run, "stop", "--demo", "") == []
    assert run("sessions", "--demo").code == exit_codes.DONE
    assert "sq042 lighting" in answers(run, "stop", "--demo", "")
    assert "Lighting" in answers(run, "launch", "--demo", "")


def test_what_was_renamed_launched_or_deleted_is_offered_as_it_is_then(run: Run) -> None:
    def offered() -> list[str]:
        return completions(run, "nimble-tui connect --demo ")

    run("rename", "--demo", "sq042 lighting", "sq043 lookdev")
    assert "sq043 lookdev\tREADY" in offered()
    assert "sq042 lighting\tREADY" not in offered()
    run("launch", "--demo", "Lighting", "--name", "new one")
    assert "new one\tCREATE_IN_PROGRESS" in offered()
    run("stop", "--demo", "sq043 lookdev", "--yes")
    assert "sq043 lookdev\tSTOP_IN_PROGRESS" in offered()
    unnamed = next(one for one in answers(run, "keep", "--demo", "") if one.startswith("Lighting"))
    run("keep", "--demo", unnamed)
    assert f"{unnamed}\tSTART_IN_PROGRESS" in offered()
    run("delete", "--demo", "sq018 roto", "--yes")
    assert "sq018 roto\tDELETE_IN_PROGRESS" in offered()


def test_nothing_that_steers_a_terminal_is_offered(run: Run) -> None:
    keep("one\x1b[2J", "two\nthree", "\u202efour", "five", state="\x1b[31mREADY")
    offered = completions(run, "nimble-tui stop --demo ")
    assert len(offered) == 4
    assert all(one.replace("\t", "").isprintable() for one in offered)


def test_bash_is_given_no_name_that_it_would_change(run: Run) -> None:
    keep("a*b", "a!b", "ab")

    def given(word: str) -> list[str]:
        found = completions(run, f"nimble-tui stop --demo {word}", _ARGCOMPLETE_SHELL="bash")
        return [one.partition("\t")[0] for one in found]

    assert given("a") == ["a\\*b", "a\\!b", "ab"]
    assert given("'a") == ["a!b", "ab"]
    assert given('"a') == ["ab"]


@pytest.mark.parametrize("name", OTHER_SHELLS_SLOW)
def test_a_command_after_another_is_completed_too(shell: Shell, name: str) -> None:
    keep("alpha two")
    screen = shell(name)
    screen.press("true; nimble-tui stop --demo al\t")
    screen.wait_for("alpha")


def test_it_asks_neither_network_nor_keyring_and_brings_in_little(tmp_path: Path) -> None:
    keep("one")
    heavy = ["boto3", "botocore", "textual", "keyring", "asyncio", "sqlite3"]
    script = (
        "import sys\n"
        "sys.addaudithook(lambda event, args: event.startswith('socket.') and sys.exit(event))\n"
        "from nimble_tui.cli import main\n"
        "main([])\n"
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    found = tmp_path / "found"
    line = "nimble-tui stop --demo "
    environment = {
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(found),
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr, found.read_text()) == ("[]\n", "", "one ")


@pytest.mark.parametrize("name", OTHER_SHELLS_SLOW)
def test_the_script_is_one_the_shell_can_read(run: Run, name: str) -> None:
    told = run("completion", name)
    assert (told.code, told.err) == (exit_codes.DONE, "")
    assert "_ARGCOMPLETE" in told.out
    need_shell(name)
    words = [SHELLS[name][0], "-n"]
    done = subprocess.run(words, input=told.out, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
