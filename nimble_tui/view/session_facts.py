"""Everything that is known of a workstation, readable first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.core import text
from nimble_tui.core.instance_types import INSTANCE_TYPES
from nimble_tui.core.model import FAILED_STATES, SessionState, StreamConfiguration
from nimble_tui.view import details as details_of
from nimble_tui.view import facts, glossary, labels
from nimble_tui.view.facts import Fact, Group, Told

if TYPE_CHECKING:
    from nimble_tui.core.model import LaunchProfileDetails, StreamingImage, StreamingSession
    from nimble_tui.view.session_rows import SessionRow

_RETENTION = {
    "RETAIN": "its disk was kept at the last stop",
    "DELETE": "its disk was thrown away at the last stop",
}


def of_session(
    entry: SessionRow,
    told: Told,
    details: LaunchProfileDetails | None,
    ran: tuple[Fact, ...] = (),
) -> tuple[Group, ...]:
    """Return everything that is known of a workstation; `ran` is for how long it ran."""
    session, profile = entry.session, entry.launch_profile
    configuration = profile.stream_configuration if profile else StreamConfiguration()
    image = details.image(session.streaming_image_id) if details else None
    component_ids = profile.studio_component_ids if profile else ()
    return (
        Group("Now and next", (*_now(entry, told), *ran)),
        Group("Machine", _machine(entry, image)),
        Group("Disk and backups", _disk(session)),
        facts.exchange(configuration, image.platform if image else None),
        facts.components(details, component_ids),
        Group("Who and when", _people(session, told)),
        facts.tags(session.tags),
        Group("Ids", _ids(session)),
    )


def _now(entry: SessionRow, told: Told) -> tuple[Fact, ...]:
    session = entry.session
    look = labels.look_of(session)
    found = [
        Fact("Next", *details_of.next_of(entry, told.now, told.tz)),
        Fact("State", _state(session), look.style),
    ]
    if session.state in FAILED_STATES:
        found.append(Fact("Why", labels.failure_of(session), "failed"))
    found += facts.status(session.status_code, session.status_message)
    if session.stop_at is not None:
        found.append(Fact("Stops at", told.at(session.stop_at)))
    if session.terminate_at is not None:
        found.append(Fact("Deletion at", told.at(session.terminate_at)))
    unread = "could not be read; tell your admin"
    found.extend(Fact(name, unread, "near") for name in session.unread_times)
    if entry.deadline is not None and entry.deadline.computed:
        found.append(Fact("≈", "The studio does not tell; worked out from its launch profile"))
    return tuple(found)


def _state(session: StreamingSession) -> str:
    shown = glossary.state(session.state)
    disk = labels.disk_of_stopped(session) if session.state == SessionState.STOPPED else ""
    return shown.replace("stopped", f"stopped, {disk}", 1) if disk else shown


def _machine(entry: SessionRow, image: StreamingImage | None) -> tuple[Fact, ...]:
    session, profile = entry.session, entry.launch_profile
    kind = session.ec2_instance_type
    known = INSTANCE_TYPES.get(kind or "")
    found = [
        Fact("Machine", f"{known.in_words} · {kind}" if known else kind or "unknown"),
        Fact("Launch profile", labels.profile_of(profile)),
    ]
    unknown = (Fact("Image", facts.shown_id(session.streaming_image_id)),)
    return (*found, *(facts.image(image) if image else unknown))


def _disk(session: StreamingSession) -> tuple[Fact, ...]:
    found = [
        *facts.disk(session.volume_configuration),
        *facts.lasting(session.session_persistence_mode, session.automatic_termination_mode),
    ]
    found.append(facts.backups(session.backup_mode, session.max_backups_to_retain))
    if session.started_from_backup_id:
        backup = text.clean_id(session.started_from_backup_id)
        found.append(Fact("Came back from", f"backup {backup}"))
    mode = session.volume_retention_mode
    if mode:
        plain = _RETENTION.get(mode)
        found.append(Fact("Last stop", f"{plain} · {mode}" if plain else mode))
    return tuple(found)


def _people(session: StreamingSession, told: Told) -> tuple[Fact, ...]:
    return (
        Fact("Belongs to", told.who(session.owned_by)),
        *told.deed("Made", session.created_at, session.created_by),
        *told.deed("Last started", session.started_at, session.started_by),
        *told.deed("Last stopped", session.stopped_at, session.stopped_by),
        *told.deed("Last changed", session.updated_at, session.updated_by),
    )


def _ids(session: StreamingSession) -> tuple[Fact, ...]:
    return (
        Fact("Workstation", facts.shown_id(session.session_id)),
        Fact("Launch profile", facts.shown_id(session.launch_profile_id)),
        Fact("Image", facts.shown_id(session.streaming_image_id)),
        Fact("ARN", facts.shown_id(session.arn)),
    )
