"""Reading the licences that images need, from the studio."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.core.people.joining import called
from nimble_tui.core.service import StudioError
from nimble_tui.core.text import clean_id
from nimble_tui.tui import messages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nimble_tui.core.model import LaunchProfile, LaunchProfileDetails
    from nimble_tui.core.service import StudioService


def read_licences(
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
        found = service.people.membership.list_studio_members().items
    except StudioError:
        return ()
    ids = tuple(one.principal_id for one in found)
    return () if service.info.principal_id in ids else ids
