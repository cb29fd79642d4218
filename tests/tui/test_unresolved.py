"""A launch whose reply was lost is continued by the next one like it, in this run or the next."""

from collections.abc import Iterator
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Button

from tests.faults.faulty_studio import Fault, Request, hang_up
from tests.faults.proxy import FaultProxy, faults_before
from tests.tui import acts
from tests.tui.bench import (
    Bench,
    play,
    seen,
    settled,
    told,
    until,
    until_seen,
    until_told,
)
from tests.tui.test_actions import STOPPABLE
from tests.tui.test_launch import asked


@pytest.fixture
def proxy(bench: Bench) -> Iterator[FaultProxy]:
    """A proxy between the app and its studio, which notes what is done there."""
    with faults_before(bench.demo) as proxy:
        bench.gate.lead_to(proxy.url)
        yield proxy


def lose_launches(proxy: FaultProxy, *, applied: bool) -> None:
    """Lose every reply to a launch, and every list after it."""

    def plan(operation: str, _: Request) -> tuple[Fault, bool] | None:
        if operation == "CreateStreamingSession":
            return hang_up, not applied
        is_sent = bool(proxy.sent("CreateStreamingSession"))
        return (hang_up, True) if is_sent and operation == "ListStreamingSessions" else None

    proxy.plan = plan


async def lost(pilot: Pilot[None], proxy: FaultProxy, *, applied: bool) -> Screen[Any]:
    screen = await acts.live(pilot)
    lose_launches(proxy, applied=applied)
    await asked(pilot)
    await pilot.press("enter")
    await until_told(pilot, "may still be done")
    return screen


def tokens(proxy: FaultProxy) -> set[str]:
    return {one.headers["x-amz-client-token"] for one in proxy.sent("CreateStreamingSession")}


@pytest.mark.parametrize("applied", [True, False], ids=["made", "not made"])
def test_the_same_again_continues_it(bench: Bench, proxy: FaultProxy, applied: bool) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await lost(pilot, proxy, applied=applied)
        assert "makes no second one" in told(pilot.app)
        await asked(pilot)
        await until_seen(pilot, "is unresolved. Resuming it")
        proxy.plan = lambda *_: None
        await pilot.press("enter")
        await acts.launched(pilot)
        await until(pilot, lambda: len(acts.rows(pilot)) == 7)
        await settled(pilot)
        assert len(acts.rows(pilot)) == 7
        assert acts.unresolved(pilot) == ()
        # It is in the list: the next one is another one.
        await asked(pilot)
        assert "unresolved" not in seen(pilot.app)

    play(bench, scenario)
    assert [one.what for one in proxy.effects] == ["launch"]
    assert len(tokens(proxy)) == 1


@pytest.mark.parametrize("next_run", [False, True], ids=["this run", "the next run"])
def test_a_stop_whose_reply_was_lost_is_not_sent_again_by_itself(
    bench: Bench, proxy: FaultProxy, next_run: bool
) -> None:
    async def poll(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        for minutes in (0, 1, 11):
            bench.clock.advance(60 * minutes + 1)
            await acts.refresh(pilot)
            await settled(pilot)
        assert not acts.is_anything_unresolved(pilot)

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        proxy.plan = lambda operation, _: (
            (hang_up, True) if operation == "StopStreamingSession" else None
        )
        await acts.ask(pilot, STOPPABLE, "s")
        await pilot.press("enter")
        await until_told(pilot, "which may still be done: the workstation is READY so far")
        proxy.plan = lambda *_: None
        if not next_run:
            await poll(pilot)
            assert "has not been done so far: it is READY; repeat it" in told(pilot.app)

    play(bench, scenario)
    if next_run:
        play(bench, poll)
    assert proxy.effects == []


def test_another_one_can_be_launched_all_the_same(bench: Bench, proxy: FaultProxy) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await lost(pilot, proxy, applied=True)
        dialog = await asked(pilot)
        proxy.plan = lambda *_: None
        dialog.query_one("#another", Button).press()
        await acts.launched(pilot)
        await until(pilot, lambda: len(acts.rows(pilot)) == 8)

    play(bench, scenario)
    assert [one.what for one in proxy.effects] == ["launch", "launch"]
    assert len(tokens(proxy)) == 2


def test_the_next_run_continues_it(bench: Bench, proxy: FaultProxy) -> None:
    async def first(pilot: Pilot[None]) -> None:
        await lost(pilot, proxy, applied=False)

    async def second(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await until(pilot, lambda: acts.unresolved(pilot))
        await asked(pilot)
        await until_seen(pilot, "is unresolved")
        await pilot.press("enter")
        await acts.launched(pilot)
        await until(pilot, lambda: len(acts.rows(pilot)) == 7)

    play(bench, first)
    proxy.plan = lambda *_: None
    play(bench, second)
    assert [one.what for one in proxy.effects] == ["launch"]
    assert len(tokens(proxy)) == 1


async def opened(pilot: Pilot[None]) -> Screen[Any]:
    """Ask for a launch while an answer is held back."""
    await pilot.press("n")
    dialog = await acts.dialog_of(pilot, acts.LAUNCH)
    acts.later(pilot)
    return dialog


@pytest.mark.parametrize("known", [True, False], ids=["known", "loading…"])
def test_the_next_run_continues_it_before_it_has_seen_a_list(
    bench: Bench, proxy: FaultProxy, known: bool
) -> None:
    async def first(pilot: Pilot[None]) -> None:
        await lost(pilot, proxy, applied=True)

    async def second(pilot: Pilot[None]) -> None:
        await acts.shown(pilot)
        await until(pilot, lambda: acts.unresolved(pilot))
        know_again = None if known else acts.forget_unresolved(pilot)
        await opened(pilot)
        assert ("is unresolved" in seen(pilot.app)) is known
        if know_again is not None:
            know_again()
        await pilot.press("enter")
        await until(pilot, lambda: acts.on_main(pilot) and acts.launching(pilot))
        assert ("It is resumed; no second" in told(pilot.app)) is not known
        bench.gate.hold_no_more()
        held.set()
        await until(pilot, lambda: not acts.launching(pilot) and len(acts.rows(pilot)) == 7)

    play(bench, first)
    proxy.plan = lambda *_: None
    bench.keep_lists()
    held = bench.gate.hold(b"/streaming-sessions?")
    play(bench, second)
    assert [one.what for one in proxy.effects] == ["launch"]


def test_what_is_on_its_way_is_shown_again_and_not_sent_twice(
    bench: Bench, proxy: FaultProxy
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        held = bench.gate.hold(b"/streaming-sessions HTTP")
        await asked(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: acts.launching(pilot))
        await opened(pilot)
        await until_seen(pilot, "is unresolved")
        await pilot.press("enter")
        await until(pilot, lambda: acts.on_main(pilot))
        bench.gate.hold_no_more()
        held.set()
        await acts.launches_answered(pilot)

    play(bench, scenario)
    assert [one.what for one in proxy.effects] == ["launch"]


def test_what_was_resolved_while_the_dialog_was_open_is_not_launched_again(
    bench: Bench, proxy: FaultProxy
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        held = bench.gate.hold(b"/streaming-sessions HTTP")
        await asked(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: acts.launching(pilot))
        await opened(pilot)
        await until_seen(pilot, "is unresolved")
        bench.gate.hold_no_more()
        held.set()
        await acts.launches_answered(pilot)
        await pilot.press("enter")
        await acts.launched(pilot)

    play(bench, scenario)
    assert [one.what for one in proxy.effects] == ["launch"]
