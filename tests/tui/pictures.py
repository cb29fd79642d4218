"""The pictures of the demo that the README shows: `python3 dev.py pictures` draws them anew."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from textual.pilot import Pilot

from nimble_tui.config.settings import Prices, Settings
from nimble_tui.core.service import DEMO, DEMO_AS
from nimble_tui.tui.screens.keep_dialog import KeepDialog
from tests.tui.bench import Bench, live, settled, shown, until, until_told
from tests.tui.people_bench import go_to, page

ADMIN = f"{DEMO_AS}admin"
FOLDER = Path(__file__).resolve().parents[2] / "screenshots"

NO_PRICES = Prices()
PRICES = Prices("$", {"g4dn.xlarge": 0.5, "g4dn.4xlarge": 1.2, "g5.xlarge": 1.0, "g5.2xlarge": 1.2})

Scenario = Callable[[Pilot[None]], Awaitable[None]]


async def _look(pilot: Pilot[None]) -> None:
    await live(pilot)


async def _welcome(pilot: Pilot[None]) -> None:
    await settled(pilot)


async def _delete(pilot: Pilot[None]) -> None:
    await live(pilot)
    await pilot.press("d")
    await settled(pilot)


async def _refused(pilot: Pilot[None]) -> None:
    await live(pilot)
    await pilot.press("down", "down", "s")
    await settled(pilot)


async def _keep(pilot: Pilot[None]) -> None:
    await shown(pilot)
    await until_told(pilot, "ress k to keep it")
    await pilot.press("k")
    await until(pilot, lambda: isinstance(pilot.app.screen, KeepDialog))
    await settled(pilot)


async def _launch(pilot: Pilot[None]) -> None:
    screen = await live(pilot)
    row = next(row for row in screen.workstations.rows if row.title == "sq042 lighting")
    screen.workstations.select(row.key)
    await pilot.pause()
    await pilot.press("n")
    await settled(pilot)


async def _licences(pilot: Pilot[None]) -> None:
    await live(pilot)
    await pilot.press("l")
    await settled(pilot)


async def _show(pilot: Pilot[None]) -> None:
    screen = await live(pilot)
    row = next(row for row in screen.workstations.rows if row.title == "sq042 lighting")
    screen.workstations.select(row.key)
    await pilot.pause()
    await pilot.press("v")
    await settled(pilot)


async def _usage(pilot: Pilot[None]) -> None:
    await live(pilot)
    await pilot.press("u")
    await settled(pilot)


async def _people(pilot: Pilot[None]) -> None:
    go_to(await page(pilot), "Mara Vos")
    await settled(pilot)


async def _matrix(pilot: Pilot[None]) -> None:
    opened = await page(pilot)
    await pilot.press("m", "right", "right", "right")
    go_to(opened, "Noor Rahimi")
    await settled(pilot)


@dataclass(frozen=True)
class Picture:
    """One picture: the size of the terminal, what is done in it, and in which colours."""

    name: str
    scenario: Scenario
    size: tuple[int, int] = (100, 30)
    studio: str | None = DEMO
    theme: str = "dark"
    prices: Prices = NO_PRICES

    @property
    def path(self) -> Path:
        """Where the README finds it."""
        return FOLDER / f"{self.name}.svg"

    def draw(self) -> str:
        """Return the picture as SVG."""

        async def run() -> str:
            with Bench() as bench:
                bench.studios.configured = self.studio is not None
                app = bench.app(self.studio, Settings(theme=self.theme, prices=self.prices))
                async with app.run_test(size=self.size, notifications=True) as pilot:
                    await self.scenario(pilot)
                    return app.export_screenshot(title="nimble-tui")

        return asyncio.run(run())


PICTURES = (
    Picture("main", _look, size=(120, 34)),
    Picture("small", _look, size=(80, 24)),
    Picture("launch", _launch, prices=PRICES),
    Picture("licences", _licences),
    Picture("refused", _refused),
    Picture("keep", _keep),
    Picture("delete", _delete),
    Picture("show", _show),
    Picture("usage", _usage, prices=PRICES),
    Picture("people", _people, studio=ADMIN),
    Picture("people-matrix", _matrix, studio=ADMIN),
    Picture("welcome", _welcome, studio=None),
    Picture("light", _look, theme="light"),
    Picture("high-contrast", _look, theme="high-contrast"),
)


def main(names: Sequence[str]) -> None:
    """Draw those of these names, or all where none is named."""
    FOLDER.mkdir(exist_ok=True)
    for picture in PICTURES:
        if names and picture.name not in names:
            continue
        picture.path.write_text(picture.draw(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
