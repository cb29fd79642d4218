"""What is dangerous is said first and confirmed; what is not confirmed never happens."""

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from nimble_tui.core.model import SessionAction
from nimble_tui.tui.dialogs.bring_back import BringBackDialog
from nimble_tui.tui.dialogs.confirm import DeleteDialog, SessionDialog, StartDialog, StopDialog
from nimble_tui.tui.dialogs.rename_dialog import RenameDialog
from nimble_tui.tui.dialogs.wish_dialog import WishDialog
from nimble_tui.tui.pages.backups import BackupsPage
from nimble_tui.tui.screens.main import MainScreen
from nimble_tui.tui.widgets.detail_pane import DetailPane
from tests.studio.profiles import change_profile, no_stop
from tests.tui.bench import (
    Bench,
    live,
    main_screen,
    play,
    seen,
    settled,
    told,
    until,
    until_on,
    until_seen,
    until_told,
)
from tests.tui.test_actions import SLEEPING, STOPPABLE, ask, go_to, posts, state_of

ASLEEP = "Lighting ·"
"""Stopped, and of a launch profile whose length says whether it can be stopped again."""
WARNING = "It cannot be stopped again and will be"
ENDS = "tomorrow at 00:56"


def focused(pilot: Pilot[None]) -> str | None:
    """Return the id of the button that has the focus."""
    found = pilot.app.screen.focused
    return found.id if isinstance(found, Button) else None


def said(pilot: Pilot[None]) -> str:
    """Return what the screen on top says, as one line: its texts, and its details."""
    texts = [str(one.content) for one in pilot.app.screen.query(Static)]
    texts += [one.render().plain for one in pilot.app.screen.query(DetailPane)]
    return " ".join(" ".join(texts).split())


