"""The status of a person's profile in an Amazon DataZone domain: what it means, what may follow.

Source: the Amazon DataZone user guide, Manage users in the Amazon DataZone console. The API
reference only lists the statuses.
"""

from collections.abc import Mapping
from typing import Final

from nimble_tui.core.people.model import UserProfile, UserProfileStatus, UserProfileType, UserType
from nimble_tui.core.rules import Allowed, Refused
from nimble_tui.core.text import clean

_ASSIGNED: Final = UserProfileStatus.ASSIGNED
_NOT_ASSIGNED: Final = UserProfileStatus.NOT_ASSIGNED
_ACTIVATED: Final = UserProfileStatus.ACTIVATED
_DEACTIVATED: Final = UserProfileStatus.DEACTIVATED

SHUTS_OUT: Final = frozenset({_NOT_ASSIGNED, _DEACTIVATED})
"""The statuses with which a person cannot use the domain."""

ARN: Final = "arn:aws:iam::"
"""The beginning of the identifier of an IAM user or role."""

_ROLE: Final = ":role/"

_MEANINGS: Final[Mapping[str, str]] = {
    _ASSIGNED: "They can use DataZone, but have not signed in to it yet.",
    _NOT_ASSIGNED: "They cannot use DataZone: they are not assigned to it.",
    _ACTIVATED: "They can use DataZone, and have signed in to it.",
    _DEACTIVATED: "They can no longer use DataZone.",
}

_ONLY_ASSIGNED: Final = "Only an ASSIGNED profile can become NOT_ASSIGNED"

_REASONS: Final[Mapping[tuple[str, str], str]] = {
    (
        _ASSIGNED,
        _ACTIVATED,
    ): "It becomes ACTIVATED automatically when they first sign in to DataZone.",
    (
        _NOT_ASSIGNED,
        _ACTIVATED,
    ): "Set ASSIGNED; it becomes ACTIVATED when they first sign in to DataZone.",
    (_NOT_ASSIGNED, _DEACTIVATED): "They cannot use DataZone; nothing to deactivate.",
    (
        _ACTIVATED,
        _ASSIGNED,
    ): "Not possible: they have already signed in to DataZone.",
    (
        _ACTIVATED,
        _NOT_ASSIGNED,
    ): "Not possible: they have signed in to DataZone. Set DEACTIVATED to end their access.",
    (_DEACTIVATED, _ASSIGNED): "Their access was ended. Set ACTIVATED to give them access again.",
    (_DEACTIVATED, _NOT_ASSIGNED): f"{_ONLY_ASSIGNED}. Their access has already ended.",
}
"""Why an SSO user's profile cannot go from one status to another."""


def meaning(status: str | None) -> str:
    """Return what a status means, in one sentence; empty for one that is new to this app."""
    return _MEANINGS.get(status or "", "")


def effect(before: str | None, status: str) -> str:
    """Return what setting a status does, in one sentence; `before` is None without a profile."""
    had, has = before not in {None, *SHUTS_OUT}, status not in SHUTS_OUT
    if had == has:
        return "Their access stays as it is."
    return f"{'Gives them' if has else 'Ends their'} access to DataZone."


def check_status(profile: UserProfile | None, status: str) -> Allowed | Refused:
    """Return whether a profile can be given a status.

    An SSO user is assigned until they open the domain, and activated from then on. An IAM user or
    role can be given each status.
    """
    if profile is None:
        return Refused("They have no DataZone profile. Create one first.")
    now = profile.status or "UNKNOWN"
    if now not in _MEANINGS:
        return Refused(
            f"This version does not know the status {now}, so it can't set another one; "
            "update nimble-tui, or change it in the AWS console."
        )
    if status not in _MEANINGS:
        return Refused(f"There is no status {clean(status)}; choose one of {names()}.")
    if status == now:
        return Refused("This is the current status.")
    reason = _REASONS.get((now, status))
    if reason is not None and profile.type != UserProfileType.IAM:
        return Refused(reason)
    return Allowed(effect(now, status))


def new_profile(user_id: str) -> UserProfile:
    """Return a profile as it is expected to be right after it is created."""
    is_iam = user_id.startswith(ARN)
    type_ = UserProfileType.IAM if is_iam else UserProfileType.SSO
    return UserProfile(user_id, type=type_, status=_ACTIVATED if is_iam else _ASSIGNED)


def names() -> str:
    """Return all statuses, in a row."""
    return ", ".join(UserProfileStatus)


def user_type_of(user_id: str) -> UserType:
    """Return what kind of user a new profile is for, by the identifier of the user."""
    if not user_id.startswith(ARN):
        return UserType.SSO_USER
    return UserType.IAM_ROLE if _ROLE in user_id else UserType.IAM_USER
