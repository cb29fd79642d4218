"""Letting somebody in or go: every step reviewed first, ticked as it happens, gone on with."""

from dataclasses import replace

from textual.pilot import Pilot

from nimble_tui.core.model import SessionState
from nimble_tui.core.people.plans import StepState
from nimble_tui.tui.people.dialogs import TheirDeleteDialog
from nimble_tui.tui.people.onboard_dialog import OnboardDialog
from tests.tui.bench import (
    Bench,
    main_screen,
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
    plan_dialog,
    press,
    profiles_of,
    tell,
)

_CHANGES = (b"POST /2020", b"PUT /2020", b"DELETE /2020")


def changes(bench: Bench) -> list[bytes]:
    return [line for line in bench.gate.calls if line.startswith(_CHANGES)]


async def run(pilot: Pilot[None], bench: Bench, *keys: str) -> None:
    """Press keys that begin a run, and wait until the screen tells how it ended."""
    dialog = plan_dialog(pilot)
    before = dialog.desk.runs.get(dialog.key)
    await press(pilot, bench, *keys)
    await until(pilot, lambda: dialog.desk.runs.get(dialog.key, before) is not before)
    await until(pilot, lambda: not dialog.running and "Doing it" not in seen(pilot.app))
    await settled(pilot)


async def stopped_in_the_middle(pilot: Pilot[None], bench: Bench) -> None:
    """Offboard Theo until the studio is lost after the first step."""
    opened = await page(pilot)
    person = go_to(opened, "Theo Lindqvist")
    await press(pilot, bench, "o")
    second = person.launch_profile_ids[1].encode()
    dialog = plan_dialog(pilot)
    bench.gate.lose(second)
    before = len(bench.gate.calls)
    bench.clock.advance(1)
    await pilot.press("right", "enter")
    await until(pilot, lambda: any(second in line for line in bench.gate.calls[before:]))
    await until(pilot, lambda: dialog.problem)
    await until(pilot, lambda: dialog.begun and not main_screen(pilot.app).looking_at_people)
    await settled(pilot)


def states(pilot: Pilot[None]) -> list[StepState]:
    return [step.state for step in plan_dialog(pilot).plan.steps]


