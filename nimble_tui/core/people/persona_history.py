"""Since when a member has had a persona, as far as this computer's history knows.

The API's LaunchProfileMembership has no date.
"""

from collections.abc import Iterable
from datetime import datetime

from nimble_tui.core.history import Event
from nimble_tui.core.people.model import Member, Persona


def persona_since(
    events: Iterable[Event], member: Member, launch_profile_id: str
) -> datetime | None:
    """Return when a member was given the persona that they have; None where it is not known.

    `events` are oldest first. What was requested elsewhere is not among them, so a persona that was
    set without a known beginning of the membership says nothing.
    """
    since: datetime | None = None
    persona: str | None = None
    for event in events:
        is_theirs = member.principal_id in event.principal_ids
        if not event.done or not is_theirs or event.launch_profile_id != launch_profile_id:
            continue
        match event.what:
            case "people add" if persona is None:
                since, persona = event.at, Persona.USER
            case "people remove":
                since = persona = None
            case "people persona" if persona is not None and event.value != persona:
                since, persona = event.at, event.value
    return since if persona == member.persona else None
