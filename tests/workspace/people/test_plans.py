"""Plans of a workspace: run once at a time, each step shown as it happens, noted, forgotten."""

import asyncio
import threading
from collections.abc import Callable

from nimble_tui.core.people.plans import Plan, StepState, plan_offboard, plan_onboard
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.workspace.people_snapshot import PlanRun
from nimble_tui.workspace.permissions import UNANSWERED
from nimble_tui.workspace.tasks import MISTAKE
from tests.workspace.people.bench import SESSION, TROUBLE, MemoryStudio, PeopleBench, play, until

TO_DO, DOING, DONE = StepState.TO_DO, StepState.DOING, StepState.DONE
FAILED, SKIPPED = StepState.FAILED, StepState.SKIPPED


def leaving(bench: PeopleBench) -> Plan:
    """Return the plan that takes Theo off all launch profiles; his keys are the operator's."""
    plan = plan_offboard(bench.people, "theo")
    assert isinstance(plan, Plan)
    return plan


def coming(bench: PeopleBench) -> Plan:
    plan = plan_onboard(bench.people, "zofia", ["comp"])
    assert isinstance(plan, Plan)
    return plan


def states(plan: Plan) -> list[StepState]:
    return [step.state for step in plan.steps]


async def paused(bench: PeopleBench, plan: Plan) -> None:
    """Run a plan up to the middle of its first step that changes something."""
    bench.studio.running.clear()
    bench.workspace.plans.run(plan)
    await until(lambda: any(call.startswith("remove") for call in bench.studio.calls))
    await until(lambda: DOING in states(bench.run_of(plan).plan))


def test_each_step_is_shown_as_it_happens_in_order() -> None:
    async def scenario(bench: PeopleBench) -> None:
        plan = leaving(bench)
        bench.workspace.plans.run(plan)
        assert bench.run_of(plan) == PlanRun(plan, is_running=True)
        assert bench.workspace.is_busy
        await bench.settled()
        removals = [step.id for step in plan.steps[:3]]
        assert bench.steps(plan) == [
            *((step, state) for step in removals for state in (DOING, DONE)),
            ("revoke", DOING),
            ("revoke", TO_DO),
        ]
        assert states(bench.run_of(plan).plan) == [DONE, DONE, DONE, TO_DO]
        assert not bench.run_of(plan).is_running
        assert bench.texts == ["Offboard Theo: Your steps are done. The rest is for the operator."]
        assert bench.person("theo").launch_profile_ids == ()
        assert not bench.workspace.is_busy

    play(scenario)


def test_a_plan_runs_once_at_a_time() -> None:
    async def scenario(bench: PeopleBench) -> None:
        plan = leaving(bench)
        await paused(bench, plan)
        shown = bench.run_of(plan)
        bench.workspace.plans.run(plan)
        assert bench.run_of(plan) is shown
        bench.studio.running.set()
        await bench.settled()
        assert bench.studio.calls.count("run") == 1

    play(scenario)


def test_plans_of_two_people_run_beside_each_other() -> None:
    async def scenario(bench: PeopleBench) -> None:
        first, second = leaving(bench), coming(bench)
        await paused(bench, first)
        bench.workspace.plans.run(second)
        await until(lambda: "put comp zofia" in bench.studio.calls)
        assert all(run.is_running for run in bench.snapshot.runs.values())
        bench.studio.running.set()
        await bench.settled()
        assert set(bench.snapshot.runs) == {first.key, second.key}
        assert bench.person("zofia").launch_profile_ids == ("comp",)

    play(scenario)


def test_a_step_that_fails_ends_the_run_with_its_sentence_and_running_again_resumes() -> None:
    async def scenario(bench: PeopleBench) -> None:
        plan = leaving(bench)
        bench.studio.fail("remove", TROUBLE)
        bench.workspace.plans.run(plan)
        await bench.settled()
        run = bench.run_of(plan)
        assert states(run.plan) == [FAILED, TO_DO, TO_DO, TO_DO]
        assert (run.is_running, run.problem) == (False, TROUBLE.message)
        assert bench.texts == [
            f"Offboard Theo: {TROUBLE.message} The plan is stored. Resume it from People."
        ]
        assert [one.key for one in bench.snapshot.plans] == [plan.key]
        bench.workspace.plans.run(run.plan)
        await bench.settled()
        assert states(bench.run_of(plan).plan) == [DONE, DONE, DONE, TO_DO]
        assert bench.run_of(plan).problem == ""

    play(scenario)


