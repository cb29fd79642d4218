"""People as the screens show them: a row each, and roles and statuses as words with a symbol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nimble_tui.core.lookup import folded
from nimble_tui.core.people.model import People, Person, Role, UserProfileStatus
from nimble_tui.core.text import clean_id
from nimble_tui.view.labels import StateLabel

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

UNDER_WAY = StateLabel("◌", "…", "moving")

_STATUSES = {
    UserProfileStatus.ACTIVATED.value: ("●", "ready"),
    UserProfileStatus.ASSIGNED.value: ("◉", "moving"),
    UserProfileStatus.NOT_ASSIGNED.value: ("○", "muted"),
    UserProfileStatus.DEACTIVATED.value: ("✕", "failed"),
}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in the list; `haystack` is the text that a filter searches, case-folded.

    `pending` names what is being changed about them: launch profiles by id, ADMINS, DATAZONE
    of `core.people.changes`.
    """

    person: Person
    role: StateLabel
    status: StateLabel | None
    profiles: str
    haystack: str
    pending: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """The key of the row, which no refresh changes."""
        return self.person.principal_id


def rows_of(
    people: People,
    known: Iterable[PersonRow] = (),
    pending: Collection[tuple[str, str]] = (),
) -> tuple[PersonRow, ...]:
    """Return all people as rows; an unchanged row of `known` is reused.

    `pending` are changes under way: whose, and what it is about.
    """
    before = {row.key: row for row in known}
    changing: dict[str, set[str]] = {}
    for whose, what in pending:
        changing.setdefault(whose, set()).add(what)
    titles = _titles(people)
    found = []
    for person in people.everyone:
        row = _row(people, person, titles, frozenset(changing.get(person.principal_id, ())))
        old = before.get(row.key)
        found.append(old if old == row else row)
    # People without a known name come last.
    return tuple(sorted(found, key=lambda row: row.person.name == row.person.short_id))


def patched(
    people: People,
    rows: Sequence[PersonRow],
    principal_id: str,
    pending: Collection[tuple[str, str]] = (),
) -> tuple[PersonRow, ...]:
    """Return the rows with that of one person made again; the others and their order stay."""
    person = people.person(principal_id)
    if person is None:
        return tuple(rows)
    changing = frozenset(what for whose, what in pending if whose == principal_id)
    new = _row(people, person, _titles(people), changing)
    return tuple(new if row.key == principal_id else row for row in rows)


def matching(rows: Sequence[PersonRow], wanted: str) -> tuple[PersonRow, ...]:
    """Return the rows in which every word of `wanted` is found."""
    words = folded(wanted).split()
    return tuple(row for row in rows if all(word in row.haystack for word in words))


def role_of(people: People, person: Person) -> StateLabel:
    """Return how a person's role shows."""
    if person.is_me and people.role == Role.OPERATOR:
        return StateLabel("◈", "operator", "accent")
    if person.is_admin:
        return StateLabel("◆", "admin", "accent")
    if person.is_admin is None:
        return StateLabel("?", "unknown", "muted")
    if person.takes_part:
        return StateLabel("·", "artist", "foreground")
    return StateLabel("–", "none", "muted")


def status_of(people: People, person: Person) -> StateLabel | None:
    """Return how a person's DataZone profile shows; None in a studio without a domain."""
    if people.user_profiles is None:
        return None
    if person.user_profile is None:
        known = people.user_profiles
        return StateLabel("–", "none", "muted") if known else StateLabel("?", "unknown", "muted")
    return look_of(person.user_profile_status)


def look_of(status: str | None) -> StateLabel:
    """Return how the status of a DataZone profile shows; one that is new to this app as it came."""
    symbol, style = _STATUSES.get(status or "", ("?", "muted"))
    return StateLabel(symbol, status or "unknown", style)


def names_of(people: People, launch_profile_ids: Iterable[str]) -> str:
    """Return launch profiles by name."""
    found = ((people.launch_profile(one), one) for one in launch_profile_ids)
    return ", ".join(one.title if one else clean_id(key) for one, key in found)


def counted(person: Person) -> str:
    """Return how many workstations of a person run and are stopped, in words."""
    others = len(person.sessions) - person.running - person.stopped
    counts = ((person.running, "running"), (person.stopped, "stopped"), (others, "other"))
    return ", ".join(f"{count} {word}" for count, word in counts if count) or "none"


def _titles(people: People) -> dict[str, str]:
    return {one.launch_profile_id: one.title for one in people.launch_profiles}


def _row(
    people: People, person: Person, titles: dict[str, str], pending: frozenset[str]
) -> PersonRow:
    role, status = role_of(people, person), status_of(people, person)
    named = [titles.get(one) or clean_id(one) for one in person.launch_profile_ids]
    said = (
        person.label,
        person.user_name,
        person.email,
        clean_id(person.principal_id),
        role.text,
        status.text if status else None,
        "you" if person.is_me else None,
        "running" if person.running else None,
        "stopped" if person.stopped else None,
        *named,
    )
    haystack = folded(" ".join(one for one in said if one))
    return PersonRow(person, role, status, ", ".join(named), haystack, pending)
