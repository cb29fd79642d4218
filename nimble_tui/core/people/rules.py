"""The rules for changes of people, checked before anything is sent."""

from nimble_tui.core.people.model import People, Role
from nimble_tui.core.rules import READ_ONLY, Allowed, Refused

LAST_ADMIN = (
    "They are the studio's only admin, and a studio without one can't be managed. "
    "Make another person an admin first."
)
_NO_DOMAIN = "No DataZone domain is set for this studio. Set domain_id in its settings."
OWN_ADMIN = "You can't remove your own admin role. Ask another admin or the operator."


def check_change_members(people: People, *, read_only: bool = False) -> Allowed | Refused:
    """Return whether the members of launch profiles can be changed."""
    if read_only:
        return READ_ONLY
    if people.role == Role.ARTIST:
        return Refused("Only admins can change the members of launch profiles. Ask one of them.")
    return Allowed("Takes effect immediately: what they can list and launch changes.")


def check_make_admin(people: People, *, read_only: bool = False) -> Allowed | Refused:
    """Return whether people can be made admins."""
    if read_only:
        return READ_ONLY
    if people.changes_admins is False:
        return Refused("Only the operator can change who is an admin. Ask them.")
    return Allowed("An admin can use every launch profile and change its members.")


def check_remove_admin(
    people: People, principal_id: str, *, read_only: bool = False
) -> Allowed | Refused:
    """Return whether a person's admin role can be removed."""
    may = check_make_admin(people, read_only=read_only)
    if isinstance(may, Refused):
        return may
    return check_not_last_admin(people, principal_id)


def check_not_last_admin(people: People, principal_id: str) -> Allowed | Refused:
    """Return whether a studio would still have an admin without this one."""
    person = people.person(principal_id)
    if person is None or person.is_admin is False:
        return Refused("They are not an admin.")
    if person.is_me:
        return Refused(OWN_ADMIN)
    if not people.admins_known:
        return Refused(
            "The list of admins is incomplete, so this could be the last admin. "
            "Refresh, then try again."
        )
    if people.admins == (person,):
        return Refused(LAST_ADMIN)
    return Allowed("They keep their launch profiles.")


def user_search_refusal(people: People) -> str | None:
    """Return why users of the DataZone domain cannot be listed; None where they can."""
    if people.role == Role.ARTIST:
        return "Only admins can see DataZone profiles. Ask one of them."
    return _NO_DOMAIN if people.user_profiles is None else None


def user_profile_refusal(people: People, *, read_only: bool) -> str | None:
    """Return why DataZone profiles can't be changed here; None if they can."""
    if read_only:
        return READ_ONLY.reason
    if people.role == Role.ARTIST:
        return "Only admins can change DataZone access. Ask one of them."
    if people.user_profiles is None:
        return _NO_DOMAIN
    return None