def test_a_run_that_ends_in_a_mistake_ends_with_a_sentence() -> None:
    async def scenario(bench: PeopleBench) -> None:
        plan = leaving(bench)
        bench.studio.fail("run", ZeroDivisionError())
        bench.workspace.plans.run(plan)
        await bench.settled()
        assert bench.run_of(plan) == PlanRun(plan, problem=MISTAKE)
        assert [name for name, _ in bench.mistakes] == ["run a plan step by step"]
        assert MISTAKE in bench.texts[0]

    play(scenario)


def test_a_plan_on_the_screen_shows_its_end_itself() -> None:
    async def scenario(bench: PeopleBench) -> None:
        plan = leaving(bench)
        bench.workspace.plans.is_shown = lambda shown: shown.key == plan.key
        bench.workspace.plans.run(plan)
        await bench.settled()
        assert bench.notices == []
        bench.workspace.plans.run(coming(bench))
        await bench.settled()
        assert bench.texts == ["Onboard Zofia: Your steps are done. The rest is for the operator."]

    play(scenario)


def test_what_was_read_while_a_plan_ran_is_read_again_after_it() -> None:
    async def scenario(bench: PeopleBench) -> None:
        plan = leaving(bench)
        await paused(bench, plan)
        held = bench.calls.hold()
        bench.workspace.people.refresh()
        await until(lambda: bench.calls.held)
        bench.calls.hold_no_others()
        bench.studio.running.set()
        await until(lambda: bench.notices)
        held.set()
        await bench.settled()
        assert (
            {
                one.people.person("theo").launch_profile_ids  # type: ignore[union-attr]
                for one in bench.changes[-1:]
                if one.people
            }
            == {()}
        )
        assert bench.studio.calls.count("look") == 2

    play(scenario)


def test_a_plan_is_finished_after_the_workspace_closed_and_nothing_is_shown() -> None:
    async def scenario(bench: PeopleBench) -> None:
        plan, studio = leaving(bench), bench.studio
        await paused(bench, plan)
        studio.lingers = True
        bench.workspace.close()
        before = bench.workspace.snapshot
        studio.running.set()
        await until(lambda: not studio.members["theo"])
        await until(lambda: len(studio.plans[plan.key].ticked) == 3)
        assert bench.workspace.snapshot is before
        assert bench.notices == []

    play(scenario)


def test_a_plan_is_finished_after_the_loop_was_closed() -> None:
    """What the last steps report reaches nobody, and must not stop the plan half-way."""
    studios: list[MemoryStudio] = []

    async def scenario(bench: PeopleBench) -> None:
        await paused(bench, leaving(bench))
        bench.studio.lingers = True
        studios.append(bench.studio)

    play(scenario)
    (studio,) = studios
    assert studio.members["theo"] == set()


def test_a_run_at_a_studio_that_was_closed_ends_without_a_notice() -> None:
    async def scenario(bench: PeopleBench) -> None:
        plan = leaving(bench)
        await paused(bench, plan)
        await bench.reopen()
        await bench.settled()
        run = bench.run_of(plan)
        assert not run.is_running
        assert run.problem == "The studio was closed."
        assert DOING in states(run.plan)
        assert bench.notices == []
        assert bench.studio.calls == []

    play(scenario)


def test_nothing_is_run_while_the_studio_is_closed() -> None:
    async def scenario(bench: PeopleBench) -> None:
        plan = leaving(bench)
        bench.workspace.connection.close()
        bench.workspace.plans.run(plan)
        assert bench.texts == [UNANSWERED]
        bench.workspace.plans.tick(plan, "revoke")
        bench.workspace.plans.stop_sessions((SESSION.session_id,), "Theo")
        bench.workspace.plans.delete_session(SESSION, "Comp")
        assert bench.snapshot.runs == {}
        assert bench.snapshot.deleting == frozenset()
        assert not bench.workspace.tasks.count

    play(scenario)


