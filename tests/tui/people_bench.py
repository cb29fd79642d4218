"""What the tests of the People screen share: the page, whose it is, and people made up."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from textual.pilot import Pilot
from textual.screen import Screen

from nimble_tui.core.model import LaunchProfile
from nimble_tui.core.people.model import Identity, People, Person, Role
from nimble_tui.core.people.plans import Plan, StepState
from nimble_tui.tui.people.page import PeoplePage
from nimble_tui.tui.people.person_list import PeopleList
from nimble_tui.tui.people.plan_dialog import PlanDialog
from nimble_tui.tui.people.ticks import Ticks
from nimble_tui.tui.widgets.rows import Rows
from nimble_tui.view.people.person_rows import PersonRow
from tests.tui import acts
from tests.tui.bench import Bench, Step, seen, settled, until

ADMIN, OPERATOR = "Inês Cardoso", "Pat Okafor"

# Titles of dialogs, by which they are recognised.

ADD = "Add to launch profile"
TAKE_OFF = "Remove from launch profile"
TAKE_OFF_SURE = "Remove from launch profile?"
MAKE_ADMIN = "Make admin?"
ACCESS = "Access"
PROFILE = "DataZone profile"
FIND = "Find in DataZone"
ONBOARD = "Onboard"


# The page.


def _page(pilot: Pilot[None]) -> PeoplePage:
    return next(one for one in pilot.app.screen_stack if isinstance(one, PeoplePage))


async def page(pilot: Pilot[None]) -> Screen[Any]:
    """Open the People screen; return it once everyone is on it."""
    await acts.until_named(pilot)
    await pilot.press("p")
    opened = _page(pilot)
    assert pilot.app.screen is opened
    await until(pilot, lambda: acts.people(pilot).people is not None)
    await acts.refreshed_people(pilot)
    await settled(pilot)
    pilot.app.clear_notifications()
    await pilot.pause()
    return opened


def person_list(pilot: Pilot[None]) -> PeopleList:
    """Return the list of people."""
    return _page(pilot).query_one("#list", PeopleList)


def rows(pilot: Pilot[None]) -> Rows[PersonRow]:
    """Return what shows the people now: the list, or the matrix."""
    return _page(pilot).rows


def names(pilot: Pilot[None]) -> list[str]:
    """Return the names of those who are shown, from top to bottom."""
    return [row.person.name for row in rows(pilot).rows]


def person(pilot: Pilot[None]) -> Person:
    """Return who is under the cursor."""
    found = _page(pilot).person
    assert found is not None
    return found


def column(pilot: Pilot[None]) -> str:
    """Return the title of the launch profile under the cursor of the matrix; empty in the list."""
    found = _page(pilot).launch_profile
    return found.title if found else ""


def is_matrix(pilot: Pilot[None]) -> bool:
    """Return whether the people are shown as a matrix of launch profiles."""
    return _page(pilot).crossed


def filter_text(pilot: Pilot[None]) -> str:
    """Return what the people are filtered by."""
    return _page(pilot).wanted


def redraw(pilot: Pilot[None]) -> None:
    """Draw the page as it is by now, as the app does every few seconds."""
    _page(pilot).draw()


def go_to(pilot: Pilot[None], name: str) -> Person:
    """Put the cursor on a person."""
    row = next(row for row in rows(pilot).rows if row.person.name == name)
    rows(pilot).select(row.key)
    return row.person


# Keys.


def of(bench: Bench, name: str, *keys: str, begin: Callable[[], object] = lambda: None) -> Step:
    """Return the step that opens People with the cursor on a person, and presses keys."""

    async def step(pilot: Pilot[None]) -> None:
        await page(pilot)
        begin()
        go_to(pilot, name)
        await settled(pilot)
        await press(pilot, bench, *keys)

    return step


async def press(pilot: Pilot[None], bench: Bench, *keys: str) -> None:
    """Press keys, each long after the one before."""
    for key in keys:
        bench.clock.advance(1)
        await pilot.press(key)
        await settled(pilot)


# What is known of the people.


def known(pilot: Pilot[None]) -> People:
    """Return the people as the app knows them now."""
    found = acts.people(pilot).people
    assert found is not None
    return found


def one(pilot: Pilot[None], name: str) -> Person:
    """Return a person as the app knows them now."""
    return next(person for person in known(pilot).everyone if person.name == name)


def profiles_of(pilot: Pilot[None], name: str) -> set[str]:
    """Return the titles of the launch profiles that a person is on."""
    titles = {p.launch_profile_id: p.title for p in known(pilot).launch_profiles}
    return {titles[key] for key in one(pilot, name).launch_profile_ids}


async def tell(pilot: Pilot[None], people: People) -> None:
    """Have the app read these people, as if the studio held them."""
    with patch.object(acts.service(pilot).people, "look", lambda *, fresh=False: people):  # noqa: ARG005
        acts.start_refresh_of_people(pilot)
        await acts.refreshed_people(pilot)


def problem(pilot: Pilot[None]) -> str:
    """Return why the people could not be read the last time; empty where they could."""
    return acts.people(pilot).problem


def all_rows(pilot: Pilot[None]) -> tuple[PersonRow, ...]:
    """Return the rows of all people that are known, also those that a filter hides."""
    return acts.people(pilot).rows


# Plans.


def open_plans(pilot: Pilot[None]) -> tuple[Plan, ...]:
    """Return the plans that were begun and are not finished."""
    return acts.people(pilot).plans


def _plan_dialog(pilot: Pilot[None]) -> PlanDialog:
    return next(one for one in pilot.app.screen_stack if isinstance(one, PlanDialog))


def plan(pilot: Pilot[None]) -> Plan:
    """Return the plan that is on the screen."""
    return _plan_dialog(pilot).plan


def states(pilot: Pilot[None]) -> list[StepState]:
    """Return how far each step of the plan on the screen is."""
    return [step.state for step in plan(pilot).steps]


def plan_problem(pilot: Pilot[None]) -> str:
    """Return why the plan on the screen stopped; empty where it did not."""
    return _plan_dialog(pilot).problem


def is_begun(pilot: Pilot[None]) -> bool:
    """Return whether the plan on the screen is one of those that were begun."""
    return _plan_dialog(pilot).begun


async def run(pilot: Pilot[None], bench: Bench, *keys: str) -> None:
    """Press keys that begin a run of the plan, and wait until the screen shows how it ended."""
    dialog = _plan_dialog(pilot)
    before = acts.plan_runs(pilot).get(dialog.key)
    await press(pilot, bench, *keys)
    await until(pilot, lambda: acts.plan_runs(pilot).get(dialog.key, before) is not before)
    await until(pilot, lambda: not dialog.running and "Running the steps" not in seen(pilot.app))
    await settled(pilot)


def ticked(pilot: Pilot[None]) -> list[str]:
    """Return the titles of the launch profiles that are ticked in the dialog on top."""
    titles = {one.launch_profile_id: one.title for one in known(pilot).launch_profiles}
    return sorted(titles[key] for key in pilot.app.screen.query_one(Ticks).ticked)


# Made up.


def made_up(names: Sequence[str], titles: Sequence[str], *, role: Role = Role.ADMIN) -> People:
    """Return people of these names, each on some launch profiles of these titles."""
    profiles = tuple(
        LaunchProfile(f"lp-{place:04}", name=title) for place, title in enumerate(titles)
    )
    everyone = [
        Person(
            f"person-{place:06}",
            label=name,
            short_id=f"{place:06}",
            identity=Identity(f"person-{place:06}", name=name, email=f"{name}@x.example"),
            launch_profile_ids=tuple(
                profile.launch_profile_id
                for at, profile in enumerate(profiles)
                if (at + place) % 3 == 0
            ),
        )
        for place, name in enumerate(names)
    ]
    everyone[0] = replace(everyone[0], is_admin=True)
    everyone[-1] = replace(everyone[-1], is_me=True)
    return People(tuple(everyone), profiles, role=role, changes_admins=None, user_profiles=True)
