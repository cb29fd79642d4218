"""Pictures of every screen and dialog; the docstring says what a person must see in each."""

from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from nimble_tui.core.service import ErrorKind, StudioError
from tests.tui import acts
from tests.tui.bench import Bench, Snap, Step, seen, settled, until
from tests.tui.test_guard import unclear

SMALL, LARGE = (80, 24), (120, 36)
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x36"])
SMALL_ABOVE_ALL = pytest.mark.parametrize(
    "size",
    [SMALL, pytest.param(LARGE, marks=pytest.mark.slow)],
    ids=["80x24", "120x36"],
)
"""For what looks the same with more room around it: that is drawn in a long run only."""
STOPPABLE = "sq042 lighting"


async def listed(pilot: Pilot[None]) -> None:
    await acts.live(pilot)


def on(title: str, *keys: str) -> Step:
    async def step(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        await acts.go_to(pilot, title)
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)

    return step


def press(*keys: str) -> Step:
    async def step(pilot: Pilot[None]) -> None:
        for key in keys:
            await pilot.press(key)
            await settled(pilot)

    return step


def until_seen(words: str) -> Step:
    async def step(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: words in seen(pilot.app))

    return step


def typed_code(count: int) -> Step:
    async def step(pilot: Pilot[None]) -> None:
        acts.later(pilot)
        await pilot.press(*acts.subject(pilot)[-4:][:count])

    return step


@SIZES
def test_main(snap: Snap, size: tuple[int, int]) -> None:
    """Launch profiles left, workstations right; the first one loudly to be deleted in 52 min."""
    assert snap(listed, size=size)


def test_main_very_wide(snap: Snap) -> None:
    """Details stand to the right; rows are not torn apart."""
    assert snap(on(STOPPABLE), size=(180, 40))


def test_main_narrow(snap: Snap) -> None:
    """One column: workstations above, details below, no launch profiles."""
    assert snap(on(STOPPABLE), size=(50, 24))


def test_main_low(snap: Snap) -> None:
    """Both lists without details, the key line still at the bottom."""
    assert snap(listed, size=(80, 14))


def test_main_in_light(snap: Snap) -> None:
    """The same in dark ink on paper; the loud row still the loudest."""
    assert snap(listed, theme="nimble-light")


def test_main_in_high_contrast(snap: Snap) -> None:
    """White, yellow and cyan on black; every word easy to read."""
    assert snap(listed, theme="nimble-high-contrast")


def test_main_without_colour(snap: Snap, monkeypatch: pytest.MonkeyPatch) -> None:
    """Greys alone: symbols, words, bold and the filled box still tell the states apart."""
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap(listed)


@SIZES
def test_launch_profile(snap: Snap, size: tuple[int, int]) -> None:
    """The left list has the focus; the detail pane tells about Comp and its Windows image."""
    assert snap(listed, press("shift+tab"), size=size)


@SMALL_ABOVE_ALL
def test_failed_workstation(snap: Snap, size: tuple[int, int]) -> None:
    """sq018 roto is START_FAILED; the pane says that no machine was free and Start is offered."""
    assert snap(on("sq018"), size=size)


@SMALL_ABOVE_ALL
def test_refused(snap: Snap, size: tuple[int, int]) -> None:
    """A message with an amber edge says why Review cannot be stopped and what to do instead."""
    assert snap(on("Review", "s"), size=size)


@SMALL_ABOVE_ALL
def test_filter(snap: Snap, size: tuple[int, int]) -> None:
    """The filter holds `sq0`, three of six workstations match and the border says so."""
    assert snap(listed, press("slash", *"sq0"), size=size)


def test_filter_without_a_match(snap: Snap) -> None:
    """An empty list that says so in its middle, and how to see all again."""
    assert snap(listed, press("slash", *"nothing"))


@SMALL_ABOVE_ALL
def test_stop_dialog(snap: Snap, size: tuple[int, int]) -> None:
    """Stop sq042 lighting? Name, state and id; its disk stays 4 days; Stop it has the focus."""
    assert snap(on(STOPPABLE, "s"), size=size)


def test_stop_dialog_in_light(snap: Snap) -> None:
    """The same dialog on paper."""
    assert snap(on(STOPPABLE, "s"), theme="nimble-light")


def test_stop_dialog_in_high_contrast(snap: Snap) -> None:
    """The same dialog in high contrast."""
    assert snap(on(STOPPABLE, "s"), theme="nimble-high-contrast")


