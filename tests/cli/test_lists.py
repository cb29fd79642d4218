import json
import os
import select
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from nimble_tui.cli import exit_codes, output, tables
from nimble_tui.core.listing import Listing
from nimble_tui.core.model import LaunchProfile
from nimble_tui.studio.demo import Demo
from tests.cli.running import Run


def run_piped(command: str, **env: str) -> "subprocess.CompletedProcess[str]":
    script = f"set -o pipefail; {sys.executable} -m nimble_tui {command}"
    words = ["bash", "-c", script]
    everything = {**os.environ, **env}
    return subprocess.run(words, capture_output=True, text=True, check=False, env=everything)


def test_the_sessions_of_the_demo_as_json_and_nothing_else_on_stdout() -> None:
    done = run_piped(f"sessions --demo --json | {sys.executable} -m json.tool")
    assert done.returncode == 0
    assert done.stderr == ""
    sessions = json.loads(done.stdout)["sessions"]
    assert {"READY", "STOPPED", "START_FAILED"} <= {session["state"] for session in sessions}
    for session in sessions:
        created = datetime.fromisoformat(session["createdAt"])
        assert created.utcoffset() is not None
        assert not created.utcoffset()


def test_neither_proxies_nor_a_broken_aws_set_up_disturb_the_demo(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("[profile\nnot = ini ]]")
    proxy = "http://127.0.0.1:9"
    done = run_piped(
        f"sessions --demo --json | {sys.executable} -m json.tool",
        HTTP_PROXY=proxy,
        HTTPS_PROXY=proxy,
        http_proxy=proxy,
        https_proxy=proxy,
        ALL_PROXY=proxy,
        AWS_PROFILE="long-gone",
        AWS_DEFAULT_PROFILE="long-gone",
        AWS_CONFIG_FILE=str(broken),
        AWS_SHARED_CREDENTIALS_FILE=str(broken),
        AWS_ENDPOINT_URL=proxy,
        AWS_ENDPOINT_URL_NIMBLE=proxy,
        AWS_ACCESS_KEY_ID="AKIAZZZZZZZZZZZZZZZZ",
        AWS_SECRET_ACCESS_KEY="not-ours",
        AWS_MAX_ATTEMPTS="nonsense",
        AWS_CA_BUNDLE="/nowhere",
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["sessions"]


def test_the_launch_profiles(run: Run) -> None:
    told = run("profiles", "--demo", "--json")
    assert (told.code, told.err) == (0, "")
    names = {one["name"] for one in json.loads(told.out)["launchProfiles"]}
    assert {"Lighting", "Comp", "Review"} <= names
    table = run("profiles", "--demo").out.splitlines()
    assert table[0].split() == ["NAME", "ID", "STATE", "TYPES", "STOPPING"]
    assert len(table) == len(names) + 1


def test_on_a_pipe_the_table_is_whole_plain_and_aligned(run: Run) -> None:
    told = run("sessions", "--demo")
    head, *rows = told.out.splitlines()
    ids = [
        one["sessionId"] for one in json.loads(run("sessions", "--demo", "--json").out)["sessions"]
    ]
    column = head.index("ID")
    assert sorted(row[column:].split()[0] for row in rows) == sorted(ids)
    assert "\x1b" not in told.out
    (deadline,) = {row[head.index("NEXT") :] for row in rows if row.startswith("sq042")}
    what, when = deadline.split()
    assert what == "stop"
    assert datetime.fromisoformat(when).tzinfo
    # What is about to be deleted comes first.
    assert rows[0][head.index("NEXT") :].startswith("delete ")


def test_deleted_ones_are_listed_only_with_all(run: Run, signed_in: Demo) -> None:
    del signed_in
    before = json.loads(run("sessions", "--json").out)["sessions"]
    gone = next(one for one in before if one["state"] == "READY")["sessionId"]
    assert run("delete", gone, "--yes", "--wait").code == exit_codes.DONE
    after = json.loads(run("sessions", "--json").out)["sessions"]
    everything = json.loads(run("sessions", "--all", "--json").out)["sessions"]
    assert gone not in {one["sessionId"] for one in after}
    assert {one["state"] for one in everything if one["sessionId"] == gone} == {"DELETED"}
    assert gone in run("sessions", "--all").out
    assert gone not in run("sessions").out


def test_a_list_that_came_in_part_is_said_to_be(
    run: Run, signed_in: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nimble_tui.client.nimble import NimbleService

    del signed_in

    def in_part(_: NimbleService) -> Listing[LaunchProfile]:
        return Listing((), partial=True, problem="A page is missing.")

    monkeypatch.setattr(NimbleService, "list_launch_profiles", in_part)
    told = run("profiles", "--json")
    assert told.code == exit_codes.FAILED
    assert told.err == "A page is missing.\n"
    assert json.loads(told.out) == {"launchProfiles": []}


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("日本", 4), ("e\N{COMBINING ACUTE ACCENT}", 1), ("🎬", 2)]
)
def test_how_wide_a_text_is(text: str, width: int) -> None:
    assert output.width_of(text) == width


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "is_for_people", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("columns", "widest"), [(80, 80), (30, 12 + 2 + 20), (1_000, 622)])
def test_in_a_terminal_the_first_column_gives_way(
    capsys: Any, monkeypatch: pytest.MonkeyPatch, columns: int, widest: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("NO_COLOR", "1")
    output.print_table(("A", "B"), [("x" * 600, "1" * 20), ("日" * 300, "2" * 20), ("short", "3")])
    _, first, second, third = capsys.readouterr().out.splitlines()
    assert output.width_of(first) == widest
    assert output.width_of(second) == widest
    assert first.endswith("  " + "1" * 20)
    assert ("…" in first) == (columns < 622)
    assert third.index("3") == widest - 20


@pytest.mark.usefixtures("people", "signed_in")
@pytest.mark.parametrize("columns", [80, 200])
@pytest.mark.parametrize("command", ["sessions", "profiles", "licences"])
def test_in_a_terminal_each_has_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: str, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("NO_COLOR", "1")
    for module in (tables, output):
        monkeypatch.setattr(module, "is_for_people", lambda: True)
    lines = run(command).out.splitlines()
    assert max(map(output.width_of, lines)) <= columns
    if columns == 200:
        assert not any("…" in line for line in lines)
        failed = [line for line in lines if "START_FAILED" in line]
        assert len(failed) == (command == "sessions")
        assert all("no machine available" in line for line in failed)
    assert " NEXT" in lines[0] if command == "sessions" else " ID " not in lines[0]


@pytest.mark.skipif(not hasattr(select, "poll"), reason="it cannot be told here")
def test_a_pause_ends_as_soon_as_nobody_reads_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        output.pause(0.0)
        os.close(reading)
        with pytest.raises(BrokenPipeError):
            output.pause(60.0)
        monkeypatch.undo()


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colours_are_for_terminals_that_show_them(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    assert output.coloured("READY", "ready") == "\x1b[32mREADY\x1b[0m"
    monkeypatch.setenv(name, value)
    assert output.coloured("READY", "ready") == "READY"


def test_json_is_ascii_and_cannot_steer_a_terminal(capsys: Any) -> None:
    nasty: dict[str, object] = {"a": "\x1b]52;c;x\x07\x7f\x9b\u202e\ud800é"}
    output.print_json(nasty)
    out = capsys.readouterr().out
    assert out.replace("\n", "").isascii()
    assert out.replace("\n", "").isprintable()
    assert json.loads(out) == nasty
