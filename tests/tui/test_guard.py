"""Dangerous actions are explained and confirmed first; unconfirmed ones never happen."""

import pytest
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import Static

from nimble_tui.core.model import SessionAction
from nimble_tui.core.unclear_steps import GIVE_UP_AFTER
from nimble_tui.tui.widgets.detail_pane import DetailPane
from tests.studio.profiles import change_profile, no_stop
from tests.studio.unclear import make_clear, make_unclear
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
from tests.tui.test_actions import SLEEPING, STOPPABLE, posts, state_of

ASLEEP = "Lighting ·"
"""Stopped, and of a launch profile whose length says whether it can be stopped again."""
WARNING = "You can't stop it again, and it will be"
ENDS = "tomorrow at 00:56"


def said(pilot: Pilot[None]) -> str:
    """Return what the screen on top says, as one line: its texts, and its details."""
    texts = [str(one.content) for one in pilot.app.screen.query(Static)]
    texts += [one.render().plain for one in pilot.app.screen.query(DetailPane)]
    return " ".join(" ".join(texts).split())


async def open_start(pilot: Pilot[None], way: str) -> str:
    """Ask for a start in one of the ways there are; return the id of the workstation."""
    key = await acts.go_to(pilot, ASLEEP)
    if way == "palette":
        await pilot.press("ctrl+p")
        await until_seen(pilot, "Start a stopped workstation")
        await pilot.press(*"start a work")
        await until(pilot, lambda: "Refresh now" not in seen(pilot.app))
        await pilot.press("enter")
    else:
        await pilot.press(way)
    return key


# Starts.


@pytest.mark.parametrize(
    ("way", "when"),
    [
        ("t", "before the app looked"),
        ("t", "after the app looked"),
        ("enter", "before the app looked"),
        ("enter", "after the app looked"),
        ("palette", "after the app looked"),
    ],
)
def test_a_start_that_no_stop_undoes_says_so_and_asks(bench: Bench, way: str, when: str) -> None:
    if when.startswith("before"):
        no_stop(bench.demo)

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        if when.startswith("after"):
            no_stop(bench.demo)
        key = await open_start(pilot, way)
        if way == "enter":
            await acts.listening(pilot, acts.START_AND_CONNECT)
            if when.startswith("after"):
                await pilot.press("enter")
        if way != "enter" or when.startswith("after"):
            await acts.listening(pilot, acts.START)
        assert f"{WARNING} deleted {ENDS}." in said(pilot)
        assert acts.focused_button(pilot) == "cancel"
        assert posts(bench) == []
        await pilot.press("enter")
        await acts.until_on_main(pilot)
        assert posts(bench) == []
        assert state_of(bench, key) == "STOPPED"
        # Confirmed, it is started.
        await open_start(pilot, way)
        await acts.listening(pilot, acts.START_AND_CONNECT if way == "enter" else acts.START)
        await pilot.press("right", "enter")
        await until(pilot, lambda: posts(bench))
        await acts.answered(pilot)
        assert state_of(bench, key) == "START_IN_PROGRESS"
        assert (key in acts.waiting_to_connect(pilot)) == (way == "enter")

    play(bench, scenario)


def test_a_start_confirmed_after_all_connects_all_the_same(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        no_stop(bench.demo)
        key = await open_start(pilot, "enter")
        await acts.listening(pilot, acts.START_AND_CONNECT)
        await pilot.press("enter")
        await acts.listening(pilot, acts.START)
        await pilot.press("right", "enter")
        await until(pilot, lambda: posts(bench))
        await acts.answered(pilot)
        assert key in acts.waiting_to_connect(pilot)

    play(bench, scenario)


def test_the_details_say_it_before_anything_is_pressed(bench: Bench) -> None:
    no_stop(bench.demo)

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, ASLEEP)
        assert f"{WARNING} deleted {ENDS}." in said(pilot)

    play(bench, scenario, size=(120, 40))


