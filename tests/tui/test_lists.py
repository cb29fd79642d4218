"""Lists sorted and filtered every way there is, and found again as they were left."""

import time
from collections.abc import Callable

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from nimble_tui.config.paths import state_file
from nimble_tui.config.settings import Settings
from nimble_tui.config.state import UiState, change_state, read_state
from nimble_tui.core.service import DEMO
from nimble_tui.tui import theme
from nimble_tui.tui.daemon_threads import DaemonExecutor
from nimble_tui.view import sorting
from nimble_tui.view.session_rows import SessionRow
from nimble_tui.workspace.ui_state import UiStateFile
from tests.tui import acts
from tests.tui.bench import (
    NAME,
    Bench,
    play,
    seen,
    settled,
    until,
    until_seen,
)


def titles(found: tuple[SessionRow, ...]) -> list[str]:
    return [row.title for row in found]


def test_z_sorts_another_way_says_so_and_is_remembered(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await until_seen(pilot, "sorted: at risk, then in use")
        chosen = acts.selected(pilot)
        await pilot.press("z")
        await pilot.pause()
        names = titles(tuple(acts.rows(pilot)))
        assert names == sorted(names, key=str.casefold)
        await until_seen(pilot, "by name")
        assert chosen is not None
        assert acts.selected(pilot).key == chosen.key
        # A look keeps the order, also one that was under way when it changed.
        answer = bench.gate.hold(b"/streaming-sessions")
        await pilot.press("r")
        await until(pilot, lambda: bench.gate.holding)
        await pilot.press("z")
        bench.gate.hold_no_more()
        answer.set()
        await acts.refreshed(pilot)
        rows = tuple(acts.rows(pilot))
        assert rows == sorting.named("state").arrange(rows, bench.clock.now())
        await until_seen(pilot, "by state")
        acts.ui_state(pilot).finish(30)

    async def again(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await until_seen(pilot, "by state")

    play(bench, scenario)
    assert read_state().sort == "state"
    play(bench, again)


def test_a_filter_is_remembered_for_its_studio_and_seen_at_once(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("slash", *"sq0")
        await until(pilot, lambda: len(acts.rows(pilot)) == 3)

    async def again(pilot: Pilot[None]) -> None:
        screen = await acts.live(pilot)
        assert acts.session_list(pilot).has_focus
        assert len(acts.rows(pilot)) == 3
        text = seen(pilot.app)
        assert "3 of 6 match" in text
        assert screen.query_one("#filter", Input).value == "sq0"
        await pilot.press("escape")
        await until(pilot, lambda: len(acts.rows(pilot)) == 6)

    async def elsewhere(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        assert len(acts.rows(pilot)) == 6

    def kept(text: str) -> Callable[[], bool]:
        return lambda: read_state().filter == text

    play(bench, scenario)
    wait_for(kept("sq0"))
    play(bench, elsewhere, studio=NAME)
    wait_for(kept("sq0"))
    play(bench, again)
    wait_for(kept(""))


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait for what a thread of an app that has ended writes down."""
    for _ in range(3_000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("never came true")


def test_a_remembered_filter_that_matches_nothing_says_so(bench: Bench) -> None:
    change_state(filter="no such [/thing]", filter_of=DEMO)

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.until_live(pilot)
        await settled(pilot)
        text = seen(pilot.app)
        assert "Nothing matches “no such [/thing]”." in text
        assert "Press esc to clear the filter." in text
        assert "0 of 6 match" in text

    play(bench, scenario)


def test_what_is_typed_over_a_remembered_filter_replaces_it(bench: Bench) -> None:
    change_state(filter="ready", filter_of=DEMO)

    async def scenario(pilot: Pilot[None]) -> None:
        screen = await acts.live(pilot)
        screen.query_one("#filter", Input).focus()
        await pilot.press("c")
        await until(pilot, lambda: acts.filter_text(pilot) == "c")

    play(bench, scenario)


def test_image_names_are_looked_up_for_the_filter(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("slash", *"windows")
        await until(pilot, lambda: len(acts.rows(pilot)) > 0)
        await settled(pilot)
        found = {row.launch_profile.title for row in acts.rows(pilot) if row.launch_profile}
        assert found == {"Comp"}

    play(bench, scenario)


def test_a_look_chosen_by_key_holds_until_the_settings_name_another(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("ctrl+t")
        acts.ui_state(pilot).finish(30)

    play(bench, scenario)
    kept = read_state()
    assert theme.chosen("dark", kept) == "nimble-light"
    assert bench.app().theme == "nimble-light"
    assert bench.app(settings=Settings(theme="nimble-high-contrast")).theme == (
        "nimble-high-contrast"
    )


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b'{"sort": 7, "theme": ["x"]}'])
def test_damaged_memory_is_as_new(bench: Bench, content: bytes) -> None:
    change_state()
    state_file().write_bytes(content)

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        assert len(acts.rows(pilot)) == 6
        assert acts.order(pilot) is sorting.NEEDS

    play(bench, scenario)


def test_what_cannot_be_written_is_only_forgotten(bench: Bench) -> None:
    state_file().parent.parent.mkdir(parents=True, exist_ok=True)
    state_file().parent.write_text("in the way")

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("z", "ctrl+t")
        acts.ui_state(pilot).finish(30)
        assert acts.order(pilot).id == "name"

    play(bench, scenario)
    assert read_state() == UiState()


def test_changes_that_come_fast_are_all_written_and_the_last_one_wins() -> None:
    memory = UiStateFile(DaemonExecutor())
    for number in range(50):
        memory.change(sort=f"s{number}", theme=f"t{number}")
    memory.change(filter="x")
    wait_for(lambda: read_state() == memory.state)
    assert (read_state().sort, read_state().theme, read_state().filter) == ("s49", "t49", "x")


def test_the_last_real_studio_is_remembered_and_the_demo_is_not(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        acts.ui_state(pilot).finish(30)

    play(bench, scenario)
    assert read_state().studio == ""
    play(bench, scenario, studio=NAME)
    assert read_state().studio == NAME


def test_lists_of_the_last_run_are_filtered_too(bench: Bench) -> None:
    bench.keep_lists()
    change_state(filter="ready", filter_of=DEMO)
    answer = bench.gate.hold(b"/streaming-sessions")

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.shown(pilot)
        await until_seen(pilot, "of 6 match")
        assert {row.session.state for row in acts.rows(pilot)} == {"READY"}
        assert not acts.is_live(pilot)
        answer.set()

    play(bench, scenario)


def test_the_cursor_follows_the_workstation_through_filtering(bench: Bench) -> None:
    """The workstation to delete is the selected one, whatever was typed meanwhile."""

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await pilot.press("down", "down", "down")
        chosen = acts.selected(pilot)
        assert chosen is not None
        for typed in ("zzz", "comp", "compzz"):
            await pilot.press("slash", *typed)
            await pilot.press("escape")
            assert acts.selected(pilot) is chosen, typed
        await pilot.press("slash", *"comp", "enter", "escape")
        other = acts.selected(pilot)
        assert other is not None
        assert "comp" in other.haystack
        assert other is not chosen

    play(bench, scenario)


def test_the_cursor_stays_where_it_is_when_a_workstation_comes_back(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        every = acts.all_rows(pilot)
        acts.session_list(pilot).show(every[1:])
        now = acts.selected(pilot)
        acts.session_list(pilot).show(every)
        assert acts.selected(pilot) is now

    play(bench, scenario)
