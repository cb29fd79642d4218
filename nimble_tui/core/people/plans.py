"""Plans to onboard or offboard a person: every step, before any of them runs.

A plan is made from a snapshot and can be made again from a later one: what is true by then is
done. It never deletes a workstation.
"""

import shlex
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum

from nimble_tui.core.model import StreamingSession
from nimble_tui.core.people.model import People, Person, Role
from nimble_tui.core.people.rules import check_not_last_admin
from nimble_tui.core.rules import Refused
from nimble_tui.core.text import clean_id, is_plain_id


class PlanKind(StrEnum):
    """Onboarding or offboarding."""

    ONBOARD = "onboard"
    OFFBOARD = "offboard"


class StepKind(StrEnum):
    """The kind of a step: the change that it makes."""

    INVITE = "invite"
    ACTIVATE = "activate"
    PROMOTE = "promote"
    ADD = "add"
    REMOVE = "remove"
    DEMOTE = "demote"
    DEACTIVATE = "deactivate"
    REVOKE = "revoke"


class StepState(StrEnum):
    """The state of a step."""

    TO_DO = "to do"
    DOING = "doing"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


class Who(StrEnum):
    """The party that runs a step."""

    ME = "me"
    OPERATOR = "the operator"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a sentence, who does it and how far it is.

    `command` is what the operator types for it, where it is theirs to do. A step with a
    `launch_profile_id` is about that launch profile.
    """

    kind: StepKind
    text: str
    who: Who = Who.ME
    state: StepState = StepState.TO_DO
    launch_profile_id: str = ""
    command: str = ""

    @property
    def id(self) -> str:
        """Its name within its plan."""
        return f"{self.kind}:{self.launch_profile_id}" if self.launch_profile_id else self.kind

    @property
    def is_done(self) -> bool:
        """True if nothing is left to do."""
        return self.state == StepState.DONE

    @property
    def is_open(self) -> bool:
        """True if it is neither done nor skipped."""
        return self.state not in {StepState.DONE, StepState.SKIPPED}


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps for one person, in the order in which they are done.

    `launch_profile_ids` are the launch profiles it is about. `sessions` are the workstations of
    a leaver, which stay until each is deleted by hand.
    """

    kind: PlanKind
    principal_id: str
    name: str
    steps: tuple[Step, ...]
    launch_profile_ids: tuple[str, ...] = ()
    administrator: bool = False
    sessions: tuple[StreamingSession, ...] = ()

    @property
    def key(self) -> str:
        """Its key: there is one plan of a kind for a person."""
        return f"{self.kind}:{self.principal_id}"

    @property
    def is_done(self) -> bool:
        """True if every step is done or skipped, the operator's too."""
        return not any(one.is_open for one in self.steps)

    @property
    def left_to_me(self) -> tuple[Step, ...]:
        """The steps that a run still has to do."""
        return tuple(one for one in self.steps if one.who == Who.ME and one.is_open)

    @property
    def ticked(self) -> frozenset[str]:
        """The ids of the steps that are done."""
        return frozenset(one.id for one in self.steps if one.is_done)

    @property
    def skipped(self) -> frozenset[str]:
        """The ids of the steps that are left out."""
        return frozenset(one.id for one in self.steps if one.state == StepState.SKIPPED)

    def with_step(self, step: Step) -> "Plan":
        """Return the plan with a step in the place of the one of the same id."""
        return replace(self, steps=tuple(step if one.id == step.id else one for one in self.steps))

    def ticking(self, step_id: str) -> "Plan":
        """Return the plan with a step done."""
        done = (one for one in self.steps if one.id == step_id)
        return next((self.with_step(replace(one, state=StepState.DONE)) for one in done), self)

    def skipping(self, step_ids: Set[str]) -> "Plan":
        """Return the plan with these steps left out, and no others; what is done stays done."""

        def state(step: Step) -> StepState:
            if step.is_open and step.id in step_ids:
                return StepState.SKIPPED
            left_in = step.state == StepState.SKIPPED and step.id not in step_ids
            return StepState.TO_DO if left_in else step.state

        return replace(self, steps=tuple(replace(one, state=state(one)) for one in self.steps))


def plan_onboard(
    people: People,
    principal_id: str,
    launch_profile_ids: Sequence[str],
    *,
    administrator: bool = False,
    ticked: Set[str] = frozenset(),
) -> Plan | Refused:
    """Return the plan to onboard a person to these launch profiles, or why there can be none.

    `administrator` makes them an admin too; `ticked` are the ids of the operator's steps that are
    known to be done.
    """
    person = _someone(people, principal_id)
    if isinstance(person, Refused):
        return person
    wanted = tuple(dict.fromkeys(launch_profile_ids))
    if not wanted and not administrator:
        return Refused("Select at least one launch profile, or make them an admin.")
    unknown = [one for one in wanted if people.launch_profile(one) is None]
    if unknown:
        return Refused(
            f"No launch profile {clean_id(unknown[0])} here. Refresh, then select again."
        )
    steps = [_invite(person, ticked)]
    if people.user_profiles is not None:
        is_on = person.user_profile is not None and person.user_profile.is_on
        text = f"Activate {person.label} in the studio's DataZone domain."
        steps.append(_mine(StepKind.ACTIVATE, text, done=is_on))
    if administrator:
        text = f"Make {person.label} an admin."
        done = bool(person.is_admin)
        steps.append(_admins(StepKind.PROMOTE, text, "add", people, person, done=done))
    for one in wanted:
        text = f"Add {person.label} to {_title(people, one)}."
        done = one in person.launch_profile_ids
        steps.append(_mine(StepKind.ADD, text, launch_profile_id=one, done=done))
    return Plan(
        PlanKind.ONBOARD,
        principal_id,
        person.label,
        tuple(steps),
        launch_profile_ids=wanted,
        administrator=administrator,
    )