def test_how_a_run_ended_can_be_forgotten() -> None:
    async def scenario(bench: PeopleBench) -> None:
        plan, other = leaving(bench), coming(bench)
        for one in (plan, other):
            bench.workspace.plans.run(one)
        await bench.settled()
        bench.workspace.plans.forget_run(plan.key)
        assert list(bench.snapshot.runs) == [other.key]
        bench.changes.clear()
        bench.workspace.plans.forget_run(plan.key)
        assert bench.changes == []

    play(scenario)


# What is noted of a plan.


def test_a_tick_and_a_skip_show_at_once_and_are_stored() -> None:
    async def scenario(bench: PeopleBench) -> None:
        plan = leaving(bench)
        bench.workspace.plans.tick(plan, "revoke")
        await bench.settled()
        ticked = bench.run_of(plan).plan
        assert states(ticked) == [TO_DO, TO_DO, TO_DO, DONE]
        assert bench.snapshot.plans == (ticked,)
        bench.workspace.plans.skip(ticked, plan.steps[0].id)
        await bench.settled()
        assert states(bench.run_of(plan).plan) == [SKIPPED, TO_DO, TO_DO, DONE]
        assert bench.studio.plans[plan.key] == bench.run_of(plan).plan

    play(scenario)


def test_what_is_noted_of_a_plan_at_once_is_noted_in_order_and_none_of_it_is_lost() -> None:
    async def scenario(bench: PeopleBench) -> None:
        plan, studio = leaving(bench), bench.studio
        first, second, *_ = (step.id for step in plan.steps)
        studio.running.clear()
        bench.workspace.plans.skip(plan, first)
        await until(lambda: studio.calls)
        slow, studio.running = studio.running, threading.Event()
        studio.running.set()
        bench.workspace.plans.skip(plan, second)
        await asyncio.sleep(0.01)  # in which the second could overtake the first
        slow.set()
        await bench.settled()
        assert studio.plans[plan.key].skipped == {first, second}
        shown = [one.runs[plan.key].plan.skipped for one in bench.changes if plan.key in one.runs]
        assert list(dict.fromkeys(shown)) == [{first}, {first, second}]
        bench.workspace.plans.skip(bench.run_of(plan).plan, first)
        await bench.settled()
        assert studio.plans[plan.key].skipped == {second}

    play(scenario)


def test_a_step_that_is_skipped_just_before_a_plan_is_run_is_not_done() -> None:
    async def scenario(bench: PeopleBench) -> None:
        plan, studio = leaving(bench), bench.studio
        studio.running.clear()
        bench.workspace.plans.skip(plan, plan.steps[0].id)
        await until(lambda: studio.calls)
        bench.workspace.plans.run(plan)
        assert bench.run_of(plan).is_running
        await asyncio.sleep(0.01)  # in which the run could overtake what is noted
        studio.running.set()
        await bench.settled()
        assert states(bench.run_of(plan).plan) == [SKIPPED, DONE, DONE, TO_DO]
        assert studio.members["theo"] == {"comp"}
        runs = [one.runs[plan.key] for one in bench.changes if one.runs]
        running = [run.is_running for run in runs]
        assert running == sorted(running, reverse=True)
        assert any(run.is_running and SKIPPED in states(run.plan) for run in runs)

    play(scenario)


def test_a_plan_whose_last_step_is_ticked_is_no_longer_begun() -> None:
    async def scenario(bench: PeopleBench) -> None:
        plan = leaving(bench)
        bench.workspace.plans.run(plan)
        await bench.settled()
        assert [one.key for one in bench.snapshot.plans] == [plan.key]
        bench.workspace.plans.tick(bench.run_of(plan).plan, "revoke")
        await bench.settled()
        done = [one for one in bench.changes if one.runs[plan.key].plan.is_done]
        assert done
        assert all(one.plans == () for one in done)

    play(scenario)


