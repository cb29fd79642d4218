"""The app as the command line opens it: settings that change while it runs."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from nimble_tui.cli import exit_codes
from nimble_tui.cli.studios import ConfiguredStudios
from nimble_tui.config.credentials import KeyringVault
from nimble_tui.config.editing import append_studio
from nimble_tui.config.settings import Settings, SettingsError
from nimble_tui.studio.demo import Demo
from nimble_tui.tui import app as screens
from nimble_tui.tui import runner
from nimble_tui.tui.last_resort import LastResort
from tests.cli.running import Run, settings_of


@dataclass
class App:
    """Stands for the screens: it only holds what they are given."""

    studios: ConfiguredStudios
    settings: Settings
    name: str | None
    new_settings: Callable[[], Settings | None]
    problem: SettingsError | None
    last_resort: LastResort
    load_ahead: Callable[[], None]

    def names_after_a_change(self) -> Sequence[str]:
        """Return the studios there are to go to, once a change is seen."""
        # A change counts once two looks found the same.
        assert self.new_settings() is None
        assert self.new_settings() is not None
        return self.studios.names()


@pytest.mark.parametrize("words", [(), ("--studio", "north")])
def test_a_studio_that_is_added_while_the_app_runs_can_be_gone_to(
    run: Run,
    signed_in: Demo,
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
) -> None:
    added = replace(settings_of(signed_in.invite), name="south")
    KeyringVault().store(added, signed_in.invite.keys)

    def opened(app: App) -> int:
        assert (app.name, app.studios.names()) == ("north", ["north"])
        before = config.read_text()
        append_studio(config, added)
        assert app.names_after_a_change() == ["north", "south"]
        service = app.studios.open("south")
        assert service.get_studio().studio_name
        service.close()
        config.write_text(before)
        assert app.names_after_a_change() == ["north"]
        return exit_codes.DONE

    monkeypatch.setattr(screens, "NimbleApp", App)
    monkeypatch.setattr(runner, "run", opened)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    told = run(*words)
    assert (told.code, told.err) == (exit_codes.DONE, "")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", ""),
        ("theme = 7", "theme"),
        ("[studios", "write a table as"),
        (None, "not a regular file"),
    ],
)
def test_the_app_starts_with_the_defaults_where_the_settings_cannot_be_used(
    run: Run, config: Path, monkeypatch: pytest.MonkeyPatch, content: str | None, said: str
) -> None:
    config.parent.mkdir(parents=True, exist_ok=True)
    config.unlink(missing_ok=True)
    if content is None:
        os.mkfifo(config)
    else:
        config.write_text(content)

    def opened(app: App) -> int:
        assert (app.name, app.settings) == (None, Settings())
        assert said in " ".join(app.problem.problems if app.problem else ())
        config.unlink()
        config.write_text('theme = "light"')
        assert app.new_settings() is None
        assert app.new_settings() == Settings(theme="nimble-light")
        return exit_codes.DONE

    assert run("sessions").code == (exit_codes.USAGE if said else exit_codes.NOT_SIGNED_IN)
    monkeypatch.setattr(screens, "NimbleApp", App)
    monkeypatch.setattr(runner, "run", opened)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    told = run()
    assert (told.code, told.err) == (exit_codes.DONE, "")
