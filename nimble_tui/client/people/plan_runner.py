"""Run a reviewed plan step by step; steps that are already true are skipped over."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from nimble_tui.core.people.model import Member, MembersReport, UserProfile
from nimble_tui.core.people.plans import Plan, Step, StepKind, StepState, Who
from nimble_tui.core.people.service import OnStep, PeopleService
from nimble_tui.core.service import ErrorKind, StudioError

_ADMINS: Final = frozenset({StepKind.PROMOTE, StepKind.DEMOTE})
_OVERTAKEN: Final = frozenset(
    {ErrorKind.NOT_FOUND, ErrorKind.CONFLICT, ErrorKind.INVALID, ErrorKind.UNCERTAIN}
)

Keep = Callable[[Plan], None]
"""Writes down how a plan stands."""


def run_plan(plan: Plan, doer: PeopleService, keep: Keep, on_step: OnStep | None = None) -> Plan:
    """Run the remaining steps of a plan in order, and return it with their states.

    Each step looks at the present first, also one that was done when the plan was made; a skipped
    one is not looked at, since the service behind it may be what cannot be reached. The
    operator's steps are looked at alone, where that is possible; who is an admin becomes such a
    step once the studio refuses it. Raises what the first step that fails raises, once that is
    kept and told.
    """
    keep(plan)
    for step in plan.steps:
        if step.state == StepState.SKIPPED:
            continue
        plan = _take(plan, step, StepState.DOING, on_step)
        try:
            done = _is_true(step, plan, doer) or _do(step, plan, doer)
        except StudioError as error:
            if error.kind == ErrorKind.DENIED and step.kind in _ADMINS:
                plan = _take(plan, replace(step, who=Who.OPERATOR), StepState.TO_DO, on_step)
                keep(plan)
                continue
            plan = _take(plan, step, StepState.FAILED, on_step)
            keep(plan)
            raise
        plan = _take(plan, step, StepState.DONE if done else StepState.TO_DO, on_step)
        keep(plan)
    return plan


def _is_true(step: Step, plan: Plan, doer: PeopleService) -> bool:
    look = _LOOK.get(step.kind)
    # No service shows keys; the user ticks that step.
    return step.is_done if look is None else look(doer, step, plan.principal_id)


def _do(step: Step, plan: Plan, doer: PeopleService) -> bool:
    if step.who != Who.ME:
        return False
    try:
        _DO[step.kind](doer, step, plan.principal_id)
    except StudioError as error:
        # Another admin may have done it in the meantime.
        if error.kind not in _OVERTAKEN or not _is_true(step, plan, doer):
            raise
    return True


def _take(plan: Plan, step: Step, state: StepState, on_step: OnStep | None) -> Plan:
    step = replace(step, state=state)
    if on_step is not None:
        on_step(step)
    return plan.with_step(step)


def _is_admin(doer: PeopleService, _: Step, who: str) -> bool:
    return _found(lambda: doer.membership.get_studio_member(who))


def _is_on(doer: PeopleService, step: Step, who: str) -> bool:
    return _found(lambda: doer.membership.get_launch_profile_member(step.launch_profile_id, who))


def _is_active(doer: PeopleService, _: Step, who: str) -> bool:
    profile = _user_profile(doer, who)
    return profile is not None and profile.is_on


def _is_inactive(doer: PeopleService, _: Step, who: str) -> bool:
    profile = _user_profile(doer, who)
    # Who has no profile cannot use the domain.
    return profile is None or profile.is_off


def _user_profile(doer: PeopleService, who: str) -> UserProfile | None:
    try:
        return doer.user_profiles.get_user_profile(who)
    except StudioError as error:
        if error.kind != ErrorKind.NOT_FOUND:
            raise
    return None


def _found(look: Callable[[], Member]) -> bool:
    try:
        look()
    except StudioError as error:
        if error.kind != ErrorKind.NOT_FOUND:
            raise
        return False
    return True


def _whole(report: MembersReport) -> None:
    if report.problem is not None:
        raise StudioError(ErrorKind.UNCERTAIN, report.problem)


_LOOK: Final[Mapping[StepKind, Callable[[PeopleService, Step, str], bool]]] = {
    StepKind.ACTIVATE: _is_active,
    StepKind.DEACTIVATE: _is_inactive,
    StepKind.PROMOTE: _is_admin,
    StepKind.DEMOTE: lambda doer, step, who: not _is_admin(doer, step, who),
    StepKind.ADD: _is_on,
    StepKind.REMOVE: lambda doer, step, who: not _is_on(doer, step, who),
}

_DO: Final[Mapping[StepKind, Callable[[PeopleService, Step, str], object]]] = {
    StepKind.ACTIVATE: lambda doer, _, who: doer.user_profiles.activate(who),
    StepKind.DEACTIVATE: lambda doer, _, who: doer.user_profiles.deactivate(who),
    StepKind.PROMOTE: lambda doer, _, who: _whole(doer.membership.put_studio_members([who])),
    StepKind.DEMOTE: lambda doer, _, who: doer.membership.delete_studio_member(who),
    StepKind.ADD: lambda doer, step, who: _whole(
        doer.membership.put_launch_profile_members(step.launch_profile_id, [who])
    ),
    StepKind.REMOVE: lambda doer, step, who: doer.membership.delete_launch_profile_member(
        step.launch_profile_id, who
    ),
}
