"""People as commands that are about something else name them."""

from collections.abc import Iterable

from nimble_tui.core.people.joining import called
from nimble_tui.core.service import StudioError, StudioService

_BY_ITSELF = "the studio itself"
_MOST_NAMED = 3


def names_of(
    service: StudioService, principal_ids: Iterable[str | None], *, ask: bool = True
) -> dict[str, str]:
    """Return what to call people by their ids; by short ids where nobody is to be asked."""
    info = service.info
    names = {info.principal_id: "you", info.studio_id: _BY_ITSELF}
    others = sorted({one for one in principal_ids if one and one not in names})
    found = service.people.identities(others).items if others and ask else ()
    return {**called(others, found), **names}


def whom_to_ask(service: StudioService) -> str:
    """Return who accepts licences: `You accept`, else such as `Ask Ada or Bo; an admin accepts`."""
    people = service.people
    try:
        admins = [one.principal_id for one in people.membership.list_studio_members().items]
        found = people.identities(admins).items if admins else ()
    except StudioError:
        admins, found = [], ()
    if service.info.principal_id in admins:
        return "You accept"
    called_so = called(admins, found)
    names = sorted(called_so[one.principal_id] for one in found)[:_MOST_NAMED]
    first = f"{', '.join(names[:-1])} or " if len(names) > 1 else ""
    return f"Ask {first}{names[-1] if names else 'your admin'}; an admin accepts"
