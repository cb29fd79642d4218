"""People as commands that are about something else name them."""

from collections.abc import Iterable

from nimble_tui.core.people_joining import called
from nimble_tui.core.service import StudioService

_BY_ITSELF = "the studio itself"


def names_of(
    service: StudioService, principal_ids: Iterable[str | None], *, ask: bool = True
) -> dict[str, str]:
    """Return what to call people by their ids; by short ids where nobody is to be asked."""
    info = service.info
    names = {info.principal_id: "you", info.studio_id: _BY_ITSELF}
    others = sorted({one for one in principal_ids if one and one not in names})
    found = service.people.identities(others).items if others and ask else ()
    return {**called(others, found), **names}
