"""Several studios: chosen from a list, switched without a restart, and never mixed up."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import OptionList

from nimble_tui.core.service import DEMO, StudioInfo, StudioService
from tests.tui import acts
from tests.tui.bench import (
    NAME,
    Bench,
    play,
    seen,
    settled,
    told,
    until,
    until_seen,
    until_told,
)

ELSEWHERE = "southwind"


@pytest.fixture
def other(bench: Bench) -> Iterator[Bench]:
    """Another studio of the settings, with nine workstations."""
    with Bench(sessions=9) as elsewhere:
        bench.studios.others[ELSEWHERE] = elsewhere
        yield elsewhere


async def choose(pilot: Pilot[None], name: str) -> None:
    """Go to a studio the way an artist does."""
    await pilot.press("g")
    await acts.dialog_of(pilot, acts.STUDIOS)
    choices = pilot.app.screen.query_one(OptionList)
    await until(pilot, lambda: choices.highlighted is not None)
    choices.highlighted = choices.get_option_index(name)
    await pilot.press("enter")


async def arrived(pilot: Pilot[None], name: str) -> Screen[Any]:
    """Wait for the lists of a studio; return its main screen."""

    def there() -> bool:
        return acts.has_main(pilot) and acts.studio(pilot).name == name and acts.is_live(pilot)

    await until(pilot, there)
    return acts.main_screen(pilot)


def test_the_chooser_names_every_studio_and_where_one_is(bench: Bench, other: Bench) -> None:
    bench.studios.read_only = True

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("g")
        await until_seen(pilot, "Switch studio")
        text = seen(pilot.app)
        for words in (
            "northwind  current  READ-ONLY",
            bench.info(NAME).host,
            "southwind",
            other.info(ELSEWHERE).host,
            "us-west-2",
            "as Mara Vos",
            "The demo studio",
            "Another studio",
        ):
            assert words in text
        await pilot.press("escape")
        assert acts.on_main(pilot)

    play(bench, scenario, studio=NAME)


@pytest.mark.usefixtures("other")
def test_enter_goes_to_another_studio_and_closes_the_old_one(bench: Bench) -> None:
    bench.studios.accent = "#ff8800"
    closed = threading.Event()
    known = bench.studios.open

    def opened(name: str) -> StudioService:
        service = known(name)
        close = service.close

        def closing() -> None:
            close()
            closed.set()

        if name == NAME:
            service.close = closing  # type: ignore[method-assign]
        return service

    bench.studios.open = opened  # type: ignore[method-assign]

    async def scenario(pilot: Pilot[None]) -> None:
        before = await acts.live(pilot)
        assert "#FF8800" in str(acts.account_text(pilot).spans)
        await choose(pilot, ELSEWHERE)
        after = await arrived(pilot, ELSEWHERE)
        assert after is not before
        assert len(acts.rows(pilot)) == 9
        await until(pilot, closed.is_set)
        assert acts.is_let_go(before)
        assert not before.is_running
        await choose(pilot, NAME)
        await arrived(pilot, NAME)
        assert len(acts.rows(pilot)) == 6

    play(bench, scenario, studio=NAME)


@pytest.mark.usefixtures("other")
def test_late_replies_of_the_studio_that_was_left_change_nothing(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        # A look and an action are under way, and more would follow each of them.
        answers = [bench.gate.hold(b"/start")]
        await acts.start(pilot, "sq007 plates")
        await until(pilot, lambda: bench.gate.holding == 1)
        answers.append(bench.gate.hold(b"GET /2020-08-01/studios/"))
        await pilot.press("r")
        await until(pilot, lambda: bench.gate.holding == 2)
        await choose(pilot, ELSEWHERE)
        await arrived(pilot, ELSEWHERE)
        await settled(pilot)
        sessions, phase = acts.snapshot(pilot).sessions, acts.health(pilot).phase
        before = list(bench.gate.calls)
        bench.gate.hold_no_more()
        for answer in answers:
            answer.set()
        bench.clock.advance(3_600)
        await pilot.pause(0.2)
        assert bench.gate.calls == before
        assert acts.snapshot(pilot).sessions == sessions
        assert acts.pending(pilot) == {}
        assert acts.health(pilot).phase == phase
        assert "is READY" not in told(pilot.app)

    play(bench, scenario)


@pytest.mark.usefixtures("other")
def test_a_studio_that_opens_after_it_was_left_is_closed_again(bench: Bench) -> None:
    hanging = bench.studios.hanging = threading.Event()
    closed = threading.Event()
    known = bench.studios.connected

    def connected(info: StudioInfo) -> StudioService:
        service = known(info)
        service.close = closed.set  # type: ignore[method-assign]
        return service

    bench.studios.connected = connected  # type: ignore[method-assign]

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.shown(pilot)
        await until(pilot, lambda: bench.studios.opening)
        await choose(pilot, ELSEWHERE)
        await arrived(pilot, ELSEWHERE)
        hanging.set()
        await until(pilot, closed.is_set)
        assert bench.gate.calls == []
        assert acts.studio(pilot).name == ELSEWHERE

    play(bench, scenario)


def test_enter_on_the_studio_one_is_at_stays(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("g")
        await until_seen(pilot, "Switch studio")
        await pilot.press("enter")
        await pilot.pause()
        await acts.until_on_main(pilot)
        assert acts.is_connected(pilot)

    play(bench, scenario)


def test_another_studio_asks_for_its_invite(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("g")
        await until_seen(pilot, "Switch studio")
        await pilot.press("end", "enter")
        await until_seen(pilot, "Paste the invite")

    play(bench, scenario)


def test_studios_can_be_gone_to_from_the_first_screen(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: acts.on_welcome(pilot))
        await until_seen(pilot, "g Studios")
        await choose(pilot, NAME)
        await arrived(pilot, NAME)

    play(bench, scenario, studio=None)


def test_the_first_start_speaks_of_no_studios(bench: Bench) -> None:
    bench.studios.configured = False

    async def scenario(pilot: Pilot[None]) -> None:
        await until_seen(pilot, "^p More")
        assert "Studios" not in seen(pilot.app)

    play(bench, scenario, studio=None)


@pytest.mark.usefixtures("other")
def test_a_studio_that_left_the_settings_meanwhile_is_told(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await acts.live(pilot)
        await pilot.press("g")
        await acts.dialog_of(pilot, acts.STUDIOS)
        bench.studios.others.clear()
        choices = pilot.app.screen.query_one(OptionList)
        choices.highlighted = choices.get_option_index(ELSEWHERE)
        await pilot.press("enter")
        await until_told(pilot, "No studio named southwind")
        assert acts.main_screen(pilot) is screen

    play(bench, scenario, studio=DEMO)
