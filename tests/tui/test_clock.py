"""When the app looks again, and at what, also while the time of day is set another way."""

from datetime import timedelta

import pytest
from textual.pilot import Pilot

from nimble_tui.core.model import SessionAction
from tests.tui import acts
from tests.tui.bench import Bench, play, until_seen
from tests.tui.people_bench import ADMIN

PROFILES = b"/launch-profiles"


def profile_reads(bench: Bench) -> int:
    """Return how often the list of launch profiles was read, in pages."""
    lines = (line.partition(b" ")[2].partition(b" ")[0] for line in bench.gate.calls)
    return sum(line.partition(b"?")[0].endswith(PROFILES) for line in lines)


def test_a_person_just_added_to_a_launch_profile_sees_it_at_the_next_refresh(
    bench: Bench,
) -> None:
    bench.name = "Callum Reid"
    admin = bench.service(ADMIN)
    people = admin.people.look()
    callum = next(one for one in people.everyone if one.name == "Callum Reid")
    comp = next(one for one in people.launch_profiles if one.title == "Comp")

    async def scenario(pilot: Pilot[None]) -> None:
        await acts.until_live(pilot)
        assert "Comp" not in {one.title for one in acts.launch_profiles(pilot)}
        admin.people.membership.put_launch_profile_members(
            comp.launch_profile_id, [callum.principal_id]
        )
        bench.clock.advance(32)
        await acts.refresh_if_due(pilot)
        assert "Comp" in {one.title for one in acts.launch_profiles(pilot)}

    play(bench, scenario)


def test_launch_profiles_are_not_read_each_time_while_something_changes(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        ready = acts.row(pilot, "sq042 lighting")
        bench.clock.advance(32)
        bench.service().act(SessionAction.STOP, ready.key)
        await acts.refresh_if_due(pilot)
        before = profile_reads(bench)
        assert before
        assert any(one.session.in_transition for one in acts.all_rows(pilot))
        for _ in range(2):
            bench.clock.advance(5)
            await acts.refresh_if_due(pilot)
        assert profile_reads(bench) == before

    play(bench, scenario)


@pytest.mark.parametrize("by", [timedelta(minutes=-10), timedelta(hours=-5), timedelta(minutes=10)])
def test_the_next_look_comes_when_it_is_due_whatever_the_time_of_day(
    bench: Bench, by: timedelta
) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        before = profile_reads(bench)
        bench.clock.time += by
        bench.clock.advance(32)
        await acts.refresh_if_due(pilot)
        assert profile_reads(bench) > before
        assert acts.health(pilot).updated_at == bench.clock.now()

    play(bench, scenario)


def test_a_time_of_day_that_is_set_back_makes_no_list_look_younger(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        await acts.live(pilot)
        bench.gate.open = False
        bench.clock.advance(20 * 60)
        acts.follow_clock(pilot)
        await pilot.press("r")
        await until_seen(pilot, "offline (updated 20 min ago")
        bench.clock.time -= timedelta(hours=1)
        bench.clock.advance(60)
        await until_seen(pilot, "offline (updated 21 min ago")

    play(bench, scenario)
