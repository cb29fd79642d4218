"""The operations that the client calls: what their replies hold, and what they do in words.

Sources: the AWS API references of Nimble Studio, Identity Store and DataZone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Service(StrEnum):
    """An AWS service, by the name that its permissions begin with."""

    NIMBLE = "nimble"
    IDENTITY_STORE = "identitystore"
    DATAZONE = "datazone"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of an API.

    `member` is a member of `type` that each reply holds, empty where none is promised; `lists` are
    further members that may be left out, and are lists. `action` ends "The studio does not let
    you", `missing` follows "There is no". A reply of status 204 has no body.
    """

    member: str
    type: type
    action: str
    missing: str
    service: Service = Service.NIMBLE
    status: int = 200
    lists: tuple[str, ...] = ()


def _one(member: str, action: str, missing: str) -> Operation:
    return Operation(member, dict, action, missing)


def _many(member: str, action: str, missing: str) -> Operation:
    return Operation(member, list, action, missing)


def _none(action: str, missing: str, status: int = 200) -> Operation:
    return Operation("", dict, action, missing, status=status)


_STUDIO = "No studio with this id at this address; check the settings"
_PROFILE = "The launch profile no longer exists; refresh the list"
_SESSION = "The studio has no such workstation; refresh the list"
_BACKUP = "The backup no longer exists; refresh the backups"
_EULA = "The studio has no such licence; refresh"
_STREAM = "The stream no longer exists; connect again"
_ADMIN = "Admin not found; refresh"
_GONE_ADMIN = "This person is no longer an admin; refresh"
_PERSON = "The studio has no such person; refresh"
_MEMBERS = "The launch profile no longer exists; refresh"
_MEMBER = "That person or launch profile was not found; refresh"
_NEW_MEMBER = "That person or launch profile was not found; refresh"
_USER = "The identity store has no such person; refresh"
_STORE = "No identity store with this id; check identity_store_id in the settings"
_USER_PROFILE = "This person has no DataZone profile; create one first"
_DOMAIN = "No DataZone domain with this id; check domain_id in the settings"
_NEW_USER = "Amazon DataZone has no such person or domain; check domain_id in the settings"

_WORKSTATIONS = {
    "GetStudio": _one("studio", "see this studio", f"{_STUDIO} or your invite"),
    "ListLaunchProfiles": _many("launchProfiles", "see these launch profiles", _STUDIO),
    "GetLaunchProfile": _one("launchProfile", "see this launch profile", _PROFILE),
    "GetLaunchProfileDetails": replace(
        _one("launchProfile", "see this launch profile", _PROFILE),
        lists=("streamingImages", "studioComponentSummaries"),
    ),
    "ListStreamingSessions": _many("sessions", "see these workstations", _STUDIO),
    "GetStreamingSession": _one("session", "see this workstation", _SESSION),
    "StopStreamingSession": _one("session", "stop this workstation", _SESSION),
    "StartStreamingSession": _one("session", "start this workstation", _SESSION),
    "DeleteStreamingSession": _one("session", "delete this workstation", _SESSION),
    "CreateStreamingSession": _one("session", "launch a workstation", _PROFILE),
    "CreateStreamingSessionStream": _one("stream", "open this workstation's desktop", _SESSION),
    "GetStreamingSessionStream": _one("stream", "open this workstation's desktop", _STREAM),
    "ListStreamingSessionBackups": _many("streamingSessionBackups", "see these backups", _STUDIO),
    "GetStreamingSessionBackup": _one("streamingSessionBackup", "use this backup", _BACKUP),
    "GetEula": _one("eula", "see this licence", _EULA),
    "ListEulas": _many("eulas", "see these licences", _EULA),
    "ListEulaAcceptances": _many("eulaAcceptances", "see which licences are accepted", _STUDIO),
    "AcceptEulas": _many("eulaAcceptances", "accept licences for the studio", _EULA),
    "TagResource": _none("rename this workstation", _SESSION, status=204),
    "UntagResource": _none("rename this workstation", _SESSION, status=204),
}
_PEOPLE = {
    "ListStudioMembers": _many("members", "see who the admins are", _STUDIO),
    "GetStudioMember": _one("member", "see who is an admin", _ADMIN),
    "PutStudioMembers": _none("make a person an admin", _PERSON),
    "DeleteStudioMember": _none("remove a person's admin role", _GONE_ADMIN),
    "ListLaunchProfileMembers": _many(
        "members", "see the members of this launch profile", _MEMBERS
    ),
    "GetLaunchProfileMember": _one("member", "see the members of this launch profile", _MEMBER),
    "PutLaunchProfileMembers": _none("add a person to a launch profile", _NEW_MEMBER),
    "UpdateLaunchProfileMember": _one("member", "change a member of a launch profile", _MEMBER),
    "DeleteLaunchProfileMember": _none("remove a person from a launch profile", _MEMBER),
}
_DIRECTORIES = {
    "ListUsers": Operation("Users", list, "do this", _STORE, Service.IDENTITY_STORE),
    "DescribeUser": Operation("UserId", str, "do this", _USER, Service.IDENTITY_STORE),
    "GetUserProfile": Operation(
        "id", str, "see this DataZone profile", _USER_PROFILE, Service.DATAZONE
    ),
    "CreateUserProfile": Operation(
        "id", str, "create a DataZone profile", _NEW_USER, Service.DATAZONE, 201
    ),
    "UpdateUserProfile": Operation(
        "id", str, "change a DataZone profile", _USER_PROFILE, Service.DATAZONE
    ),
    "SearchUserProfiles": Operation(
        "items", list, "search the DataZone domain", _DOMAIN, Service.DATAZONE
    ),
}

OPERATIONS: Mapping[str, Operation] = {**_WORKSTATIONS, **_PEOPLE, **_DIRECTORIES}

ON_PEOPLE = frozenset(_PEOPLE)
"""The operations on the people of a studio."""
