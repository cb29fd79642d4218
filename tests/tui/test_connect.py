"""Connecting: the picture opens, its address stays a secret, and there is always another way."""

import base64
import re
from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from nimble_tui.client.nimble import NimbleService
from nimble_tui.core.model import SessionAction
from nimble_tui.core.streams import StreamingSessionStream
from nimble_tui.desktop import clipboard
from tests.desktop.conftest import Install
from tests.tui import acts
from tests.tui.bench import (
    NAME,
    Bench,
    is_quiet,
    play,
    seen,
    settled,
    told,
    until,
    until_on,
    until_seen,
    until_told,
)
from tests.tui.test_actions import SLEEPING, STOPPABLE, posts, state_of
from tests.tui.test_launch import LAUNCH, asked, too_soon

STREAM = b"/streams HTTP"
SECRET = re.compile(r"https?://\S{20,}|dcv://\S+")


async def connecting(pilot: Pilot[None], title: str, key: str = "enter") -> Screen[Any]:
    """Press enter on a workstation that runs; return the dialog."""
    await acts.live(pilot)
    await acts.go_to(pilot, title)
    await pilot.press(key)
    return await acts.dialog_of(pilot, acts.CONNECT)


def passing(pilot: Pilot[None], condition: Callable[[], object]) -> Callable[[], object]:
    """Return a condition that lets a little time pass whenever it is asked for."""

    def ask() -> object:
        acts.later(pilot, 0.1)
        return condition()

    return ask


async def stuck(pilot: Pilot[None]) -> Screen[Any]:
    """Connect where nothing can be opened; return the dialog once it offers other ways."""
    dialog = await connecting(pilot, STOPPABLE)
    await until(pilot, passing(pilot, lambda: "copy the address" in seen(pilot.app)))
    await settled(pilot)
    return dialog


def test_enter_opens_the_browser_on_the_picture(bench: Bench, install: Install) -> None:
    browser = install("xdg-open")

    async def scenario(pilot: Pilot[None]) -> None:
        await connecting(pilot, STOPPABLE)
        await until_seen(pilot, "Requesting its desktop…")
        await until(pilot, passing(pilot, lambda: "opens in your browser" in told(pilot.app)))
        assert not acts.is_open(pilot, acts.CONNECT)
        (url,) = browser.arguments
        assert url.startswith(bench.gate.endpoint_url)
        app = pilot.app
        for text in (seen(app), told(app), app.title, app.sub_title, app.clipboard):
            assert url not in text
            assert not SECRET.search(text)
        assert len(posts(bench)) == 1

    play(bench, scenario)


def test_from_the_first_screen_to_the_picture_in_three_keys(bench: Bench, install: Install) -> None:
    browser = install("xdg-open")

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await asked(pilot, "n")
        await pilot.press("enter")
        await acts.launched(pilot)
        acts.later(pilot, 30)
        await pilot.press("r")
        await until_told(pilot, "Press enter to connect")
        await pilot.press("enter")
        await until(pilot, passing(pilot, lambda: browser.ran))
        await settled(pilot)

    play(bench, scenario)


def test_how_long_it_takes_is_shown_and_escape_ends_it(bench: Bench, install: Install) -> None:
    browser = install("xdg-open")
    answer = bench.gate.hold(STREAM)

    async def scenario(pilot: Pilot[None]) -> None:
        await connecting(pilot, STOPPABLE)
        acts.later(pilot, 7)
        await until_seen(pilot, "…  7 s")
        await pilot.press("escape")
        assert not acts.is_open(pilot, acts.CONNECT)
        answer.set()
        await until(pilot, passing(pilot, lambda: is_quiet(pilot.app)))
        assert not browser.ran
        assert told(pilot.app).count("opens") == 0

    play(bench, scenario)


def in_osc52(sequence: str) -> str:
    """Return the text that a sequence copies."""
    return base64.b64decode(sequence.removeprefix("\x1b]52;c;").removesuffix("\x07")).decode()


