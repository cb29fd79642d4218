"""Pictures of arranging, keeping, naming and switching; the docstring says what must be seen."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from nimble_tui.config.state import change_state
from nimble_tui.core.service import DEMO, StudioInfo
from tests.tui import acts
from tests.tui.bench import NAME, Bench, Snap, settled, told, until
from tests.tui.test_keeping import ENDING, RUNNING, keep
from tests.tui.test_snapshots import SMALL_ABOVE_ALL, listed, on, press, until_seen


@pytest.fixture
def _elsewhere(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the settings two studios, at addresses that are the same in every run."""
    with Bench(sessions=9) as other:
        bench.studios.accent = "#f0a35e"
        bench.studios.others["southwind"] = other
        known = Bench.info

        def info(one: Bench, name: str) -> StudioInfo:
            host = "nimble.southwind.example:8443" if one is other else "nimble.northwind.example"
            return replace(known(one, name), host=host)

        monkeypatch.setattr(Bench, "info", info)
        yield


@SMALL_ABOVE_ALL
@pytest.mark.usefixtures("_elsewhere")
def test_studios(snap: Snap, size: tuple[int, int]) -> None:
    """Two studios with their own colours, the demo, and one more; the cursor is where one is."""
    steps = (listed, press("g"), until_seen("Switch studio"))
    assert snap(*steps, size=size, studio=NAME)


def test_studios_without_settings(snap: Snap, bench: Bench) -> None:
    """Only the demo, where one is, and the way to a studio of one's own."""

    async def none_set(_: Pilot[None]) -> None:
        bench.studios.configured = False

    assert snap(none_set, listed, press("g"), until_seen("simulated, on this computer"))


@SMALL_ABOVE_ALL
def test_sorted(snap: Snap, size: tuple[int, int]) -> None:
    """Workstations from `Comp` to `sq042`; the lower edge says `by name`."""
    assert snap(listed, press("z"), size=size)


def test_remembered_filter(snap: Snap) -> None:
    """The filter of the last run in its field, three of six rows, and the edge says both."""
    change_state(filter="sq0", filter_of=DEMO, sort="ending")
    assert snap(listed)


@SMALL_ABOVE_ALL
def test_keep(snap: Snap, size: tuple[int, int]) -> None:
    """The dialog for Keep, with the focus on Cancel."""
    assert snap(on(ENDING, "k"), until_seen("Keep this workstation?"), size=size)


@SMALL_ABOVE_ALL
def test_kept(snap: Snap, size: tuple[int, int]) -> None:
    """The row says `keeping: starting, then stopping…`."""

    async def kept(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await keep(pilot)
        await acts.answered(pilot)

    assert snap(kept, size=size)


@SMALL_ABOVE_ALL
def test_rename(snap: Snap, size: tuple[int, int]) -> None:
    """The name of now, selected, ready to be typed over; what an empty one would mean."""

    async def selected(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: acts.field(pilot).has_focus)

    assert snap(on(RUNNING, "e"), selected, size=size)


@SMALL_ABOVE_ALL
def test_warning(snap: Snap, size: tuple[int, int]) -> None:
    """With a red edge: what is deleted in 52 min, when that is, and which key keeps it."""

    async def warned(pilot: Pilot[None]) -> None:
        await acts.until_named(pilot)
        await until(pilot, lambda: acts.has_details(pilot))
        await until(pilot, lambda: "ress k to keep it" in told(pilot.app))
        await settled(pilot)

    assert snap(warned, size=size)
