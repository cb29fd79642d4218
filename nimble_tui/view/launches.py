"""The content of the launch dialog: launch profiles, types and images."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from nimble_tui.core import rules, usual_durations
from nimble_tui.core.durations import in_words
from nimble_tui.core.instance_types import INSTANCE_TYPES
from nimble_tui.core.launching import usable_images
from nimble_tui.core.model import FAILED_STATES, SessionState, StreamingImage, StreamingSession
from nimble_tui.view import labels, money, times
from nimble_tui.view.choices import Choosable, Piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, tzinfo

    from nimble_tui.core.launching import LastLaunch, LaunchRequest, UnresolvedLaunch
    from nimble_tui.core.model import LaunchProfile, LaunchProfileDetails
    from nimble_tui.core.prices import Prices
    from nimble_tui.core.usual_durations import Change
    from nimble_tui.view.session_rows import SessionRow

_REMEMBERED = timedelta(hours=2)
_FOREVER = "until you delete it"


@dataclass(frozen=True, slots=True)
class Known:
    """The data of the launch dialog.

    `choices` holds the last launch by launch profile id; `not_free` the last time at which a type
    was not free, by type.
    """

    now: datetime
    tz: tzinfo | None
    details: Mapping[str, LaunchProfileDetails]
    choices: Mapping[str, LastLaunch]
    not_free: Mapping[str, datetime]
    prices: Prices
    changes: Sequence[Change]


class LaunchChoice(NamedTuple):
    """The choice to continue the unresolved launch `earlier`, or to launch `another` one.

    With neither, an unresolved launch with the same parameters is continued if one exists.
    """

    request: LaunchRequest
    earlier: UnresolvedLaunch | None = None
    another: bool = False


def placeholder(
    request: LaunchRequest, token_tags: Mapping[str, str], at: datetime
) -> StreamingSession:
    """Return the workstation that stands for a launch in the list until the studio answers."""
    name = {"Name": request.name} if request.name else {}
    return StreamingSession(
        # Ends like a name that is still to come: its last four characters are shown.
        f"{'-'.join(token_tags.values())}-....",
        state=SessionState.CREATE_IN_PROGRESS,
        launch_profile_id=request.launch_profile_id,
        streaming_image_id=request.streaming_image_id,
        ec2_instance_type=request.ec2_instance_type,
        created_at=at,
        tags={**name, **token_tags},
    )


def not_free(rows: Iterable[SessionRow], now: datetime) -> dict[str, datetime]:
    """Return the last time at which each type was not free, judging by failed workstations."""
    found: dict[str, datetime] = {}
    for row in rows:
        session = row.session
        at = max((one for one in (session.created_at, session.updated_at) if one), default=None)
        kind = session.ec2_instance_type
        failed = session.state in FAILED_STATES and session.status_code == labels.NO_CAPACITY
        if failed and kind and at is not None and now - at < _REMEMBERED:
            found[kind] = max(at, found.get(kind, at))
    return found


def images_of(profile: LaunchProfile, known: Known) -> tuple[StreamingImage, ...]:
    """Return the images to choose from, without names until those are loaded."""
    ids = profile.stream_configuration.streaming_image_ids
    details = known.details.get(profile.launch_profile_id)
    if details is None:
        return tuple(StreamingImage(one) for one in ids)
    return (*usable_images(profile, details), *unread_images(profile, details))


def unread_images(
    profile: LaunchProfile, details: LaunchProfileDetails
) -> tuple[StreamingImage, ...]:
    """Return the images that could not be read, without names."""
    if not details.unread_images:
        return ()
    read = {one.streaming_image_id for one in details.streaming_images}
    ids = profile.stream_configuration.streaming_image_ids
    return tuple(StreamingImage(one) for one in ids if one not in read)


def first_type(profile: LaunchProfile, known: Known) -> str:
    """Return the default type: the last one launched, unless it was not free."""
    types = profile.stream_configuration.ec2_instance_types
    choice = known.choices.get(profile.launch_profile_id)
    last = choice.ec2_instance_type if choice else ""
    wanted = last if last in types else types[0] if types else ""
    free = (one for one in types if one not in known.not_free)
    return next(free, wanted) if wanted in known.not_free else wanted


def first_image(profile: LaunchProfile, known: Known) -> str:
    """Return the default image: the last one launched, else the first."""
    images = [one.streaming_image_id for one in images_of(profile, known)]
    choice = known.choices.get(profile.launch_profile_id)
    if choice and choice.streaming_image_id in images:
        return choice.streaming_image_id
    return images[0] if images else ""


def type_lines(profile: LaunchProfile, known: Known) -> list[Choosable]:
    """Return the types to choose from, with their hardware and price."""
    types = profile.stream_configuration.ec2_instance_types
    width = max((len(one) for one in types), default=0) + 1
    return [Choosable(one, _type_pieces(one, width, known)) for one in types]


def _type_pieces(name: str, width: int, known: Known) -> tuple[Piece, ...]:
    pieces = [Piece(name, "bold", width)]
    taken = known.not_free.get(name)
    kind = INSTANCE_TYPES.get(name)
    if kind is not None:
        pieces.append(Piece(f"{kind.vcpus:>3} CPUs {f'{kind.memory:g} GB':>7}  "))
    if taken is not None:
        at = times.local_time(taken, known.now, known.tz)
        return (*pieces, Piece(f"▲ was not available at {at}", "$near"))
    if kind is not None:
        pieces.append(Piece(kind.graphics, "$muted", 22))
    price = known.prices.per_hour.get(name)
    if price is not None:
        pieces.append(Piece(f"{money.priced(price, known.prices)}/h", "$muted"))
    return tuple(pieces)


def image_lines(profile: LaunchProfile, known: Known) -> list[Choosable]:
    """Return the images to choose from."""
    return [
        Choosable(one.streaming_image_id, _image_pieces(one)) for one in images_of(profile, known)
    ]


def _image_pieces(image: StreamingImage) -> tuple[Piece, ...]:
    name, platform = labels.name_and_platform(image)
    return (Piece(name, "bold"), *([Piece(f"  {platform}", "$muted")] if platform else []))


def how_long(profile: LaunchProfile, ec2_instance_type: str, known: Known) -> str:
    """Return a sentence about the usual duration of a launch."""
    session = StreamingSession(
        "any",
        state=SessionState.CREATE_IN_PROGRESS,
        launch_profile_id=profile.launch_profile_id,
        ec2_instance_type=ec2_instance_type,
    )
    usually = usual_durations.usual_duration(known.changes, session)
    if usually is None:
        return "Takes a few minutes."
    return f"Usually takes about {in_words(usually)}."


def what_follows(profile: LaunchProfile) -> str:
    """Return a sentence about the workstation's deadline."""
    configuration = profile.stream_configuration
    after = f"after {in_words(rules.longest_run(profile))}"
    session = StreamingSession(
        "any",
        session_persistence_mode=configuration.session_persistence_mode,
        automatic_termination_mode=configuration.automatic_termination_mode,
    )
    if not rules.can_be_stopped(session, profile):
        return f"Deleted {after}, with everything on its disk."
    kept = rules.kept_for(session, profile)
    return f"Stops {after}; its disk is kept {f'for {in_words(kept)}' if kept else _FOREVER}."
