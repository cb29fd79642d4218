"""Access rights.

An artist has the rights of AWS's StudioUser policy and of a member on the launch profiles they
are a member of; an admin those of the StudioAdmin policy, which changes no launch profile and no
image; an operator runs the studio and may do everything. Wider than AWS: everyone may read
the studio, and tag what they own.
"""

from nimble_tui.studio.http.errors import access_denied
from nimble_tui.studio.store.records import Person, Resource, Role
from nimble_tui.studio.store.transaction import Transaction


def require_role(person: Person, *roles: Role) -> None:
    """Require this role."""
    if person.role not in roles:
        raise access_denied(f"The role {person.role} is not allowed to perform this operation.")


def require_operator(person: Person) -> None:
    """Require the operator role."""
    require_role(person, Role.OPERATOR)


def require_admin(person: Person) -> None:
    """Require the admin or operator role."""
    require_role(person, Role.ADMIN, Role.OPERATOR)


def require_self(person: Person, principal_id: str | None, member: str) -> None:
    """Refuse an artist who does not name themselves in the parameter `member`."""
    if person.role == Role.ARTIST and principal_id != person.principal_id:
        raise access_denied(
            f"You can only request what is yours: {member} must be your own principal id.",
            "NOT_YOURS",
        )


def require_owner(person: Person, resource: Resource) -> None:
    """Refuse an artist who does not own the resource."""
    if not may_access(person, resource):
        raise access_denied("You are not the owner of this resource.", "NOT_YOURS")


def may_access(person: Person, resource: Resource) -> bool:
    """Return whether a resource is a person's own, or they are no artist."""
    return person.role != Role.ARTIST or owns(person, resource)


def require_member(tx: Transaction, person: Person, launch_profile: Resource) -> None:
    """Refuse an artist who is not a member of the launch profile."""
    if not may_use(tx, person, launch_profile):
        raise access_denied("You are not a member of this launch profile.", "NOT_A_MEMBER")


def may_use(tx: Transaction, person: Person, launch_profile: Resource) -> bool:
    """Return whether a person can launch from a launch profile; admins can from all."""
    return person.role != Role.ARTIST or tx.is_member(launch_profile.id, person.principal_id)


def owns(person: Person, resource: Resource) -> bool:
    """Return whether a person owns a resource."""
    owner: object = resource.document.get("ownedBy")
    return owner == person.principal_id


def require_tagger(person: Person, resource: Resource) -> None:
    """Require the owner, or an operator."""
    if person.role != Role.OPERATOR and not owns(person, resource):
        raise access_denied("You can only tag what you own.", "NOT_YOURS")
