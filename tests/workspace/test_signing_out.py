"""Keys that are refused, of an invite or of an AWS profile, and settings that cannot be used."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nimble_tui.core.model import SessionAction
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.view.health import Phase
from tests.workspace.bench import Bench
from tests.workspace.fake_studio import INFO, unreachable

LIST = "list_streaming_sessions"
NOT_SIGNED_IN = StudioError(ErrorKind.NOT_SIGNED_IN, "You are not signed in.")


async def test_signed_out_is_said_once_and_nothing_is_asked_again(bench: Bench) -> None:
    await bench.started()
    bench.world.errors |= {LIST: NOT_SIGNED_IN, "open": NOT_SIGNED_IN}
    await bench.passes(30)
    health = bench.snapshot.health
    assert (health.phase, health.next_try, bench.signed_out) == (Phase.SIGNED_OUT, None, 1)
    assert (bench.studios.opened[0].closed, bench.snapshot.is_open) == (1, False)
    assert bench.waits.seconds[-1] is None
    await bench.passes(3600)
    bench.workspace.check_clock()
    await bench.settled()
    assert (bench.world.count(LIST), bench.world.count("open")) == (2, 1)
    bench.workspace.polling.refresh(for_me=True)
    await bench.settled()
    assert (bench.world.count("open"), bench.signed_out) == (2, 1)


async def test_signing_out_midway_is_said_once_whatever_the_rest_answers(bench: Bench) -> None:
    await bench.started()
    bench.calls.hold("act")
    bench.world.errors["act"] = NOT_SIGNED_IN
    bench.workspace.actions.act(SessionAction.STOP, bench.row("one"))
    bench.workspace.actions.act(SessionAction.START, bench.row("two"))
    await bench.settled()
    bench.calls.hold(LIST)
    bench.world.errors |= {LIST: unreachable(), "open": NOT_SIGNED_IN}
    await bench.passes(30)
    bench.calls.let_go("act")
    await bench.settled()
    bench.calls.let_go(LIST)
    await bench.settled()
    assert (bench.snapshot.health.phase, bench.signed_out) == (Phase.SIGNED_OUT, 1)
    assert bench.world.count("open") == 1
    await bench.passes(600)
    assert (bench.snapshot.health.phase, bench.world.count("open")) == (Phase.SIGNED_OUT, 1)


async def test_the_demo_is_opened_again_instead() -> None:
    bench = Bench(replace(INFO, name="demo", demo=True))
    await bench.started()
    bench.world.errors[LIST] = NOT_SIGNED_IN
    await bench.passes(30)
    assert (bench.snapshot.health.phase, bench.signed_out) == (Phase.OFFLINE, 0)
    bench.world.errors.clear()
    await bench.passes(2)
    assert (bench.snapshot.health.phase, len(bench.studios.opened)) == (Phase.LIVE, 2)
    await bench.end()


@pytest.mark.parametrize("kind", [ErrorKind.NOT_SIGNED_IN, ErrorKind.SETTINGS])
async def test_keys_of_an_aws_profile_are_looked_for_each_second(kind: ErrorKind) -> None:
    bench = Bench(replace(INFO, aws_profile="farm"))
    bench.world.errors["open"] = StudioError(kind, "The keys of farm are too old.")
    bench.workspace.start()
    await bench.settled()
    assert (bench.snapshot.health.aws_profile, bench.signed_out) == ("farm", 0)
    for _ in range(5):
        await bench.passes(1)
    assert (set(bench.waits.seconds), bench.world.count("open")) == ({1.0}, 1)
    bench.world.errors.clear()
    bench.studios.are_keys_changed = True
    await bench.passes(1)
    assert (bench.snapshot.health.phase, bench.waits.seconds[-1]) == (Phase.LIVE, 30.0)
    await bench.end()


async def test_settings_that_cannot_be_used_wait_for_a_person(bench: Bench) -> None:
    bench.world.errors["open"] = StudioError(ErrorKind.SETTINGS, "No region is set.")
    bench.workspace.start()
    await bench.settled()
    assert (bench.snapshot.health.phase, bench.waits.seconds[-1]) == (Phase.OFFLINE, None)
    await bench.passes(3600)
    assert bench.world.count("open") == 1
    bench.world.errors.clear()
    bench.workspace.polling.refresh(for_me=True)
    await bench.settled()
    assert bench.snapshot.health.phase == Phase.LIVE
