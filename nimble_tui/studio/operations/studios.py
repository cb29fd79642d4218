"""ListStudios and GetStudio: everybody may, so that an app can name where it is."""

from nimble_tui.studio.operations.request import Request
from nimble_tui.studio.paging import Pager
from nimble_tui.studio.store.records import Document, Kind


def list_studios(request: Request) -> Document:
    """Return the one studio."""
    pager = Pager(request.operation, request.params, request.person.principal_id)
    page = pager.page(request.tx.page(Kind.STUDIO, after=pager.after, limit=pager.limit))
    return {"studios": [one.document for one in page.resources], "nextToken": page.next_token}


def get_studio(request: Request) -> Document:
    """Return the studio."""
    return {"studio": request.find(Kind.STUDIO, request.params["studioId"]).document}
