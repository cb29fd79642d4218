"""The licences that images need, their acceptances, and the admins to ask for the rest.

Sources: the AWS API reference, StreamingImage, member eulaIds, ListEulas and ListEulaAcceptances.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from nimble_tui.core.eulas import Eula
from nimble_tui.core.listing import Listing
from nimble_tui.core.people.joining import called
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.core.text import clean_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from nimble_tui.core.eulas import EulaAcceptance
    from nimble_tui.core.model import LaunchProfile, LaunchProfileDetails, StreamingImage
    from nimble_tui.core.service import StudioService


@dataclass(frozen=True, slots=True)
class Licences:
    """The licences that `images` need, in the order in which those name them.

    A licence that could not be read has only an id. `accepted` holds the acceptances by licence
    id; unless it `is_known`, others may be accepted as well. `to_ask` holds the names of admins if
    something is missing, None if the artist can accept it. `names` are people's names by id,
    `problems` sentences about what could not be read.
    """

    images: tuple[StreamingImage, ...] = ()
    eulas: tuple[Eula, ...] = ()
    accepted: Mapping[str, EulaAcceptance] = field(default_factory=dict)
    is_known: bool = True
    to_ask: tuple[str, ...] | None = ()
    names: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[Eula, ...]:
        """The licences without a known acceptance."""
        return tuple(one for one in self.eulas if one.eula_id not in self.accepted)

    def missing_for(self, image: StreamingImage) -> tuple[Eula, ...]:
        """Return the missing licences of an image; none while not all acceptances are known."""
        if not self.is_known:
            return ()
        return tuple(one for one in self.missing if one.eula_id in image.eula_ids)

    def needed_by(self, eula_id: str) -> tuple[str, ...]:
        """Return the names of the images that need a licence."""
        needing = (one for one in self.images if eula_id in one.eula_ids)
        names = (one.name or clean_id(one.streaming_image_id) for one in needing)
        return tuple(dict.fromkeys(names))

    def with_acceptances(self, acceptances: Iterable[EulaAcceptance]) -> Licences:
        """Return the same licences with further acceptances."""
        return replace(self, accepted={**self.accepted, **_by_id(acceptances)})


class Images(NamedTuple):
    """The images of launch profiles, and sentences about those that could not be read."""

    images: tuple[StreamingImage, ...]
    problems: tuple[str, ...]


def read_images(
    service: StudioService,
    profiles: Iterable[LaunchProfile],
    known: Mapping[str, LaunchProfileDetails] | None = None,
) -> Images:
    """Return the images of launch profiles, each once; those `known` by id are not read again.

    Raises StudioError if the studio cannot be reached; a launch profile that cannot be read is
    skipped.
    """
    found: dict[str, StreamingImage] = {}
    problems = []
    for profile in profiles:
        details = (known or {}).get(profile.launch_profile_id)
        try:
            details = details or service.get_launch_profile_details(profile.launch_profile_id)
        except StudioError as error:
            if error.kind in {ErrorKind.UNREACHABLE, ErrorKind.NOT_SIGNED_IN}:
                raise
            problems.append(f"{profile.title}: {error.message}")
            continue
        found |= {one.streaming_image_id: one for one in details.streaming_images}
        if details.unread_images:
            count = details.unread_images
            problems.append(f"{profile.title}: {count} of its images could not be read.")
    return Images(tuple(found.values()), tuple(problems))


def read_eulas(
    service: StudioService, images: Iterable[StreamingImage], accepted: Collection[str] = ()
) -> Listing[Eula]:
    """Return the licences that images need, without those `accepted`; raises StudioError."""
    needed = dict.fromkeys(one for image in images for one in image.eula_ids)
    wanted = tuple(one for one in needed if one not in accepted)
    listing: Listing[Eula] = service.list_eulas(wanted) if wanted else Listing(())
    read = {one.eula_id: one for one in listing.items}
    return replace(listing, items=tuple(read.get(one, Eula(one)) for one in wanted))


def read_licences(
    service: StudioService,
    images: tuple[StreamingImage, ...],
    problems: tuple[str, ...] = (),
    *,
    only_missing: bool = False,
) -> Licences:
    """Return the licences that images need, with the names of the people involved.

    `problems` are those of reading the images. With `only_missing` the licences that are accepted
    are left out. Raises StudioError.
    """
    if not any(image.eula_ids for image in images):
        return Licences(images, problems=problems)
    acceptances = service.list_eula_acceptances()
    accepted = _by_id(acceptances.items)
    eulas = read_eulas(service, images, accepted if only_missing else ())
    problems += tuple(one for one in (eulas.problem, acceptances.problem) if one)
    found = Licences(images, eulas.items, accepted, acceptances.complete, problems=problems)
    return _with_people(service, found)


def _with_people(service: StudioService, licences: Licences) -> Licences:
    """Add the admins to ask for missing licences, and the names of those who accepted the rest."""
    people, me, accepted = service.people, service.info.principal_id, licences.accepted
    shown = (accepted[one.eula_id] for one in licences.eulas if one.eula_id in accepted)
    by = {one.accepted_by for one in shown if one.accepted_by}
    admins = _admins(service) if licences.missing else set()
    is_admin = me in admins
    ids = (by if is_admin else by | admins) - {me}
    found = people.identities(sorted(ids)).items if ids else ()
    names = called(ids, found)
    to_ask = sorted(names[one.principal_id] for one in found if one.principal_id in admins)
    return replace(licences, to_ask=None if is_admin else tuple(to_ask), names=names)


def _admins(service: StudioService) -> set[str]:
    """Return the ids of the studio's admins; none if this person is not allowed to list them."""
    try:
        members = service.people.membership.list_studio_members()
    except StudioError:
        return set()
    return {one.principal_id for one in members.items}


def _by_id(acceptances: Iterable[EulaAcceptance]) -> dict[str, EulaAcceptance]:
    return {one.eula_id: one for one in acceptances}
