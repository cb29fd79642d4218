"""Several studios: chosen from a list, switched without a restart, and never mixed up."""

import threading
from collections.abc import Iterator

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from nimble_tui.core.model import SessionAction
from nimble_tui.core.service import DEMO, StudioInfo, StudioService
from nimble_tui.tui.dialogs.studios import StudioChooser
from nimble_tui.tui.screens.main import MainScreen
from nimble_tui.tui.screens.welcome import WelcomeScreen
from tests.tui.bench import (
    NAME,
    Bench,
    live,
    main_screen,
    play,
    seen,
    settled,
    shown,
    told,
    until,
    until_on,
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
    await until(pilot, lambda: isinstance(pilot.app.screen, StudioChooser))
    choices = pilot.app.screen.query_one(OptionList)
    await until(pilot, lambda: choices.highlighted is not None)
    choices.highlighted = choices.get_option_index(name)
    await pilot.press("enter")


async def arrived(pilot: Pilot[None], name: str) -> MainScreen:
    """Wait for the lists of a studio."""

    def there() -> bool:
        screens = [one for one in pilot.app.screen_stack if isinstance(one, MainScreen)]
        return any(one.info.name == name and one.sight.live for one in screens)

    await until(pilot, there)
    return main_screen(pilot.app)


def test_the_chooser_names_every_studio_and_where_one_is(bench: Bench, other: Bench) -> None:
    bench.studios.read_only = True

    async def scenario(pilot: Pilot[None]) -> None:
        await live(pilot)
        await pilot.press("g")
        await until_seen(pilot, "Go to a studio")
        text = seen(pilot.app)
        for words in (
            "northwind  you are here  LOOK ONLY",
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
        assert isinstance(pilot.app.screen, MainScreen)

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
        before = await live(pilot)
        assert "#FF8800" in str(before.account.text.spans)
        await choose(pilot, ELSEWHERE)
        after = await arrived(pilot, ELSEWHERE)
        assert after is not before
        assert len(after.workstations.rows) == 9
        await until(pilot, closed.is_set)
        assert before.service is None
        assert not before.is_running
        await choose(pilot, NAME)
        again = await arrived(pilot, NAME)
        assert len(again.workstations.rows) == 6

    play(bench, scenario, studio=NAME)


@pytest.mark.usefixtures("other")
def test_late_replies_of_the_studio_that_was_left_change_nothing(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        old = await live(pilot)
        # A look and an action are under way, and more would follow each of them.
        answers = [bench.gate.hold(b"GET /2020-08-01/studios/"), bench.gate.hold(b"/start")]
        await pilot.press("r")
        await until(pilot, lambda: bench.gate.holding == 1)
        stopped = next(row for row in old.workstations.rows if row.title == "sq007 plates")
        old.act(SessionAction.START, stopped)
        await until(pilot, lambda: bench.gate.holding == 2)
        await choose(pilot, ELSEWHERE)
        new = await arrived(pilot, ELSEWHERE)
        await settled(pilot)
        sight, asked, health = new.sight, dict(new.asked), new.health
        before = list(bench.gate.calls)
        bench.gate.hold_no_more()
        for answer in answers:
            answer.set()
        bench.clock.advance(3_600)
        await pilot.pause(0.2)
        assert bench.gate.calls == before
        assert new.sight.sessions == sight.sessions
        assert new.asked == asked == {}
        assert new.health.phase == health.phase
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
        await shown(pilot)
        await until(pilot, lambda: bench.studios.opening)
        await choose(pilot, ELSEWHERE)
        await arrived(pilot, ELSEWHERE)
        hanging.set()
        await until(pilot, closed.is_set)
        assert bench.gate.calls == []
        assert main_screen(pilot.app).info.name == ELSEWHERE

    play(bench, scenario)


def test_enter_on_the_studio_one_is_at_stays(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        await pilot.press("g")
        await until_seen(pilot, "Go to a studio")
        await pilot.press("enter")
        await pilot.pause()
        await until_on(pilot, screen)
        assert screen.service is not None

    play(bench, scenario)


def test_another_studio_asks_for_its_invite(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await live(pilot)
        await pilot.press("g")
        await until_seen(pilot, "Go to a studio")
        await pilot.press("end", "enter")
        await until_seen(pilot, "Paste the invite")

    play(bench, scenario)


def test_studios_can_be_gone_to_from_the_first_screen(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: isinstance(pilot.app.screen, WelcomeScreen))
        await until_seen(pilot, "g Studios")
        await choose(pilot, NAME)
        await arrived(pilot, NAME)

    play(bench, scenario, studio=None)


def test_the_first_start_speaks_of_no_studios(bench: Bench) -> None:
    bench.studios.configured = False

    async def scenario(pilot: Pilot[None]) -> None:
        await until_seen(pilot, "ctrl+p More")
        assert "Studios" not in seen(pilot.app)

    play(bench, scenario, studio=None)


@pytest.mark.usefixtures("other")
def test_a_studio_that_left_the_settings_meanwhile_is_told(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        await pilot.press("g")
        await until(pilot, lambda: isinstance(pilot.app.screen, StudioChooser))
        bench.studios.others.clear()
        choices = pilot.app.screen.query_one(OptionList)
        choices.highlighted = choices.get_option_index(ELSEWHERE)
        await pilot.press("enter")
        await until_told(pilot, "There is no studio southwind")
        assert main_screen(pilot.app) is screen

    play(bench, scenario, studio=DEMO)