async def dialog_of(pilot: Pilot[None], kind: type[ModalScreen[Any]]) -> Any:
    """Wait for a dialog of this kind, and until it listens."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))
    await until(pilot, lambda: pilot.app.screen.focused is not None)
    main_screen(pilot.app).nimble.clock.advance(1)  # type: ignore[attr-defined]
    return pilot.app.screen


async def open_start(pilot: Pilot[None], screen: MainScreen, way: str) -> str:
    """Ask for a start in one of the ways there are; return the id of the workstation."""
    key = await go_to(pilot, screen, ASLEEP)
    if way == "palette":
        await pilot.press("ctrl+p")
        await until_seen(pilot, "Start a workstation again")
        await pilot.press(*"start a work")
        await until(pilot, lambda: "Look at the studio" not in seen(pilot.app))
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
        screen = await live(pilot)
        if when.startswith("after"):
            no_stop(bench.demo)
        key = await open_start(pilot, screen, way)
        if way == "enter":
            await dialog_of(pilot, WishDialog)
            if when.startswith("after"):
                await pilot.press("enter")
        if way != "enter" or when.startswith("after"):
            await dialog_of(pilot, StartDialog)
        assert f"{WARNING} deleted {ENDS}." in said(pilot)
        assert focused(pilot) == "cancel"
        assert posts(bench) == []
        await pilot.press("enter")
        await until_on(pilot, screen)
        assert posts(bench) == []
        assert state_of(bench, key) == "STOPPED"
        # Confirmed, it is started.
        await open_start(pilot, screen, way)
        await dialog_of(pilot, WishDialog if way == "enter" else StartDialog)
        await pilot.press("right", "enter")
        await until(pilot, lambda: posts(bench) and not screen.asked)
        assert state_of(bench, key) == "START_IN_PROGRESS"
        assert (key in screen.wishes) == (way == "enter")

    play(bench, scenario)


def test_a_start_confirmed_after_all_connects_all_the_same(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        no_stop(bench.demo)
        key = await open_start(pilot, screen, "enter")
        await dialog_of(pilot, WishDialog)
        await pilot.press("enter")
        await dialog_of(pilot, StartDialog)
        await pilot.press("right", "enter")
        await until(pilot, lambda: posts(bench) and not screen.asked)
        assert key in screen.wishes

    play(bench, scenario)


def test_the_details_say_it_before_anything_is_pressed(bench: Bench) -> None:
    no_stop(bench.demo)

    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        await go_to(pilot, screen, ASLEEP)
        assert f"{WARNING} deleted {ENDS}." in said(pilot)

    play(bench, scenario, size=(120, 40))


def test_a_start_that_a_stop_undoes_needs_no_dialog(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        key = await open_start(pilot, screen, "t")
        await until_on(pilot, screen)
        await until(pilot, lambda: posts(bench) and not screen.asked)
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
        screen = await live(pilot)
        await go_to(pilot, screen, STOPPABLE)
        await pilot.press("n")
        key = await launched_and_stopped(pilot, screen, bench)
        no_stop(bench.demo)
        screen.look(for_me=True)
        await until(pilot, lambda: not screen.looking)
        screen.workstations.select(key)
        pilot.app.clear_notifications()  # they would cover the only backup
        await pilot.press("b")
        await until(pilot, lambda: isinstance(pilot.app.screen, BackupsPage))
        await until_seen(pilot, "can be used")
        await pilot.press("enter")
        await dialog_of(pilot, BringBackDialog)
        assert WARNING in said(pilot)
        assert "what was saved on it since then is gone" in said(pilot)
        assert focused(pilot) == "cancel"

    play(bench, scenario)


async def launched_and_stopped(pilot: Pilot[None], screen: MainScreen, bench: Bench) -> str:
    """Launch what the open dialog offers and stop it; return its id."""
    before = {row.key for row in screen.workstations.rows}
    await until_seen(pilot, "enter launches")
    await settled(pilot)
    bench.clock.advance(1)
    await pilot.press("enter")
    await until(pilot, lambda: not screen.coming and posts(bench))
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
        screen = await live(pilot)
        dialog = await ask(pilot, screen, STOPPABLE, "s")
        assert "enter stops it   esc cancels" in seen(pilot.app)
        await pilot.press("escape")
        await until_told(pilot, "Nothing was stopped; it runs on")
        assert posts(bench) == []
        await ask(pilot, screen, STOPPABLE, "s")
        await until(pilot, lambda: "Nothing was stopped" not in told(pilot.app))
        await pilot.press("enter")
        await until_on(pilot, screen)
        await until(pilot, lambda: not screen.asked)
        assert state_of(bench, dialog.session_id) == "STOP_IN_PROGRESS"

    play(bench, scenario)


def test_an_enter_that_came_too_soon_leaves_the_dialog_open_and_says_so(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        await go_to(pilot, screen, STOPPABLE)
        await pilot.press("s", "enter")
        await until_seen(pilot, "too soon, press enter again")
        dialog = pilot.app.screen
        assert isinstance(dialog, StopDialog)
        assert posts(bench) == []
        await until(pilot, lambda: not dialog.sure.has_class("-active"))
        bench.clock.advance(1)
        await pilot.press("enter")
        await until(pilot, lambda: posts(bench) and not screen.asked)

    play(bench, scenario)


def test_a_key_held_down_confirms_nothing(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        await go_to(pilot, screen, STOPPABLE)
        await pilot.press("s")
        for _ in range(20):
            bench.clock.advance(0.03)
            await pilot.press("enter")
        assert isinstance(pilot.app.screen, StopDialog)
        assert posts(bench) == []

    play(bench, scenario)


async def throw(pilot: Pilot[None], screen: MainScreen) -> StopDialog:
    """Ask for a stop, and tick that the disk goes too."""
    dialog = await ask(pilot, screen, STOPPABLE, "s")
    assert isinstance(dialog, StopDialog)
    await pilot.press("shift+tab", "shift+tab", "space")
    await until_seen(pilot, "thrown away for good")
    return dialog


def test_stray_keys_throw_no_disk_away(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        dialog = await throw(pilot, screen)
        assert focused(pilot) == "cancel"
        assert dialog.sure.disabled
        await pilot.press("right", "right", "z", "enter")
        await until_seen(pilot, "wrong; nothing was done")
        assert pilot.app.screen is dialog
        assert posts(bench) == []

    play(bench, scenario)


def test_four_characters_throw_the_disk_away_and_all_that_is_said_of_it_is_so(
    bench: Bench,
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        dialog = await throw(pilot, screen)
        code = dialog.session_id[-4:]
        assert code in seen(pilot.app)
        answer = bench.gate.hold(b"/stop")
        await pilot.press(*code)
        assert focused(pilot) == "sure"
        await pilot.press("enter")
        await until_on(pilot, screen)
        await until_seen(pilot, "its disk is thrown away")
        answer.set()
        await until(pilot, lambda: not screen.asked)
        assert b"/stop" in posts(bench)[0]
        bench.clock.advance(60)
        screen.look()
        await until(pilot, lambda: not screen.looking and state_of(bench, dialog.session_id))
        await go_to(pilot, screen, STOPPABLE)
        await until_seen(pilot, "STOPPED")
        details = said(pilot)
        assert "Disk thrown away at its last stop" in details
        assert "it comes back as new" in details
        assert "as you left it" not in details
        await pilot.press("v")
        await until_seen(pilot, "Disk and backups")
        everything = " ".join(seen(pilot.app).split())
        assert "stopped, its disk was thrown away · STOPPED" in everything
        assert "its disk was thrown away at the last stop · DELETE" in everything
        assert "its disk is kept" not in everything
        await pilot.press("escape")
        await ask(pilot, screen, STOPPABLE, "d")
        assert "its disk was thrown away at its last stop" in said(pilot)
        assert "It and its disk" not in said(pilot)

    play(bench, scenario, size=(120, 60))


def test_a_disk_that_is_not_thrown_away_after_all_needs_no_code(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        dialog = await throw(pilot, screen)
        await pilot.press("shift+tab", "space")
        await until_seen(pilot, "Its disk is kept for 4 days")
        assert not dialog.sure.disabled
        await pilot.press("tab", "tab", "enter")
        await until(pilot, lambda: posts(bench) and not screen.asked)
        session = bench.service().get_streaming_session(dialog.session_id)
        assert session.volume_retention_mode == "RETAIN"

    play(bench, scenario)


# Deletes, and what is typed for them.


def test_delete_says_what_would_have_been_kept(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        for title, instead in (
            (STOPPABLE, "Stopped instead, it would be kept for 4 days."),
            ("Review", "Nothing of it can be kept instead: it cannot be stopped."),
            (SLEEPING, "Left stopped, it is kept until you delete it."),
            (ASLEEP, "Left stopped, it is kept until 14:18."),
        ):
            await ask(pilot, screen, title, "d")
            assert instead in said(pilot)
            await pilot.press("escape")
            await until_on(pilot, screen)

    play(bench, scenario)


@pytest.mark.parametrize("typed", ["#", "ab", "abc#"])
def test_a_wrong_code_stays_and_says_so(bench: Bench, typed: str) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        dialog = await ask(pilot, screen, SLEEPING, "d")
        await pilot.press(*typed, "enter")
        await until_seen(pilot, "wrong; nothing was done")
        # What would be commands of the screen below is typed into the dialog.
        await pilot.press("t", "s", "enter")
        assert pilot.app.screen is dialog
        assert posts(bench) == []
        await pilot.press("escape")
        await until_on(pilot, screen)
        await until_told(pilot, "Nothing was deleted")

    play(bench, scenario)


@pytest.mark.parametrize("opener", ["s", "d", "e"])
def test_what_is_typed_into_a_dialog_that_closed_by_itself_does_nothing(
    bench: Bench, opener: str
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        key = await go_to(pilot, screen, STOPPABLE)
        await pilot.press(opener)
        kinds = (StopDialog, DeleteDialog, RenameDialog)
        await until(pilot, lambda: isinstance(pilot.app.screen, kinds))
        bench.clock.advance(1)
        bench.service().act(SessionAction.DELETE, key)
        bench.clock.advance(60)
        screen.look()
        await until_on(pilot, screen)
        await until_told(pilot, "nothing was done")
        # The cursor is on another workstation by now.
        for letter in "stdn":
            await pilot.press(letter)
            bench.clock.advance(0.4)
        await pilot.press("enter")
        await settled(pilot)
        assert pilot.app.screen is screen
        assert posts(bench) == []
        bench.clock.advance(2)
        await pilot.press("d")
        await until(pilot, lambda: isinstance(pilot.app.screen, DeleteDialog))

    play(bench, scenario)


def test_it_can_be_left_while_keys_are_ignored(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        dialog = await ask(pilot, screen, STOPPABLE, "s")
        dialog.close_by_itself(False)
        await until_on(pilot, screen)
        await pilot.press("q")
        assert pilot.app.is_running
        await pilot.press("ctrl+q")
        await until(pilot, lambda: not pilot.app.is_running)

    play(bench, scenario)


# Keys of dialogs.


@pytest.mark.parametrize("key", ["s", "d", "e", "n", "g", "l", "o", "i", "question_mark"])
def test_every_dialog_names_its_keys(bench: Bench, key: str) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        await go_to(pilot, screen, STOPPABLE)
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


def test_every_question_about_a_workstation_says_what_enter_does_and_what_was_not_done() -> None:
    kinds = [SessionDialog]
    for kind in kinds:
        kinds += kind.__subclasses__()
    for kind in kinds[1:]:
        assert kind.DOES.endswith(" it")
        assert kind.LEFT.startswith("Nothing was ")