def test_where_nothing_can_be_opened_the_address_can_be_copied_or_shown(
    bench: Bench, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("xdg-open", code=3)
    copied: list[str] = []
    monkeypatch.setattr(clipboard, "through", lambda sequence, _: copied.append(in_osc52(sequence)))

    async def scenario(pilot: Pilot[None]) -> None:
        dialog = await stuck(pilot)
        assert acts.focused_button(pilot) == "copy"
        assert not SECRET.search(seen(pilot.app))
        assert copied == []
        await pilot.press("c")
        assert len(copied) == 1
        assert copied[0].startswith(bench.gate.endpoint_url)
        await until_told(pilot, "The address is copied, if your terminal allows it.")
        assert copied[0] not in repr(dialog) + repr(vars(pilot.app).get("_clipboard"))
        await pilot.press("s")
        await pilot.pause()
        address = copied[0]
        await until_seen(pilot, address[:30])
        await pilot.press("s")
        await pilot.pause()
        assert address[:30] not in seen(pilot.app)

    play(bench, scenario)


def test_the_address_is_gone_when_it_expires(bench: Bench, install: Install) -> None:
    install("xdg-open", code=3)

    async def scenario(pilot: Pilot[None]) -> None:
        dialog = await stuck(pilot)
        await until_seen(pilot, "Valid for 1 min")
        await pilot.press("s")
        await pilot.pause()
        await until_seen(pilot, bench.gate.endpoint_url[:25])
        acts.later(pilot, 300)
        await until(pilot, lambda: pilot.app.screen is not dialog)
        await until_told(pilot, "expired")
        assert bench.gate.endpoint_url not in seen(pilot.app)
        assert acts.address_of(dialog) is None

    play(bench, scenario)


def test_a_key_held_down_copies_and_opens_nothing(
    bench: Bench, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = install("xdg-open", code=3)
    copied: list[str] = []
    monkeypatch.setattr(clipboard, "through", lambda sequence, _: copied.append(in_osc52(sequence)))

    async def scenario(pilot: Pilot[None]) -> None:
        await stuck(pilot)
        (browser.told / "arguments").unlink()
        for _ in range(3):
            await too_soon(pilot)
        assert copied == []
        assert not browser.ran
        acts.later(pilot)
        await pilot.press("enter")
        assert len(copied) == 1
        assert not browser.ran
        await pilot.press("o")
        await until(pilot, lambda: browser.ran)
        await settled(pilot)

    play(bench, scenario)


def test_a_screen_that_is_not_there_yet_can_be_asked_for_again(
    bench: Bench, install: Install
) -> None:
    browser = install("xdg-open")

    async def scenario(pilot: Pilot[None]) -> None:
        bench.gate.lose(STREAM)
        bench.gate.lose(b"/streams HTTP/1.1")
        await connecting(pilot, STOPPABLE)
        await until_seen(pilot, "enter tries again")
        await until_seen(pilot, "✕")
        acts.later(pilot)
        await pilot.press("enter")
        await until(pilot, passing(pilot, lambda: browser.ran))
        await settled(pilot)

    play(bench, scenario)


def test_a_stopped_one_is_started_first_and_then_opens_by_itself(
    bench: Bench, install: Install
) -> None:
    browser = install("xdg-open")

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        key = await wished(pilot, SLEEPING)
        assert state_of(bench, key) == "START_IN_PROGRESS"
        acts.later(pilot, 30)
        await pilot.press("r")
        await until(pilot, passing(pilot, lambda: browser.ran))
        await settled(pilot)
        await acts.until_on_main(pilot)
        assert not acts.waiting_to_connect(pilot)

    play(bench, scenario)


async def wished(pilot: Pilot[None], title: str) -> str:
    """PersonChange to connect to a workstation that is not READY; return its id."""
    await acts.live(pilot)
    key = await acts.go_to(pilot, title)
    await pilot.press("enter")
    await acts.dialog_of(pilot, acts.CONNECT_WHEN_READY, acts.START_AND_CONNECT)
    await too_soon(pilot)
    assert acts.is_open(pilot, acts.CONNECT_WHEN_READY, acts.START_AND_CONNECT)
    acts.later(pilot)
    await pilot.press("enter")
    await acts.until_on_main(pilot)
    assert acts.waiting_to_connect(pilot) == {key}
    await acts.answered(pilot)
    return key


def test_whoever_went_away_is_only_told(bench: Bench, install: Install) -> None:
    browser = install("xdg-open")

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await wished(pilot, "Comp")
        pilot.app.app_focus = False
        acts.later(pilot, 60)
        acts.start_refresh(pilot)
        await until(pilot, lambda: "Comp" in told(pilot.app) and "READY" in told(pilot.app))
        await settled(pilot)
        assert not acts.waiting_to_connect(pilot)
        assert not browser.ran
        await acts.until_on_main(pilot)

    play(bench, scenario)


def test_one_that_is_starting_is_opened_when_it_is_ready(bench: Bench, install: Install) -> None:
    browser = install("xdg-open")

    async def scenario(pilot: Pilot[None]) -> None:
        await wished(pilot, "Comp")
        assert posts(bench) == []
        acts.later(pilot, 60)
        await pilot.press("r")
        await until(pilot, passing(pilot, lambda: browser.ran))
        await settled(pilot)

    play(bench, scenario)


def test_the_screen_opens_in_place_of_a_second_offer_to_wait(
    bench: Bench, install: Install
) -> None:
    browser = install("xdg-open")

    async def scenario(pilot: Pilot[None]) -> None:
        await wished(pilot, "Comp")
        await pilot.press("enter")
        await acts.dialog_of(pilot, acts.CONNECT_WHEN_READY)
        acts.later(pilot, 60)
        acts.start_refresh(pilot)
        await until(pilot, passing(pilot, lambda: browser.ran))
        await acts.until_on_main(pilot)
        assert len(pilot.app.screen_stack) == 1
        await acts.refresh_in_background(pilot)

    play(bench, scenario)


def test_one_that_is_only_just_asked_for_can_be_wished_for(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await asked(pilot)
        answer = bench.gate.hold(LAUNCH)
        await pilot.press("enter")
        await acts.until_on_main(pilot)
        await pilot.press("enter")
        dialog = await acts.dialog_of(pilot, acts.CONNECT_WHEN_READY, acts.START_AND_CONNECT)
        answer.set()
        await acts.launches_answered(pilot)
        await settled(pilot)
        await until_on(pilot, dialog)
        acts.later(pilot)
        await pilot.press("enter")
        await acts.until_on_main(pilot)
        assert acts.waiting_to_connect(pilot) == {acts.selected(pilot).key}
        assert acts.selected(pilot).session.arn is not None

    play(bench, scenario)


def test_looking_only_connects_to_nothing(bench: Bench) -> None:
    bench.studios.read_only = True

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        for title in (STOPPABLE, SLEEPING, "Comp"):
            await acts.go_to(pilot, title)
            await pilot.press("enter")
            await acts.until_on_main(pilot)
            await until_told(pilot, "read-only")
            pilot.app.clear_notifications()
        assert posts(bench) == []

    play(bench, scenario, studio=NAME)


def test_the_native_viewer_takes_its_own_addresses(
    bench: Bench, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = install("dcvviewer")
    url = "dcv://screen.northwind.example:8443/#console"
    stream = StreamingSessionStream("one", state="READY", url=url)
    monkeypatch.setattr(NimbleService, "connect", lambda *_, **__: stream)

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, STOPPABLE)
        await pilot.press("enter")
        await until_told(pilot, "the DCV viewer")
        assert viewer.arguments == [url]

    play(bench, scenario)


def test_a_viewer_that_is_missing_is_named(
    bench: Bench, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("xdg-open")
    stream = StreamingSessionStream("one", state="READY", url="dcv://screen.northwind.example/")
    monkeypatch.setattr(NimbleService, "connect", lambda *_, **__: stream)

    async def scenario(pilot: Pilot[None]) -> None:
        await connecting(pilot, STOPPABLE)
        await until_seen(pilot, "viewer is not installed")
        await until_seen(pilot, "Valid for 2 min, in the DCV viewer")

    play(bench, scenario)


def test_a_mistake_of_our_own_does_not_hang_the_dialog(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("a mistake")

    monkeypatch.setattr(NimbleService, "connect", broken)

    async def scenario(pilot: Pilot[None]) -> None:
        await connecting(pilot, STOPPABLE)
        await until_seen(pilot, "Internal error")
        await pilot.press("escape")

    play(bench, scenario)


def test_an_address_is_in_no_repr() -> None:
    url = "https://screen.northwind.example/?authToken=secret"
    stream = StreamingSessionStream("one", state="READY", url=url)
    assert "secret" not in repr(stream)


def test_a_dialog_closes_when_its_workstation_stops(bench: Bench, install: Install) -> None:
    install("xdg-open", code=3)

    async def scenario(pilot: Pilot[None]) -> None:
        dialog = await stuck(pilot)
        bench.service().act(SessionAction.STOP, acts.subject(pilot))
        acts.start_refresh(pilot)
        await until(pilot, lambda: pilot.app.screen is not dialog)
        await until_told(pilot, "is now STOPPING…")

    play(bench, scenario)


def test_a_mistake_in_opening_leaves_the_address_to_be_copied(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_: str) -> None:
        raise ValueError

    monkeypatch.setattr("nimble_tui.desktop.opening.open_address", breaks)

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await connecting(pilot, STOPPABLE)
        await until(pilot, passing(pilot, lambda: "Internal error" in seen(pilot.app)))
        await settled(pilot)
        assert "enter tries again" not in seen(pilot.app)
        assert acts.focused_button(pilot) == "copy"
        assert "Valid for" in seen(pilot.app)

    play(bench, scenario)
