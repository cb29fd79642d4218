"""Pictures of the screens that tell more; the docstring says what a person must see in each."""

from datetime import timedelta

import pytest
from textual.pilot import Pilot

from nimble_tui.core.prices import Prices
from tests.tui import acts
from tests.tui.bench import Bench, Snap, Step, settled
from tests.tui.test_snapshots import (
    SIZES,
    SMALL_ABOVE_ALL,
    STOPPABLE,
    listed,
    on,
    press,
    until_seen,
)

PRICES = Prices("$", {"g5.2xlarge": 1.212, "g5.xlarge": 1.006, "g4dn.4xlarge": 1.204})


def later(seconds: float) -> Step:
    """Return the step that lets time pass and looks again."""

    async def step(pilot: Pilot[None]) -> None:
        acts.later(pilot, seconds)
        await acts.refresh_in_background(pilot)
        await settled(pilot)
        pilot.app.clear_notifications()
        await pilot.pause()

    return step


def a_day(bench: Bench) -> Step:
    """Return the step that does what leaves something to tell: a stop, a start, a name."""

    async def step(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        bench.clock.time -= timedelta(seconds=1)  # the dialog is open for a second
        await acts.stop(pilot, STOPPABLE)
        await acts.answered(pilot)
        await later(1_500)(pilot)
        await acts.start(pilot, STOPPABLE)
        await acts.answered(pilot)
        await later(60)(pilot)
        assert bench.gate.calls

    return step


@SIZES
def test_everything(snap: Snap, size: tuple[int, int]) -> None:
    """All of sq042 lighting in groups with coloured heads: what is next, machine, disk and on."""
    assert snap(on(STOPPABLE, "v"), size=size)


@SMALL_ABOVE_ALL
def test_everything_as_the_api_has_it(snap: Snap, size: tuple[int, int]) -> None:
    """The same as JSON in colours, keys apart from values."""
    assert snap(on(STOPPABLE, "v"), press("j"), size=size)


def test_everything_in_light(snap: Snap) -> None:
    """The same on paper."""
    assert snap(on(STOPPABLE, "v"), theme="nimble-light")


@SMALL_ABOVE_ALL
def test_everything_about_a_launch_profile(snap: Snap, size: tuple[int, int]) -> None:
    """Comp: that it can be used, its machines with processors and graphics, its Windows image."""
    assert snap(listed, press("shift+tab", "v"), size=size)


@SMALL_ABOVE_ALL
def test_history(snap: Snap, bench: Bench, size: tuple[int, int]) -> None:
    """Today's stop and start of sq042 lighting, the newest first, each as a sentence."""
    assert snap(a_day(bench), on(STOPPABLE, "h"), size=size)


@SMALL_ABOVE_ALL
def test_history_of_all(snap: Snap, bench: Bench, size: tuple[int, int]) -> None:
    """The same among all others, under the days on which it happened."""
    assert snap(a_day(bench), on(STOPPABLE, "h"), press("a"), size=size)


@SIZES
def test_running_time(snap: Snap, bench: Bench, size: tuple[int, int]) -> None:
    """Bars of a day under its hours, a gap where sq042 lighting was stopped; money and sums."""
    assert snap(a_day(bench), on(STOPPABLE, "u"), size=size, prices=PRICES)


def test_running_time_without_prices(snap: Snap) -> None:
    """No column of money; the last line says where prices are set."""
    assert snap(on(STOPPABLE, "u"))


def test_running_time_without_colour(snap: Snap, monkeypatch: pytest.MonkeyPatch) -> None:
    """Greys alone: full blocks run, thin lines are stopped, and the legend says so."""
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap(on(STOPPABLE, "u"), prices=PRICES)


@SMALL_ABOVE_ALL
def test_backups(snap: Snap, size: tuple[int, int]) -> None:
    """Three backups of sq007 plates with their ages; the last lines say what enter does."""
    assert snap(on("sq007", "b"), until_seen("READY"), size=size)


@SMALL_ABOVE_ALL
def test_no_backups(snap: Snap, size: tuple[int, int]) -> None:
    """No list, and a sentence about why."""
    assert snap(on("Review", "b"), until_seen("No backups"), size=size)


@SMALL_ABOVE_ALL
def test_start_from_a_backup(snap: Snap, size: tuple[int, int]) -> None:
    """Which backup, how old, and loudly what is gone; Cancel has the focus."""
    assert snap(on("sq007", "b"), until_seen("READY"), press("enter"), size=size)


@SMALL_ABOVE_ALL
def test_stop_dialog_that_throws_the_disk_away(snap: Snap, size: tuple[int, int]) -> None:
    """The box is ticked, the edge red, the loss spelt out, four characters asked for."""

    async def wait(pilot: Pilot[None]) -> None:
        acts.later(pilot)

    assert snap(on(STOPPABLE, "s"), wait, press("shift+tab", "shift+tab", "space"), size=size)


def test_help_on_a_page(snap: Snap) -> None:
    """The keys of the page itself first, among them JSON and copy."""
    assert snap(on(STOPPABLE, "v"), press("question_mark"), size=(120, 36))