def plan_offboard(
    people: People,
    principal_id: str,
    *,
    launch_profile_ids: Sequence[str] = (),
    administrator: bool = False,
    ticked: Set[str] = frozenset(),
) -> Plan | Refused:
    """Return the plan to offboard a person, or why there can be none.

    `launch_profile_ids` and `administrator` are what a plan that was begun is about already;
    `ticked` are the ids of the operator's steps that are known to be done.
    """
    person = _someone(people, principal_id)
    if isinstance(person, Refused):
        return person
    if person.is_me:
        return Refused("You can't offboard yourself. Ask another admin.")
    if person.is_admin:
        answer = check_not_last_admin(people, principal_id)
        if isinstance(answer, Refused):
            return answer
    concerned = tuple(
        dict.fromkeys(
            (*launch_profile_ids, *person.launch_profile_ids, *sorted(people.unread_profile_ids))
        )
    )
    steps = []
    was_admin = administrator or person.is_admin is not False
    if was_admin:
        # First of all: a studio that cannot do without them says so before anything is changed.
        text = f"Remove {person.label}'s admin role."
        done = person.is_admin is False
        steps.append(_admins(StepKind.DEMOTE, text, "remove", people, person, done=done))
    steps += _removals(people, person, concerned)
    if people.user_profiles is False or person.user_profile is not None:
        text = f"Deactivate {person.label} in the studio's DataZone domain."
        is_off = person.user_profile is not None and person.user_profile.is_off
        steps.append(_mine(StepKind.DEACTIVATE, text, done=is_off))
    steps.append(_revoke(person, ticked))
    return Plan(
        PlanKind.OFFBOARD,
        principal_id,
        person.label,
        tuple(steps),
        launch_profile_ids=concerned,
        administrator=was_admin,
        sessions=person.sessions,
    )


def make_plan(
    kind: PlanKind,
    people: People,
    principal_id: str,
    *,
    launch_profile_ids: Sequence[str] = (),
    administrator: bool = False,
    ticked: Set[str] = frozenset(),
    skipped: Set[str] = frozenset(),
) -> Plan | Refused:
    """Return a plan of either kind, without the steps whose ids are `skipped`.

    The other parameters are those of the two above.
    """
    make = plan_onboard if kind == PlanKind.ONBOARD else plan_offboard
    plan = make(
        people,
        principal_id,
        launch_profile_ids=launch_profile_ids,
        administrator=administrator,
        ticked=ticked,
    )
    return plan if isinstance(plan, Refused) else plan.skipping(skipped)


def renewed(plan: Plan, people: People) -> Plan | Refused:
    """Return a plan as it stands in another snapshot."""
    return make_plan(
        plan.kind,
        people,
        plan.principal_id,
        launch_profile_ids=plan.launch_profile_ids,
        administrator=plan.administrator,
        ticked=plan.ticked,
        skipped=plan.skipped,
    )


def _someone(people: People, principal_id: str) -> Person | Refused:
    person = people.person(principal_id)
    if not is_plain_id(principal_id):
        return Refused("Their id contains unsafe characters. Ask your operator.")
    if person is None:
        return Refused(
            f"No member has the id {clean_id(principal_id)}. Refresh, or ask the operator to "
            "invite them (nimble-tui studio invite)."
        )
    if people.role == Role.ARTIST:
        return Refused("Only admins can onboard and offboard people. Ask one of them.")
    return person


def _invite(person: Person, ticked: Set[str]) -> Step:
    text = f"Invite {person.label} and issue access keys, if they have none."
    return _keys(StepKind.INVITE, text, "invite", person, ticked)


def _revoke(person: Person, ticked: Set[str]) -> Step:
    return _keys(
        StepKind.REVOKE, f"Revoke the access keys of {person.label}.", "revoke", person, ticked
    )


def _keys(kind: StepKind, text: str, command: str, person: Person, ticked: Set[str]) -> Step:
    state = StepState.DONE if kind in ticked else StepState.TO_DO
    return Step(kind, text, Who.OPERATOR, state, command=_command(f"studio {command}", person))


def _admins(
    kind: StepKind, text: str, command: str, people: People, person: Person, *, done: bool
) -> Step:
    who = Who.OPERATOR if people.changes_admins is False else Who.ME
    state = StepState.DONE if done else StepState.TO_DO
    return Step(kind, text, who, state, command=_command(f"people admin {command}", person))


def _command(command: str, person: Person) -> str:
    return f"nimble-tui {command} {shlex.quote(person.principal_id)}"


def _removals(people: People, person: Person, concerned: Iterable[str]) -> Iterator[Step]:
    for one in concerned:
        text = f"Remove {person.label} from {_title(people, one)}."
        done = one not in person.launch_profile_ids and one not in people.unread_profile_ids
        yield _mine(StepKind.REMOVE, text, launch_profile_id=one, done=done)


def _mine(kind: StepKind, text: str, *, done: bool, launch_profile_id: str = "") -> Step:
    state = StepState.DONE if done else StepState.TO_DO
    return Step(kind, text, Who.ME, state, launch_profile_id)


def _title(people: People, launch_profile_id: str) -> str:
    launch_profile = people.launch_profile(launch_profile_id)
    return launch_profile.title if launch_profile else clean_id(launch_profile_id)
