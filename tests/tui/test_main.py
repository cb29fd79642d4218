"""The main screen over a real studio: what is seen, and what stays where it is."""

import pytest
from textual.pilot import Pilot

from nimble_tui.core.model import SessionAction
from tests.tui import acts
from tests.tui.bench import Bench, play, seen, settled, until, until_seen


def test_the_demo_shows_what_ends_first_and_a_ready_workstation(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        assert acts.rows(pilot)[0].session.state == "STOPPED"
        text = seen(pilot.app)
        for words in (
            "▲ will be deleted in 52 min, at 14:18",
            "● Review",
            "READY",
            "DEMO",
            "Northwind Animation",
            "Mara Vos",
            "updated just now",
        ):
            assert words in text

    play(bench, scenario)


def test_deleted_workstations_and_other_peoples_do_not_show(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        assert len(acts.rows(pilot)) == 6
        mine = bench.invite.principal_id
        assert {row.session.owned_by for row in acts.rows(pilot)} == {mine}

    play(bench, scenario)


def test_the_cursor_follows_its_workstation_through_a_refresh(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("end")
        chosen = acts.selected(pilot)
        assert chosen is not None
        place = acts.cursor(pilot)
        # Elsewhere this one is started, so that it moves up the list.
        bench.service().act(SessionAction.START, chosen.key)
        await pilot.press("r")
        await until(pilot, lambda: acts.selected(pilot).session.in_transition)
        assert acts.selected(pilot).key == chosen.key
        assert acts.cursor(pilot) < place

    play(bench, scenario)


def test_a_refresh_that_changed_nothing_draws_nothing(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        rows = acts.rows(pilot)
        drawn: list[object] = []
        acts.session_list(pilot).refresh = lambda *regions, **_: drawn.append(regions)  # type: ignore[assignment]
        bench.clock.advance(0.2)
        await acts.refresh(pilot)
        await settled(pilot)
        assert acts.rows(pilot) is rows or list(acts.rows(pilot)) == list(rows)
        assert all(a is b for a, b in zip(acts.rows(pilot), rows, strict=True))
        assert drawn == []

    play(bench, scenario)


def test_the_filter_narrows_while_typing_and_escape_shows_all(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await until_seen(pilot, "n Launch  k Keep  t Start  d Delete  / Filter  ? Help  ^p More")
        await pilot.press("slash", *"stopp")
        await until(pilot, lambda: len(acts.rows(pilot)) == 2)
        await until_seen(pilot, "2 of 6 match")
        # No letter is an action while it goes into the filter.
        await until_seen(pilot, "enter To the list  esc Clear  ^p More")
        assert "s Stop" not in seen(pilot.app).splitlines()[-1]
        await pilot.press("enter")
        await until_seen(pilot, "s Stop")
        await until_seen(pilot, "2 of 6 match, esc clears")
        assert acts.session_list(pilot).has_focus
        assert len(acts.rows(pilot)) == 2
        await pilot.press("slash", *" nothing-like-it")
        await until(pilot, lambda: not acts.rows(pilot))
        await until_seen(pilot, "Nothing matches “nothing-like-it”.")
        for name in ("stop", "connect", "rename", "show", "backups"):
            assert "matches the filter" in acts.refusal_reason(pilot, name)
        await pilot.press("escape")
        await until(pilot, lambda: len(acts.rows(pilot)) == 6)
        assert acts.session_list(pilot).has_focus

    play(bench, scenario)


@pytest.mark.parametrize("words", ["g5.2x", "lighting ready", "READY LIGHT", "sq042"])
def test_the_filter_looks_at_name_state_type_and_profile(bench: Bench, words: str) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.filter_by(pilot, words)
        names = [row.title for row in acts.rows(pilot)]
        assert names == ["sq042 lighting"]

    play(bench, scenario)


def test_the_filter_stays_through_a_refresh(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("slash", *"sq0", "enter")
        await until(pilot, lambda: len(acts.rows(pilot)) == 3)
        bench.clock.advance(1)
        await acts.refresh(pilot)
        assert len(acts.rows(pilot)) == 3

    play(bench, scenario)


def test_the_detail_pane_tells_all_about_the_row_under_the_cursor(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        while acts.selected(pilot).title != "sq042 lighting":
            await pilot.press("down")
        await settled(pilot)
        text = seen(pilot.app)
        for words in (
            "stops in 8 h 18 min, at 21:44",
            "Rocky 9, Maya 2026",
            "g5.2xlarge, 500 GiB disk",
            "Kept with its disk for 4 days",
            "It is already running.",
        ):
            assert words in text

    play(bench, scenario)


def test_tab_goes_to_the_launch_profiles_and_tells_about_them(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await acts.live(pilot)
        await pilot.press("tab")
        assert acts.profile_list(pilot).has_focus
        await until_seen(pilot, "Windows 2022")
        await until_seen(pilot, "Compositing on Windows")
        await until_seen(pilot, "enter Launch  s Stop")
        # An action has to be about a workstation that is in plain sight.
        await pilot.press("s")
        assert screen.app.screen is screen
        await pilot.press("tab")
        assert acts.session_list(pilot).has_focus

    play(bench, scenario)


def test_the_mouse_chooses_a_row_and_a_key_at_the_bottom(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await acts.live(pilot)
        await pilot.hover("#workstations", offset=(10, 5))
        assert acts.session_list(pilot).hovered == 2
        await pilot.click("#workstations", offset=(10, 7))
        assert acts.cursor(pilot) == 3
        at = seen(pilot.app).splitlines()[-1].index("Help")
        await pilot.click("KeyBar", offset=(at, 0))
        await until(pilot, lambda: pilot.app.screen is not screen)
        await until_seen(pilot, "Symbols")

    play(bench, scenario)


def test_a_thousand_workstations_scroll_to_the_end_and_back() -> None:
    with Bench(sessions=1_000) as bench:

        async def scenario(pilot: Pilot[None]) -> None:
            await acts.live(pilot)
            rows = acts.session_list(pilot)
            assert len(rows.rows) == 1_000
            assert rows.pitch == 2
            await pilot.press("end")
            assert rows.cursor == 999
            await until(pilot, lambda: rows.rows[999].title in seen(pilot.app))
            await pilot.press("pageup")
            assert rows.cursor < 999
            await pilot.press("home")
            assert rows.cursor == 0
            assert rows.scroll_offset.y == 0

        play(bench, scenario)


@pytest.mark.parametrize("size", [(20, 5), (40, 12), (1, 1), (300, 80), (80, 9), (59, 24)])
def test_any_size_of_terminal_is_survived(bench: Bench, size: tuple[int, int]) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        small = size[0] < 36 or size[1] < 10
        if size[0] >= 20:
            assert ("Make the window" in seen(pilot.app)) == small
        await pilot.resize_terminal(80, 24)
        await until_seen(pilot, "will be deleted in 52 min")

    play(bench, scenario, size=size)


def test_whoever_may_launch_nothing_yet_is_told_whom_to_ask(bench: Bench) -> None:
    bench.name = "Zofia Kowalska"

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.until_live(pilot)
        await until_seen(pilot, "None yet.")
        await until_seen(pilot, "Ask an admin to add you to a launch profile.")
        await until_seen(pilot, "p to see the admins.")
        assert "to launch one" not in seen(pilot.app)

    play(bench, scenario)
