"""Letting somebody in or go: every step reviewed first, ticked as it happens, gone on with."""

from dataclasses import replace

from textual import events
from textual.pilot import Pilot

from nimble_tui.core.model import SessionState
from nimble_tui.core.people.plans import StepState
from tests.tui import acts, people_bench
from tests.tui.bench import (
    Bench,
    play,
    seen,
    settled,
    until,
    until_on,
    until_seen,
    until_told,
)
from tests.tui.people_bench import (
    ADMIN,
    OPERATOR,
    go_to,
    one,
    page,
    press,
    profiles_of,
    run,
    states,
    tell,
    ticked,
)

_CHANGES = (b"POST /2020", b"PUT /2020", b"DELETE /2020")


def changes(bench: Bench) -> list[bytes]:
    return [line for line in bench.gate.calls if line.startswith(_CHANGES)]


async def stopped_in_the_middle(pilot: Pilot[None], bench: Bench) -> None:
    """Offboard Theo until the studio is lost after the first step."""
    await page(pilot)
    person = go_to(pilot, "Theo Lindqvist")
    await press(pilot, bench, "o")
    second = person.launch_profile_ids[1].encode()
    bench.gate.lose(second)
    before = len(bench.gate.calls)
    bench.clock.advance(1)
    await pilot.press("right", "enter")
    await until(pilot, lambda: any(second in line for line in bench.gate.calls[before:]))
    await until(pilot, lambda: people_bench.plan_problem(pilot))
    await until(pilot, lambda: people_bench.is_begun(pilot) and not acts.refreshing_people(pilot))
    await settled(pilot)


