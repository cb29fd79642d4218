"""Warnings before a workstation stops or is deleted: in time, once each, louder for a deletion."""

import pytest
from textual.pilot import Pilot

from nimble_tui.config.settings import Settings
from nimble_tui.tui.app import NimbleApp
from tests.tui import acts
from tests.tui.bench import (
    Bench,
    play,
    settled,
    told,
    until,
    until_seen,
    until_told,
)


class Terminal:
    """The app's output to its terminal besides frames."""

    def __init__(self, app: object) -> None:
        assert isinstance(app, NimbleApp)
        self.written: list[str] = []
        driver = app._driver  # noqa: SLF001
        assert driver is not None
        self.driver = driver

    def attach(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def write(data: str) -> None:
            if "\x07" in data or "\x1b]" in data:
                self.written.append(data)

        monkeypatch.setattr(self.driver, "write", write)
        monkeypatch.setattr(NimbleApp, "is_headless", False)
        monkeypatch.delenv("TMUX", raising=False)


def test_the_demo_warns_with_bell_and_notification(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        terminal = Terminal(pilot.app)
        terminal.attach(monkeypatch)
        await acts.shown(pilot)
        await until_told(pilot, "will be deleted in 52 min")
        await until(pilot, lambda: terminal.written.count("\x07") == 2)
        sent = [text for text in terminal.written if text.startswith("\x1b]9;")]
        assert len(sent) == 1
        assert "will be deleted in 52 min" in sent[0]
        assert "ress k to keep it" in sent[0]
        await settled(pilot)
        await until_seen(pilot, "ress k to keep it")
        bench.clock.advance(60)
        await acts.refresh(pilot)
        assert len([text for text in terminal.written if text.startswith("\x1b]9;")]) == 1
        monkeypatch.setattr(NimbleApp, "is_headless", True)

    play(bench, scenario, settings=Settings(notify="osc9"))


def test_a_warning_that_was_acted_on_goes_away(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.shown(pilot)
        await until_told(pilot, "will be deleted in 52 min")
        await settled(pilot)
        await pilot.press("k")
        await until_seen(pilot, "Keep this workstation?")
        assert "will be deleted in 52 min" in told(pilot.app)
        bench.clock.advance(1)
        answer = bench.gate.hold(b"POST")
        await pilot.press("right", "enter")
        await until(pilot, lambda: "will be deleted in 52 min" not in told(pilot.app))
        answer.set()
        await acts.answered(pilot)

    play(bench, scenario)


def test_nothing_is_written_without_a_terminal(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        terminal = Terminal(pilot.app)
        terminal.attach(monkeypatch)
        monkeypatch.setattr(NimbleApp, "is_headless", True)
        await until_told(pilot, "will be deleted in 52 min")
        assert terminal.written == []

    play(bench, scenario, settings=Settings(notify="osc777"))


def test_lists_of_the_last_run_warn_of_nothing(bench: Bench) -> None:
    bench.keep_lists()
    answer = bench.gate.hold(b"/streaming-sessions")

    async def scenario(pilot: Pilot[None]) -> None:
        await until_seen(pilot, "will be deleted in 52 min")
        await until(pilot, lambda: bench.gate.holding)
        acts.warn(pilot)
        await pilot.pause()
        assert told(pilot.app) == ""
        answer.set()
        await until_told(pilot, "will be deleted in 52 min")

    play(bench, scenario)


def test_lists_that_are_as_they_were_in_the_last_run_warn_at_once(bench: Bench) -> None:
    bench.keep_lists()

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.until_live(pilot)
        await pilot.pause()
        assert "will be deleted in 52 min" in told(pilot.app)

    play(bench, scenario)


def test_the_first_warning_is_about_the_workstation_under_the_cursor(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await until_told(pilot, "will be deleted in 52 min")
        assert "Press k to keep it" in told(pilot.app)

    play(bench, scenario)
