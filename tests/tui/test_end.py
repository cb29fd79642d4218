"""The end: a quit that waits for nobody, a crash that tells no secret, the last line."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from functools import partial

import pytest
from textual.pilot import Pilot

from nimble_tui.core.model import SessionAction
from nimble_tui.core.service import StudioService
from nimble_tui.tui.app import NimbleApp
from nimble_tui.tui.daemon_threads import DaemonExecutor
from nimble_tui.tui.runner import run
from tests.tui import acts
from tests.tui.bench import Bench, play, until, until_seen, until_told


def headless(app: NimbleApp, scenario: Callable[[Pilot[None]], Awaitable[None]]) -> NimbleApp:
    """Make `app.run_async()` run without a terminal, and do with it what the scenario says."""
    app.run_async = partial(app.run_async, headless=True, auto_pilot=scenario)  # type: ignore[method-assign,arg-type]
    return app


def test_a_quit_waits_for_no_call_that_hangs(bench: Bench) -> None:
    hanging = bench.studios.hanging = threading.Event()

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.shown(pilot)
        await until(pilot, lambda: bench.studios.opening)
        await pilot.press("q")

    play(bench, scenario)
    assert bench.studios.opening
    hanging.set()


def test_an_executor_that_is_shut_down_lets_its_calls_go_on() -> None:
    begun, go_on, done = threading.Event(), threading.Event(), threading.Event()

    def call() -> None:
        begun.set()
        go_on.wait(30)
        done.set()

    async def leave_it_behind() -> None:
        asyncio.get_running_loop().set_default_executor(DaemonExecutor())
        asyncio.get_running_loop().run_in_executor(None, call)
        while not begun.is_set():
            await asyncio.sleep(0)

    asyncio.run(leave_it_behind())
    assert not done.is_set()
    go_on.set()
    assert done.wait(30)


def test_a_failed_call_raises_where_it_is_waited_for() -> None:
    executor = DaemonExecutor()
    with pytest.raises(ZeroDivisionError):
        executor.submit(lambda: 1 / 0).result(30)
    executor.shutdown()


def test_the_studio_is_let_go_of_at_the_end(bench: Bench) -> None:
    closed = threading.Event()
    known = bench.studios.open

    def opened(name: str) -> StudioService:
        service = known(name)
        service.close = closed.set  # type: ignore[method-assign]
        return service

    bench.studios.open = opened  # type: ignore[method-assign]

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)

    play(bench, scenario)
    assert closed.wait(30)


def test_the_last_line_says_what_still_runs(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("q")

    assert run(headless(bench.app(), scenario)) == 0
    out = capsys.readouterr().out
    assert all(len(line) <= 80 for line in out.splitlines())
    out = " ".join(out.split())
    assert out.startswith("3 workstations are still running: ")
    assert "sq042 lighting stops at 21:44" in out
    assert "Lighting · dfbw will be deleted at 14:18 unless it is started." in out


def test_a_crash_exits_with_1_and_shows_no_value(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    canary = "canary/Secret+Key"

    async def scenario(pilot: Pilot[None]) -> None:
        screen = await acts.live(pilot)

        def broken() -> None:
            secret = canary
            raise RuntimeError(f"it was {secret}")

        screen.call_later(broken)
        await until(pilot, lambda: not pilot.app.is_running)

    app = headless(bench.app(), scenario)
    code = run(app)
    told_at_last = "".join(capsys.readouterr())
    assert code == 1
    assert "crashed because of a bug" in " ".join(told_at_last.split())
    assert "RuntimeError in " in " ".join(told_at_last.split())
    assert canary not in told_at_last


def test_ctrl_c_tells_how_to_leave(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("ctrl+c")
        await until_told(pilot, "Press q to quit; your workstations keep running.")
        assert pilot.app.is_running

    play(bench, scenario)


def test_a_small_terminal_with_a_dialog_open_is_survived(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await acts.live(pilot)
        await pilot.press("d")
        for size in ((20, 5), (3, 2), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        await until_seen(pilot, "Delete this workstation?")
        await pilot.press("escape")
        assert acts.main_screen(pilot) is screen

    play(bench, scenario)


def test_nothing_is_sent_to_a_studio_that_was_left(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await acts.live(pilot)
        answer = bench.gate.hold(b"streaming-sessions")
        await pilot.press("r")
        await until(pilot, lambda: bench.gate.holding)
        await acts.sign_out(pilot)
        await until_seen(pilot, "Sign out?")
        await pilot.press("right", "enter")
        await until_seen(pilot, "Paste an invite")
        before = len(bench.gate.calls)
        answer.set()
        bench.clock.advance(3_600)
        await pilot.pause(0.1)
        assert len(bench.gate.calls) == before
        assert acts.is_let_go(screen)

    play(bench, scenario, studio="northwind")


def test_a_deadline_that_comes_is_looked_at_when_it_comes(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        first = acts.rows(pilot)[0]
        assert first.deadline is not None
        bench.service().act(SessionAction.START, first.key)
        bench.clock.time = first.deadline.at
        await acts.up_to_date(pilot)
        kept = next(row for row in acts.rows(pilot) if row.key == first.key)
        assert kept.session.state == "READY"

    play(bench, scenario)


@pytest.mark.parametrize("size", [(20, 24), (80, 5), (3, 2)])
def test_the_keys_work_again_once_a_window_that_was_too_small_is_large(
    bench: Bench, size: tuple[int, int]
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await acts.live(pilot)
        for part in (acts.session_list(pilot), acts.profile_list(pilot)):
            screen.set_focus(part)
            await pilot.pause()
            await pilot.resize_terminal(*size)
            await pilot.pause()
            await pilot.resize_terminal(80, 24)
            await until(pilot, lambda: screen.focused is not None)
            before = part.cursor
            await pilot.press("down")
            assert part.cursor == before + 1

    play(bench, scenario)


def test_a_list_that_is_hidden_hands_its_focus_on(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await acts.live(pilot)
        screen.set_focus(acts.profile_list(pilot))
        await pilot.resize_terminal(50, 24)
        await until(pilot, lambda: screen.focused is acts.session_list(pilot))

    play(bench, scenario)