def test_nothing_happens_before_the_plan_was_reviewed(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        go_to(pilot, "Mara Vos")  # has more than fits, which takes no room from the buttons
        await press(pilot, bench, "o")
        assert set(states(pilot)) == {StepState.TO_DO}
        await until_seen(pilot, "No step has run yet.")
        await until_seen(pilot, "Run the plan")
        await press(pilot, bench, "enter")
        await until_on(pilot, opened)
        assert not changes(bench)

    play(bench, scenario)


def test_onboarding_asks_for_launch_profiles_and_lets_somebody_launch(bench: Bench) -> None:
    bench.name = ADMIN
    zofia = bench.service("Zofia Kowalska")

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        person = go_to(pilot, "Zofia Kowalska")
        await press(pilot, bench, "n", "enter")
        await until_seen(pilot, "Select at least one launch profile")
        await press(pilot, bench, "space", "down", "space", "enter")
        command = f"nimble-tui studio invite {person.principal_id}"
        await until_seen(pilot, command)
        assert not changes(bench)
        await run(pilot, bench, "right", "enter")
        assert states(pilot) == [StepState.TO_DO, *[StepState.DONE] * 3]
        await until_seen(pilot, "Your steps are done")
        await press(pilot, bench, "up", "home", "c")
        assert pilot.app.clipboard == f"{command} --demo"
        await press(pilot, bench, "space")
        await until_seen(pilot, "All steps are done.")
        await until(pilot, lambda: not people_bench.open_plans(pilot))
        titles = {one.title for one in zofia.list_launch_profiles().items}
        assert titles == profiles_of(pilot, "Zofia Kowalska") == {"Lighting", "Comp"}

    play(bench, scenario)
    zofia.close()


def test_a_plan_that_fails_stops_with_its_sentence_and_enter_goes_on(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await stopped_in_the_middle(pilot, bench)
        assert states(pilot)[:2] == [StepState.DONE, StepState.FAILED]
        await until_seen(pilot, "Finished steps stay done")
        bench.gate.open = False
        await run(pilot, bench, "enter")
        assert states(pilot).count(StepState.FAILED) == 1
        bench.gate.open = True
        before = len(changes(bench))
        await run(pilot, bench, "enter")
        assert states(pilot) == [*[StepState.DONE] * 4, StepState.TO_DO]
        again = [line for line in changes(bench)[before:] if line.startswith(b"DELETE")]
        first = people_bench.plan(pilot).launch_profile_ids[0].encode()
        assert not any(first in line for line in again)

    play(bench, scenario)


def test_what_was_seen_while_a_plan_ran_takes_no_tick_back(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        person = go_to(pilot, "Theo Lindqvist")
        await press(pilot, bench, "o")
        held = bench.gate.hold(person.launch_profile_ids[1].encode())
        bench.clock.advance(1)
        await pilot.press("right", "enter")
        await until(pilot, lambda: bench.gate.holding and states(pilot)[0] == StepState.DONE)
        await tell(pilot, replace(people_bench.known(pilot)))
        bench.gate.open = False
        held.set()
        await until(pilot, lambda: people_bench.plan_problem(pilot) and people_bench.problem(pilot))
        await settled(pilot)
        assert states(pilot)[0] == StepState.DONE

    play(bench, scenario)


def test_an_unfinished_plan_of_an_earlier_run_is_offered_and_finished(bench: Bench) -> None:
    bench.name = ADMIN

    async def earlier(pilot: Pilot[None]) -> None:
        await stopped_in_the_middle(pilot, bench)

    async def later(pilot: Pilot[None]) -> None:
        await page(pilot)
        await until_seen(pilot, "resumes offboarding Theo Lindqvist: 1 of 5 steps")
        await press(pilot, bench, "w")
        await until_seen(pilot, "Started earlier")
        await run(pilot, bench, "right", "enter")
        assert profiles_of(pilot, "Theo Lindqvist") == set()
        assert states(pilot)[-1] == StepState.TO_DO

    play(bench, earlier)
    bench.gate.open = True
    play(bench, later)


def test_a_plan_can_be_forgotten_and_what_was_done_stays(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await stopped_in_the_middle(pilot, bench)
        bench.gate.open = True
        await press(pilot, bench, "escape", "r")
        await until(
            pilot, lambda: people_bench.open_plans(pilot) and not people_bench.problem(pilot)
        )
        await press(pilot, bench, "w", "left", "left", "enter")
        await until(pilot, lambda: not people_bench.open_plans(pilot))
        await settled(pilot)
        assert "goes on with" not in seen(pilot.app)
        assert len(one(pilot, "Theo Lindqvist").launch_profile_ids) == 2

    play(bench, scenario)


def test_a_plan_that_runs_is_told_of_when_nobody_looks(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        go_to(pilot, "Bruno Ferreira")
        await press(pilot, bench, "o")
        held = bench.gate.hold(b"DELETE /2020")
        bench.clock.advance(1)
        await pilot.press("right", "enter")
        await until(pilot, lambda: bench.gate.holding)
        await pilot.press("escape")
        bench.gate.hold_no_more()
        held.set()
        await until_told(pilot, "Your steps are done")
        await until(pilot, lambda: profiles_of(pilot, "Bruno Ferreira") == set())

    play(bench, scenario)


def test_one_press_runs_a_plan_once(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        go_to(pilot, "Theo Lindqvist")
        await press(pilot, bench, "o")
        bench.clock.advance(1)
        await pilot.press("right", "enter", "enter", "enter")
        await until_seen(pilot, "Your steps are done")
        deleted = [line for line in changes(bench) if line.startswith(b"DELETE")]
        assert len(deleted) == len(set(deleted)) == 3

    play(bench, scenario)


def test_workstations_stay_until_each_is_deleted_by_its_own_confirmation(bench: Bench) -> None:
    bench.name = ADMIN
    theo = bench.service("Theo Lindqvist")

    def alive() -> int:
        sessions = theo.list_streaming_sessions().items
        gone = {SessionState.DELETED, SessionState.DELETE_IN_PROGRESS}
        return sum(one.state not in gone for one in sessions)

    async def scenario(pilot: Pilot[None]) -> None:
        before = alive()
        await page(pilot)
        person = go_to(pilot, "Theo Lindqvist")
        assert before == len(person.sessions) == 1
        await press(pilot, bench, "o")
        await run(pilot, bench, "right", "enter")
        assert alive() == before
        await press(pilot, bench, "up", "end", "enter")
        assert acts.is_open(pilot, acts.DELETE)
        await until_seen(pilot, "Owner: Theo Lindqvist")
        await press(pilot, bench, "escape", "d")
        assert alive() == before
        await press(pilot, bench, *person.sessions[0].session_id[-4:], "enter")
        await until(pilot, lambda: alive() == 0)
        await until_seen(pilot, "DELETING…")
        await until(pilot, lambda: "d deletes it" not in seen(pilot.app))
        acts.start_refresh(pilot)  # what is seen of one's own list closes nothing here
        await settled(pilot)
        assert people_bench.plan(pilot).principal_id == person.principal_id

    play(bench, scenario)
    theo.close()


def test_admin_rights_become_the_operators_step_with_its_command(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        person = go_to(pilot, "Lena Hoffmann")
        await press(pilot, bench, "o")
        await run(pilot, bench, "right", "enter")
        command = f"nimble-tui people admin remove {person.principal_id}"
        await until_seen(pilot, command)
        await press(pilot, bench, "up", "home", "space")
        await until_told(pilot, "This step is ticked automatically")
        assert one(pilot, "Lena Hoffmann").is_admin

    play(bench, scenario, size=(120, 36))


def test_the_operator_onboards_an_admin_in_one_go(bench: Bench) -> None:
    bench.name = OPERATOR

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        go_to(pilot, "Zofia Kowalska")
        await press(pilot, bench, "n", "end", "space", "enter")
        await run(pilot, bench, "right", "enter")
        await until(pilot, lambda: one(pilot, "Zofia Kowalska").is_admin)

    play(bench, scenario)


def test_a_click_ticks_a_launch_profile_and_those_they_have_stay(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        go_to(pilot, "Callum Reid")
        await press(pilot, bench, "n", "space")
        assert acts.is_open(pilot, people_bench.ONBOARD)
        assert ticked(pilot) == ["FX", "Lighting"]
        await pilot.click("#which", offset=(4, 1))
        await until(pilot, lambda: ticked(pilot) == ["Comp", "FX", "Lighting"])
        await pilot.click("#which", offset=(4, 1))
        await until(pilot, lambda: ticked(pilot) == ["FX", "Lighting"])

    play(bench, scenario)


def test_a_step_that_cannot_succeed_is_skipped_and_the_rest_is_done(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await stopped_in_the_middle(pilot, bench)
        skipped = people_bench.plan(pilot).launch_profile_ids[1]
        await press(pilot, bench, "up", "home", "down")
        await until_seen(pilot, "space skips this step")
        await press(pilot, bench, "space")
        await until(pilot, lambda: states(pilot)[1] == StepState.SKIPPED)
        await until_seen(pilot, "space includes this step")
        await press(pilot, bench, "space")
        await until(pilot, lambda: states(pilot)[1] == StepState.TO_DO)
        await press(pilot, bench, "space")
        await until(pilot, lambda: states(pilot)[1] == StepState.SKIPPED)
        before = len(changes(bench))
        await press(pilot, bench, "tab", "tab", "tab", "tab")
        await run(pilot, bench, "enter")
        assert states(pilot) == [
            StepState.DONE,
            StepState.SKIPPED,
            *[StepState.DONE] * 2,
            StepState.TO_DO,
        ]
        sent = [line for line in changes(bench)[before:] if line.startswith(b"DELETE")]
        assert sent
        assert not any(skipped.encode() in line for line in sent)

    play(bench, scenario)


def test_steps_that_are_skipped_in_one_burst_are_all_skipped(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        go_to(pilot, "Theo Lindqvist")
        await press(pilot, bench, "o", "up", "home")
        for key in ("space", "down", "space", "down", "space"):
            pilot.app.post_message(events.Key(key, " " if key == "space" else None))
        await until(pilot, lambda: states(pilot)[:3] == [StepState.SKIPPED] * 3)
        await settled(pilot)
        assert states(pilot) == [*[StepState.SKIPPED] * 3, *[StepState.TO_DO] * 2]

    play(bench, scenario)
