"""An artist taken off a launch profile while workstations run: their screen, and the admin's."""

from textual.pilot import Pilot

from nimble_tui.core.model import SessionAction, SessionState
from nimble_tui.core.people.model import People
from nimble_tui.core.rules import Allowed, check_action
from nimble_tui.core.service import DEMO
from nimble_tui.view.session_rows import SessionRow
from tests.tui import acts, people_bench
from tests.tui.bench import Bench, play, seen, until, until_seen
from tests.tui.people_bench import ADMIN, go_to, page, press, profiles_of

LIGHTING = "sq042 lighting"


def take_off(bench: Bench) -> None:
    admin = bench.service(ADMIN)
    found = admin.people.look()
    mara = next(one for one in found.everyone if one.name == "Mara Vos")
    lighting = next(one for one in found.launch_profiles if one.title == "Lighting")
    admin.people.membership.delete_launch_profile_member(
        lighting.launch_profile_id, mara.principal_id
    )


def entry_of(pilot: Pilot[None]) -> SessionRow:
    return acts.row(pilot, LIGHTING)


def titles(pilot: Pilot[None]) -> set[str]:
    return {one.title for one in acts.launch_profiles(pilot)}


def may_stop(row: SessionRow) -> bool:
    answer = check_action(SessionAction.STOP, row.session, row.launch_profile)
    return isinstance(answer, Allowed)


def running(people: People | None, name: str) -> bool:
    """Return whether a workstation runs and nothing stops it, as the admin sees it."""
    assert people is not None
    sessions = (session for one in people.everyone for session in one.sessions)
    return next(one for one in sessions if one.tags.get("Name") == name).state == "READY"


def test_what_is_seen_stays_named_and_can_be_stopped(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        take_off(bench)
        await pilot.press("r")
        await until(pilot, lambda: "Lighting" not in titles(pilot))
        assert "Workstation ·" not in seen(pilot.app)
        assert may_stop(entry_of(pilot))
        await acts.stop(pilot, LIGHTING)
        await until(
            pilot,
            lambda: not acts.pending(pilot) and entry_of(pilot).session.state != SessionState.READY,
        )

    play(bench, scenario)


def test_the_next_start_still_knows_it(bench: Bench) -> None:
    bench.keep_lists()
    take_off(bench)

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.until_live(pilot)
        row = entry_of(pilot)
        assert row.launch_profile is not None
        assert row.launch_profile.is_last_seen
        assert "Lighting" not in titles(pilot)
        assert may_stop(row)
        await until_seen(pilot, "Lighting (as last seen")

    for _ in range(2):
        play(bench, scenario, size=(120, 36), studio=DEMO)


def test_the_admin_sees_what_runs_and_stops_it_first(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        await press(pilot, bench, "m")
        go_to(pilot, "Mara Vos")
        while people_bench.column(pilot) != "Lighting":
            await pilot.press("right")
        await press(pilot, bench, "space")
        assert acts.is_open(pilot, people_bench.TAKE_OFF_SURE)
        await until_seen(pilot, f"1 workstation is running: {LIGHTING}.")
        await press(pilot, bench, "left", "enter")
        await until(pilot, lambda: "Lighting" not in profiles_of(pilot, "Mara Vos"))
        assert running(people_bench.known(pilot), LIGHTING) is False

    play(bench, scenario)


def test_a_plan_for_who_leaves_stops_what_runs_first(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        go_to(pilot, "Mara Vos")
        await press(pilot, bench, "o")
        dialog = pilot.app.screen
        await until_seen(pilot, "workstations are running: ")
        await press(pilot, bench, "left", "enter")
        await until(pilot, lambda: running(people_bench.known(pilot), LIGHTING) is False)
        assert "Lighting" in profiles_of(pilot, "Mara Vos")
        assert pilot.app.screen is dialog

    play(bench, scenario, size=(120, 36))
