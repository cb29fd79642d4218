"""Changes of who may do what: what each asks of the studio, and what is told of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from nimble_tui.core import people_rules
from nimble_tui.core.people import People, Person, Role
from nimble_tui.core.people_running import Running, running_of, stop_all
from nimble_tui.core.plans import plan_offboard
from nimble_tui.core.rules import Refused
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.view.people.person_rows import ADMINS, DATAZONE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimble_tui.core.people import MembersReport, UserProfile
    from nimble_tui.core.service import StudioService


_MEMBERS = frozenset({"add", "take_off", "choose", "onboard", "offboard"})


class Change(StrEnum):
    """What can be changed about somebody by one key."""

    ADD = "add"
    TAKE_OFF = "take off"
    PROMOTE = "make admin"
    DEMOTE = "unmake admin"
    ACTIVATE = "activate"
    DEACTIVATE = "deactivate"


_TOLD = {
    Change.ADD: "{name} may launch from {title} now.",
    Change.TAKE_OFF: "{name} is off {title}; their workstations stay.",
    Change.PROMOTE: "{name} is an admin now.",
    Change.DEMOTE: "{name} is no admin any more.",
    Change.ACTIVATE: "{name} may use the studio's DataZone domain now.",
    Change.DEACTIVATE: "{name} may use the studio's DataZone domain no more.",
}
_HEADS = {
    Change.ADD: "Add {name} to {title}",
    Change.TAKE_OFF: "Take {name} off {title}",
    Change.PROMOTE: "Make {name} an admin",
    Change.DEMOTE: "Take {name}'s admin rights away",
    Change.ACTIVATE: "Activate {name}",
    Change.DEACTIVATE: "Deactivate {name}",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """A confirmed change: of whom, and of which launch profile where it is about one.

    `to_stop` are the ids of workstations that are stopped before.
    """

    change: Change
    person: Person
    launch_profile_id: str = ""
    title: str = ""
    to_stop: tuple[str, ...] = ()

    @property
    def about(self) -> tuple[str, str]:
        """Whose it is and what it is about: only one change of that at a time."""
        match self.change:
            case Change.ADD | Change.TAKE_OFF:
                return self.person.principal_id, self.launch_profile_id
            case Change.PROMOTE | Change.DEMOTE:
                return self.person.principal_id, ADMINS
            case _:
                return self.person.principal_id, DATAZONE

    def refusal(self, people: People, *, read_only: bool) -> str | None:
        """Return why it is not even asked for; None when it may be."""
        match self.change:
            case Change.ADD | Change.TAKE_OFF:
                answer = people_rules.can_change_members(people, read_only=read_only)
            case Change.PROMOTE:
                answer = people_rules.can_change_admins(people, read_only=read_only)
            case Change.DEMOTE:
                answer = people_rules.can_be_admin_no_more(
                    people, self.person.principal_id, read_only=read_only
                )
            case _:
                return _refusal_of_datazone(people, read_only=read_only)
        return answer.reason if isinstance(answer, Refused) else None

    def running(self, people: People) -> Running:
        """Return the workstations that run of a launch profile a person is taken off."""
        if self.change != Change.TAKE_OFF:
            return Running()
        person = people.person(self.person.principal_id) or self.person
        return running_of(people, person, self.launch_profile_id)

    def send(self, studio: StudioService) -> UserProfile | None:
        """Ask the studio for it; StudioError when it did not work."""
        stop_all(studio, self.to_stop)
        who, where, service = self.person.principal_id, self.launch_profile_id, studio.people
        match self.change:
            case Change.ADD:
                _whole(service.put_launch_profile_members(where, [who]))
            case Change.TAKE_OFF:
                service.delete_launch_profile_member(where, who)
            case Change.PROMOTE:
                _whole(service.put_studio_members([who]))
            case Change.DEMOTE:
                service.delete_studio_member(who)
            case Change.ACTIVATE:
                return service.activate(who)
            case Change.DEACTIVATE:
                return service.deactivate(who)
        return None

    def done(self, people: People, user_profile: UserProfile | None) -> People:
        """Return everybody as they are now that the studio did it."""
        person = people.person(self.person.principal_id)
        if person is None:
            return people
        others = tuple(one for one in person.launch_profile_ids if one != self.launch_profile_id)
        match self.change:
            case Change.ADD:
                person = replace(person, launch_profile_ids=(*others, self.launch_profile_id))
            case Change.TAKE_OFF:
                person = replace(person, launch_profile_ids=others)
            case Change.PROMOTE | Change.DEMOTE:
                person = replace(person, is_admin=self.change == Change.PROMOTE)
            case _:
                person = replace(person, user_profile=user_profile)
        key = person.principal_id
        everyone = tuple(person if one.principal_id == key else one for one in people.everyone)
        return replace(people, everyone=everyone)

    @property
    def told(self) -> str:
        """What is said once it is done."""
        return self._said(_TOLD)

    @property
    def head(self) -> str:
        """What stands above what is said when it did not work."""
        return self._said(_HEADS)

    def _said(self, table: Mapping[Change, str]) -> str:
        return table[self.change].format(name=self.person.label, title=self.title)


def about_admin(person: Person) -> Wish:
    """Return the wish to make somebody an admin, or one no more."""
    return Wish(Change.DEMOTE if person.is_admin else Change.PROMOTE, person)


def refusal(
    action: str, found: People | None, person: Person | None, *, read_only: bool
) -> str | None:
    """Return why an action of the People screen would be refused; None when it would not."""
    if action not in {*_MEMBERS, "admin", "datazone", "copy"}:
        return None
    if found is None or person is None:
        return "There is nobody to do that with."
    if action == "admin":
        return about_admin(person).refusal(found, read_only=read_only)
    if action == "datazone":
        return _refusal_of_datazone(found, read_only=read_only)
    if action in _MEMBERS:
        answer = people_rules.can_change_members(found, read_only=read_only)
        if isinstance(answer, Refused):
            return answer.reason
    return _nothing_to_do(action, found, person)


def _nothing_to_do(action: str, found: People, person: Person) -> str | None:
    match action:
        case "add" if len(person.launch_profile_ids) >= len(found.launch_profiles):
            return "They are on every launch profile already."
        case "take_off" if not person.launch_profile_ids:
            return "They are on no launch profile."
        case "offboard":
            plan = plan_offboard(found, person.principal_id)
            return plan.reason if isinstance(plan, Refused) else None
    return None


def _refusal_of_datazone(people: People, *, read_only: bool) -> str | None:
    """Return why nobody's DataZone profile can be changed from here; None when it can."""
    if read_only:
        return people_rules.LOOK_ONLY
    if people.role == Role.ARTIST:
        return "Only an admin changes who may use the DataZone domain; ask one of them."
    if people.user_profiles is None:
        return "The settings of this studio name no DataZone domain; put domain_id into them."
    return None


def _whole(report: MembersReport) -> None:
    if report.problem is not None:
        raise StudioError(ErrorKind.UNCERTAIN, report.problem)
