"""people onboard and offboard: a plan that is shown, confirmed, and run step by step."""

import shlex
from argparse import Namespace
from collections.abc import Iterator, Sequence

from nimble_tui.cli import exit_codes, terminal
from nimble_tui.cli.context import again, opened, wants_demo
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.people.choosing import (
    going_on,
    including,
    launch_profiles,
    look,
    persons,
)
from nimble_tui.cli.people.stopping import is_to_stop
from nimble_tui.cli.progress import clear_line, draw_line, is_terminal
from nimble_tui.core.people.model import People, Person
from nimble_tui.core.people.plans import Plan, PlanKind, Step, StepKind, StepState, Who, make_plan
from nimble_tui.core.people.rules import check_change_members
from nimble_tui.core.people.running_sessions import sessions_left_running
from nimble_tui.core.people.service import PeopleService
from nimble_tui.core.rules import Refused
from nimble_tui.core.sending import stop_all
from nimble_tui.core.text import clean, clean_id

_KEYS = (StepKind.INVITE, StepKind.REVOKE)
_MARKS = {StepState.DONE: "[x]", StepState.FAILED: "[!]", StepState.SKIPPED: "[-]"}


def run_plans(args: Namespace) -> int:
    """Show a plan for every person named; run the remaining steps once confirmed."""
    with opened(args) as (_, service):
        people = look(service)
        read_only = service.info.read_only and not args.plan
        answer = check_change_members(people, read_only=read_only)
        if isinstance(answer, Refused):
            raise Stop(exit_codes.REFUSED, answer.reason)
        say(*people.notices)
        begun = service.people.open_plans(people)
        plans = [_plan(args, people, one, begun) for one in persons(args, people)]
        if args.plan:
            print("\n\n".join("\n".join(_shown(args, people, one)) for one in plans))
            return exit_codes.DONE
        for one in plans:
            say(*_shown(args, people, one))
        stops = [_to_stop(args, people, one) for one in plans]
        if any(one.left_to_me for one in plans) and not args.yes:
            terminal.agree("Run this plan?", "use --yes to run the plan, or --plan to show it.")
        for one, to_stop in zip(plans, stops, strict=True):
            with going_on(lambda: True):
                stop_all(service, to_stop)
            _carry_out(args, service.people, one)
    return exit_codes.DONE


def _plan(args: Namespace, people: People, person: Person, begun: Sequence[Plan]) -> Plan:
    """Return a person's plan: the unfinished one, unless the options request another."""
    kind = PlanKind(args.plan_kind)
    wanted: list[str] = []
    administrator = False
    if kind == PlanKind.ONBOARD:
        wanted = [one.launch_profile_id for one in launch_profiles(args, people)]
        administrator = args.admin
    ticked: set[str] = set(_KEYS) if args.operator_done else set()
    known = (one for one in begun if (one.kind, one.principal_id) == (kind, person.principal_id))
    before = next(known, None)
    skipped = set(args.skip or ())
    if before is not None:
        ticked |= before.ticked
        skipped |= before.skipped
        if not wanted and not administrator:
            wanted, administrator = list(before.launch_profile_ids), before.administrator
    plan = make_plan(
        kind,
        including(person, people),
        person.principal_id,
        launch_profile_ids=wanted,
        administrator=administrator,
        ticked=ticked,
        skipped=skipped,
    )
    if isinstance(plan, Refused):
        raise Stop(exit_codes.REFUSED, f"{person.label}: {plan.reason}")
    steps = {one.id for one in plan.steps}
    unknown = [one for one in args.skip or () if one not in steps]
    if unknown:
        raise Stop(
            exit_codes.USAGE,
            f"{plan.name}: the plan has no step {clean(unknown[0], 64)}. It has:",
            *(f"  {clean(one.id, 128)}  {one.text}" for one in plan.steps),
        )
    return plan


def _to_stop(args: Namespace, people: People, plan: Plan) -> tuple[str, ...]:
    """Return the ids of a leaver's workstations to stop first."""
    running = sessions_left_running(people, plan)
    return running.to_stop if is_to_stop(args, running, plan.name) else ()


def _carry_out(args: Namespace, service: PeopleService, plan: Plan) -> None:
    if plan.left_to_me or not plan.is_done:
        plan = _run(args, service, plan)
    else:
        service.drop(plan)
    for_operator = [one for one in plan.steps if one.who == Who.OPERATOR and one.is_open]
    if not for_operator:
        left_out = f", without {_counted(len(plan.skipped))}" if plan.skipped else ""
        say(f"{plan.name}: done{left_out}.")
        return
    say(f"{plan.name}: done. Remaining steps, for the operator:")
    say(*(f"  {_operators(args, one)}" for one in for_operator))
    done = again(args, f"people {plan.kind} {shlex.quote(plan.principal_id)} --operator-done")
    say(f"When they are done: {done}")


def _counted(skipped: int) -> str:
    return "the skipped step" if skipped == 1 else f"the {skipped} skipped steps"


def _run(args: Namespace, service: PeopleService, plan: Plan) -> Plan:
    """Run a plan; add to a failure how to continue, with the failed step or without it."""
    failed: list[Step] = []

    def tick(step: Step) -> None:
        _tick(step)
        if step.state == StepState.FAILED:
            failed.append(step)

    try:
        with going_on(lambda: True):
            return service.run(plan, tick)
    except Stop as stop:
        command = f"people {plan.kind} {shlex.quote(plan.principal_id)} --skip "
        without = (again(args, command + shlex.quote(clean_id(one.id))) for one in failed)
        raise Stop(
            stop.code,
            *stop.sentences,
            *(f"To skip this step and run the rest: {one}" for one in without),
        ) from None


def _tick(step: Step) -> None:
    """Print how a step ended; on a terminal also that it is running."""
    if step.who == Who.OPERATOR and not step.is_done:
        return
    if step.state != StepState.DOING:
        clear_line()
        say(f"  {_marked(step)}")
    elif is_terminal():
        draw_line(f"  [ ] {step.text}")


def _shown(args: Namespace, people: People, plan: Plan) -> Iterator[str]:
    """Return a plan as lines: its steps, who does each, and what stays."""
    yield f"{plan.kind.capitalize()} {plan.name}:"
    for step in plan.steps:
        yield f"  {_marked(step)}"
        if step.who == Who.OPERATOR and not step.is_done:
            yield f"      operator: {_operators(args, step)}"
    if not plan.sessions:
        return
    if args.plan and (running := sessions_left_running(people, plan)):
        yield f"  {running.sentence} --stop stops what can be stopped first."
    yield "  The plan deletes none of their workstations. Delete each with its disk:"
    for session in plan.sessions:
        title = session.title(people.launch_profile(session.launch_profile_id or ""))
        command = again(args, f"delete {shlex.quote(clean_id(session.session_id))}")
        yield f"      {title}, {session.state or 'UNKNOWN'}: {command}"


def _marked(step: Step) -> str:
    return f"{_MARKS.get(step.state, '[ ]')} {step.text}"


def _operators(args: Namespace, step: Step) -> str:
    """Return the operator's command, as far as it is known here."""
    on_data = step.kind in _KEYS
    if wants_demo(args):
        return f"{step.command} --demo{'' if on_data else ' --as operator'}"
    return f"{step.command} --data FILE" if on_data else step.command
