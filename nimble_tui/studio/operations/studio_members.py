"""Studio member operations: its members are the admins; everyone sees them, operators change them.

Operators count as admins too, but they are appointed with access to the studio's data file. The
last admin stays one, operators or not: artists need a person to ask.
"""

from typing import Final

from nimble_tui.studio import rights
from nimble_tui.studio.http.errors import not_found, validation
from nimble_tui.studio.lifecycle import streams
from nimble_tui.studio.operations import membership
from nimble_tui.studio.operations.request import Request
from nimble_tui.studio.store.records import Document, Kind, Person, Resource, Role

PERSONA: Final = "ADMINISTRATOR"


def list_studio_members(request: Request) -> Document:
    """Return the admins."""
    request.check_studio()
    pager = membership.pager_of(request)
    page = pager.page(request.tx.administrators(after=pager.after, limit=pager.limit))
    members = [_document(request, one) for one in page.resources]
    return {"members": members, "nextToken": page.next_token}


def get_studio_member(request: Request) -> Document:
    """Return an admin; NOT_FOUND for anyone else."""
    request.check_studio()
    return {"member": _document(request, _find(request))}


def put_studio_members(request: Request) -> Document:
    """Make people admins, all of them or none."""
    principal_ids = membership.named(request)
    studio = request.find(Kind.STUDIO, request.params["studioId"])
    people = membership.find_people(request, principal_ids)
    rights.require_operator(request.person)

    def effect() -> Resource:
        for person in people:
            if person.role == Role.ARTIST:
                request.tx.set_role(person.principal_id, Role.ADMIN)
        return studio

    request.once(effect)
    return {}


def delete_studio_member(request: Request) -> Document:
    """Make an admin an artist."""
    studio = request.find(Kind.STUDIO, request.params["studioId"])
    rights.require_operator(request.person)

    def effect() -> Resource:
        person = _find(request)
        _require_removable(request, person)
        request.tx.set_role(person.principal_id, Role.ARTIST)
        streams.end_of_person(request.tx, person.principal_id, request.now, only_of_others=True)
        return studio

    request.once(effect)
    return {}


def _require_removable(request: Request, person: Person) -> None:
    context = {"principalId": person.principal_id}
    if person.role == Role.OPERATOR:
        message = (
            f"{person.name} is an operator and therefore an admin; remove the operator role "
            "first (nimble-tui studio revoke PERSON --operator)."
        )
        raise validation(message, "OPERATOR", context)
    admins = [one for one in request.tx.administrators() if one.role == Role.ADMIN and one.active]
    if [one.principal_id for one in admins] == [person.principal_id]:
        message = (
            f"{person.name} is the last admin of this studio; make another person an admin first."
        )
        raise validation(message, "LAST_ADMINISTRATOR", context)


def _find(request: Request) -> Person:
    principal_id = request.params["principalId"]
    person = request.tx.person(principal_id)
    if person is None or person.role == Role.ARTIST:
        raise not_found(principal_id)
    return person


def _document(request: Request, person: Person) -> Document:
    return membership.document(request, PERSONA, person.principal_id, person.sid)
