"""All facts about a workstation, the most useful first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimble_tui.core import text
from nimble_tui.core.instance_types import in_words
from nimble_tui.core.model import FAILED_STATES, SessionState, StreamConfiguration
from nimble_tui.view import details as details_of
from nimble_tui.view import facts, glossary, labels
from nimble_tui.view.facts import Fact, FactContext, Group

if TYPE_CHECKING:
    from nimble_tui.core.model import LaunchProfileDetails, StreamingImage, StreamingSession
    from nimble_tui.view.session_rows import SessionRow

_RETENTION = {
    "RETAIN": "its disk was kept",
    "DELETE": "its disk was deleted",
}


def of_session(
    row: SessionRow,
    context: FactContext,
    details: LaunchProfileDetails | None,
    ran: tuple[Fact, ...] = (),
) -> tuple[Group, ...]:
    """Return all facts about a workstation; `ran` is its running time."""
    session, profile = row.session, row.launch_profile
    configuration = profile.stream_configuration if profile else StreamConfiguration()
    image = details.image(session.streaming_image_id) if details else None
    component_ids = profile.studio_component_ids if profile else ()
    return (
        Group("Status", (*_now(row, context), *ran)),
        Group("Machine", _machine(row, image)),
        Group("Disk and backups", _disk(session)),
        facts.exchange(configuration, image.platform if image else None),
        facts.components(details, component_ids),
        Group("Created and changed", _people(session, context)),
        facts.tags(session.tags),
        Group("Ids", _ids(session)),
    )


def _now(row: SessionRow, context: FactContext) -> tuple[Fact, ...]:
    session, label, deadline = row.session, labels.state_label(row.session), row.deadline
    failed = session.state in FAILED_STATES
    worked_out = deadline is not None and deadline.computed
    how = "Not reported by the studio; calculated from its launch profile"
    unread = "could not be read; ask your admin"
    return facts.known(
        Fact("Next", *details_of.next_of(row, context.now, context.tz)),
        Fact("State", _state(session), label.style),
        Fact("Why", labels.failure_of(session) if failed else "", "failed"),
        *facts.status(session.status_code, session.status_message),
        Fact("Stops at", context.at(session.stop_at)),
        Fact("Deletion at", context.at(session.terminate_at)),
        *(Fact(name, unread, "near") for name in session.unread_times),
        Fact("≈", how if worked_out else ""),
    )


def _state(session: StreamingSession) -> str:
    shown = glossary.state(session.state)
    disk = labels.disk_of_stopped(session) if session.state == SessionState.STOPPED else ""
    return shown.replace("stopped", f"stopped, {disk}", 1) if disk else shown


def _machine(row: SessionRow, image: StreamingImage | None) -> tuple[Fact, ...]:
    session = row.session
    parts = (in_words(session.ec2_instance_type), session.ec2_instance_type)
    unknown = (Fact("Image", facts.shown_id(session.streaming_image_id)),)
    return (
        Fact("Machine", " · ".join(part for part in parts if part) or "unknown"),
        Fact("Launch profile", labels.profile_of(row.launch_profile)),
        *(facts.image(image) if image else unknown),
    )


def _disk(session: StreamingSession) -> tuple[Fact, ...]:
    backup, mode = session.started_from_backup_id, session.volume_retention_mode
    parts = (_RETENTION.get(mode or ""), mode)
    return facts.known(
        *facts.disk(session.volume_configuration),
        *facts.lasting(session.session_persistence_mode, session.automatic_termination_mode),
        facts.backups(session.backup_mode, session.max_backups_to_retain),
        Fact("Restored from", f"backup {text.clean_id(backup)}" if backup else ""),
        Fact("Last stop", " · ".join(part for part in parts if part)),
    )


def _people(session: StreamingSession, context: FactContext) -> tuple[Fact, ...]:
    return (
        Fact("Owner", context.who(session.owned_by)),
        *context.deed("Created", session.created_at, session.created_by),
        *context.deed("Last started", session.started_at, session.started_by),
        *context.deed("Last stopped", session.stopped_at, session.stopped_by),
        *context.deed("Last changed", session.updated_at, session.updated_by),
    )


def _ids(session: StreamingSession) -> tuple[Fact, ...]:
    return (
        Fact("Workstation", facts.shown_id(session.session_id)),
        Fact("Launch profile", facts.shown_id(session.launch_profile_id)),
        Fact("Image", facts.shown_id(session.streaming_image_id)),
        Fact("ARN", facts.shown_id(session.arn)),
    )
