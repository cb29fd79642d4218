"""User profiles in the studio's DataZone domain: admins manage them, everyone sees their own.

Source: the DataZone API reference, GetUserProfile, SearchUserProfiles, CreateUserProfile,
UpdateUserProfile. Where that is silent: every status fits every type; a new profile of a person
is ASSIGNED, one of IAM ACTIVATED; and there is one profile for each person or IAM principal.
"""

from typing import Any, Final

from nimble_tui.core.lookup import folded
from nimble_tui.studio import rights
from nimble_tui.studio.directory.documents import (
    IAM,
    SSO,
    iam_profile,
    iam_profile_id,
    sso_profile,
)
from nimble_tui.studio.http.errors import access_denied, not_found, validation
from nimble_tui.studio.operations.request import Request
from nimble_tui.studio.paging import Pager
from nimble_tui.studio.store.records import Document, Kind, Person, Resource, Role

PAGE: Final = 50
MOST_SEARCHED: Final = 1000
"""The number of user profiles, or people, that a page of a search looks through."""

_ARN: Final = "arn:aws:iam::"


def get_user_profile(request: Request) -> Document:
    """Return the user profile of a person or an IAM principal."""
    _check_domain(request)
    profile_id = _profile_id(request)
    if request.person.role == Role.ARTIST and profile_id != request.person.principal_id:
        raise access_denied("You can only see your own user profile.", "NOT_YOURS")
    return _document(request, _find(request, profile_id))


def search_user_profiles(request: Request) -> Document:
    """Return user profiles of a kind whose names hold a text; SSO_USER is for everyone.

    A person without a user profile is NOT_ASSIGNED there. A page looks through `MOST_SEARCHED`
    of them at most, so it may hold few or none and still have a next one.
    """
    _check_domain(request)
    rights.require_admin(request.person)
    pager = Pager(request.operation, request.params, request.person.principal_id, PAGE, PAGE)
    text = folded(request.params.get("searchText", ""))
    found: list[Resource] = []
    searched = _candidates(request, pager.after)
    for one in searched:
        if text in _words(request, one):
            found.append(one)
        if len(found) == pager.limit:
            break
    page = pager.page(found)
    next_token = page.next_token
    if next_token is None and len(searched) == MOST_SEARCHED:
        next_token = pager.token_after(searched[-1])
    items = [_document(request, one) for one in page.resources]
    return {"items": items, "nextToken": next_token}


def create_user_profile(request: Request) -> Document:
    """Make a user profile for a person or an IAM principal that has none."""
    _check_type(request)
    _check_domain(request)
    identifier = request.params["userIdentifier"]
    person = None if identifier.startswith(_ARN) else _named(request, identifier)
    rights.require_admin(request.person)

    def effect() -> Resource:
        session_name = request.params.get("sessionName")
        profile = (
            sso_profile(person.principal_id, "ASSIGNED")
            if person
            else iam_profile(identifier, "ACTIVATED", session_name)
        )
        if request.tx.resource(Kind.USER_PROFILE, profile.id) is not None:
            message = "There is a user profile for this user already."
            raise validation(message, "USER_PROFILE_EXISTS")
        request.tx.put(profile)
        return profile

    request.once(effect)
    return _document(request, _find(request, _profile_id(request)))


def update_user_profile(request: Request) -> Document:
    """Give a user profile another status."""
    _check_domain(request)
    profile = _find(request, _profile_id(request))
    rights.require_admin(request.person)
    profile.document["status"] = request.params["status"]
    request.tx.put(profile)
    return _document(request, profile)


def _check_domain(request: Request) -> None:
    domain_id = request.params["domainIdentifier"]
    if domain_id != request.about.domain_id:
        raise not_found(domain_id)


def _check_type(request: Request) -> None:
    identifier, user_type = request.params["userIdentifier"], request.params.get("userType")
    is_iam = identifier.startswith(_ARN)
    problem = None
    if user_type is not None and is_iam == (user_type == "SSO_USER"):
        problem = "must be SSO_USER for a person, and not for an ARN"
    elif (user_type == "IAM_ROLE_SESSION") != ("sessionName" in request.params):
        problem = "must be IAM_ROLE_SESSION with a sessionName, and not without"
    if problem:
        raise validation(f"userType {problem}.", context={"userType": problem})


def _profile_id(request: Request) -> str:
    """Return the id of the user profile that a call names, be it there or not."""
    identifier: str = request.params["userIdentifier"]
    if identifier.startswith(_ARN):
        return iam_profile_id(identifier, request.params.get("sessionName"))
    if request.tx.resource(Kind.USER_PROFILE, identifier) is not None:
        return identifier
    return _named(request, identifier).principal_id


def _named(request: Request, identifier: str) -> Person:
    """Return who has a principal id or a user name."""
    person = request.tx.person(identifier)
    if person is None:
        person = next(iter(request.tx.people_called(identifier, limit=1)), None)
    if person is None:
        raise not_found(identifier)
    return person


def _find(request: Request, profile_id: str) -> Resource:
    profile = request.tx.resource(Kind.USER_PROFILE, profile_id)
    wanted = request.params.get("type")
    if profile is None or wanted not in {None, profile.document["type"]}:
        raise not_found(request.params["userIdentifier"])
    return profile


def _candidates(request: Request, after: int) -> list[Resource]:
    """Return the next user profiles of the kind that is searched, in the order they came."""
    kind = request.params["userType"]
    if kind == "SSO_USER":
        people = request.tx.people(after=after, limit=MOST_SEARCHED)
        ids = [one.principal_id for one in people]
        profiles = request.tx.page(Kind.USER_PROFILE, ids=ids) if ids else []
        known = {one.id: one for one in profiles}
        found = []
        for person in people:
            profile = known.get(person.principal_id)
            profile = profile or sso_profile(person.principal_id, "NOT_ASSIGNED")
            profile.number = person.number
            found.append(profile)
        return found
    types = {"DATAZONE_SSO_USER": [SSO], "DATAZONE_IAM_USER": [IAM]}.get(kind, [])
    return request.tx.page(Kind.USER_PROFILE, after=after, limit=MOST_SEARCHED, types=types)


def _words(request: Request, profile: Resource) -> str:
    """Return everything by which a user profile may be found."""
    person = request.tx.person(profile.id)
    words: list[Any] = [profile.id, profile.document.get("arn", "")]
    words += [person.name, person.user_name, person.email] if person else []
    return folded("\n".join(words))


def _document(request: Request, profile: Resource) -> Document:
    known = profile.document
    if known["type"] == IAM:
        details = {"iam": {"arn": known["arn"], "sessionName": known.get("sessionName")}}
    else:
        person = request.tx.person(profile.id)
        first, _, last = (person.name if person else "").partition(" ")
        details = {
            "sso": {
                "username": (person.user_name if person else "") or None,
                "firstName": first or None,
                "lastName": last or None,
            }
        }
    return {
        "domainId": request.about.domain_id,
        "id": profile.id,
        "type": known["type"],
        "status": known["status"],
        "details": details,
    }
