"""Pictures of the People screen; the docstring says what a person must see in each."""

import pytest
from textual.pilot import Pilot

from tests.tui import acts, people_bench
from tests.tui.bench import Bench, Snap, Step, settled, until
from tests.tui.people_bench import ADMIN, OPERATOR, of, page
from tests.tui.test_snapshots import SIZES, SMALL_ABOVE_ALL

BRUNO, NOOR, THEO, ZOFIA = "Bruno Ferreira", "Noor Rahimi", "Theo Lindqvist", "Zofia Kowalska"


def keys(bench: Bench, *pressed: str) -> Step:
    """Return the step that presses keys and waits for what they begin."""

    async def step(pilot: Pilot[None]) -> None:
        for key in pressed:
            bench.clock.advance(1)
            await pilot.press(key)
            await settled(pilot)
        pilot.app.clear_notifications()
        await pilot.pause()

    return step


@SIZES
def test_people(snap: Snap, bench: Bench, size: tuple[int, int]) -> None:
    """A line each: admins with ◆, sessions counted, DataZone in words; below, all about Noor."""
    bench.name = ADMIN
    assert snap(of(bench, NOOR), size=size)


@SIZES
def test_the_matrix(snap: Snap, bench: Bench, size: tuple[int, int]) -> None:
    """Dots under the names of launch profiles, [ ] around the cell that the line below is about."""
    bench.name = ADMIN
    assert snap(of(bench, NOOR, "m", "right"), size=size)


def test_people_in_light(snap: Snap, bench: Bench) -> None:
    """The same list on paper."""
    bench.name = ADMIN
    assert snap(of(bench, NOOR), theme="nimble-light")


def test_the_matrix_in_high_contrast(snap: Snap, bench: Bench) -> None:
    """The same dots, brightly."""
    bench.name = ADMIN
    assert snap(of(bench, NOOR, "m", "right"), theme="nimble-high-contrast")