def test_a_start_that_a_stop_undoes_needs_no_dialog(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        key = await open_start(pilot, "t")
        await acts.until_on_main(pilot)
        await until(pilot, lambda: posts(bench))
        await acts.answered(pilot)
        assert state_of(bench, key) == "START_IN_PROGRESS"

    play(bench, scenario)


def test_a_start_from_a_backup_says_it_too(bench: Bench) -> None:
    change_profile(
        bench.demo,
        "Lighting",
        sessionBackup={"mode": "AUTOMATIC", "maxBackupsToRetain": 2},
    )
    bench.clock.advance(60)  # until the change is done

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, STOPPABLE)
        await pilot.press("n")
        key = await launched_and_stopped(pilot, bench)
        no_stop(bench.demo)
        await acts.refresh(pilot)
        acts.select(pilot, key)
        pilot.app.clear_notifications()  # they would cover the only backup
        await pilot.press("b")
        await until(pilot, lambda: acts.page_of(pilot) == "backups")
        await until_seen(pilot, "can be restored")
        await pilot.press("enter")
        await acts.listening(pilot, acts.BACKUP)
        assert WARNING in said(pilot)
        assert "Everything saved on it since then is lost" in said(pilot)
        assert acts.focused_button(pilot) == "cancel"

    play(bench, scenario)


async def launched_and_stopped(pilot: Pilot[None], bench: Bench) -> str:
    """Launch what the open dialog offers and stop it; return its id."""
    before = {row.key for row in acts.rows(pilot)}
    await until_seen(pilot, "enter launches")
    await settled(pilot)
    bench.clock.advance(1)
    await pilot.press("enter")
    await until(pilot, lambda: not acts.launching(pilot) and posts(bench))
    bench.clock.advance(60)
    key = next(
        one.session_id
        for one in bench.service().list_streaming_sessions().items
        if one.session_id not in before and one.state == "READY"
    )
    bench.service().act(SessionAction.STOP, key)
    bench.clock.advance(60)
    return key


# Stops.


