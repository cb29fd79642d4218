"""Launch profile member operations: its members see them, admins change them.

Admins may launch from every launch profile and are no members for that.
"""

from typing import Final

from nimble_tui.studio import rights
from nimble_tui.studio.http.errors import not_found
from nimble_tui.studio.operations import launch_profiles, membership
from nimble_tui.studio.operations.request import Request
from nimble_tui.studio.operations.states import require_settled
from nimble_tui.studio.store.records import Document, Member, Resource

PERSONA: Final = "USER"
_CHANGEABLE: Final = frozenset({"READY", "CREATE_FAILED", "UPDATE_FAILED", "DELETE_FAILED"})


def list_launch_profile_members(request: Request) -> Document:
    """Return who is on a launch profile."""
    profile = launch_profiles.find_usable(request)
    pager = membership.pager_of(request)
    page = pager.page(request.tx.members(profile.id, after=pager.after, limit=pager.limit))
    members = [_document(request, one) for one in page.resources]
    return {"members": members, "nextToken": page.next_token}


def get_launch_profile_member(request: Request) -> Document:
    """Return a member."""
    profile = launch_profiles.find_usable(request)
    return {"member": _document(request, _find(request, profile))}


def put_launch_profile_members(request: Request) -> Document:
    """Add people to a launch profile, all of them or none."""
    principal_ids = membership.named(request)
    profile = launch_profiles.find(request)
    membership.find_people(request, principal_ids)
    rights.require_admin(request.person)

    def effect() -> Resource:
        _require_settled(profile)
        for principal_id in principal_ids:
            request.tx.add_member(profile.id, principal_id)
        return profile

    request.once(effect)
    return {}


def update_launch_profile_member(request: Request) -> Document:
    """Return a member with their persona, of which there is only one so far."""
    profile = launch_profiles.find(request)
    rights.require_admin(request.person)

    def effect() -> Resource:
        _find(request, profile)
        _require_settled(profile)
        return profile

    request.once(effect)
    return {"member": _document(request, _find(request, profile))}


def delete_launch_profile_member(request: Request) -> Document:
    """Remove a member from a launch profile; their workstations stay theirs."""
    profile = launch_profiles.find(request)
    rights.require_admin(request.person)

    def effect() -> Resource:
        member = _find(request, profile)
        _require_settled(profile)
        request.tx.remove_member(profile.id, member.principal_id)
        return profile

    request.once(effect)
    return {}


def _require_settled(profile: Resource) -> None:
    require_settled(profile, _CHANGEABLE, "joined or left")


def _find(request: Request, profile: Resource) -> Member:
    principal_id = request.params["principalId"]
    member = request.tx.member(profile.id, principal_id)
    if member is None:
        raise not_found(principal_id)
    return member


def _document(request: Request, member: Member) -> Document:
    return membership.document(request, PERSONA, member.principal_id, member.sid)
