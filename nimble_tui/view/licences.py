"""Licences as the screens show them: what each is for, and who accepted it when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.core.people_joining import called
from nimble_tui.core.service import StudioError
from nimble_tui.core.text import clean_id
from nimble_tui.tui import messages
from nimble_tui.tui.widgets.choices import Choosable
from nimble_tui.tui.widgets.line import pad
from nimble_tui.view import times

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, tzinfo

    from nimble_tui.core.eulas import Eula, EulaAcceptance
    from nimble_tui.core.model import LaunchProfile, LaunchProfileDetails
    from nimble_tui.core.service import StudioService

_NAME_WIDTH = 36
_MOST_NAMED = 2


def read(
    service: StudioService,
    profiles: Iterable[LaunchProfile],
    known: Mapping[str, LaunchProfileDetails],
    *,
    by_whom: bool = False,
) -> messages.LicencesSeen:
    """Return the licences that the images of these launch profiles need; raises StudioError.

    A launch profile that cannot be read is passed over and told of, unless nothing is left. With
    `by_whom` the names of those who accepted them are read too.
    """
    images: dict[str, dict[str, None]] = {}
    unread: StudioError | None = None
    for profile in profiles:
        details = known.get(profile.launch_profile_id)
        if details is None:
            try:
                details = service.get_launch_profile_details(profile.launch_profile_id)
            except StudioError as error:
                unread = error
                continue
        for image in details.streaming_images:
            for eula in image.eula_ids:
                name = image.name or clean_id(image.streaming_image_id)
                images.setdefault(eula, {})[name] = None
    named = {eula: tuple(names) for eula, names in images.items()}
    if not named:
        if unread is not None:
            raise unread
        return messages.LicencesSeen((), (), named, (), {})
    listed, accepted = service.list_eulas(tuple(named)), service.list_eula_acceptances()
    acceptances = tuple(one for one in accepted.items if one.eula_id in named)
    admins = _admins(service) if len({one.eula_id for one in acceptances}) < len(named) else ()
    by = {one.accepted_by for one in acceptances if one.accepted_by} if by_whom else set()
    people = {*admins, *by}
    found = service.people.identities(sorted(people)).items if people else ()
    names = called(people, found)
    to_ask = {one.principal_id for one in found} & set(admins)
    return messages.LicencesSeen(
        listed.items,
        acceptances,
        named,
        tuple(sorted(names[one] for one in to_ask)),
        names,
        listed.problem or accepted.problem or (unread.message if unread else ""),
    )


def _admins(service: StudioService) -> tuple[str, ...]:
    """Return the ids of the admins; none where one is an admin oneself, or nobody can tell."""
    try:
        found = service.people.list_studio_members().items
    except StudioError:
        return ()
    ids = tuple(one.principal_id for one in found)
    return () if service.info.principal_id in ids else ids


def ask_for(admins: Sequence[str]) -> str:
    """Return whom to ask to accept licences, as the beginning of a sentence."""
    if not admins:
        return "Ask your admin"
    first, last = admins[:-1][:_MOST_NAMED], admins[-1]
    return f"Ask {', '.join(first)} or {last}" if first else f"Ask {last}"


def title(eula: Eula) -> str:
    """Return a licence's name, else its id."""
    return eula.name or clean_id(eula.eula_id)


def lines(
    eulas: Iterable[Eula],
    accepted: Mapping[str, EulaAcceptance],
    now: datetime,
    tz: tzinfo | None,
    me: str,
) -> list[Choosable]:
    """Return a line for each licence; `me` is the artist's own principal id."""
    return [
        Choosable(one.eula_id, _pieces(one, accepted.get(one.eula_id), now, tz, me))
        for one in eulas
    ]


def _pieces(
    eula: Eula, acceptance: EulaAcceptance | None, now: datetime, tz: tzinfo | None, me: str
) -> tuple[tuple[str, str], ...]:
    name = (pad(title(eula), _NAME_WIDTH), "bold")
    if acceptance is None:
        return (("▲ ", "$near"), name, ("  not accepted yet", "$near"))
    return (("✓ ", "$ready"), name, (f"  accepted{_since(acceptance, now, tz, me)}", "$muted"))


def _since(acceptance: EulaAcceptance, now: datetime, tz: tzinfo | None, me: str) -> str:
    at = acceptance.accepted_at
    by = " by you" if acceptance.accepted_by == me else ""
    return f" {times.local_time(at, now, tz)}{by}" if at else by


def accepted_by(acceptance: EulaAcceptance | None, me: str, names: Mapping[str, str]) -> str:
    """Return by whom a licence was accepted, as a sentence; empty when that is not known."""
    if acceptance is None or not acceptance.accepted_by:
        return ""
    if acceptance.accepted_by == me:
        return "You accepted it for the whole studio."
    who = names.get(acceptance.accepted_by) or clean_id(acceptance.accepted_by)
    return f"Accepted for the whole studio by {who}."
