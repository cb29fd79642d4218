"""An artist taken off a launch profile while workstations run: their screen, and the admin's."""

from textual.pilot import Pilot

from nimble_tui.core.model import SessionAction, SessionState
from nimble_tui.core.people.model import People
from nimble_tui.core.rules import Allowed, verdict
from nimble_tui.core.service import DEMO
from nimble_tui.tui.people.dialogs import WishDialog
from nimble_tui.tui.screens.main import MainScreen
from nimble_tui.view.session_rows import SessionRow
from tests.tui.bench import Bench, live, play, seen, shown, until, until_seen
from tests.tui.people_bench import ADMIN, go_to, page, plan_dialog, press, profiles_of

LIGHTING = "sq042 lighting"


def take_off(bench: Bench) -> None:
    admin = bench.service(ADMIN)
    found = admin.people.look()
    mara = next(one for one in found.everyone if one.name == "Mara Vos")
    lighting = next(one for one in found.launch_profiles if one.title == "Lighting")
    admin.people.membership.delete_launch_profile_member(
        lighting.launch_profile_id, mara.principal_id
    )


def entry_of(screen: MainScreen) -> SessionRow:
    return next(one for one in screen.sight.entries if one.title == LIGHTING)


def titles(screen: MainScreen) -> set[str]:
    return {one.title for one in screen.sight.launch_profiles}


def may_stop(entry: SessionRow) -> bool:
    answer = verdict(SessionAction.STOP, entry.session, entry.launch_profile)
    return isinstance(answer, Allowed)


def running(people: People | None, name: str) -> bool:
    """Return whether a workstation runs and nothing stops it, as the admin sees it."""
    assert people is not None
    sessions = (session for one in people.everyone for session in one.sessions)
    return next(one for one in sessions if one.tags.get("Name") == name).state == "READY"


def test_what_is_seen_stays_named_and_can_be_stopped(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        screen = await live(pilot)
        take_off(bench)
        screen.look(for_me=True)
        await until(pilot, lambda: "Lighting" not in titles(screen))
        assert "Workstation ·" not in seen(pilot.app)
        assert may_stop(entry_of(screen))
        screen.act(SessionAction.STOP, entry_of(screen))
        await until(
            pilot,
            lambda: not screen.asked and entry_of(screen).session.state != SessionState.READY,
        )

    play(bench, scenario)


def test_the_next_start_still_knows_it(bench: Bench) -> None:
    bench.keep_lists()
    take_off(bench)

    async def scenario(pilot: Pilot[None]) -> None:
        screen = await shown(pilot)
        await until(pilot, lambda: screen.sight.live)
        entry = entry_of(screen)
        assert entry.launch_profile is not None
        assert entry.launch_profile.is_last_seen
        assert "Lighting" not in titles(screen)
        assert may_stop(entry)
        await until_seen(pilot, "Lighting, as last seen")

    for _ in range(2):
        play(bench, scenario, size=(120, 36), studio=DEMO)


def test_the_admin_sees_what_runs_and_stops_it_first(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        await press(pilot, bench, "m")
        go_to(opened, "Mara Vos")
        while opened.launch_profile is None or opened.launch_profile.title != "Lighting":
            await pilot.press("right")
        await press(pilot, bench, "space")
        assert isinstance(pilot.app.screen, WishDialog)
        await until_seen(pilot, f"1 workstation is running: {LIGHTING}.")
        await press(pilot, bench, "left", "enter")
        await until(pilot, lambda: "Lighting" not in profiles_of(opened, "Mara Vos"))
        assert running(opened.people, LIGHTING) is False

    play(bench, scenario)


def test_a_plan_for_who_leaves_stops_what_runs_first(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        go_to(opened, "Mara Vos")
        await press(pilot, bench, "o")
        dialog = plan_dialog(pilot)
        await until_seen(pilot, "workstations are running: ")
        await press(pilot, bench, "left", "enter")
        await until(pilot, lambda: running(opened.people, LIGHTING) is False)
        assert "Lighting" in profiles_of(opened, "Mara Vos")
        assert pilot.app.screen is dialog

    play(bench, scenario, size=(120, 36))
