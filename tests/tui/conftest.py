"""A studio, a clock and an app for each test; a desktop for those that open something."""

from collections.abc import Iterator

import pytest
from textual.pilot import Pilot

from nimble_tui.config.settings import Settings
from nimble_tui.core.prices import Prices
from nimble_tui.core.service import DEMO
from tests.desktop.conftest import install
from tests.tui.bench import Bench, Snap, Step, settled

__all__ = ["install"]

NO_PRICES = Prices()


@pytest.fixture
def bench() -> Iterator[Bench]:
    with Bench() as opened:
        yield opened


@pytest.fixture
def snap(snap_compare: Snap, bench: Bench) -> Snap:
    """Compare the picture of an app after some steps with the one that is kept."""

    def compare(
        *steps: Step,
        size: tuple[int, int] = (80, 24),
        studio: str | None = DEMO,
        theme: str = "nimble-dark",
        prices: Prices = NO_PRICES,
    ) -> bool:
        async def run(pilot: Pilot[None]) -> None:
            for step in steps:
                await step(pilot)
            await settled(pilot)

        bench.studios.configured = studio is not None
        app = bench.app(studio, Settings(theme=theme, prices=prices))
        return snap_compare(app, terminal_size=size, run_before=run)

    return compare
