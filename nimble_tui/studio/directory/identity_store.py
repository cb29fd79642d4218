"""Identity Store operations: the names of people, for everyone in the studio.

Source: the Identity Store API reference, ListUsers, DescribeUser, User.
"""

from typing import Final

from nimble_tui.studio.http.errors import ApiError, validation
from nimble_tui.studio.operations.request import Request
from nimble_tui.studio.paging import Pager
from nimble_tui.studio.store.records import Document, Person

PAGE: Final = 100
_ARN: Final = "arn:aws:identitystore:::user/"


def list_users(request: Request) -> Document:
    """Return all people, or those with a user name in any case, including those who have left."""
    _check_store(request)
    wanted = _user_name(request)
    params = {f"{name[:1].lower()}{name[1:]}": value for name, value in request.params.items()}
    pager = Pager(request.operation, params, request.person.principal_id, PAGE)
    where = {"after": pager.after, "limit": pager.limit}
    if wanted is None:
        found = request.tx.people(**where)
    else:
        found = request.tx.people_called(wanted, **where)
    page = pager.page(found)
    users = [_user(request, one) for one in page.resources]
    return {"Users": users, "NextToken": page.next_token}


def describe_user(request: Request) -> Document:
    """Return a person by their id, which may be given as an ARN."""
    _check_store(request)
    user_id = request.params["UserId"]
    person = request.tx.person(user_id.removeprefix(_ARN))
    if person is None:
        raise _nothing("USER", user_id)
    return _user(request, person)


def _check_store(request: Request) -> None:
    store_id = request.params["IdentityStoreId"]
    if store_id.rpartition("/")[2] != request.about.identity_store_id:
        raise _nothing("IDENTITY_STORE", store_id)


def _user_name(request: Request) -> str | None:
    for one in request.params.get("Filters", ()):
        if one["AttributePath"] != "UserName":
            problem = "must be UserName"
            raise validation(f"AttributePath {problem}.", context={"AttributePath": problem})
        wanted: str = one["AttributeValue"]
        return wanted
    return None


def _nothing(kind: str, resource_id: str) -> ApiError:
    message = f"{kind} {resource_id[:200]!r} is not in this studio."
    context = {"resourceType": kind, "resourceId": resource_id}
    return ApiError("ResourceNotFoundException", message, "RESOURCE_NOT_FOUND", context)


def _user(request: Request, person: Person) -> Document:
    first, _, last = person.name.partition(" ")
    return {
        "IdentityStoreId": request.about.identity_store_id,
        "UserId": person.principal_id,
        "UserArn": f"{_ARN}{person.principal_id}",
        "Revision": "1",
        "UserName": person.user_name or None,
        "DisplayName": person.name,
        "Name": {"Formatted": person.name, "GivenName": first, "FamilyName": last or None},
        "Emails": [{"Value": person.email, "Type": "work", "Primary": True}]
        if person.email
        else None,
        "UserStatus": "ENABLED" if person.active else "DISABLED",
    }
