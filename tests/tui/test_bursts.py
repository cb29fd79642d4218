"""Keys that come together in one read: typed fast, pasted, or typed ahead of the app."""

import asyncio
import random
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import product

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot

from nimble_tui.core.actions import ACTIONS
from tests.tui import acts
from tests.tui.bench import Bench, play, until

CHARACTERS = {"slash": "/", "question_mark": "?", "enter": "\r", "space": " "}
MOVES = (
    *("escape", "tab", "shift+tab", "up", "down", "left", "right", "pageup", "pagedown", "home"),
    *("end", "space", "backspace"),
)
KEYS = (*(action.key for action in ACTIONS if action.id != "quit"), *MOVES)
QUIT = "q"
AFTER_QUIT = [key for key in KEYS if key != "slash"]  # which is handled before the keys before it
SEED = 10


def post(app: App[None], keys: Iterable[str]) -> None:
    """Hand keys to the app as one read of the terminal does: none waits for the one before."""
    for key in keys:
        app.post_message(events.Key(key, CHARACTERS.get(key, key if len(key) == 1 else None)))


async def back_to_main(pilot: Pilot[None]) -> bool:
    """Take away whatever the keys opened; return whether the studio is still there."""
    if not acts.has_main(pilot):
        return False
    while not acts.on_main(pilot):
        top = pilot.app.screen
        await until(pilot, partial(getattr, top, "is_mounted"))
        if pilot.app.screen is top:
            await pilot.app.pop_screen()
    await acts.clear_filter(pilot)
    pilot.app.clear_notifications()
    await pilot.pause(0)
    return True


async def press_all(bench: Bench, bursts: Iterable[tuple[str, ...]]) -> None:
    """Press bursts, as many as can be in one run of the app: some sign out, or leave."""
    left = [*bursts]
    while left:
        app = bench.app()
        async with app.run_test(notifications=True) as pilot:
            await acts.live(pilot)
            while left:
                bench.clock.advance(1)
                burst = left.pop()
                post(app, burst)
                await pilot.pause(0)
                if not app.is_running or not await back_to_main(pilot):
                    break  # the palette, too, can leave
            assert not app.return_code, burst


async def leave(bench: Bench, burst: Sequence[str]) -> None:
    app = bench.app()
    async with app.run_test(notifications=True) as pilot:
        await acts.live(pilot)
        post(app, burst)
        await until(pilot, lambda: not app.is_running)
        assert app.return_code == 0


async def type_ahead(bench: Bench, burst: Sequence[str]) -> None:
    app = bench.app()
    post(app, burst)
    async with app.run_test(notifications=True) as pilot:
        await until(pilot, lambda: not app.is_running or len(app.screen_stack) > 0)
        await pilot.pause(0)
        if app.is_running:
            post(app, ["ctrl+q"])
            await until(pilot, lambda: not app.is_running)
        assert app.return_code == 0


def test_some_pairs_of_keys(bench: Bench) -> None:
    pairs = random.Random(SEED).sample([*product(KEYS, KEYS)], 12)  # noqa: S311
    asyncio.run(press_all(bench, pairs))


@pytest.mark.slow
def test_all_pairs_of_keys(bench: Bench) -> None:
    asyncio.run(press_all(bench, [*product(KEYS, KEYS)]))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_long_bursts_of_keys(bench: Bench, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    asyncio.run(press_all(bench, [tuple(chance.choices(KEYS, k=12)) for _ in range(50)]))


@pytest.mark.parametrize("key", ["u", "l", "p"])
def test_keys_right_after_the_one_that_leaves(bench: Bench, key: str) -> None:
    asyncio.run(leave(bench, [QUIT, key, *AFTER_QUIT]))


@pytest.mark.slow
@pytest.mark.parametrize("key", AFTER_QUIT)
def test_every_key_right_after_the_one_that_leaves(bench: Bench, key: str) -> None:
    asyncio.run(leave(bench, [QUIT, key]))


@pytest.mark.slow
@pytest.mark.parametrize("key", KEYS)
def test_every_key_right_before_the_one_that_leaves(bench: Bench, key: str) -> None:
    asyncio.run(leave(bench, [key, "ctrl+q"]))


@pytest.mark.parametrize("seed", range(2))
def test_keys_typed_ahead(bench: Bench, seed: int) -> None:
    keys = random.Random(seed).choices([*KEYS, QUIT], k=6)  # noqa: S311
    asyncio.run(type_ahead(bench, keys))


def test_the_filters_key_typed_ahead(bench: Bench) -> None:
    asyncio.run(type_ahead(bench, ["slash", "a"]))


@pytest.mark.parametrize("key", ["e", "v", "question_mark"])
def test_a_screen_that_is_left_twice_in_one_read_leaves_the_one_below(
    bench: Bench, key: str
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press(key)
        top = pilot.app.screen
        post(pilot.app, ["enter", "enter", "escape", "escape"])
        await until(pilot, lambda: not top.is_running)
        assert acts.on_main(pilot)

    play(bench, scenario)


@pytest.mark.slow
def test_every_pair_with_the_one_that_leaves_typed_ahead(bench: Bench) -> None:
    for key in KEYS:
        asyncio.run(type_ahead(bench, [key, QUIT]))
        asyncio.run(type_ahead(bench, [QUIT, key]))
