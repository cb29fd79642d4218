"""What the tests of the People screen share: the page, whose it is, and people made up."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from textual.pilot import Pilot

from nimble_tui.core.model import LaunchProfile
from nimble_tui.core.people.model import Identity, People, Person, Role
from nimble_tui.tui.people.page import PeoplePage
from nimble_tui.tui.people.plan_dialog import PlanDialog
from tests.tui.bench import Bench, Step, main_screen, settled, shown, until

ADMIN, OPERATOR = "Inês Cardoso", "Pat Okafor"


async def page(pilot: Pilot[None]) -> PeoplePage:
    """Open the People screen and wait until everybody is on it."""
    screen = await shown(pilot)
    await until(pilot, lambda: screen.sight.live and screen.studio_name)
    await pilot.press("p")
    opened = pilot.app.screen
    assert isinstance(opened, PeoplePage)
    await until(pilot, lambda: opened.people is not None and not screen.looking_at_people)
    await settled(pilot)
    pilot.app.clear_notifications()
    await pilot.pause()
    return opened


def of(bench: Bench, name: str, *keys: str, begin: Callable[[], object] = lambda: None) -> Step:
    """Return the step that opens People with the cursor on somebody, and presses keys."""

    async def step(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        begin()
        go_to(opened, name)
        await settled(pilot)
        await press(pilot, bench, *keys)

    return step


async def press(pilot: Pilot[None], bench: Bench, *keys: str) -> None:
    """Press keys, each long after the one before."""
    for key in keys:
        bench.clock.advance(1)
        await pilot.press(key)
        await settled(pilot)


def go_to(opened: PeoplePage, name: str) -> Person:
    """Put the cursor on somebody."""
    row = next(row for row in opened.rows.rows if row.person.name == name)
    opened.rows.select(row.key)
    return row.person


def one(opened: PeoplePage, name: str) -> Person:
    """Return somebody as the screen knows them now."""
    assert opened.people is not None
    return next(person for person in opened.people.everyone if person.name == name)


def profiles_of(opened: PeoplePage, name: str) -> set[str]:
    """Return the launch profiles that somebody is on, by name."""
    assert opened.people is not None
    titles = {p.launch_profile_id: p.title for p in opened.people.launch_profiles}
    return {titles[key] for key in one(opened, name).launch_profile_ids}


def plan_dialog(pilot: Pilot[None]) -> PlanDialog:
    """Return the plan that is on the screen."""
    assert isinstance(pilot.app.screen, PlanDialog)
    return pilot.app.screen


async def tell(pilot: Pilot[None], people: People) -> None:
    """Let the screen see these people, as if the studio had told of them."""
    screen = main_screen(pilot.app)
    assert screen.service is not None
    request = screen._people.request  # noqa: SLF001
    screen.post_message(screen.Seen(screen.service, request, screen.now, people, ()))
    await pilot.pause()


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
