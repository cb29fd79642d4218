"""Where a command and the app log their calls, and what they say when they cannot."""

import asyncio
import json
from contextlib import closing
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nimble_tui.cli import exit_codes
from nimble_tui.cli.studios import ConfiguredStudios
from nimble_tui.config.loading import load
from nimble_tui.studio.demo import Demo
from nimble_tui.tui.app import NimbleApp
from nimble_tui.view.notices import Notice
from tests.cli.running import Run
from tests.tui import acts
from tests.tui.bench import until, until_told


def operations(path: Path) -> list[str]:
    return [json.loads(line)["operation"] for line in path.read_text().splitlines()]


@pytest.mark.usefixtures("signed_in")
def test_a_command_logs_where_it_is_told_to(
    run: Run, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("--log", "calls.log", "sessions").code == exit_codes.DONE
    logged = operations(tmp_path / "calls.log")
    assert {"ListStreamingSessions", "ListLaunchProfiles"} <= set(logged)
    usual = tmp_path / "usual.log"
    config.write_text(f'log = "{usual}"\n' + config.read_text())
    assert run("profiles").code == exit_codes.DONE
    assert operations(usual) == ["ListLaunchProfiles"]
    assert run("profiles", "--log", "calls.log").code == exit_codes.DONE
    assert operations(usual) == ["ListLaunchProfiles"]
    assert operations(tmp_path / "calls.log") == [*logged, "ListLaunchProfiles"]
    assert f"ok     Log: {usual}" in run("doctor").out


def test_a_log_that_cannot_be_written_is_one_sentence(run: Run, tmp_path: Path) -> None:
    told = run("sessions", "--demo", "--log", str(tmp_path))
    assert told.code == exit_codes.DONE
    assert "Lighting" in told.out
    assert len(told.err.splitlines()) == 1
    assert told.err.startswith(f"Can't write the log ({tmp_path}: ")
    told = run("doctor", "--demo", "--log", str(tmp_path))
    assert f"WRONG  Log: {tmp_path}" in told.out
    assert "Log: not written; set log in the settings" in run("doctor", "--demo").out
    assert run("sessions", "--demo", "--log", "").code == exit_codes.USAGE


def test_the_app_says_so_in_passing(signed_in: Demo, config: Path, tmp_path: Path) -> None:
    del signed_in

    async def scenario(studios: ConfiguredStudios) -> None:
        app = NimbleApp(studios, load(config), "north")
        studios.log_to(tmp_path, lambda why: app.show_toast(Notice(why, "Log", "warning")))
        async with app.run_test(size=(120, 30), notifications=True) as pilot:
            await until_told(pilot, "Log: Can't write the log (")
            await until(pilot, lambda: is_live(pilot))

    with closing(ConfiguredStudios(load(config), path=config)) as studios:
        asyncio.run(scenario(studios))


def is_live(pilot: Pilot[None]) -> bool:
    return acts.has_main(pilot) and acts.is_live(pilot)
