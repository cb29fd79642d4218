"""The snapshot of the people of a studio: one value that is replaced, never changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from nimble_tui.core.people.model import People, UserProfile, UserSearchType
    from nimble_tui.core.people.persona_history import PersonaDates
    from nimble_tui.core.people.plans import Plan
    from nimble_tui.view.people.person_rows import PersonRow

_NONE: frozenset[str] = frozenset()


class PlanRun(NamedTuple):
    """A plan run in this window: its steps, whether it is running, and why it stopped."""

    plan: Plan
    is_running: bool = False
    problem: str = ""


class KnownProfile(NamedTuple):
    """The DataZone profile of one user; None where there is none, or where `problem` says why."""

    profile: UserProfile | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class UserList:
    """The users of one type that a search found so far.

    `next_token` is empty once all of them are here; `skipped` is how many could not be read.
    """

    users: tuple[UserProfile, ...] = ()
    next_token: str = ""
    skipped: int = 0
    is_reading: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class UserSearch:
    """A search of the DataZone domain: its text, and what it found by type of user."""

    text: str
    lists: Mapping[UserSearchType, UserList] = field(hash=False)


class PeopleSnapshot(NamedTuple):
    """All data shown about the people; `problem` is the reason if the last refresh failed.

    `plans` were begun and are not finished, `runs` are those run in this window by their key;
    `pending` are the changes that were not answered yet, `deleting` the workstations that are being
    deleted. `personas` are those that the API's model lists, `persona_dates` since when members
    have theirs (None until that was read); `profiles` are DataZone profiles that were read one by
    one, by user id.
    """

    people: People | None = None
    rows: tuple[PersonRow, ...] = ()
    plans: tuple[Plan, ...] = ()
    runs: Mapping[str, PlanRun] = MappingProxyType({})
    updated_at: datetime | None = None
    problem: str = ""
    pending: frozenset[tuple[str, str]] = frozenset()
    deleting: frozenset[str] = _NONE
    personas: tuple[str, ...] = ()
    persona_dates: PersonaDates | None = None
    profiles: Mapping[str, KnownProfile] = MappingProxyType({})
    search: UserSearch | None = None
