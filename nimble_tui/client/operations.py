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


_STUDIO = "studio at this address by that id; check the settings"
_PROFILE = "such launch profile any more; refresh the list"
_SESSION = "such workstation that the studio knows of; refresh the list"
_BACKUP = "such backup any more; look at its backups again"
_EULA = "such licence that the studio knows of; refresh, then look again"
_STREAM = "such way to its screen any more; connect again"
_ADMIN = "such admin; look at the people again"
_GONE_ADMIN = "such admin any more; look at the people again"
_PERSON = "such person that the studio knows of; look at the people again"
_MEMBERS = "such launch profile any more; look again"
_MEMBER = "such person on this launch profile, or no such launch profile; look again"
_NEW_MEMBER = "such person or launch profile that the studio knows of; look again"
_USER = "such person in the directory of names; look at the people again"
_STORE = "identity store by that id; check identity_store_id in the settings"
_USER_PROFILE = "DataZone profile of theirs; activate them to make one"
_DOMAIN = "DataZone domain by that id; check domain_id in the settings"
_NEW_USER = "such person or domain that Amazon DataZone knows of; check domain_id in the settings"

_WORKSTATIONS = {
    "GetStudio": _one("studio", "look at this studio", f"{_STUDIO} or your invite"),
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
    "CreateStreamingSessionStream": _one("stream", "see this workstation's screen", _SESSION),
    "GetStreamingSessionStream": _one("stream", "see this workstation's screen", _STREAM),
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
    "GetStudioMember": _one("member", "see whether somebody is an admin", _ADMIN),
    "PutStudioMembers": _none("make somebody an admin", _PERSON),
    "DeleteStudioMember": _none("take somebody's admin rights away", _GONE_ADMIN),
    "ListLaunchProfileMembers": _many("members", "see who is on this launch profile", _MEMBERS),
    "GetLaunchProfileMember": _one(
        "member", "see whether somebody is on this launch profile", _MEMBER
    ),
    "PutLaunchProfileMembers": _none("add somebody to a launch profile", _NEW_MEMBER),
    "UpdateLaunchProfileMember": _one("member", "change a member of a launch profile", _MEMBER),
    "DeleteLaunchProfileMember": _none("take somebody off a launch profile", _MEMBER),
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
