"""The sentences about changes of people, and why an action of the People screen is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nimble_tui.core.people import profile_status, rules
from nimble_tui.core.people.changes import ChangeKind, about_admin
from nimble_tui.core.people.plans import plan_offboard
from nimble_tui.core.rules import Refused

if TYPE_CHECKING:
    from nimble_tui.core.people.changes import PersonChange
    from nimble_tui.core.people.model import People, Person

_MEMBERS = frozenset({"add", "take_off", "choose", "onboard", "offboard"})
_DATAZONE = frozenset({"datazone", "find"})


class _Sentences(NamedTuple):
    """The sentences about one kind of change.

    It is about {name}, and {title} where a launch profile has one; {value} is what is set, and
    {effect} what that does.
    """

    heading: str
    question: str
    button: str
    outcome: str
    done: str
    already: str


_SENTENCES = {
    ChangeKind.ADD: _Sentences(
        heading="Add {name} to {title}",
        question="Add to launch profile?",
        button="Add",
        outcome="Takes effect immediately.",
        done="{name} can now launch from {title}.",
        already="{name} is already a member of {title}.",
    ),
    ChangeKind.REMOVE: _Sentences(
        heading="Remove {name} from {title}",
        question="Remove from launch profile?",
        button="Remove",
        outcome="Ends their access to it. Their workstations are unchanged. "
        "Takes effect immediately.",
        done="Removed {name} from {title}; their workstations are unchanged.",
        already="{name} is not a member of {title}.",
    ),
    ChangeKind.MAKE_ADMIN: _Sentences(
        heading="Make {name} an admin",
        question="Make admin?",
        button="Make admin",
        outcome="They can then use every launch profile and change its members.",
        done="{name} is now an admin.",
        already="{name} is already an admin.",
    ),
    ChangeKind.REMOVE_ADMIN: _Sentences(
        heading="Remove {name}'s admin role",
        question="Remove admin role?",
        button="Remove",
        outcome="They keep their own launch profiles and lose access to all others.",
        done="{name} is no longer an admin.",
        already="{name} is not an admin.",
    ),
    ChangeKind.ACTIVATE: _Sentences(
        heading="Activate {name}",
        question="Activate in DataZone?",
        button="Activate",
        outcome="Takes effect immediately.",
        done="{name} can now use the studio's DataZone domain.",
        already="{name} already has access to the studio's DataZone domain.",
    ),
    ChangeKind.DEACTIVATE: _Sentences(
        heading="Deactivate {name}",
        question="Deactivate in DataZone?",
        button="Deactivate",
        outcome="Ends their access to the studio's DataZone domain.",
        done="{name}'s DataZone profile is deactivated.",
        already="{name} has no access to the studio's DataZone domain.",
    ),
    ChangeKind.SET_PERSONA: _Sentences(
        heading="Set {name}'s persona on {title} to {value}",
        question="Set the persona?",
        button="Set",
        outcome="Takes effect immediately.",
        done="{name} has the persona {value} on {title}.",
        already="{name} already has the persona {value} on {title}.",
    ),
    ChangeKind.CREATE_PROFILE: _Sentences(
        heading="Create a DataZone profile for {name}",
        question="Create a DataZone profile?",
        button="Create",
        outcome="It gives them access to the studio's DataZone domain.",
        done="{name} now has a DataZone profile.",
        already="{name} already has a DataZone profile.",
    ),
    ChangeKind.SET_STATUS: _Sentences(
        heading="Set {name}'s DataZone profile to {value}",
        question="Set the DataZone profile to {value}?",
        button="Set",
        outcome="{effect} Takes effect immediately.",
        done="{name}'s DataZone profile is now {value}.",
        already="{name}'s DataZone profile is already {value}.",
    ),
}


def sentences(change: PersonChange) -> _Sentences:
    """Return the sentences about a change."""
    name, title = change.person.label, change.title
    every = _SENTENCES[change.kind]
    profile = change.person.user_profile
    effect = profile_status.effect(profile.status if profile else None, change.value)
    return _Sentences(
        *(one.format(name=name, title=title, value=change.value, effect=effect) for one in every)
    )


def refusal(
    action: str, found: People | None, person: Person | None, *, read_only: bool
) -> str | None:
    """Return why an action of the People screen would be refused; None when it would not."""
    if action not in {*_MEMBERS, *_DATAZONE, "admin", "access", "copy"}:
        return None
    if found is None:
        return "The members are not loaded yet. Try again in a moment."
    if person is None and action != "find":
        return "No person is selected."
    if action in _DATAZONE:
        return rules.user_search_refusal(found)
    if person is None:
        return None
    if action == "admin":
        return about_admin(person).refusal(found, read_only=read_only)
    if action in _MEMBERS:
        answer = rules.check_change_members(found, read_only=read_only)
        if isinstance(answer, Refused):
            return answer.reason
    return _nothing_to_do(action, found, person)


def _nothing_to_do(action: str, found: People, person: Person) -> str | None:
    match action:
        case "add" if len(person.launch_profile_ids) >= len(found.launch_profiles):
            return "They are already a member of every launch profile."
        case "take_off" if not person.launch_profile_ids:
            return "They are not a member of any launch profile."
        case "offboard":
            plan = plan_offboard(found, person.principal_id)
            return plan.reason if isinstance(plan, Refused) else None
    return None
