import inspect
import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.cli.grammar import COMMANDS, COMMON
from nimble_tui.cli.parser import new_parser
from nimble_tui.client.nimble import NimbleService
from tests.cli.running import Run


def test_help_names_every_command_and_exit_code(run: Run) -> None:
    told = run("--help")
    assert told.code == 0
    assert told.err == ""
    for name, command in COMMANDS.items():
        assert f"\n    {name} " in told.out
        assert f" {command.what}\n" in told.out
    assert max(map(len, told.out.splitlines())) <= 80
    assert exit_codes.HELP.strip() in told.out


@pytest.mark.parametrize(
    ("command", "listed"),
    [
        ("stop", ["--demo", "--as", "--studio", "--log"]),
        ("login", ["--studio", "--log"]),
        ("keys", []),
        ("studio people", ["--demo"]),
        ("studio profile add", ["--demo"]),
        ("studio check", []),
    ],
)
def test_the_help_of_a_command_lists_the_common_options_that_apply(
    run: Run, command: str, listed: list[str]
) -> None:
    text = run(*command.split(), "--help").out
    options = [line.split()[0] for line in text.splitlines() if line.startswith("  --")]
    common = [one.name for one in COMMON]
    assert [one for one in options if one in common] == listed


def test_the_version(run: Run) -> None:
    assert run("--version").out.startswith("nimble-tui 0.")


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("stop",),
        ("sessions", "--al"),
        ("sessions", "--demo", "--studio", "north"),
        ("--demo", "login"),
        ("--studio", "Bad Name", "login"),
        ("login",),
        ("stop", "--demo", ""),
        ("demo",),
        ("demo", "rest"),
        ("studio", "serve"),
        ("studio", "serve", "--demo", "--port", "70000"),
        ("studio", "serve", "--demo", "--speed", "nan"),
        ("studio", "serve", "--demo", "--host-name", "http://studio.example"),
        ("studio", "serve", "--demo", "--host-name", "studio.example:443"),
        ("studio", "serve", "--demo", "--sessions", "-1"),
        ("sessions", "--studio", "nowhere"),
        (),
        ("--demo",),
    ],
)
def test_wrong_use_is_2_with_a_sentence_and_no_answer(run: Run, words: tuple[str, ...]) -> None:
    told = run(*words)
    assert told.code == exit_codes.USAGE
    assert told.out == ""
    assert told.err.strip()
    assert "Traceback" not in told.err


def test_wrong_words_cannot_steer_the_terminal(run: Run) -> None:
    for words in (["sessions", "\x1b[2J"], ["sessions", "--studio", "\x1b]52;c;x\x07"]):
        assert "\x1b" not in run(*words).err


@pytest.mark.parametrize(
    "words", [("--demo", "sessions"), ("sessions", "--demo"), ("--studio", "demo", "sessions")]
)
def test_which_studio_may_be_said_before_or_after(run: Run, words: tuple[str, ...]) -> None:
    assert "STOPPED" in run(*words).out


def test_a_studio_of_that_name_is_suggested(run: Run, signed_in: object) -> None:
    del signed_in
    told = run("sessions", "--studio", "nort")
    assert told.code == exit_codes.USAGE
    assert "Did you mean north?" in told.err


def test_settings_that_are_wrong_are_told_in_full(run: Run, config: Path) -> None:
    config.write_text('them = "dark"\n[studios.n]\nregion = 3\n')
    told = run("sessions")
    assert told.code == exit_codes.USAGE
    assert told.out == ""
    assert 'line 1: them: unknown setting; did you mean "theme"?' in told.err
    assert "line 3: [studios.n] region" in told.err
    config.write_text("[studios.n]\nregion = 3\n")
    assert run("sessions", "--demo").code == exit_codes.DONE


def test_nobody_signed_in_is_4(run: Run) -> None:
    told = run("sessions")
    assert told.code == exit_codes.NOT_SIGNED_IN
    assert "nimble-tui login" in told.err


def test_the_command_line_brings_in_little_until_a_command_runs() -> None:
    heavy = ["boto3", "botocore", "textual", "keyring", "platformdirs", "tomllib", "asyncio"]
    script = f"import sys, nimble_tui.cli; print([m for m in {heavy} if m in sys.modules])"
    words = [sys.executable, "-c", script]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout == "[]\n"


