"""Changes of who may do what, in sentences, and why an action of the People screen is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nimble_tui.core.people import profile_status, rules
from nimble_tui.core.people.changes import Change, about_admin
from nimble_tui.core.people.plans import plan_offboard
from nimble_tui.core.rules import Refused

if TYPE_CHECKING:
    from nimble_tui.core.people.changes import Wish
    from nimble_tui.core.people.model import People, Person

_MEMBERS = frozenset({"add", "take_off", "choose", "onboard", "offboard"})
_DATAZONE = frozenset({"datazone", "find"})


class _Sentences(NamedTuple):
    """What is said of one kind of change.

    It is about {name}, and {title} where a launch profile has one; {value} is what is set, and
    {meaning} what that means.
    """

    heading: str
    question: str
    button: str
    outcome: str
    done: str
    already: str


_SENTENCES = {
    Change.ADD: _Sentences(
        heading="Add {name} to {title}",
        question="Add to a launch profile?",
        button="Add",
        outcome="It counts at once.",
        done="{name} may launch from {title} now.",
        already="{name} is on {title} already.",
    ),
    Change.TAKE_OFF: _Sentences(
        heading="Take {name} off {title}",
        question="Take off a launch profile?",
        button="Take off",
        outcome="They cannot launch from it any more, from now on. The workstations they have of "
        "it stay as they are.",
        done="{name} is off {title}; their workstations stay.",
        already="{name} is not on {title}.",
    ),
    Change.PROMOTE: _Sentences(
        heading="Make {name} an admin",
        question="Make an admin?",
        button="Make an admin",
        outcome="They may use every launch profile then, and change who is on them.",
        done="{name} is an admin now.",
        already="{name} is an admin already.",
    ),
    Change.DEMOTE: _Sentences(
        heading="Take {name}'s admin rights away",
        question="Take admin rights away?",
        button="Take them away",
        outcome="They keep the launch profiles that they are on, and may use no others.",
        done="{name} is no admin any more.",
        already="{name} is no admin.",
    ),
    Change.ACTIVATE: _Sentences(
        heading="Activate {name}",
        question="Activate in DataZone?",
        button="Activate",
        outcome="It counts at once.",
        done="{name} may use the studio's DataZone domain now.",
        already="{name} may use the studio's DataZone domain already.",
    ),
    Change.DEACTIVATE: _Sentences(
        heading="Deactivate {name}",
        question="Deactivate in DataZone?",
        button="Deactivate",
        outcome="They cannot use the studio's DataZone domain any more, from now on.",
        done="{name} may use the studio's DataZone domain no more.",
        already="{name} may not use the studio's DataZone domain anyway.",
    ),
    Change.SET_PERSONA: _Sentences(
        heading="Set {name}'s persona on {title} to {value}",
        question="Set the persona?",
        button="Set",
        outcome="It takes effect immediately.",
        done="{name} has the persona {value} on {title}.",
        already="{name} has the persona {value} on {title} already.",
    ),
    Change.CREATE_PROFILE: _Sentences(
        heading="Create a DataZone profile for {name}",
        question="Create a DataZone profile?",
        button="Create",
        outcome="They can use the studio's DataZone domain then.",
        done="{name} has a DataZone profile now.",
        already="{name} has a DataZone profile already.",
    ),
    Change.SET_STATUS: _Sentences(
        heading="Set {name}'s DataZone profile to {value}",
        question="Set the DataZone profile to {value}?",
        button="Set",
        outcome="{meaning} It takes effect immediately.",
        done="{name}'s DataZone profile is {value} now.",
        already="{name}'s DataZone profile is {value} already.",
    ),
}


def sentences(wish: Wish) -> _Sentences:
    """Return what is said of a change."""
    name, title = wish.person.label, wish.title
    every = _SENTENCES[wish.change]
    meaning = profile_status.meaning(wish.value)
    return _Sentences(
        *(one.format(name=name, title=title, value=wish.value, meaning=meaning) for one in every)
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
        return rules.refusal_to_see_user_profiles(found)
    if person is None:
        return None
    if action == "admin":
        return about_admin(person).refusal(found, read_only=read_only)
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
