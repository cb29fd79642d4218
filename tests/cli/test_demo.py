import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.cli.studios import ConfiguredStudios
from nimble_tui.config import cache
from nimble_tui.config.paths import demo_file
from nimble_tui.config.settings import Settings
from nimble_tui.core.clock import SystemClock
from nimble_tui.core.service import DEMO, DEMO_AS, StudioInfo
from tests.cli.running import Run

BEFORE = StudioInfo(DEMO, studio_id="", region="", principal_id="", demo=True)


def test_the_demo_is_one_file_that_lasts(run: Run) -> None:
    stopped = json.loads(run("stop", "sq042 lighting", "--demo", "--yes", "--json").out)["session"]
    sessions = json.loads(run("sessions", "--demo", "--json").out)["sessions"]
    state = {one["sessionId"]: one["state"] for one in sessions}[stopped["sessionId"]]
    assert state in {"STOP_IN_PROGRESS", "STOPPED"}
    if os.name == "posix":
        assert {file.stat().st_mode & 0o077 for file in demo_file().parent.iterdir()} == {0}


def test_reset_starts_it_anew_and_forgets_its_lists(run: Run) -> None:
    before = run("whoami", "--demo").out
    first = run("sessions", "--demo", "--json").out
    cache.write(BEFORE, [], [], SystemClock().now())
    told = run("demo", "reset")
    assert (told.code, told.out) == (exit_codes.DONE, "")
    assert not demo_file().exists()
    assert cache.read(BEFORE) is None
    assert run("sessions", "--demo", "--json").out != first
    assert run("whoami", "--demo").out == before


def test_whoami_of_a_person_the_demo_lacks_leaves_it_closed(run: Run) -> None:
    result = run("whoami", "--studio", f"{DEMO_AS}nobody")
    assert result.code != exit_codes.DONE
    assert "nobody" in result.err
    assert run("demo", "reset").code == exit_codes.DONE


def test_reset_before_there_was_a_demo(run: Run) -> None:
    assert run("demo", "reset").code == exit_codes.DONE
    assert run("demo", "reset", "--studio", "north").code == exit_codes.USAGE


def test_reset_waits_for_nobody_who_has_it_open(run: Run) -> None:
    studios = ConfiguredStudios(Settings())
    service = studios.open(DEMO)
    ids = {one.session_id for one in service.list_streaming_sessions().items}
    told = run("demo", "reset")
    assert told.code == exit_codes.FAILED
    assert "open in another window" in told.err
    # A second window is no trouble, and nothing was lost.
    assert run("sessions", "--demo").code == exit_codes.DONE
    assert {one.session_id for one in service.list_streaming_sessions().items} == ids
    service.close()
    studios.close()
    assert run("demo", "reset").code == exit_codes.DONE


def spoil_with_text(path: Path) -> None:
    path.write_text("this is no studio")


def spoil_with_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 999")


@pytest.mark.parametrize("spoil", [spoil_with_text, spoil_with_newer])
def test_a_file_that_is_damaged_or_newer_is_left_and_said_to_be(run: Run, spoil: object) -> None:
    assert run("sessions", "--demo").code == exit_codes.DONE
    assert callable(spoil)
    spoil(demo_file())
    content = demo_file().read_bytes()
    told = run("sessions", "--demo", "--json")
    assert (told.code, told.out) == (exit_codes.FAILED, "")
    assert str(demo_file()) in told.err
    assert "nimble-tui demo reset" in told.err
    assert demo_file().read_bytes() == content
    assert run("demo", "reset").code == exit_codes.DONE
    assert run("sessions", "--demo").code == exit_codes.DONE


def test_what_stands_in_the_way_of_a_reset_is_said(run: Run) -> None:
    demo_file().mkdir(parents=True)
    told = run("demo", "reset")
    assert told.code == exit_codes.FAILED
    assert str(demo_file()) in told.err


@pytest.mark.skipif(os.name != "posix", reason="ends it by a signal")
def test_a_studio_of_its_own_is_served_until_it_is_told_to_stop() -> None:
    words = [sys.executable, "-m", "nimble_tui", "studio", "serve", "--demo"]
    words += ["--ephemeral", "--sessions", "20"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        assert ready["endpoint_url"].startswith("http://127.0.0.1:")
        assert ready["invite"].startswith("nimble1_")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert not demo_file().exists()


@pytest.mark.skipif(os.name != "posix", reason="ends it by a signal")
def test_the_demo_s_own_file_may_be_served_and_is_not_reset_meanwhile(run: Run) -> None:
    words = [sys.executable, "-m", "nimble_tui", "studio", "serve", "--demo"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        assert demo_file().exists()
        assert run("demo", "reset").code == exit_codes.FAILED
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert run("demo", "reset").code == exit_codes.DONE


def test_a_home_that_cannot_hold_the_demo_is_said_to_be_none(run: Run) -> None:
    demo_file().parent.parent.mkdir(parents=True, exist_ok=True)
    demo_file().parent.write_text("in the way")
    told = run("sessions", "--demo")
    assert (told.code, told.out) == (exit_codes.FAILED, "")
    assert f"Can't store the demo in {demo_file().parent}: " in told.err
    assert "Errno" not in told.err


def test_serving_takes_no_name(run: Run) -> None:
    told = run("studio", "serve", "somebody", "--demo")
    assert told.code == exit_codes.USAGE
    assert "somebody" in told.err
