"""Names of people for commands about other things."""

from collections.abc import Iterable

from nimble_tui.core.people.joining import called
from nimble_tui.core.service import StudioInfo, StudioService

_BY_ITSELF = "the studio itself"


def own_names(info: StudioInfo) -> dict[str, str]:
    """Return what to call this person and the studio by their ids."""
    return {info.principal_id: "you", info.studio_id: _BY_ITSELF}


def names_of(
    service: StudioService, principal_ids: Iterable[str | None], *, ask: bool = True
) -> dict[str, str]:
    """Return names of people by id; short ids without a lookup."""
    names = own_names(service.info)
    others = sorted({one for one in principal_ids if one and one not in names})
    found = service.people.identities(others).items if others and ask else ()
    return {**called(others, found), **names}
