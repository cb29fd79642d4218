"""Changes of who may do what, in sentences, and why an action of the People screen is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.core.people import rules
from nimble_tui.core.people.changes import Change, about_admin
from nimble_tui.core.people.plans import plan_offboard
from nimble_tui.core.rules import Refused

if TYPE_CHECKING:
    from nimble_tui.core.people.changes import Wish
    from nimble_tui.core.people.model import People, Person

_MEMBERS = frozenset({"add", "take_off", "choose", "onboard", "offboard"})

_DONE = {
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


def done_sentence(wish: Wish) -> str:
    """Return what is said once a change is done."""
    return _DONE[wish.change].format(name=wish.person.label, title=wish.title)


def heading(wish: Wish) -> str:
    """Return what a change does, as the heading of what is said about it."""
    return _HEADS[wish.change].format(name=wish.person.label, title=wish.title)


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
        return rules.refusal_of_user_profiles(found, read_only=read_only)
    if action in _MEMBERS:
        answer = rules.can_change_members(found, read_only=read_only)
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
