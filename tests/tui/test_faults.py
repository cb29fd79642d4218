"""A studio that is away, slow, or tells nonsense: the app stays, and says what is so."""

import threading

from textual.pilot import Pilot

from nimble_tui.config import cache
from nimble_tui.config.paths import cache_dir
from nimble_tui.core.service import DEMO, ErrorKind, StudioError
from nimble_tui.view.health import Phase
from tests.tui import acts
from tests.tui.bench import (
    NAME,
    Bench,
    play,
    seen,
    settled,
    told,
    until,
    until_seen,
)


def test_a_studio_that_goes_away_and_comes_back_is_survived(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        bench.gate.open = False
        bench.clock.advance(120)
        await pilot.press("r")
        await until(pilot, lambda: acts.health(pilot).phase == Phase.OFFLINE)
        await pilot.pause()
        text = seen(pilot.app)
        assert "offline (updated 2 min ago" in text
        assert "Next try in" in text
        assert "press r to try now" in text
        # What was seen last is still there, and moving about still works.
        assert "sq042 lighting" in text
        await pilot.press("down")
        assert acts.cursor(pilot) == 1
        bench.gate.open = True
        bench.clock.advance(600)
        # Nothing is pressed: the time for the next try has passed.
        await until(pilot, lambda: acts.health(pilot).phase == Phase.LIVE)
        await settled(pilot)
        assert "Next try in" not in seen(pilot.app)

    play(bench, scenario)


def test_tries_grow_rarer_and_one_episode_is_one_message(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        bench.gate.open = False
        waits = []

        async def failed() -> None:
            await acts.refreshed(pilot)
            waits.append(acts.seconds_to_next_refresh(pilot))

        for _ in range(4):
            acts.start_refresh(pilot)
            await failed()
        assert waits == sorted(set(waits))
        await pilot.press("r")
        await failed()
        assert waits[-1] == waits[0]  # somebody waits for it now
        assert told(pilot.app) == ""

    play(bench, scenario)


def test_images_are_named_when_the_studio_says_what_was_known(bench: Bench) -> None:
    bench.keep_lists()

    async def scenario(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: acts.is_live(pilot))
        await settled(pilot)
        await until_seen(pilot, "Rocky 9")

    play(bench, scenario, size=(100, 36))


def test_the_last_lists_show_at_once_while_the_studio_hangs(bench: Bench) -> None:
    bench.keep_lists()
    bench.clock.advance(180)
    bench.studios.hanging = threading.Event()

    async def scenario(pilot: Pilot[None]) -> None:
        await until_seen(pilot, "sq042 lighting")
        screen = acts.main_screen(pilot)
        text = seen(pilot.app)
        assert "connecting… (updated 3 min ago" in text
        assert "sq042 lighting" in text
        assert screen.has_class("-kept")
        await pilot.press("end", "s")
        assert "has not answered" in told(pilot.app) or "unavailable" in told(pilot.app)
        assert bench.studios.hanging is not None
        bench.studios.hanging.set()
        await acts.live(pilot)
        assert not screen.has_class("-kept")
        await until_seen(pilot, "updated just now")

    play(bench, scenario)


def test_lists_are_kept_for_the_next_start(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)

    play(bench, scenario)
    kept = cache.read(bench.info(DEMO))
    assert kept is not None
    assert len(kept.sessions) >= 6


def test_a_cache_that_cannot_be_written_is_told_once(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        for _ in range(2):
            bench.clock.advance(90)
            await pilot.press("r")
            await acts.up_to_date(pilot)
            await settled(pilot)
        assert told(pilot.app).count("Couldn't save the lists") == 1

    home = cache_dir().parent
    home.mkdir(parents=True, exist_ok=True)
    cache_dir().write_text("a file where a folder should be")
    play(bench, scenario)


def test_a_studio_that_cannot_be_opened_says_so_and_is_tried_again(bench: Bench) -> None:
    bench.studios.problem = StudioError(ErrorKind.TROUBLE, "The demo's file is damaged; reset it.")

    async def scenario(pilot: Pilot[None]) -> None:
        await until_seen(pilot, "The demo's file is damaged")
        await until_seen(pilot, "Waiting for the studio")
        bench.studios.problem = None
        await pilot.press("r")
        await acts.live(pilot)

    play(bench, scenario)


def test_a_mistake_of_our_own_in_a_worker_is_told_and_survived(bench: Bench) -> None:
    bench.studios.problem = LookupError("planted")  # type: ignore[assignment]

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.shown(pilot)
        await until(pilot, lambda: acts.health(pilot).phase == Phase.OFFLINE)
        await until_seen(pilot, "Internal error")
        assert "planted" not in seen(pilot.app)
        bench.studios.problem = None
        await pilot.press("r")
        await acts.live(pilot)

    play(bench, scenario)


def test_without_keys_the_studio_is_not_asked_again_and_again(bench: Bench) -> None:
    bench.studios.signed_in = False

    async def scenario(pilot: Pilot[None]) -> None:
        screen = await acts.shown(pilot)
        await until(pilot, lambda: acts.health(pilot).phase == Phase.SIGNED_OUT)
        await until(pilot, lambda: pilot.app.screen is not screen)
        await until_seen(pilot, "You are not signed in to northwind.")
        await pilot.press("escape")
        await until_seen(pilot, "Press i to sign in")
        await until_seen(pilot, "signed out")
        assert acts.health(pilot).next_try is None
        bench.clock.advance(3_600)
        await pilot.pause(0.05)
        assert bench.gate.calls == []

    play(bench, scenario, studio=NAME)


def test_a_slow_look_is_said_to_be_slow_and_holds_up_no_key(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        answer = bench.gate.hold(b"streaming-sessions")
        await pilot.press("r")
        await until(pilot, lambda: bench.gate.holding)
        bench.clock.advance(3)
        await pilot.press("down")
        assert acts.cursor(pilot) == 1
        acts.redraw_times(pilot)
        await pilot.pause()
        await until_seen(pilot, "refreshing… (updated just now")
        answer.set()
        await acts.refreshed(pilot)

    play(bench, scenario)


def test_refresh_again_and_again_is_one_look_at_a_time(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        answer = bench.gate.hold(b"streaming-sessions")
        before = len(bench.gate.calls)
        await pilot.press(*"rrrrrrrr")
        await until(pilot, lambda: bench.gate.holding)
        assert len(bench.gate.calls) == before + 1
        bench.gate.hold_no_more()
        answer.set()
        await acts.refreshed(pilot)
        lists = [line for line in bench.gate.calls[before:] if b"streaming-sessions" in line]
        assert len(lists) == 2

    play(bench, scenario)


def test_a_terminal_out_of_sight_is_looked_after_less_often(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        bench.clock.advance(60)
        acts.start_refresh(pilot)
        await until(
            pilot, lambda: not any(row.session.in_transition for row in acts.all_rows(pilot))
        )
        pilot.app.app_focus = False
        await pilot.pause()
        away = acts.seconds_to_next_refresh(pilot)
        pilot.app.app_focus = True
        await pilot.pause()
        here = acts.seconds_to_next_refresh(pilot)
        assert (away, here) == (120.0, 30.0)

    play(bench, scenario)


def test_whoever_comes_back_to_the_terminal_sees_new_launch_profiles(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        pilot.app.app_focus = False
        bench.clock.advance(31)
        before = len(bench.gate.calls)
        pilot.app.app_focus = True
        await until(
            pilot, lambda: any(b"launch-profiles" in line for line in bench.gate.calls[before:])
        )

    play(bench, scenario)


def test_a_list_that_breaks_off_keeps_the_rows_of_what_was_not_seen() -> None:
    with Bench(sessions=600) as bench:

        async def scenario(pilot: Pilot[None]) -> None:
            await acts.live(pilot)
            assert len(acts.rows(pilot)) == 600
            bench.gate.lose(b"nextToken")
            await pilot.press("r")
            await until(pilot, lambda: acts.health(pilot).notice)
            assert len(acts.rows(pilot)) == 600
            assert acts.banner(pilot).display
            await pilot.press("r")
            await until(pilot, lambda: not acts.health(pilot).notice)
            assert not acts.banner(pilot).display

        play(bench, scenario)


def test_a_demo_that_does_not_know_its_own_keys_any_more_is_opened_anew(bench: Bench) -> None:
    bench.studios.problem = StudioError(ErrorKind.NOT_SIGNED_IN, "The demo was started anew.")

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.shown(pilot)
        await until(pilot, lambda: acts.health(pilot).phase == Phase.OFFLINE)
        await acts.until_on_main(pilot)
        bench.studios.problem = None
        bench.clock.advance(600)
        await acts.live(pilot)

    play(bench, scenario)