def test_nothing_happens_before_the_plan_was_reviewed(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        go_to(opened, "Mara Vos")  # has more than fits, which takes no room from the buttons
        await press(pilot, bench, "o")
        assert set(states(pilot)) == {StepState.TO_DO}
        await until_seen(pilot, "Nothing was done yet.")
        await until_seen(pilot, "Do it")
        await press(pilot, bench, "enter")
        await until_on(pilot, opened)
        assert not changes(bench)

    play(bench, scenario)


def test_onboarding_asks_for_launch_profiles_and_lets_somebody_launch(bench: Bench) -> None:
    bench.name = ADMIN
    zofia = bench.service("Zofia Kowalska")

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        person = go_to(opened, "Zofia Kowalska")
        await press(pilot, bench, "n", "enter")
        await until_seen(pilot, "Choose at least one launch profile")
        await press(pilot, bench, "space", "down", "space", "enter")
        command = f"nimble-tui studio invite {person.principal_id}"
        await until_seen(pilot, command)
        assert not changes(bench)
        await run(pilot, bench, "right", "enter")
        assert states(pilot) == [StepState.TO_DO, *[StepState.DONE] * 3]
        await until_seen(pilot, "Your part is done")
        await press(pilot, bench, "up", "home", "c")
        assert pilot.app.clipboard == f"{command} --demo"
        await press(pilot, bench, "space")
        await until_seen(pilot, "All of it is done.")
        await until(pilot, lambda: not main_screen(pilot.app).who.plans)
        titles = {one.title for one in zofia.list_launch_profiles().items}
        assert titles == profiles_of(opened, "Zofia Kowalska") == {"Lighting", "Comp"}

    play(bench, scenario)
    zofia.close()


def test_a_plan_that_fails_stops_with_its_sentence_and_enter_goes_on(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await stopped_in_the_middle(pilot, bench)
        assert states(pilot)[:2] == [StepState.DONE, StepState.FAILED]
        await until_seen(pilot, "What is ticked stays done")
        bench.gate.open = False
        await run(pilot, bench, "enter")
        assert states(pilot).count(StepState.FAILED) == 1
        bench.gate.open = True
        before = len(changes(bench))
        await run(pilot, bench, "enter")
        assert states(pilot) == [*[StepState.DONE] * 4, StepState.TO_DO]
        again = [line for line in changes(bench)[before:] if line.startswith(b"DELETE")]
        first = plan_dialog(pilot).plan.launch_profile_ids[0].encode()
        assert not any(first in line for line in again)

    play(bench, scenario)


def test_what_was_seen_while_a_plan_ran_takes_no_tick_back(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        person = go_to(opened, "Theo Lindqvist")
        await press(pilot, bench, "o")
        dialog, screen = plan_dialog(pilot), main_screen(pilot.app)
        held = bench.gate.hold(person.launch_profile_ids[1].encode())
        bench.clock.advance(1)
        await pilot.press("right", "enter")
        await until(pilot, lambda: bench.gate.holding and states(pilot)[0] == StepState.DONE)
        assert screen.who.people is not None
        await tell(pilot, replace(screen.who.people))
        bench.gate.open = False
        held.set()
        await until(pilot, lambda: dialog.problem and screen.who.problem)
        await settled(pilot)
        assert states(pilot)[0] == StepState.DONE

    play(bench, scenario)


def test_an_unfinished_plan_of_an_earlier_run_is_offered_and_finished(bench: Bench) -> None:
    bench.name = ADMIN

    async def earlier(pilot: Pilot[None]) -> None:
        await stopped_in_the_middle(pilot, bench)

    async def later(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        await until_seen(pilot, "goes on with offboarding Theo Lindqvist: 1 of 5 steps")
        await press(pilot, bench, "w")
        await until_seen(pilot, "It was begun before")
        await run(pilot, bench, "right", "enter")
        assert profiles_of(opened, "Theo Lindqvist") == set()
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
        opened = main_screen(pilot.app)
        await until(pilot, lambda: opened.who.plans and not opened.who.problem)
        await press(pilot, bench, "w", "left", "left", "enter")
        await until(pilot, lambda: not opened.who.plans)
        await settled(pilot)
        assert "goes on with" not in seen(pilot.app)
        assert opened.who.people is not None
        found = (one for one in opened.who.people.everyone if one.name == "Theo Lindqvist")
        assert len(next(found).launch_profile_ids) == 2

    play(bench, scenario)


def test_a_plan_that_runs_is_told_of_when_nobody_looks(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        go_to(opened, "Bruno Ferreira")
        await press(pilot, bench, "o")
        held = bench.gate.hold(b"DELETE /2020")
        bench.clock.advance(1)
        await pilot.press("right", "enter")
        await until(pilot, lambda: bench.gate.holding)
        await pilot.press("escape")
        bench.gate.hold_no_more()
        held.set()
        await until_told(pilot, "Your part is done")
        await until(pilot, lambda: profiles_of(opened, "Bruno Ferreira") == set())

    play(bench, scenario)


def test_one_press_runs_a_plan_once(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        go_to(opened, "Theo Lindqvist")
        await press(pilot, bench, "o")
        bench.clock.advance(1)
        await pilot.press("right", "enter", "enter", "enter")
        await until_seen(pilot, "Your part is done")
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
        opened = await page(pilot)
        person = go_to(opened, "Theo Lindqvist")
        assert before == len(person.sessions) == 1
        await press(pilot, bench, "o")
        await run(pilot, bench, "right", "enter")
        assert alive() == before
        await press(pilot, bench, "up", "end", "enter")
        asked = pilot.app.screen
        assert isinstance(asked, TheirDeleteDialog)
        await until_seen(pilot, "of Theo Lindqvist")
        await press(pilot, bench, "escape", "d")
        assert alive() == before
        await press(pilot, bench, *person.sessions[0].session_id[-4:], "enter")
        await until(pilot, lambda: alive() == 0)
        await until_seen(pilot, "DELETING…")
        await until(pilot, lambda: "d deletes it" not in seen(pilot.app))
        main_screen(pilot.app).look()  # what is seen of one's own list closes nothing here
        await settled(pilot)
        assert plan_dialog(pilot).plan.principal_id == person.principal_id

    play(bench, scenario)
    theo.close()


def test_admin_rights_become_the_operators_step_with_its_command(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        person = go_to(opened, "Lena Hoffmann")
        await press(pilot, bench, "o")
        await run(pilot, bench, "right", "enter")
        command = f"nimble-tui people admin remove {person.principal_id}"
        await until_seen(pilot, command)
        await press(pilot, bench, "up", "home", "space")
        await until_told(pilot, "ticks itself as soon as it is so")
        assert one(opened, "Lena Hoffmann").is_admin

    play(bench, scenario, size=(120, 36))


def test_the_operator_onboards_an_admin_in_one_go(bench: Bench) -> None:
    bench.name = OPERATOR

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        go_to(opened, "Zofia Kowalska")
        await press(pilot, bench, "n", "end", "space", "enter")
        await run(pilot, bench, "right", "enter")
        await until(pilot, lambda: one(opened, "Zofia Kowalska").is_admin)

    play(bench, scenario)


def test_a_click_ticks_a_launch_profile_and_those_they_have_stay(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        go_to(opened, "Callum Reid")
        await press(pilot, bench, "n", "space")
        dialog = pilot.app.screen
        assert isinstance(dialog, OnboardDialog)
        assert titles(dialog) == ["FX", "Lighting"]
        await pilot.click("#which", offset=(4, 1))
        await until(pilot, lambda: titles(dialog) == ["Comp", "FX", "Lighting"])
        await pilot.click("#which", offset=(4, 1))
        await until(pilot, lambda: titles(dialog) == ["FX", "Lighting"])

    play(bench, scenario)


def titles(dialog: OnboardDialog) -> list[str]:
    found = dialog.desk.who.people
    assert found is not None
    names = {one.launch_profile_id: one.title for one in found.launch_profiles}
    return sorted(names[key] for key in dialog.ticks.ticked)


def test_a_step_that_cannot_succeed_is_skipped_and_the_rest_is_done(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await stopped_in_the_middle(pilot, bench)
        dialog = plan_dialog(pilot)
        skipped = dialog.plan.launch_profile_ids[1]
        await press(pilot, bench, "up", "home", "down")
        await until_seen(pilot, "space skips it")
        await press(pilot, bench, "space")
        await until(pilot, lambda: states(pilot)[1] == StepState.SKIPPED)
        await until_seen(pilot, "space takes it in again")
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
