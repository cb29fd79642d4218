"""Join the lists of several services into one record a person, by id."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from nimble_tui.core.lookup import composed, folded
from nimble_tui.core.model import LaunchProfile, SessionState, StreamingSession
from nimble_tui.core.people.model import (
    Identity,
    Member,
    People,
    Person,
    Role,
    UserProfile,
    own_name,
)
from nimble_tui.core.text import clean_id

ADMINS = "admins"
"""The name of the list of admins in `partial`."""

USER_PROFILES = "user profiles"
"""The name of the list of DataZone profiles in `partial`."""

_SHORTEST = 4
_LONGEST = 12


@dataclass(frozen=True, slots=True)
class PeopleLists:
    """The lists that people are joined from; None stands for one that is unavailable.

    `members` are by launch profile; `partial` names those whose list is not complete, the
    admins' by ADMINS, and any other list by a name of its own. Without `with_directory`,
    people outside the studio are left out. `my_name` is the name in the settings of the user, `me`.
    """

    me: str
    role: Role
    changes_admins: bool | None
    launch_profiles: Sequence[LaunchProfile]
    admins: Sequence[Member] | None
    members: Mapping[str, Sequence[Member] | None]
    sessions: Sequence[StreamingSession] | None = ()
    sessions_are_mine: bool = False
    identities: Sequence[Identity] | None = ()
    user_profiles: Sequence[UserProfile] | None = ()
    has_user_profiles: bool = False
    partial: frozenset[str] = frozenset()
    with_directory: bool = False
    notices: tuple[str, ...] = field(default=())
    my_name: str = ""


def join(lists: PeopleLists) -> People:
    """Return all people in any of the lists, by name."""
    identities = {one.principal_id: one for one in lists.identities or ()}
    if lists.my_name:
        identities.setdefault(lists.me, Identity(lists.me, lists.my_name))
    profiles = _profiles_by_person(lists.user_profiles or (), identities)
    admins = {one.principal_id for one in lists.admins or ()}
    admins_known = lists.admins is not None and ADMINS not in lists.partial
    on: dict[str, list[str]] = defaultdict(list)
    personas: dict[str, dict[str, str]] = defaultdict(dict)
    for launch_profile in lists.launch_profiles:
        for member in lists.members.get(launch_profile.launch_profile_id) or ():
            on[member.principal_id].append(launch_profile.launch_profile_id)
            if member.persona:
                personas[member.principal_id][launch_profile.launch_profile_id] = member.persona
    sessions: dict[str, list[StreamingSession]] = defaultdict(list)
    for session in lists.sessions or ():
        if session.owned_by and session.state != SessionState.DELETED:
            sessions[session.owned_by].append(session)
    ids = {lists.me, *admins, *on, *sessions, *(identities if lists.with_directory else ())} - {""}
    short = short_ids(ids)
    labels = _labels({one: own_name(identities.get(one), profiles.get(one)) for one in ids}, short)
    everyone = [
        Person(
            principal_id=one,
            label=labels[one],
            short_id=short[one],
            identity=identities.get(one),
            is_admin=True if one in admins else (False if admins_known else None),
            is_me=one == lists.me,
            launch_profile_ids=tuple(dict.fromkeys(on.get(one, ()))),
            sessions=tuple(sessions.get(one, ())),
            user_profile=profiles.get(one),
            personas=MappingProxyType(personas.get(one, {})),
        )
        for one in ids
    ]
    return People(
        everyone=tuple(sorted(everyone, key=lambda one: (folded(one.label), one.principal_id))),
        launch_profiles=tuple(lists.launch_profiles),
        role=lists.role,
        changes_admins=lists.changes_admins,
        admins_known=admins_known,
        directory_known=lists.identities is not None,
        sessions_known=lists.sessions is not None and not lists.sessions_are_mine,
        unread_profile_ids=_unread(lists),
        user_profiles=_user_profiles_known(lists) if lists.has_user_profiles else None,
        complete=not lists.partial,
        notices=lists.notices,
    )


def called(principal_ids: Iterable[str], identities: Iterable[Identity]) -> dict[str, str]:
    """Return a label for each: the name, with a short id where two share it."""
    known = {one.principal_id: one for one in identities}
    ids = set(principal_ids) - {""}
    return _labels({one: own_name(known.get(one), None) for one in ids}, short_ids(ids))


def short_ids(ids: Iterable[str]) -> dict[str, str]:
    """Return the end of each id, or all of it where two ends are the same.

    Ids of one identity store begin alike, so their ends tell them apart.
    """
    shown = {one: clean_id(one) for one in ids}
    ends = {one: _end(text) for one, text in shown.items()}
    taken = Counter(ends.values())
    return {one: end if taken[end] == 1 else shown[one] for one, end in ends.items()}


def _labels(names: Mapping[str, str | None], short: Mapping[str, str]) -> dict[str, str]:
    shown = {one: name or short[one] for one, name in names.items()}
    shared = Counter(map(composed, shown.values()))
    alone = {one: shared[composed(name)] == 1 for one, name in shown.items()}
    return {one: name if alone[one] else f"{name} · {short[one]}" for one, name in shown.items()}


def _end(shown: str) -> str:
    last = shown.rpartition("-")[2]
    return last if _SHORTEST <= len(last) <= _LONGEST else shown[-_LONGEST:]


def _profiles_by_person(
    profiles: Iterable[UserProfile], identities: Mapping[str, Identity]
) -> dict[str, UserProfile]:
    """Return profiles by principal id; one with an id of its own is matched by user name."""
    by_name = {one.user_name: one.principal_id for one in identities.values() if one.user_name}
    found: dict[str, UserProfile] = {}
    for one in profiles:
        named = by_name.get(one.user_name) if one.user_name else None
        owner = one.user_id if one.user_id in identities or named is None else named
        found.setdefault(owner, one)
    return found


def _user_profiles_known(lists: PeopleLists) -> bool:
    return lists.user_profiles is not None and USER_PROFILES not in lists.partial


def _unread(lists: PeopleLists) -> frozenset[str]:
    return frozenset(
        one.launch_profile_id
        for one in lists.launch_profiles
        if lists.members.get(one.launch_profile_id) is None
        or one.launch_profile_id in lists.partial
    )
