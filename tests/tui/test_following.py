"""Settings edited while the app runs: applied immediately, or rejected with a notification."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot

from nimble_tui.config.loading import load
from nimble_tui.config.settings import Settings
from nimble_tui.config.watching import SettingsWatch
from nimble_tui.tui.terminal_driver import TerminalDriver
from tests.tui import acts
from tests.tui.bench import (
    NAME,
    Bench,
    play,
    seen,
    told,
    until,
    until_seen,
    until_told,
)


class File:
    """A config.toml, edited by hand, and the app that follows it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.path.write_text("")
        self.watch = SettingsWatch(path)

    def settings(self) -> Settings:
        return load(self.path)

    def play(
        self, bench: Bench, scenario: Callable[..., object], studio: str | None = NAME
    ) -> None:
        play(
            bench,
            scenario,  # type: ignore[arg-type]
            studio=studio,
            settings=self.settings(),
            new_settings=self.watch.poll,
        )


@pytest.fixture
def file(tmp_path: Path) -> File:
    return File(tmp_path / "config.toml")


async def edit(pilot: Pilot[None], file: File, text: str) -> None:
    """Save the file, and let the time pass until the app checks it."""
    file.path.write_text(text)
    await acts.settings_edited(pilot)


def test_what_was_changed_shows_at_once_and_is_told_once(bench: Bench, file: File) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        app = pilot.app
        text = (
            'theme = "light"\nnotify = "osc9"\n[keys]\nstop = ["x", "f5"]\n[refresh]\nidle = 90\n'
        )
        await edit(pilot, file, text)
        assert app.theme == "nimble-light"
        assert acts.settings(pilot).notify == "osc9"
        assert acts.settings(pilot).refresh.idle == 90
        assert acts.health(pilot).next_try is not None
        assert "x Stop" in seen(app)
        news = "Settings reloaded: Changed: theme, refresh interval, keys, terminal"
        assert told(app).count(news) == 1
        await acts.go_to(pilot, "sq042 lighting")
        for key in ("s", "x", "f5"):
            await pilot.press(key)
            assert acts.is_open(pilot, acts.STOP) == (key != "s")
            if key != "s":
                await pilot.press("escape")
        await edit(pilot, file, f"# a word\n{text}")
        assert told(app).count("Settings reloaded") == 1
        await edit(pilot, file, "")
        assert "s Stop" in seen(app)
        await pilot.press("u")
        await until_seen(pilot, "Add hourly prices")
        await edit(pilot, file, '[prices]\n"g5.2xlarge" = 1\n[keys]\nhistory = "f4"')
        await until_seen(pilot, "f4 History")
        await until_seen(pilot, "≈ estimated")

    file.play(bench, scenario)


def test_a_look_chosen_by_key_gives_way_to_a_new_one_in_the_settings(
    bench: Bench, file: File
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("ctrl+t")
        assert pilot.app.theme == "nimble-light"
        await edit(pilot, file, 'notify = "osc9"')
        assert pilot.app.theme == "nimble-light"
        await edit(pilot, file, 'theme = "high-contrast"')
        assert pilot.app.theme == "nimble-high-contrast"

    file.play(bench, scenario)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('theme = "pink"', ["theme", "The previous settings stay in use"]),
        ('theme = "pink"\nnotify = "loud"\n[keys]\nstop = ""', ["theme", "2 more:"]),
        ("[keys\n", ["The previous settings stay in use"]),
        ('[keys]\nstop = "q"', ["already"]),
        ("\x00", ["The previous settings stay in use"]),
    ],
)
def test_nonsense_is_told_and_the_last_good_settings_go_on(
    bench: Bench, file: File, text: str, words: list[str]
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await acts.live(pilot)
        app = pilot.app
        before = acts.settings(pilot)
        await edit(pilot, file, text)
        assert told(app).count("Settings not applied") == 1
        for word in words:
            assert word in told(app)
        assert acts.settings(pilot) is before
        bench.clock.advance(60)
        acts.follow_settings(pilot)
        await pilot.pause()
        assert told(app).count("Settings not applied") == 1
        await edit(pilot, file, 'notify = "osc9"')
        assert acts.settings(pilot).notify == "osc9"
        assert screen.is_current

    file.play(bench, scenario)


def test_look_only_holds_from_the_moment_it_is_set(bench: Bench, file: File) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        service = acts.service(pilot)
        await acts.go_to(pilot, "sq042 lighting")
        bench.studios.read_only = True
        await edit(pilot, file, 'notify = "osc9"')
        await pilot.press("s")
        await acts.until_on_main(pilot)
        await until_told(pilot, "read-only")
        await until_seen(pilot, "READ-ONLY")
        # The service itself is opened anew, so that it refuses too.
        await until(pilot, lambda: acts.is_connected(pilot) and acts.service(pilot) is not service)
        await acts.refreshed(pilot)
        assert acts.service(pilot).info.read_only
        assert len(acts.rows(pilot)) == 6

    file.play(bench, scenario)


def test_a_studio_that_is_taken_out_goes_on_until_it_is_left(bench: Bench, file: File) -> None:
    with Bench(sessions=9) as other:
        bench.studios.others["southwind"] = other

        async def scenario(pilot: Pilot[None]) -> None:
            await acts.live(pilot)
            bench.studios.others.clear()
            await edit(pilot, file, 'notify = "osc9"')
            await acts.refresh(pilot)
            assert len(acts.rows(pilot)) == 9
            await pilot.press("g")
            await until_seen(pilot, "Switch studio")
            assert "southwind" not in seen(pilot.app).split("Switch studio")[1]

        file.play(bench, scenario, studio="southwind")


def test_the_tick_sees_it_by_itself(bench: Bench, file: File) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        file.path.write_text('theme = "light"')

        def later() -> bool:
            bench.clock.advance(1)
            return pilot.app.theme == "nimble-light"

        await until(pilot, later)

    file.play(bench, scenario)


def test_the_first_screen_follows_too(bench: Bench, file: File) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await until_seen(pilot, "^p More")
        await edit(pilot, file, '[keys]\nhelp = "f1"')
        await until_seen(pilot, "f1 Help")

    file.play(bench, scenario, studio=None)


def test_the_mouse_can_be_left_to_the_terminal_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    async def scenario() -> None:
        driver = TerminalDriver(App(), mouse=False)
        monkeypatch.setattr(driver, "write", written.append)
        driver.use_mouse(enabled=True)
        assert "\x1b[?1000h" in written
        driver.use_mouse(enabled=False)
        assert "\x1b[?1000l" in written

    asyncio.run(scenario())
