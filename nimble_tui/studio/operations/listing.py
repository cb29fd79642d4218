"""One page of a list, as every list operation answers it."""

from typing import Any

from nimble_tui.studio.operations.request import Request
from nimble_tui.studio.paging import PAGE, Pager
from nimble_tui.studio.store.records import Document, Kind


def page_of(
    request: Request, kind: Kind, name: str, *, size: int | None = None, **filters: Any
) -> Document:
    """Return the page of a kind of resource that a call asks for, under the member `name`.

    A page holds at most `size`, else as many as any list does; `filters` are those of
    `Transaction.page`.
    """
    most = size or PAGE
    pager = Pager(request.operation, request.params, request.person.principal_id, most, most)
    page = pager.page(request.tx.page(kind, after=pager.after, limit=pager.limit, **filters))
    return {name: [one.document for one in page.resources], "nextToken": page.next_token}
