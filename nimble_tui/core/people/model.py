"""The people of a studio: memberships, names and profiles, as three services report them.

Sources: the AWS API references: Nimble Studio, StudioMembership and LaunchProfileMembership;
Identity Store, User; DataZone, UserProfileDetails. Every member but the id may be missing (None).
Text is safe to show; ids are as they came, for the next call.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Annotated

from nimble_tui.core import structures
from nimble_tui.core.model import LaunchProfile, SessionState, StreamingSession, no_members
from nimble_tui.core.structures import AllMembers, At, From, Id, Members, entries, inner, text

MOST_AT_ONCE = 20
"""People that one call can make members (NewStudioMemberList, NewLaunchProfileMemberList)."""

RUNNING = frozenset(
    {
        SessionState.CREATE_IN_PROGRESS,
        SessionState.START_IN_PROGRESS,
        SessionState.READY,
        SessionState.STOP_IN_PROGRESS,
        SessionState.STOP_FAILED,
    }
)
_STOPPED = frozenset({SessionState.STOPPED, SessionState.START_FAILED})


class Persona(StrEnum):
    """StudioPersona and LaunchProfilePersona, which have one value each."""

    ADMINISTRATOR = "ADMINISTRATOR"
    USER = "USER"


class UserProfileStatus(StrEnum):
    """Source: the DataZone API reference, UpdateUserProfile, member status."""

    ASSIGNED = "ASSIGNED"
    NOT_ASSIGNED = "NOT_ASSIGNED"
    ACTIVATED = "ACTIVATED"
    DEACTIVATED = "DEACTIVATED"


class UserProfileType(StrEnum):
    """Source: the DataZone API reference, UpdateUserProfile, member type."""

    IAM = "IAM"
    SSO = "SSO"


class UserType(StrEnum):
    """The type of user that a new profile is for (CreateUserProfile, member userType)."""

    IAM_USER = "IAM_USER"
    IAM_ROLE = "IAM_ROLE"
    SSO_USER = "SSO_USER"
    IAM_ROLE_SESSION = "IAM_ROLE_SESSION"


class UserSearchType(StrEnum):
    """Which profiles to search (SearchUserProfiles, member userType)."""

    SSO_USER = "SSO_USER"
    DATAZONE_USER = "DATAZONE_USER"
    DATAZONE_SSO_USER = "DATAZONE_SSO_USER"
    DATAZONE_IAM_USER = "DATAZONE_IAM_USER"


class Role(StrEnum):
    """The user's role in a studio, as far as its replies show.

    An artist can look; an admin changes the members of launch profiles; an operator, whom not every
    studio distinguishes from an admin, also who is an admin.
    """

    ARTIST = "artist"
    ADMIN = "admin"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Member:
    """A membership of a studio (its admins) or of a launch profile.

    `sid` is their security identifier in Active Directory.
    """

    principal_id: Id
    identity_store_id: Id | None = None
    persona: str | None = None
    sid: str | None = None
    # The reply's own members, for output that must match the API to the letter.
    members: AllMembers = field(default_factory=no_members, repr=False, compare=False, hash=False)


def _name(members: Members) -> str | None:
    name = inner(members.get("Name"))
    given = text(members.get("DisplayName")) or text(name.get("Formatted"))
    return given or _joined(name.get("GivenName"), name.get("FamilyName"))


def _email(members: Members) -> str | None:
    mails = [one for one in entries(members.get("Emails")) if isinstance(one, dict)]
    mails.sort(key=lambda one: one.get("Primary") is not True)
    return next((mail for one in mails if (mail := text(one.get("Value")))), None)


def _joined(*names: object) -> str | None:
    return " ".join(name for one in names if (name := text(one))) or None


@dataclass(frozen=True, slots=True)
class Identity:
    """A user of the identity store."""

    principal_id: Annotated[Id, At("UserId")]
    name: Annotated[str | None, From(_name)] = None
    user_name: Annotated[str | None, At("UserName")] = None
    email: Annotated[str | None, From(_email)] = None


UNKNOWN_MEMBER = "SDK_UNKNOWN_MEMBER"
"""The placeholder of botocore for a union's member that its model does not know."""


def _kind(members: Members) -> str | None:
    details = inner(members.get("details"))
    unknown = inner(details.get(UNKNOWN_MEMBER)).get("name")
    return text(unknown if isinstance(unknown, str) else next(iter(details), None))


def _profile_name(members: Members) -> str | None:
    details = inner(members.get("details"))
    sso, arn = inner(details.get("sso")), text(inner(details.get("iam")).get("arn"))
    whole = _joined(sso.get("firstName"), sso.get("lastName"))
    return whole or (arn and arn.rpartition("/")[2]) or None