def test_an_answer_needs_neither_screens_nor_keyring() -> None:
    script = (
        "import sys; from nimble_tui.cli import main; main(['sessions', '--demo', '--json']);"
        "print([m for m in ('textual', 'keyring') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stderr == "[]\n"
    assert json.loads(done.stdout)["sessions"]


def test_run_as_a_module() -> None:
    words = [sys.executable, "-m", "nimble_tui", "--version"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("nimble-tui ")


def test_a_reader_that_goes_away_is_no_drama() -> None:
    command = f"{sys.executable} -m nimble_tui profiles --demo --json"
    script = f"{command} | head -c 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)  # noqa: S607
    assert done.stdout == "{"
    assert done.stderr == ""
    assert done.returncode in {exit_codes.DONE, exit_codes.BROKEN_PIPE}


@pytest.mark.parametrize(
    ("words", "closed", "code", "err"),
    [
        ("profiles --demo", ">&-", exit_codes.DONE, ""),
        ("--version", "<&- >&- 2>&-", exit_codes.DONE, ""),
        ("login", "<&- >&-", exit_codes.USAGE, "needs a terminal"),
    ],
)
def test_a_job_may_come_with_its_streams_closed(
    words: str, closed: str, code: int, err: str
) -> None:
    script = f"{sys.executable} -m nimble_tui {words} {closed}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)  # noqa: S607
    assert (done.returncode, done.stdout) == (code, "")
    assert err in done.stderr
    assert bool(err) == bool(done.stderr)
    assert "mistake" not in done.stderr


def test_a_mistake_of_ours_is_one_line_without_its_words(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nimble_tui.cli import lists

    def broken(_: object) -> int:
        raise KeyError("canary")

    monkeypatch.setattr(lists, "list_sessions", broken)
    told = run("sessions", "--demo")
    assert told.code == exit_codes.FAILED
    assert "KeyError in test_arg_types.py, line" in told.err
    assert "canary" not in told.err


def test_interrupted_is_130_without_a_word(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from nimble_tui.cli import lists

    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(lists, "list_sessions", interrupted)
    told = run("sessions", "--demo")
    assert (told.code, told.out, told.err) == (exit_codes.INTERRUPTED, "", "")


@pytest.mark.usefixtures("signed_in")
@pytest.mark.parametrize(
    ("method", "words", "name"),
    [
        ("launch", ("launch", "Lighting", "--name", "fog"), "fog"),
        ("act", ("stop", "sq042 lighting", "--yes"), "sq042 lighting"),
        ("keep", ("keep", "dfbw"), "Lighting · dfbw"),
    ],
)
def test_interrupted_while_it_asks_it_does_not_say_that_nothing_was_done(
    run: Run, monkeypatch: pytest.MonkeyPatch, method: str, words: tuple[str, ...], name: str
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(NimbleService, method, interrupted)
    told = run(*words)
    assert (told.code, told.out) == (exit_codes.INTERRUPTED, "")
    assert told.err.startswith(f"{name}: the request may have been sent")


needs_full = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="needs a device that is always full"
)


@needs_full
@pytest.mark.parametrize("words", ["profiles --demo --json", "--version"])
def test_an_answer_that_cannot_be_written_is_said_to_be_lost(words: str) -> None:
    script = f"{sys.executable} -m nimble_tui {words} > /dev/full"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)  # noqa: S607
    assert done.returncode == exit_codes.FAILED
    assert done.stderr == "Error: No space left on device.\n"


@needs_full
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("--version 2>/dev/full", exit_codes.DONE),
        ("--version >/dev/full 2>&1", exit_codes.FAILED),
        ("nonsense 2>/dev/full", exit_codes.USAGE),
        ("stop nosuch --demo --yes 2>/dev/full", exit_codes.FAILED),
    ],
)
def test_a_stderr_that_cannot_be_written_changes_no_exit_code(words: str, code: int) -> None:
    script = f"{sys.executable} -m nimble_tui {words}"
    assert subprocess.run(["bash", "-c", script], check=False).returncode == code  # noqa: S607


def test_a_terminal_that_knows_few_characters_gets_question_marks() -> None:
    words = [sys.executable, "-m", "nimble_tui", "sessions", "--demo"]
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(words, capture_output=True, text=True, check=True, env=env)
    assert "Lighting ? " in done.stdout


@pytest.mark.parametrize(
    "argv",
    [
        ["sessions", "--json"],
        ["--demo", "stop", "start", "--yes"],
        ["--studio", "stop", "start", "a"],
        ["--studio=stop", "rename", "stop", "launch"],
        ["watch", "--studio", "delete"],
        ["--version"],
        [],
    ],
)
def test_a_parser_for_one_command_takes_its_words_as_the_whole_one_does(argv: list[str]) -> None:
    assert new_parser(argv).parse_args(argv) == new_parser().parse_args(argv)


def test_what_runs_each_command_is_a_function_that_takes_its_words() -> None:
    commands = list(COMMANDS.values())
    for command in commands:  # which grows by those below it
        commands += command.parts
        if command.run:
            module, _, name = command.run.partition(":")
            function = getattr(import_module(f"nimble_tui.cli.{module}"), name)
            hints = inspect.get_annotations(function)
            shown = {key: getattr(hint, "__name__", hint) for key, hint in hints.items()}
            assert shown == {"args": "Namespace", "return": "int"}, command.run
        else:
            assert command.parts, command.name
    assert len(commands) > len(COMMANDS)
