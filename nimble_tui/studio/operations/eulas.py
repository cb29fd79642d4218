"""Licence operations: everyone reads them, admins accept them for the whole studio.

Wider than AWS, where artists may not call GetEula: a person must be able to read what they accept.
"""

from nimble_tui.studio.eulas import acceptance_of, whom_to_ask
from nimble_tui.studio.http.errors import access_denied, not_found, validation
from nimble_tui.studio.ids import new_id
from nimble_tui.studio.operations.listing import page_of
from nimble_tui.studio.operations.request import Request
from nimble_tui.studio.store.records import Document, Kind, Resource, Role


def list_eulas(request: Request) -> Document:
    """Return licences, all of them or those of some ids."""
    return page_of(request, Kind.EULA, "eulas", ids=request.params.get("eulaIds", ()))


def get_eula(request: Request) -> Document:
    """Return a licence."""
    return {"eula": _find(request, request.params["eulaId"]).document}


def list_eula_acceptances(request: Request) -> Document:
    """Return what the studio has accepted, all of it or of some licences."""
    request.check_studio()
    eula_ids = request.params.get("eulaIds", ())
    return page_of(request, Kind.EULA_ACCEPTANCE, "eulaAcceptances", ids=eula_ids)


def accept_eulas(request: Request) -> Document:
    """Accept licences for the studio; one accepted already stays as it was."""
    eula_ids = list(dict.fromkeys(request.params.get("eulaIds", ())))
    if not eula_ids:
        raise validation("eulaIds must name at least one.", context={"eulaIds": "must name one"})
    request.check_studio()
    for eula_id in eula_ids:
        _find(request, eula_id)
    if request.person.role not in {Role.ADMIN, Role.OPERATOR}:
        raise access_denied(whom_to_ask(request.tx), "ADMINS_ONLY")

    def effect() -> Resource:
        accepted = [_accept(request, one) for one in eula_ids]
        return accepted[0]

    request.once(effect)
    accepted = request.tx.page(Kind.EULA_ACCEPTANCE, ids=eula_ids)
    return {"eulaAcceptances": [one.document for one in accepted]}


def _accept(request: Request, eula_id: str) -> Resource:
    acceptance = request.tx.resource(Kind.EULA_ACCEPTANCE, eula_id)
    if acceptance is None:
        acceptance = acceptance_of(
            eula_id,
            new_id(request.chance),
            studio_id=request.about.studio_id,
            by=request.person.principal_id,
            at=request.now,
        )
        request.tx.put(acceptance)
    return acceptance


def _find(request: Request, eula_id: str) -> Resource:
    eula = request.tx.resource(Kind.EULA, eula_id)
    if eula is None:
        raise not_found(eula_id)
    return eula
