"""The results of a search of the DataZone domain as text: SSO users and IAM users apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from nimble_tui.core.people import profile_status
from nimble_tui.core.people.model import Person, UserSearchType
from nimble_tui.core.text import clean, clean_id
from nimble_tui.view.people import user_profile
from nimble_tui.view.people.person_rows import look_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nimble_tui.core.people.model import UserProfile
    from nimble_tui.view.labels import StateLabel

_NAMES = {UserSearchType.DATAZONE_IAM_USER: "IAM users and roles"}


class UserRow(NamedTuple):
    """A user that was found: the name, the status, and what the details union says."""

    user_id: str
    name: str
    status: StateLabel
    details: str


def heading(user_type: UserSearchType) -> str:
    """Return the heading above the users of a type."""
    return _NAMES.get(user_type, "SSO users")


def rows(users: Sequence[UserProfile]) -> tuple[UserRow, ...]:
    """Return users as rows; two with one name differ in their details or their id."""
    names = [user_profile.name(one) for one in users]
    uses = Counter(names)
    return tuple(
        UserRow(
            one.user_id,
            name,
            look_of(one.status),
            _details(one, shared=uses[name] > 1),
        )
        for one, name in zip(users, names, strict=True)
    )


def _details(one: UserProfile, *, shared: bool) -> str:
    details = user_profile.details(replace(one, name=None))  # it stands beside it
    return f"{details} · {clean_id(one.user_id)}" if shared else details


def person_of(profile: UserProfile) -> Person:
    """Return a user of the domain as the person whom a change is about."""
    shown = clean_id(profile.user_id)
    name = user_profile.name(profile)
    return Person(profile.user_id, label=name, short_id=shown, user_profile=profile)


def arn_of(text: str) -> str:
    """Return the ARN of an IAM user or role that a text is; empty where it is none."""
    arn = text.strip()
    return arn if arn.startswith(profile_status.ARN) else ""


def nothing_found(text: str, *, everyone: bool) -> str:
    """Return the message where no user matches."""
    more = "" if everyone else " Tick the box to include people without a DataZone profile."
    return f"No user of the DataZone domain matches “{clean(text, 40)}”.{more}"
