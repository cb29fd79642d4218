"""The documents' pictures of the demo: `python3 dev.py pictures` draws them."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from textual.pilot import Pilot

from nimble_tui.config.settings import Settings
from nimble_tui.core.prices import Prices
from nimble_tui.core.service import DEMO, DEMO_AS, StudioInfo, is_demo
from tests import homes
from tests.tui import acts
from tests.tui.bench import (
    NOW,
    Bench,
    BenchStudios,
    settled,
    until,
    until_seen,
    until_told,
)
from tests.tui.people_bench import go_to, known, page

ADMIN = f"{DEMO_AS}admin"
FOLDER = Path(__file__).resolve().parents[2] / "screenshots"

NO_PRICES = Prices()
PRICES = Prices("$", {"g4dn.xlarge": 0.5, "g4dn.4xlarge": 1.2, "g5.xlarge": 1.0, "g5.2xlarge": 1.2})

Scenario = Callable[[Pilot[None]], Awaitable[None]]


async def _look(pilot: Pilot[None]) -> None:
    await acts.live(pilot)


async def _welcome(pilot: Pilot[None]) -> None:
    await settled(pilot)


async def _delete(pilot: Pilot[None]) -> None:
    await acts.live(pilot)
    await pilot.press("d")
    await settled(pilot)


async def _refused(pilot: Pilot[None]) -> None:
    await acts.live(pilot)
    await pilot.press("down", "down", "s")
    await settled(pilot)


async def _keep(pilot: Pilot[None]) -> None:
    await acts.shown(pilot)
    await until_told(pilot, "ress k to keep it")
    await pilot.press("k")
    await acts.dialog_of(pilot, acts.KEEP)
    await settled(pilot)


async def _licences(pilot: Pilot[None]) -> None:
    await acts.live(pilot)
    await pilot.press("l")
    await settled(pilot)


async def _on(pilot: Pilot[None], title: str, *keys: str) -> None:
    await acts.live(pilot)
    await acts.go_to(pilot, title)
    await pilot.press(*keys)
    await settled(pilot)


async def _launch(pilot: Pilot[None]) -> None:
    await _on(pilot, "sq042 lighting", "n")


async def _show(pilot: Pilot[None]) -> None:
    await _on(pilot, "sq042 lighting", "v")


async def _history(pilot: Pilot[None]) -> None:
    await _on(pilot, "sq042 lighting", "h", "a")
    await until_seen(pilot, "You launched it")


async def _backups(pilot: Pilot[None]) -> None:
    await _on(pilot, "sq007 plates", "b")
    await until_seen(pilot, "can be restored")


async def _connect(pilot: Pilot[None]) -> None:
    studios = acts.nimble(pilot).studios
    assert isinstance(studios, BenchStudios)
    bench = studios.bench
    afar = {"SSH_CONNECTION": "there", "DISPLAY": "", "WAYLAND_DISPLAY": ""}
    as_a_studio = patch("nimble_tui.desktop.opening.is_loopback", return_value=False)
    with patch.dict(os.environ, afar), as_a_studio:
        await _on(pilot, "sq042 lighting")
        await pilot.press("enter")
        # The address is asked for by now, and good for two minutes from then.
        await until(pilot, lambda: any(b"/streams/" in line for line in bench.gate.calls))
        bench.clock.time = NOW + timedelta(seconds=17)
        await until_seen(pilot, "over SSH")
    await until_seen(pilot, "Valid for 1 min 43 s")
    await acts.up_to_date(pilot)
    await settled(pilot)


async def _studios(pilot: Pilot[None]) -> None:
    await acts.live(pilot)
    known = Bench.info

    def info(bench: Bench, name: str) -> StudioInfo:
        accent = None if is_demo(name) else "#f0a35e"
        found = replace(known(bench, name), host="nimble.harbour.example", accent=accent)
        return found if is_demo(name) else replace(found, name="harbour")

    with patch.object(Bench, "info", info):
        await pilot.press("g")
        await until_seen(pilot, "Another studio")


async def _usage(pilot: Pilot[None]) -> None:
    await acts.live(pilot)
    await pilot.press("u")
    await settled(pilot)


async def _people(pilot: Pilot[None]) -> None:
    await page(pilot)
    go_to(pilot, "Mara Vos")
    await settled(pilot)


async def _matrix(pilot: Pilot[None]) -> None:
    await page(pilot)
    await pilot.press("m", "right", "right", "right")
    go_to(pilot, "Noor Rahimi")
    await settled(pilot)


async def _person(pilot: Pilot[None], name: str, *keys: str) -> None:
    await page(pilot)
    go_to(pilot, name)
    await pilot.press(*keys)
    await settled(pilot)


async def _access(pilot: Pilot[None]) -> None:
    await page(pilot)
    noor = go_to(pilot, "Noor Rahimi")
    comp = next(one for one in known(pilot).launch_profiles if one.title == "Comp")
    acts.service(pilot).people.membership.put_launch_profile_members(
        comp.launch_profile_id, [noor.principal_id]
    )
    await pilot.press("r")
    await acts.refreshed_people(pilot)
    await pilot.press("v")
    await until_seen(pilot, "since")
    await settled(pilot)


async def _datazone(pilot: Pilot[None]) -> None:
    await _person(pilot, "Theo Lindqvist", "z")
    await until_seen(pilot, "ACTIVATED: They can use")


async def _find(pilot: Pilot[None]) -> None:
    await _person(pilot, "Theo Lindqvist", "f", *"re", "enter")
    await until_seen(pilot, "northwind-render")
    await until_seen(pilot, "Callum Reid")
    await pilot.press("home")  # whichever of the two lists came first
    await settled(pilot)


async def _plan(pilot: Pilot[None]) -> None:
    await _person(pilot, "Theo Lindqvist", "o")


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
        """The path of the picture in the documents."""
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
    Picture("connect", _connect, size=(80, 24)),
    Picture("licences", _licences),
    Picture("refused", _refused),
    Picture("keep", _keep),
    Picture("backups", _backups, size=(80, 24)),
    Picture("delete", _delete),
    Picture("show", _show),
    Picture("history", _history),
    Picture("usage", _usage, prices=PRICES),
    Picture("studios", _studios, size=(80, 24)),
    Picture("people", _people, studio=ADMIN),
    Picture("people-matrix", _matrix, studio=ADMIN),
    Picture("people-access", _access, size=(80, 24), studio=ADMIN),
    Picture("people-datazone", _datazone, size=(80, 24), studio=ADMIN),
    Picture("people-find", _find, size=(80, 30), studio=ADMIN),
    Picture("people-plan", _plan, size=(100, 30), studio=ADMIN),
    Picture("welcome", _welcome, studio=None),
    Picture("light", _look, theme="light"),
    Picture("high-contrast", _look, theme="high-contrast"),
)


def main(names: Sequence[str]) -> None:
    """Draw those of these names, or all where none is named."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        homes.move_to(Path(folder) / "home", patch)
        for picture in PICTURES:
            if not names or picture.name in names:
                picture.path.write_text(picture.draw(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
