"""A person's access: each launch profile with their persona there, and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nimble_tui.core.people import rules
from nimble_tui.core.rules import Refused
from nimble_tui.view import times

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from nimble_tui.core.people.model import People, Person
    from nimble_tui.core.people.persona_history import PersonaDates

DATES = "Dates are known only of changes made on this computer."


class AccessRow(NamedTuple):
    """One launch profile: the persona there, since when, and whether the person is a member."""

    launch_profile_id: str
    title: str
    persona: str
    since: str
    is_member: bool


def rows(
    people: People,
    person: Person,
    dates: PersonaDates | None,
    now: datetime,
    tz: tzinfo | None,
) -> tuple[AccessRow, ...]:
    """Return all launch profiles, those that the person is a member of first."""
    found = []
    for profile in people.launch_profiles:
        key = profile.launch_profile_id
        is_member = key in person.launch_profile_ids
        if is_member:
            reported = person.personas.get(key)
            at = dates.since(person.principal_id, key, reported) if dates else None
            since = "date unknown" if at is None else f"since {times.local_time(at, now, tz)}"
            found.append(AccessRow(key, profile.title, reported or "UNKNOWN", since, is_member))
        else:
            found.append(AccessRow(key, profile.title, "–", _absent(people, person, key), False))
    return tuple(sorted(found, key=lambda row: not row.is_member))


def _absent(people: People, person: Person, launch_profile_id: str) -> str:
    if launch_profile_id in people.unread_profile_ids:
        return "unknown: its members could not be listed"
    return "not a member; can use it as an admin" if person.is_admin else "not a member"


def summary(people: People, person: Person) -> str:
    """Return how many launch profiles a person is a member of."""
    total, count = len(people.launch_profiles), len(person.launch_profile_ids)
    members = f"member of {count} of {total} launch profiles"
    return f"admin, and {members}" if person.is_admin else members


def note(personas: Sequence[str]) -> str:
    """Return what to know before a persona is chosen; empty while that was not read."""
    if len(personas) == 1:
        return f"{personas[0]} is the only persona that the API has. {DATES}"
    return DATES if personas else ""


def refusal(people: People, row: AccessRow | None, add: str, *, read_only: bool) -> str | None:
    """Return why no persona can be set on a launch profile; None where one can.

    `add` is the key that adds people to launch profiles.
    """
    answer = rules.check_change_members(people, read_only=read_only)
    if isinstance(answer, Refused):
        return answer.reason
    if row is None:
        return "There is no launch profile here."
    if not row.is_member:
        return f"They are not a member of {row.title}. Add them first ({add} on People)."
    return None
