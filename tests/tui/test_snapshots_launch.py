"""Pictures of launching, licences and connecting; the docstring says what a person must see."""

from datetime import timedelta

import pytest
from textual.pilot import Pilot

from nimble_tui.core.prices import Prices
from tests.desktop.conftest import Install
from tests.tui import acts
from tests.tui.bench import NOW, Bench, Snap, Step, seen, settled, until
from tests.tui.test_actions import SLEEPING
from tests.tui.test_connect import connecting
from tests.tui.test_launch import asked
from tests.tui.test_licences import previs
from tests.tui.test_snapshots import SMALL_ABOVE_ALL, STOPPABLE, listed, on, press, until_seen


def launch_from(title: str) -> Step:
    async def step(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.on_profile(pilot, title)
        await asked(pilot, "enter")

    return step


@SMALL_ABOVE_ALL
def test_launch_dialog(snap: Snap, size: tuple[int, int]) -> None:
    """Lighting with its three types, one of them marked as not available; the first one chosen."""
    assert snap(launch_from("Lighting"), size=size)


def test_launch_dialog_with_prices(snap: Snap) -> None:
    """Each type of Comp with its price an hour, nothing cut off."""
    prices = Prices("$", {"g4dn.4xlarge": 1.2, "g4dn.2xlarge": 0.75})
    assert snap(launch_from("Comp"), prices=prices)


def test_launch_dialog_in_light(snap: Snap) -> None:
    """The same on paper; the cursor and the chosen type are plain."""
    assert snap(launch_from("Lighting"), theme="nimble-light")


def test_launch_dialog_without_colour(snap: Snap, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same in greys; filled circles tell what is chosen."""
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap(launch_from("Lighting"))


@SMALL_ABOVE_ALL
def test_launch_dialog_with_a_missing_licence(snap: Snap, size: tuple[int, int]) -> None:
    """In amber, which licence is not accepted; the button leads to the licences."""

    async def missing(pilot: Pilot[None]) -> None:
        await previs(pilot)

    assert snap(missing, size=size)


def test_a_launch_profile_that_cannot_be_launched(snap: Snap) -> None:
    """The pane tells why FX cannot be launched; enter in the key line is dim."""

    async def step(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.on_profile(pilot, "FX")

    assert snap(step)


def test_creating(snap: Snap, bench: Bench) -> None:
    """The new workstation under the cursor: CREATING… in blue, a moving bar, a stopwatch."""

    async def step(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await asked(pilot)
        await pilot.press("tab", "tab", *"sq099 sky", "enter")
        await acts.launched(pilot)
        await settled(pilot)
        bench.clock.time = NOW + timedelta(seconds=9)
        acts.start_refresh(pilot)  # it is due by then, and would be drawn or not
        await acts.up_to_date(pilot)
        await settled(pilot)
        acts.redraw_times(pilot)

    assert snap(step)


@SMALL_ABOVE_ALL
def test_licences(snap: Snap, size: tuple[int, int]) -> None:
    """Two licences, the one that nobody accepted first, with its text and whom to ask."""
    assert snap(listed, press("l"), until_seen("not accepted yet"), size=size)


def test_accept_dialog(snap: Snap, bench: Bench) -> None:
    """Accept this licence? Its name, that it counts for the whole studio; Cancel focused."""
    bench.name = "admin"
    assert snap(
        listed,
        press("l"),
        until_seen("not accepted yet"),
        press("a"),
        until_seen("You accept for the whole studio"),
    )


@SMALL_ABOVE_ALL
def test_connecting(snap: Snap, bench: Bench, size: tuple[int, int]) -> None:
    """Asking for its screen, for two seconds now; escape cancels."""
    answer = bench.gate.hold(b"/streams HTTP")

    async def step(pilot: Pilot[None]) -> None:
        await on(STOPPABLE)(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: bench.gate.holding)
        bench.clock.time = NOW + timedelta(seconds=2)
        await until(pilot, lambda: "…  2 s" in seen(pilot.app))
        for worker in pilot.app.workers:
            worker.cancel()

    try:
        assert snap(step, size=size)
    finally:
        answer.set()


@SMALL_ABOVE_ALL
def test_other_ways_to_connect(
    snap: Snap, bench: Bench, install: Install, size: tuple[int, int]
) -> None:
    """No browser could be started; open again, copy and show, and how long that is good for."""
    install("xdg-open", code=3)

    async def step(pilot: Pilot[None]) -> None:
        await connecting(pilot, STOPPABLE)
        # The address is asked for by now, and good for two minutes from then.
        await until(pilot, lambda: any(b"/streams/" in line for line in bench.gate.calls))
        bench.clock.time = NOW + timedelta(seconds=17)
        await until(pilot, lambda: "Valid for 1 min 43 s" in seen(pilot.app))
        await acts.up_to_date(pilot)
        await settled(pilot)

    assert snap(step, size=size)


@SMALL_ABOVE_ALL
def test_start_then_connect(snap: Snap, size: tuple[int, int]) -> None:
    """sq007 plates is STOPPED; it would be started and connected to by itself."""
    assert snap(on(SLEEPING, "enter"), size=size)
