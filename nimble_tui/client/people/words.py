"""The operations that concern people: what their replies promise and what a no to them means."""

from typing import Final

PROMISED: Final[dict[str, tuple[str, type]]] = {
    "ListStudioMembers": ("members", list),
    "GetStudioMember": ("member", dict),
    "ListLaunchProfileMembers": ("members", list),
    "GetLaunchProfileMember": ("member", dict),
    "UpdateLaunchProfileMember": ("member", dict),
    "ListUsers": ("Users", list),
    "DescribeUser": ("UserId", str),
    "GetUserProfile": ("id", str),
    "CreateUserProfile": ("id", str),
    "UpdateUserProfile": ("id", str),
    "SearchUserProfiles": ("items", list),
}
"""A member of each reply that has to be there, and its type."""

EMPTY: Final = frozenset(
    {
        "PutStudioMembers",
        "DeleteStudioMember",
        "PutLaunchProfileMembers",
        "DeleteLaunchProfileMember",
    }
)
"""The operations that answer with a structure without members."""

IN_WORDS: Final = {
    "ListStudioMembers": "see who the admins are",
    "GetStudioMember": "see whether somebody is an admin",
    "PutStudioMembers": "make somebody an admin",
    "DeleteStudioMember": "take somebody's admin rights away",
    "ListLaunchProfileMembers": "see who is on this launch profile",
    "GetLaunchProfileMember": "see whether somebody is on this launch profile",
    "PutLaunchProfileMembers": "add somebody to a launch profile",
    "UpdateLaunchProfileMember": "change a member of a launch profile",
    "DeleteLaunchProfileMember": "take somebody off a launch profile",
}

_OPERATORS = "Only the studio's operator changes who is an admin; ask them."
_ADMINS = "Only an admin changes who is on a launch profile; ask one of them."

DENIED: Final = {
    "PutStudioMembers": _OPERATORS,
    "DeleteStudioMember": _OPERATORS,
    "PutLaunchProfileMembers": _ADMINS,
    "UpdateLaunchProfileMember": _ADMINS,
    "DeleteLaunchProfileMember": _ADMINS,
}

RULES: Final = frozenset({"LAST_ADMINISTRATOR", "OPERATOR"})
"""The codes of a ValidationException that is about a rule of the studio, not about the request."""

_NOT_ON_IT = "such person on this launch profile, or no such launch profile; look again"

NOT_FOUND: Final = {
    "ListStudioMembers": "studio at this address by that id; check the settings",
    "GetStudioMember": "such admin; look at the people again",
    "PutStudioMembers": "such person that the studio knows of; look at the people again",
    "DeleteStudioMember": "such admin any more; look at the people again",
    "ListLaunchProfileMembers": "such launch profile any more; look again",
    "GetLaunchProfileMember": _NOT_ON_IT,
    "PutLaunchProfileMembers": "such person or launch profile that the studio knows of; look again",
    "UpdateLaunchProfileMember": _NOT_ON_IT,
    "DeleteLaunchProfileMember": _NOT_ON_IT,
}
"""What there is none of, and what to do; it follows "There is no"."""

DIRECTORY: Final = frozenset({"DescribeUser", "ListUsers"})
USER_PROFILES: Final = frozenset(
    {"CreateUserProfile", "GetUserProfile", "SearchUserProfiles", "UpdateUserProfile"}
)
