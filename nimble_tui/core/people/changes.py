"""Changes of people: whether each is allowed, and its result."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from nimble_tui.core.people import profile_status, rules
from nimble_tui.core.people.model import People, Person, Persona, UserProfile
from nimble_tui.core.people.running_sessions import RunningSessions, running_sessions_of
from nimble_tui.core.rules import Refused

ADMINS = "admins"
DATAZONE = "datazone"
"""The subject of a change that is not about a launch profile."""


class ChangeKind(StrEnum):
    """The kinds of change of a person."""

    ADD = "add"
    REMOVE = "remove"
    MAKE_ADMIN = "make admin"
    REMOVE_ADMIN = "remove admin"
    ACTIVATE = "activate"
    DEACTIVATE = "deactivate"
    SET_PERSONA = "set persona"
    CREATE_PROFILE = "create profile"
    SET_STATUS = "set status"


@dataclass(frozen=True, slots=True)
class PersonChange:
    """A change of one person, and of one launch profile where it is about one.

    `to_stop` are the ids of workstations that are stopped before. `value` is the persona or the
    status to set, where one is set.
    """

    kind: ChangeKind
    person: Person
    launch_profile_id: str = ""
    title: str = ""
    to_stop: tuple[str, ...] = ()
    value: str = ""

    @property
    def about(self) -> tuple[str, str]:
        """The person and the subject: only one change of these at a time."""
        match self.kind:
            case ChangeKind.ADD | ChangeKind.REMOVE | ChangeKind.SET_PERSONA:
                return self.person.principal_id, self.launch_profile_id
            case ChangeKind.MAKE_ADMIN | ChangeKind.REMOVE_ADMIN:
                return self.person.principal_id, ADMINS
            case _:
                return self.person.principal_id, DATAZONE

    def refusal(self, people: People, *, read_only: bool) -> str | None:
        """Return why the change is refused; None if it is allowed."""
        match self.kind:
            case ChangeKind.ADD | ChangeKind.REMOVE | ChangeKind.SET_PERSONA:
                answer = rules.check_change_members(people, read_only=read_only)
            case ChangeKind.MAKE_ADMIN:
                answer = rules.check_make_admin(people, read_only=read_only)
            case ChangeKind.REMOVE_ADMIN:
                answer = rules.check_remove_admin(
                    people, self.person.principal_id, read_only=read_only
                )
            case _:
                denied = rules.user_profile_refusal(people, read_only=read_only)
                if denied is not None or self.kind != ChangeKind.SET_STATUS:
                    return denied
                answer = profile_status.check_status(self._now(people).user_profile, self.value)
        return answer.reason if isinstance(answer, Refused) else None

    def is_needless(self, people: People) -> bool:
        """Return whether the change is not needed, as far as is known."""
        person = self._now(people)
        is_on = self.launch_profile_id in person.launch_profile_ids
        profile = person.user_profile
        match self.kind:
            case ChangeKind.ADD:
                return is_on
            case ChangeKind.REMOVE:
                return not is_on and self.launch_profile_id not in people.unread_profile_ids
            case ChangeKind.MAKE_ADMIN:
                return bool(person.is_admin)
            case ChangeKind.REMOVE_ADMIN:
                return person.is_admin is False
            case ChangeKind.ACTIVATE:
                return profile is not None and profile.is_on
            case ChangeKind.DEACTIVATE:
                return profile.is_off if profile is not None else bool(people.user_profiles)
            case ChangeKind.SET_PERSONA:
                # Setting it again does no harm; while there is one, nothing else could be set.
                return False
            case ChangeKind.CREATE_PROFILE:
                return profile is not None
            case ChangeKind.SET_STATUS:
                return profile is not None and profile.status == self.value

    def running(self, people: People) -> RunningSessions:
        """Return the running workstations of a launch profile that a person is removed from."""
        if self.kind != ChangeKind.REMOVE:
            return RunningSessions()
        return running_sessions_of(people, self._now(people), self.launch_profile_id)

    def done(self, people: People, user_profile: UserProfile | None) -> People:
        """Return the people with the change applied."""
        person = people.person(self.person.principal_id)
        if person is None:
            return people
        others = tuple(one for one in person.launch_profile_ids if one != self.launch_profile_id)
        match self.kind:
            case ChangeKind.ADD:
                ids = (*others, self.launch_profile_id)
                personas = self._personas(person, Persona.USER)
                person = replace(person, launch_profile_ids=ids, personas=personas)
            case ChangeKind.REMOVE:
                personas = self._personas(person, None)
                person = replace(person, launch_profile_ids=others, personas=personas)
            case ChangeKind.MAKE_ADMIN | ChangeKind.REMOVE_ADMIN:
                person = replace(person, is_admin=self.kind == ChangeKind.MAKE_ADMIN)
            case ChangeKind.SET_PERSONA:
                person = replace(person, personas=self._personas(person, self.value))
            case _:
                person = replace(person, user_profile=user_profile)
        key = person.principal_id
        everyone = tuple(person if one.principal_id == key else one for one in people.everyone)
        return replace(people, everyone=everyone)

    def _personas(self, person: Person, persona: str | None) -> Mapping[str, str]:
        """Return a person's personas with that of the launch profile replaced or removed."""
        where = self.launch_profile_id
        others = {key: value for key, value in person.personas.items() if key != where}
        return MappingProxyType(others if persona is None else {**others, where: persona})

    def _now(self, people: People) -> Person:
        return people.person(self.person.principal_id) or self.person


def about_admin(person: Person) -> PersonChange:
    """Return the change that makes a person an admin, or removes that role."""
    return PersonChange(
        ChangeKind.REMOVE_ADMIN if person.is_admin else ChangeKind.MAKE_ADMIN, person
    )
