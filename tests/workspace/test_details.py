"""A launch profile's images are read once, when they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.workspace.fake_studio import unreachable

if TYPE_CHECKING:
    from tests.workspace.bench import Bench

DETAILS = "get_launch_profile_details"


async def test_nothing_is_read_before_the_studio_is_open(bench: Bench) -> None:
    bench.workspace.details.request("Lighting")
    await bench.settled()
    assert bench.world.operations == []
    await bench.started()
    bench.workspace.details.request("Lighting")
    await bench.settled()
    assert set(bench.snapshot.details) == {"Lighting"}


async def test_each_is_read_once_however_often_it_is_shown(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold(DETAILS)
    for name in ("Lighting", "Comp", "Lighting"):
        bench.workspace.details.request(name)
    await bench.settled()
    bench.calls.let_go(DETAILS)
    await bench.settled()
    bench.workspace.details.request("Comp")
    await bench.settled()
    assert (set(bench.snapshot.details), bench.world.count(DETAILS)) == ({"Lighting", "Comp"}, 2)


async def test_what_could_not_be_read_is_read_the_next_time(bench: Bench) -> None:
    await bench.started()
    bench.world.errors[DETAILS] = unreachable()
    bench.workspace.details.request("Lighting")
    await bench.settled()
    assert (bench.snapshot.details, bench.notices) == ({}, [])
    bench.world.errors.clear()
    bench.workspace.details.request("Lighting")
    await bench.settled()
    assert set(bench.snapshot.details) == {"Lighting"}


async def test_a_mistake_of_the_program_is_not_made_again_and_again(bench: Bench) -> None:
    await bench.started()
    bench.world.errors[DETAILS] = KeyError("a mistake")
    for _ in range(3):
        bench.workspace.details.request("Lighting")
        await bench.settled()
    assert (len(bench.mistakes), bench.world.count(DETAILS)) == (1, 1)
    bench.mistakes.clear()