def test_stop_dialog_without_colour(snap: Snap, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same dialog in greys; which button has the focus is plain."""
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap(on(STOPPABLE, "s"))


@SMALL_ABOVE_ALL
def test_delete_dialog(snap: Snap, size: tuple[int, int]) -> None:
    """A red edge, what is lost, the four characters to type, two of them typed; Cancel focused."""
    assert snap(on(STOPPABLE, "d"), typed_code(2), size=size)


def test_delete_dialog_ready(snap: Snap) -> None:
    """All four are typed; Delete for good has the focus."""
    assert snap(on(STOPPABLE, "d"), typed_code(4))


def test_give_up_dialog(snap: Snap, bench: Bench) -> None:
    """Give up this launch? A red edge, what becomes of it, the four characters to type."""
    unclear(bench)
    assert snap(on("sq007", "d"))


@SMALL_ABOVE_ALL
def test_sign_out_dialog(snap: Snap, size: tuple[int, int]) -> None:
    """Sign out? What is forgotten, that workstations go on; Cancel has the focus."""

    async def ask(pilot: Pilot[None]) -> None:
        await acts.sign_out(pilot)

    assert snap(listed, ask, until_seen("Sign out?"), studio="northwind", size=size)


@SIZES
def test_help(snap: Snap, size: tuple[int, int]) -> None:
    """Every key of the main screen, and what each symbol means, without scrolling."""
    assert snap(listed, press("question_mark"), size=size)


@SMALL_ABOVE_ALL
def test_palette(snap: Snap, size: tuple[int, int]) -> None:
    """Every action in plain words with its key; those that are refused say why."""
    assert snap(listed, press("ctrl+p"), until_seen("Delete a workstation"), size=size)


@SMALL_ABOVE_ALL
def test_stopping(snap: Snap, size: tuple[int, int]) -> None:
    """sq042 lighting says STOPPING… in blue, with a moving bar and a stopwatch."""
    steps = (
        on(STOPPABLE, "s"),
        typed_code(0),
        press("enter"),
        until_seen("STOPPING…"),
    )
    assert snap(*steps, size=size)


@SIZES
def test_welcome(snap: Snap, size: tuple[int, int]) -> None:
    """The name in large letters and three ways in; the demo is the first and has the focus."""
    assert snap(size=size, studio=None)


@SMALL_ABOVE_ALL
def test_sign_in_with_an_invite(snap: Snap, size: tuple[int, int]) -> None:
    """The invite in dots, the sentence of what is wrong with it below in red."""

    async def paste(pilot: Pilot[None]) -> None:
        pilot.app.screen.query_one("#invite", Input).value = "nimble1_not-an-invite"

    assert snap(press("2"), paste, size=size, studio=None)


@SMALL_ABOVE_ALL
def test_sign_in_with_fields(snap: Snap, size: tuple[int, int]) -> None:
    """Seven labelled fields, hints in two of them, the secret in dots."""

    async def fill(pilot: Pilot[None]) -> None:
        pilot.app.screen.query_one("#region", Input).value = "us-west-2"
        pilot.app.screen.query_one("#secret_access_key", Input).value = "made up"

    assert snap(press("3"), fill, size=size, studio=None)


@SIZES
def test_offline(snap: Snap, bench: Bench, size: tuple[int, int]) -> None:
    """The lists of three minutes ago, faint; the banner says why and when the next try is.

    The name on the edge of the details is whole: Lighting · dfbw.
    """
    bench.keep_lists()
    bench.clock.advance(180)
    bench.studios.problem = StudioError(
        ErrorKind.UNREACHABLE,
        "The studio at nimble.example.org cannot be reached; check the network or the VPN.",
        retry_after=20,
    )
    assert snap(until_seen("cannot be reached"), size=size)


@SMALL_ABOVE_ALL
def test_signed_out(snap: Snap, bench: Bench, size: tuple[int, int]) -> None:
    """Signed out on top and in the banner, and how to sign in again."""
    bench.studios.signed_in = False

    async def leave(pilot: Pilot[None]) -> None:
        await acts.shown(pilot)
        await until(pilot, lambda: "Sign in with" in seen(pilot.app))
        await pilot.press("escape")

    assert snap(leave, until_seen("Press i to sign in"), studio="northwind", size=size)


def test_look_only(snap: Snap, bench: Bench) -> None:
    """LOOK ONLY on top; every action is refused and the pane says where that is set."""
    bench.studios.read_only = True
    assert snap(on(STOPPABLE), studio="northwind")


def test_a_studio_with_a_colour_of_its_own(snap: Snap, bench: Bench) -> None:
    """The mark before the studio's name is orange."""
    known = bench.studios.info
    bench.studios.info = lambda name: replace(known(name), accent="#ff7a1a")  # type: ignore[method-assign]
    assert snap(listed, studio="northwind")


def test_no_room(snap: Snap) -> None:
    """Nothing but the wish for a larger window."""
    assert snap(listed, size=(20, 5))