def test_people_without_colour(snap: Snap, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Greys alone: every status has its symbol and its word."""
    monkeypatch.setenv("NO_COLOR", "1")
    bench.name = ADMIN
    assert snap(of(bench, NOOR))


def test_people_on_a_very_wide_terminal(snap: Snap, bench: Bench) -> None:
    """What is known of Noor stands beside the list."""
    bench.name = ADMIN
    assert snap(of(bench, NOOR), size=(180, 40))


def test_people_on_a_narrow_terminal(snap: Snap, bench: Bench) -> None:
    """Names, roles and launch profiles; the other columns are left out."""
    bench.name = ADMIN
    assert snap(of(bench, NOOR), size=(50, 20))


@SMALL_ABOVE_ALL
def test_people_as_an_artist_sees_them(snap: Snap, bench: Bench, size: tuple[int, int]) -> None:
    """Who is on my launch profiles, the admins, and below whom to ask; keys for changes are dim."""
    assert snap(of(bench, NOOR), size=size)


def test_filtered_people(snap: Snap, bench: Bench) -> None:
    """The field with `comp artist`, and how many of all match."""
    bench.name = ADMIN
    assert snap(of(bench, NOOR, "slash", *"comp artist"))


def test_nobody_matches(snap: Snap, bench: Bench) -> None:
    """A sentence in the middle that says how to see all again."""
    bench.name = ADMIN
    assert snap(of(bench, NOOR, "slash", *"nobody"))


@SMALL_ABOVE_ALL
def test_add_to_a_launch_profile(snap: Snap, bench: Bench, size: tuple[int, int]) -> None:
    """The launch profiles that Noor is not on, the first chosen."""
    bench.name = ADMIN
    assert snap(of(bench, NOOR, "a"), size=size)


def test_take_off_a_launch_profile(snap: Snap, bench: Bench) -> None:
    """Noor and Lighting named, what comes of it; Cancel has the focus."""
    bench.name = ADMIN
    assert snap(of(bench, NOOR, "x", "enter"))


def test_make_an_admin(snap: Snap, bench: Bench) -> None:
    """What an admin may do; Cancel has the focus."""
    bench.name = OPERATOR
    assert snap(of(bench, NOOR, "A"))


@SMALL_ABOVE_ALL
def test_onboard(snap: Snap, bench: Bench, size: tuple[int, int]) -> None:
    """Boxes to tick, one of them ticked, admin rights last."""
    bench.name = ADMIN
    assert snap(of(bench, ZOFIA, "n", "space", "down"), size=size)


@SMALL_ABOVE_ALL
def test_a_plan_to_review(snap: Snap, bench: Bench, size: tuple[int, int]) -> None:
    """Every step still open, the operator's with its command; nothing was done yet."""
    bench.name = ADMIN
    assert snap(of(bench, ZOFIA, "n", "space", "enter"), size=size)


@SMALL_ABOVE_ALL
def test_a_plan_of_somebody_who_leaves(snap: Snap, bench: Bench, size: tuple[int, int]) -> None:
    """The steps, then the workstation that stays, under the cursor; how it would be deleted."""
    bench.name = ADMIN
    assert snap(of(bench, THEO, "o", "up", "end"), size=size)


def test_a_plan_that_failed(snap: Snap, bench: Bench) -> None:
    """One step ticked, one crossed out, the sentence in red; Go on has the focus."""
    bench.name = ADMIN

    async def fail(pilot: Pilot[None]) -> None:
        second = people_bench.plan(pilot).launch_profile_ids[1].encode()
        bench.gate.lose(second)
        before = len(bench.gate.calls)
        bench.clock.advance(1)
        await pilot.press("right", "enter")
        await until(pilot, lambda: any(second in line for line in bench.gate.calls[before:]))
        await until(pilot, lambda: people_bench.plan_problem(pilot))
        await acts.refreshed_people(pilot)
        acts.start_refresh_of_people(pilot)
        await until(pilot, lambda: people_bench.is_begun(pilot) and not people_bench.problem(pilot))

    assert snap(of(bench, BRUNO, "o"), fail)


def test_a_plan_that_is_done(snap: Snap, bench: Bench) -> None:
    """Green ticks, the operator's step left with its command, and Close."""
    bench.name = ADMIN
    assert snap(of(bench, THEO, "o", "right", "enter"))


@SMALL_ABOVE_ALL
def test_an_unfinished_plan_is_offered(snap: Snap, bench: Bench, size: tuple[int, int]) -> None:
    """A line above the list: whose plan, how far it is, and the key that goes on."""
    bench.name = ADMIN
    steps = of(bench, THEO, "o", "right", "enter"), keys(bench, "escape")
    assert snap(*steps, size=size)


def test_delete_what_somebody_left_behind(snap: Snap, bench: Bench) -> None:
    """The same question as for one's own: four characters to type; Cancel has the focus."""
    bench.name = ADMIN
    assert snap(of(bench, THEO, "o", "up", "end", "enter"))


def test_people_offline(snap: Snap, bench: Bench) -> None:
    """Everybody dimmed, how old that is on the edge, and why above."""
    bench.name = ADMIN

    async def lose(pilot: Pilot[None]) -> None:
        await page(pilot)
        bench.clock.advance(240)
        await acts.refresh_if_due(pilot)
        bench.gate.open = False
        acts.start_refresh_of_people(pilot)
        await until(pilot, lambda: people_bench.problem(pilot))
        people_bench.redraw(pilot)

    assert snap(lose)


def test_people_without_a_directory(snap: Snap, bench: Bench) -> None:
    """Short ids in place of names, the roles as ever, and one line about it."""
    bench.name = ADMIN
    bench.gate.lose(b"POST / ")
    bench.gate.lose(b"/v2/domains/")

    async def opened(pilot: Pilot[None]) -> None:
        await page(pilot)

    assert snap(opened)


def test_help_on_people(snap: Snap, bench: Bench) -> None:
    """The keys of this screen first: matrix, add, take off, onboard, offboard, admin."""
    bench.name = ADMIN
    assert snap(of(bench, NOOR, "question_mark"), size=(120, 36))
