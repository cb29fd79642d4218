"""An artist's day with the app, on both backends."""

import asyncio

import pytest
from textual.pilot import Pilot

from tests.desktop.conftest import Install, install
from tests.studio.world import World
from tests.tui import acts
from tests.tui.bench import Bench, play, settled, until, until_told
from tests.tui.test_connect import passing
from tests.tui.test_launch import asked

__all__ = ["install"]


@pytest.mark.always_local
def test_an_artist_launches_connects_stops_starts_and_deletes(
    world: World, install: Install
) -> None:
    browser = install("xdg-open")

    async def later(pilot: Pilot[None], text: str) -> None:
        """Let the machines finish; wait until the app says so."""
        await asyncio.to_thread(world.advance)
        await pilot.press("r")
        await until_told(pilot, text)

    async def press(pilot: Pilot[None], key: str) -> None:
        """Press a key of an action, some time after the one before."""
        acts.later(pilot)
        await pilot.press(key)

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await asked(pilot)
        await pilot.press("enter")
        await acts.launched(pilot)
        session_id = acts.selected(pilot).key
        await later(pilot, "Press enter to connect")
        await pilot.press("enter")
        await until(pilot, passing(pilot, lambda: browser.ran))
        (url,) = browser.arguments
        assert url.startswith(bench.gate.endpoint_url)
        await settled(pilot)

        await press(pilot, "s")
        await acts.listening(pilot, acts.STOP)
        assert acts.subject(pilot) == session_id
        await pilot.press("enter")
        await acts.until_on_main(pilot)
        await acts.answered(pilot)
        await later(pilot, "is STOPPED")
        assert world.state(session_id) == "STOPPED"

        await press(pilot, "t")
        await acts.answered(pilot)
        await later(pilot, "is READY")
        assert world.state(session_id) == "READY"

        await press(pilot, "d")
        await acts.listening(pilot, acts.DELETE)
        await pilot.press(*session_id[-4:], "enter")
        await acts.until_on_main(pilot)
        await acts.answered(pilot)
        await later(pilot, "was deleted")
        assert world.state(session_id) == "DELETED"

    with Bench(world=world) as bench:
        play(bench, scenario)
