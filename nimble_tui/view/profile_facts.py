"""All facts about a launch profile, the most useful first."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from nimble_tui.core import durations
from nimble_tui.core.instance_types import in_words
from nimble_tui.core.launching import check_launch
from nimble_tui.core.rules import Allowed, longest_run
from nimble_tui.view import details as details_of
from nimble_tui.view import facts, glossary, labels
from nimble_tui.view.facts import Fact, FactContext, Group

if TYPE_CHECKING:
    from nimble_tui.core.model import (
        LaunchProfile,
        LaunchProfileDetails,
        StreamConfiguration,
        ValidationResult,
    )

_GOOD = "VALIDATION_SUCCESS"
_BAD = "VALIDATION_FAILED"


def of_profile(
    profile: LaunchProfile, context: FactContext, details: LaunchProfileDetails | None
) -> tuple[Group, ...]:
    """Return all facts about a launch profile."""
    configuration = profile.stream_configuration
    platforms = {one.platform for one in details.streaming_images} if details else set()
    return (
        Group("Status", _now(profile, context)),
        Group("Machines", _machines(configuration)),
        Group("Images", _images(configuration, details)),
        Group("Stopping and deadlines", _endings(profile)),
        Group("Disk and backups", _disk(configuration)),
        facts.exchange(configuration, platforms.pop() if len(platforms) == 1 else None),
        facts.components(details, profile.studio_component_ids),
        Group("The studio's checks", tuple(map(_check, profile.validation_results)) or _UNCHECKED),
        Group("Created and changed", _people(profile, context)),
        facts.tags(profile.tags),
        Group("Ids", _ids(profile)),
    )


_UNCHECKED = (Fact("Checks", "none reported"),)


def _now(profile: LaunchProfile, context: FactContext) -> tuple[Fact, ...]:
    result = check_launch(profile, read_only=context.info.read_only)
    allowed = "ready" if isinstance(result, Allowed) else ""
    return facts.known(
        Fact("About", profile.description or ""),
        Fact("Launch", details_of.reason_of(result)),
        Fact("State", _state(profile), "failed" if labels.problem_of(profile) else allowed),
        *facts.status(profile.status_code, profile.status_message),
    )


def _state(profile: LaunchProfile) -> str:
    return "available · READY" if profile.state == "READY" else glossary.state(profile.state)


def _machines(configuration: StreamConfiguration) -> tuple[Fact, ...]:
    found = (
        Fact(name, in_words(name) or "unknown type") for name in configuration.ec2_instance_types
    )
    return tuple(found) or (Fact("Machines", "none"),)


def _images(
    configuration: StreamConfiguration, details: LaunchProfileDetails | None
) -> tuple[Fact, ...]:
    found: tuple[Fact, ...]
    if details is None:
        ids = configuration.streaming_image_ids
        found = tuple(Fact("Image", facts.shown_id(one)) for one in ids)
    else:
        found = tuple(
            fact for one in details.streaming_images for fact in facts.image(one, one.state)
        )
        if details.unread_images:
            found = (*found, Fact("Image", facts.unread(details.unread_images), "near"))
    return found or (Fact("Image", "none"),)


def _endings(profile: LaunchProfile) -> tuple[Fact, ...]:
    at = profile.stream_configuration
    stopped = at.max_stopped_session_length_in_minutes
    return facts.known(
        Fact("Runs at most", durations.in_words(longest_run(profile))),
        Fact("Stopping", labels.stopping_of(profile)),
        Fact("Stopped at most", durations.in_words(timedelta(minutes=stopped)) if stopped else ""),
        *facts.lasting(at.session_persistence_mode, at.automatic_termination_mode),
    )


def _disk(configuration: StreamConfiguration) -> tuple[Fact, ...]:
    mode, count = configuration.session_backup_mode, configuration.max_backups_to_retain
    return (*facts.disk(configuration.volume_configuration), facts.backups(mode, count))


def _check(one: ValidationResult) -> Fact:
    style = "ready" if one.state == _GOOD else "failed" if one.state.startswith(_BAD) else ""
    said = f": {one.status_message}" if one.status_message else ""
    return Fact(glossary.check(one.type), f"{glossary.result(one.state)}{said}", style)


def _people(profile: LaunchProfile, context: FactContext) -> tuple[Fact, ...]:
    found = (
        *context.deed("Created", profile.created_at, profile.created_by),
        *context.deed("Last changed", profile.updated_at, profile.updated_by),
    )
    return found or (Fact("Created", "not reported"),)


def _ids(profile: LaunchProfile) -> tuple[Fact, ...]:
    return (
        Fact("Launch profile", facts.shown_id(profile.launch_profile_id)),
        *(Fact("Subnet", facts.shown_id(one)) for one in profile.ec2_subnet_ids),
        *(Fact("Component", facts.shown_id(one)) for one in profile.studio_component_ids),
        Fact("ARN", facts.shown_id(profile.arn)),
    )