@dataclass(frozen=True, slots=True)
class UserProfile:
    """A user's profile in a DataZone domain.

    `name` and `user_name` come with an SSO profile; `arn`, `principal_id` and, for one session of
    a role, `session_name` with an IAM profile. `kind` is the member of the details union that came;
    of one that is new to this app only its name is known.
    """

    user_id: Annotated[Id, At("id")]
    domain_id: Id | None = None
    type: str | None = None
    status: str | None = None
    kind: Annotated[str | None, From(_kind)] = None
    name: Annotated[str | None, From(_profile_name)] = None
    user_name: Annotated[str | None, At("details.sso.username")] = None
    arn: Annotated[str | None, At("details.iam.arn")] = None
    principal_id: Annotated[Id | None, At("details.iam.principalId")] = None
    session_name: Annotated[str | None, At("details.iam.sessionName")] = None
    members: AllMembers = field(default_factory=no_members, repr=False, compare=False, hash=False)

    @property
    def is_on(self) -> bool:
        """True if its owner can use the domain."""
        return self.status in {UserProfileStatus.ASSIGNED, UserProfileStatus.ACTIVATED}

    @property
    def is_off(self) -> bool:
        """True if its owner cannot use the domain."""
        return self.status in {UserProfileStatus.NOT_ASSIGNED, UserProfileStatus.DEACTIVATED}


read_member = partial(structures.read, Member)
read_identity = partial(structures.read, Identity)
read_user_profile = partial(structures.read, UserProfile)


def _no_personas() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Person:
    """A person, joined from all that is known about them.

    `label` names them among all others, `short_id` is what to show and copy of their id.
    `is_admin` is None where the admins could not be listed. `sessions` are their workstations,
    without DELETED ones, where all of them could be listed; else only the user's own. `personas`
    are those that the studio reported, by launch profile id.
    """

    principal_id: str
    label: str
    short_id: str
    identity: Identity | None = None
    is_admin: bool | None = False
    is_me: bool = False
    launch_profile_ids: tuple[str, ...] = ()
    sessions: tuple[StreamingSession, ...] = ()
    user_profile: UserProfile | None = None
    personas: Mapping[str, str] = field(default_factory=_no_personas, hash=False)

    @property
    def name(self) -> str:
        """The name, or the short id where the name is unknown."""
        return own_name(self.identity, self.user_profile) or self.short_id

    @property
    def email(self) -> str | None:
        """The e-mail address."""
        return self.identity.email if self.identity else None

    @property
    def user_name(self) -> str | None:
        """The user name at the identity store."""
        return self.identity.user_name if self.identity else None

    @property
    def running(self) -> int:
        """The number of their workstations whose machine is running."""
        return sum(one.state in RUNNING for one in self.sessions)

    @property
    def stopped(self) -> int:
        """The number of their workstations that are stopped."""
        return sum(one.state in _STOPPED for one in self.sessions)

    @property
    def user_profile_status(self) -> str | None:
        """The status of the DataZone profile; None if there is none or it is unknown."""
        return self.user_profile.status if self.user_profile else None

    @property
    def takes_part(self) -> bool:
        """True if the person is part of the studio, not only of the directory."""
        return bool(self.is_admin or self.is_me or self.launch_profile_ids or self.sessions)


@dataclass(frozen=True, slots=True)
class People:
    """All people of one snapshot, by name.

    `role` is the user's; `changes_admins` whether the user can change who is an admin, None until
    that is known. The next three say whether the lists of
    admins, of names and of all workstations came. `unread_profile_ids` are launch profiles
    whose list of members is incomplete. `user_profiles` is None without a DataZone domain,
    else whether all its profiles are known. `complete` says that no list came in part or with
    entries that could not be read. `notices` are sentences about what is missing.
    """

    everyone: tuple[Person, ...] = ()
    launch_profiles: tuple[LaunchProfile, ...] = ()
    role: Role = Role.ARTIST
    changes_admins: bool | None = False
    admins_known: bool = True
    directory_known: bool = True
    sessions_known: bool = True
    unread_profile_ids: frozenset[str] = frozenset()
    user_profiles: bool | None = None
    notices: tuple[str, ...] = ()
    complete: bool = True
    _by_id: Mapping[str, Person] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {one.principal_id: one for one in self.everyone})

    def person(self, principal_id: str) -> Person | None:
        """Return a person by id."""
        return self._by_id.get(principal_id)

    def launch_profile(self, launch_profile_id: str) -> LaunchProfile | None:
        """Return a launch profile by id."""
        found = (one for one in self.launch_profiles if one.launch_profile_id == launch_profile_id)
        return next(found, None)

    @property
    def admins(self) -> tuple[Person, ...]:
        """The admins, by name."""
        return tuple(one for one in self.everyone if one.is_admin)


@dataclass(frozen=True, slots=True)
class MembersReport:
    """The outcome of a list of people that was sent in batches.

    `members` are those who are members now, `missing` those who are not, `unsure` those for whom
    it is unknown; `problem` is a sentence if anyone is missing or unsure.
    """

    members: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    problem: str | None = None


def own_name(identity: Identity | None, user_profile: UserProfile | None) -> str | None:
    """Return the best name that is known for a person."""
    names = [
        *((identity.name, identity.user_name) if identity else ()),
        *((user_profile.name, user_profile.user_name) if user_profile else ()),
    ]
    return next((one for one in names if one), None)