def test_s_and_enter_stop_and_escape_does_not(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        session_id = await acts.ask(pilot, STOPPABLE, "s")
        assert "enter stops it   esc cancels" in seen(pilot.app)
        await pilot.press("escape")
        await until_told(pilot, "Not stopped. It keeps running")
        assert posts(bench) == []
        await acts.ask(pilot, STOPPABLE, "s")
        await until(pilot, lambda: "Not stopped" not in told(pilot.app))
        await pilot.press("enter")
        await acts.until_on_main(pilot)
        await acts.answered(pilot)
        assert state_of(bench, session_id) == "STOP_IN_PROGRESS"

    play(bench, scenario)


def test_an_enter_that_came_too_soon_leaves_the_dialog_open_and_says_so(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, STOPPABLE)
        await pilot.press("s", "enter")
        await until_seen(pilot, "too soon: press enter again")
        assert posts(bench) == []
        await until(pilot, lambda: not acts.sure(pilot).has_class("-active"))
        bench.clock.advance(1)
        await pilot.press("enter")
        await until(pilot, lambda: posts(bench))
        await acts.answered(pilot)

    play(bench, scenario)


def test_a_key_held_down_confirms_nothing(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, STOPPABLE)
        await pilot.press("s")
        for _ in range(20):
            bench.clock.advance(0.03)
            await pilot.press("enter")
        assert acts.is_open(pilot, acts.STOP)
        assert posts(bench) == []

    play(bench, scenario)


async def throw(pilot: Pilot[None]) -> str:
    """Ask for a stop, and tick that the disk goes too; return the workstation's id."""
    session_id = await acts.ask(pilot, STOPPABLE, "s")
    await pilot.press("shift+tab", "shift+tab", "space")
    await until_seen(pilot, "deleted permanently")
    return session_id


def test_stray_keys_throw_no_disk_away(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await throw(pilot)
        dialog = pilot.app.screen
        assert acts.focused_button(pilot) == "cancel"
        assert acts.sure(pilot).disabled
        await pilot.press("right", "right", "z", "enter")
        await until_seen(pilot, "doesn't match; no changes made")
        assert pilot.app.screen is dialog
        assert posts(bench) == []

    play(bench, scenario)


def test_four_characters_throw_the_disk_away_and_all_that_is_said_of_it_is_so(
    bench: Bench,
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        session_id = await throw(pilot)
        code = session_id[-4:]
        assert code in seen(pilot.app)
        answer = bench.gate.hold(b"/stop")
        await pilot.press(*code)
        assert acts.focused_button(pilot) == "sure"
        await pilot.press("enter")
        await acts.until_on_main(pilot)
        await until_seen(pilot, "its disk is deleted")
        answer.set()
        await acts.answered(pilot)
        assert b"/stop" in posts(bench)[0]
        bench.clock.advance(60)
        acts.start_refresh(pilot)
        await until(pilot, lambda: not acts.refreshing(pilot) and state_of(bench, session_id))
        await acts.go_to(pilot, STOPPABLE)
        await until_seen(pilot, "STOPPED")
        details = said(pilot)
        assert "Disk deleted at its last stop" in details
        assert "It starts with a new disk" in details
        assert "as you left it" not in details
        await pilot.press("v")
        await until_seen(pilot, "Disk and backups")
        everything = " ".join(seen(pilot.app).split())
        assert "stopped, its disk was deleted · STOPPED" in everything
        assert "its disk was deleted · DELETE" in everything
        assert "its disk is kept" not in everything
        await pilot.press("escape")
        await acts.ask(pilot, STOPPABLE, "d")
        assert "Its disk was deleted at its last stop" in said(pilot)
        assert "its disk permanently" not in said(pilot)

    play(bench, scenario, size=(120, 60))


def test_a_disk_that_is_not_thrown_away_after_all_needs_no_code(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        session_id = await throw(pilot)
        await pilot.press("shift+tab", "space")
        await until_seen(pilot, "Kept with its disk for 4 days")
        assert not acts.sure(pilot).disabled
        await pilot.press("tab", "tab", "enter")
        await until(pilot, lambda: posts(bench))
        await acts.answered(pilot)
        session = bench.service().get_streaming_session(session_id)
        assert session.volume_retention_mode == "RETAIN"

    play(bench, scenario)


# Deletes, and what is typed for them.


def test_delete_says_what_would_have_been_kept(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        for title, instead in (
            (STOPPABLE, "If you stop it instead, it is kept for 4 days."),
            ("Review", "There is no way to keep it: it can't be stopped."),
            (SLEEPING, "If you leave it stopped, it is kept until you delete it."),
            (ASLEEP, "If you leave it stopped, it will be deleted anyway, at 14:18."),
        ):
            await acts.ask(pilot, title, "d")
            assert instead in said(pilot)
            await pilot.press("escape")
            await acts.until_on_main(pilot)

    play(bench, scenario)


def test_the_keys_of_a_delete_say_that_enter_cancels_until_it_is_typed_for(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.ask(pilot, STOPPABLE, "d")
        await until_seen(pilot, "enter or esc cancels")
        await pilot.press("x")
        await until_seen(pilot, "type the characters, then enter")
        await pilot.press("backspace")
        await until_seen(pilot, "enter or esc cancels")

    play(bench, scenario)


def unclear(bench: Bench) -> str:
    """Have a launch that gets no clear answer for as long as it takes; return its workstation."""
    found = bench.service().list_streaming_sessions().items
    key = next(one.session_id for one in found if one.tags.get("Name") == SLEEPING)
    make_unclear(bench.demo.studio, key, "create", bench.clock.now() - GIVE_UP_AFTER)
    return key


def test_an_unclear_launch_is_given_up_not_deleted(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        key = unclear(bench)
        await acts.live(pilot)
        await acts.go_to(pilot, SLEEPING)
        await until_seen(pilot, "no clear answer; delete it to give up")
        assert "Gives up its launch: it becomes CREATE_FAILED" in said(pilot)
        await pilot.press("s")
        await until_told(pilot, "Delete it to give up.")
        await acts.ask(pilot, SLEEPING, "d")
        assert "a machine that turns up later is terminated" in said(pilot)
        await pilot.press(*key[-4:], "enter")
        await acts.answered(pilot)
        assert state_of(bench, key) == "CREATE_FAILED"
        await until_seen(pilot, "it was given up")
        await acts.page(pilot, "h", "history")
        await until_seen(pilot, "You gave it up")

    play(bench, scenario)


def test_a_launch_that_got_its_answer_in_the_dialog_is_not_deleted(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        key = unclear(bench)
        await acts.live(pilot)
        await acts.ask(pilot, SLEEPING, "d")
        make_clear(bench.demo.studio, key)  # the app has not seen that yet
        await pilot.press(*key[-4:], "enter")
        await until_told(pilot, "Nothing was sent")
        assert posts(bench) == []
        assert bench.service().get_streaming_session(key).state == "READY"

    play(bench, scenario)


@pytest.mark.parametrize("typed", ["#", "ab", "abc#"])
def test_a_wrong_code_stays_and_says_so(bench: Bench, typed: str) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.ask(pilot, SLEEPING, "d")
        dialog = pilot.app.screen
        await pilot.press(*typed, "enter")
        await until_seen(pilot, "doesn't match; no changes made")
        # What would be commands of the screen below is typed into the dialog.
        await pilot.press("t", "s", "enter")
        assert pilot.app.screen is dialog
        assert posts(bench) == []
        await pilot.press("escape")
        await acts.until_on_main(pilot)
        await until_told(pilot, "Not deleted")

    play(bench, scenario)


@pytest.mark.parametrize("opener", ["s", "d", "e"])
def test_what_is_typed_into_a_dialog_that_closed_by_itself_does_nothing(
    bench: Bench, opener: str
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        key = await acts.go_to(pilot, STOPPABLE)
        await pilot.press(opener)
        await acts.dialog_of(pilot, acts.STOP, acts.DELETE, acts.RENAME)
        bench.clock.advance(1)
        bench.service().act(SessionAction.DELETE, key)
        bench.clock.advance(60)
        acts.start_refresh(pilot)
        await acts.until_on_main(pilot)
        await until_told(pilot, "No changes made")
        # The cursor is on another workstation by now.
        for letter in "stdn":
            await pilot.press(letter)
            bench.clock.advance(0.4)
        await pilot.press("enter")
        await settled(pilot)
        assert acts.on_main(pilot)
        assert posts(bench) == []
        bench.clock.advance(2)
        await pilot.press("d")
        await acts.dialog_of(pilot, acts.DELETE)

    play(bench, scenario)


def test_it_can_be_left_while_keys_are_ignored(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.ask(pilot, STOPPABLE, "s")
        acts.close_by_itself(pilot)
        await acts.until_on_main(pilot)
        await pilot.press("q")
        assert pilot.app.is_running
        await pilot.press("ctrl+q")
        await until(pilot, lambda: not pilot.app.is_running)

    play(bench, scenario)


# Keys of dialogs.


@pytest.mark.parametrize("key", ["s", "d", "e", "n", "g", "l", "o", "i", "question_mark"])
def test_every_dialog_names_its_keys(bench: Bench, key: str) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, STOPPABLE)
        if key == "o":
            bench.studios.configured = True
        await pilot.press(key)
        await until(pilot, lambda: isinstance(pilot.app.screen, ModalScreen))
        await settled(pilot)
        box = pilot.app.screen.query_one(".dialog")
        assert "esc" in str(box.border_subtitle)
        assert str(box.border_subtitle) in seen(pilot.app)

    from tests.tui.bench import NAME

    play(bench, scenario, studio=NAME)


@pytest.mark.parametrize(
    ("title", "keys", "does", "left"),
    [
        (STOPPABLE, ("s",), "stops it", "Not stopped"),
        (ASLEEP, ("t",), "starts it", "Not started"),
        (SLEEPING, ("d",), "deletes it", "Not deleted"),
        (ASLEEP, ("k",), "keeps it", "Not kept"),
        (SLEEPING, ("b", "enter"), "restores it", "Not restored"),
    ],
)
def test_every_question_about_a_workstation_says_what_enter_does_and_what_was_not_done(
    bench: Bench, title: str, keys: tuple[str, ...], does: str, left: str
) -> None:
    if does == "starts it":
        no_stop(bench.demo)

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        key = await acts.go_to(pilot, title)
        for pressed in keys:
            await pilot.press(pressed)
            await settled(pilot)
        bench.clock.advance(1)
        if acts.is_open(pilot, acts.DELETE):
            await pilot.press(*key[-4:])
        acts.sure(pilot).focus()
        await until_seen(pilot, f"enter {does}   esc cancels")
        await pilot.press("escape")
        await until_told(pilot, left)
        assert posts(bench) == []

    play(bench, scenario)
