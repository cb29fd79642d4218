"""A person's profile in a DataZone domain: what is known of it, and which statuses may follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.core.people import profile_status
from nimble_tui.core.people.model import UserProfileStatus
from nimble_tui.core.rules import Allowed
from nimble_tui.view.details import Option
from nimble_tui.view.facts import Fact, known, shown_id

if TYPE_CHECKING:
    from nimble_tui.core.people.model import UserProfile

CREATE = "create"
"""The text of the option to create a profile."""

_NEW_STATUS = "this version does not know what that means"


def facts(profile: UserProfile) -> tuple[Fact, ...]:
    """Return what is known of a profile; what is new to this app is shown as it came."""
    status = profile.status or "UNKNOWN"
    return known(
        Fact("Status", f"{status}: {profile_status.meaning(status) or _NEW_STATUS}"),
        Fact("Type", profile.type or ""),
        Fact("Details", details(profile)),
        Fact("Profile id", shown_id(profile.user_id)),
        Fact("Domain", shown_id(profile.domain_id) if profile.domain_id else ""),
    )


def details(profile: UserProfile) -> str:
    """Return the member of the details union that came, and what it says of the user."""
    match profile.kind:
        case None:
            return ""
        case "sso":
            said = (profile.user_name, profile.name)
        case "iam":
            session = f"session {profile.session_name}" if profile.session_name else None
            said = (profile.arn, session)
        case new:
            return f"{new}, which this version does not know"
    text = ", ".join(filter(None, said))
    return f"{profile.kind}: {text}" if text else profile.kind


def name(profile: UserProfile) -> str:
    """Return what to call a profile in a list."""
    return profile.name or profile.user_name or profile.arn or shown_id(profile.user_id)


def choices(profile: UserProfile | None, refusal: str | None = None) -> tuple[Option, ...]:
    """Return what can be done about a profile: create it where there is none, else set a status.

    `refusal` says why nothing can be changed at all.
    """
    if profile is not None:
        return options(profile, refusal)
    why = refusal or "Lets them use DataZone. A person becomes ASSIGNED, an IAM user ACTIVATED."
    return (Option(CREATE, "Create", refusal is None, why),)


def options(profile: UserProfile, refusal: str | None = None) -> tuple[Option, ...]:
    """Return the other statuses, each with what it does or why it cannot be set.

    `refusal` says why nothing can be changed at all.
    """
    found = []
    for status in UserProfileStatus:
        if status == profile.status:
            continue
        answer = profile_status.check_status(profile, status)
        if refusal is not None:
            found.append(Option("status", status, allowed=False, why=refusal))
        elif isinstance(answer, Allowed):
            found.append(Option("status", status, allowed=True, why=answer.note))
        else:
            found.append(Option("status", status, allowed=False, why=answer.reason))
    return tuple(found)