def test_a_plan_that_is_dropped_is_forgotten_with_its_run() -> None:
    async def scenario(bench: PeopleBench) -> None:
        plan = leaving(bench)
        bench.workspace.plans.tick(plan, "revoke")
        await bench.settled()
        bench.workspace.plans.drop(plan)
        await bench.settled()
        assert bench.snapshot.plans == ()
        assert bench.snapshot.runs == {}
        assert bench.notices == []

    play(scenario)


def test_what_cannot_be_noted_says_why() -> None:
    async def scenario(bench: PeopleBench) -> None:
        bench.studio.fail("tick", StudioError(ErrorKind.TROUBLE, "The disk is full."))
        bench.studio.fail("skip", ZeroDivisionError())
        plan = leaving(bench)
        bench.workspace.plans.tick(plan, "revoke")
        await bench.settled()
        bench.workspace.plans.skip(plan, plan.steps[0].id)
        await bench.settled()
        assert bench.texts == ["Plan: The disk is full.", f"Plan: {MISTAKE}"]
        assert bench.snapshot.runs == {}

    play(scenario)


def test_what_was_noted_at_a_studio_that_was_closed_is_dropped() -> None:
    async def scenario(bench: PeopleBench) -> None:
        plan = leaving(bench)
        held = bench.calls.hold()
        bench.workspace.plans.tick(plan, "revoke")
        await until(lambda: bench.calls.held)
        bench.calls.hold_no_others()
        await bench.reopen()
        held.set()
        await bench.settled()
        assert bench.snapshot.runs == {}

    play(scenario)


# Workstations of a person who leaves.


def test_what_a_leaver_runs_is_stopped_and_the_people_are_read_again() -> None:
    async def scenario(bench: PeopleBench) -> None:
        bench.workspace.plans.stop_sessions((SESSION.session_id,), "Theo")
        await bench.settled()
        assert bench.studio.calls == ["stop session-1", "look", "plans"]
        assert bench.texts == ["The workstations of Theo are being stopped."]

    play(scenario)


def delete(bench: PeopleBench) -> None:
    bench.workspace.plans.delete_session(SESSION, "Comp · on-1")


def stop(bench: PeopleBench) -> None:
    bench.workspace.plans.stop_sessions((SESSION.session_id,), "Theo")


def failing(call: str, request: Callable[[PeopleBench], None], title: str) -> None:
    """Play a request that fails, then one that ends in a mistake."""

    async def scenario(bench: PeopleBench) -> None:
        bench.studio.fail(call, TROUBLE, ZeroDivisionError())
        request(bench)
        await bench.settled()
        request(bench)
        await bench.settled()
        assert bench.texts == [f"{title}: {TROUBLE.message}", f"{title}: {MISTAKE}"]
        assert bench.snapshot.deleting == frozenset()
        assert bench.studio.calls.count("look") == 2

    play(scenario)


def test_a_stop_that_fails_says_why() -> None:
    failing("stop", stop, "Stop Theo's workstations")


def test_a_deletion_that_fails_says_why_and_can_be_requested_again() -> None:
    failing("delete", delete, "Delete Comp · on-1")


def test_a_workstation_shows_as_deleting_until_it_was_read_again_and_is_deleted_once() -> None:
    async def scenario(bench: PeopleBench) -> None:
        held = bench.calls.hold()
        delete(bench)
        delete(bench)
        assert bench.snapshot.deleting == {SESSION.session_id}
        await until(lambda: bench.calls.held)
        bench.calls.hold_no_others()
        bench.workspace.people.refresh()
        await until(lambda: not bench.workspace.people.is_refreshing)
        assert bench.snapshot.deleting == {SESSION.session_id}
        held.set()
        await bench.settled()
        assert bench.texts == ["Comp · on-1 is being deleted."]
        assert bench.snapshot.deleting == frozenset()
        assert bench.studio.calls.count("delete session-1") == 1

    play(scenario)


def test_a_deletion_at_a_studio_that_was_closed_leaves_no_mark() -> None:
    async def scenario(bench: PeopleBench) -> None:
        held = bench.calls.hold()
        delete(bench)
        await until(lambda: bench.calls.held)
        bench.calls.hold_no_others()
        await bench.reopen()
        held.set()
        await bench.settled()
        assert bench.snapshot.deleting == frozenset()
        assert bench.notices == []

    play(scenario)
