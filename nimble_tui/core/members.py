"""The API's members read into our types, believing nothing: any may be missing or of another type.

Replies (from boto3) and the cache (from JSON) both come this way. A thing without an id cannot be
told from another: reading it raises ValueError, and whoever reads a list counts and skips it.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar
from weakref import WeakValueDictionary

from nimble_tui.core import fields, packed
from nimble_tui.core.model import (
    LaunchProfile,
    LaunchProfileDetails,
    StreamConfiguration,
    StreamingImage,
    StreamingSession,
    Studio,
    StudioComponentSummary,
    ValidationResult,
    VolumeConfiguration,
)

T = TypeVar("T")

SESSION_TIMES = ("createdAt", "startedAt", "stoppedAt", "updatedAt", "stopAt", "terminateAt")
"""The members of a StreamingSession that hold a time."""

_LONGEST_TIME = 64
_MOST_TAGS = 200
_NO_TAGS: Mapping[str, str] = MappingProxyType({})


def read_all(read: Callable[[object], T], values: Iterable[object]) -> tuple[tuple[T, ...], int]:
    """Return what could be read, and how many could not."""
    good: list[T] = []
    skipped = 0
    for value in values:
        try:
            good.append(read(value))
        except ValueError:
            skipped += 1
    return tuple(good), skipped


def read_streaming_session(value: object) -> StreamingSession:
    """Read a StreamingSession; ValueError when it is none or has no sessionId.

    While one that is equal is in use, wherever it was read, it is the very same.
    """
    m = fields.structure(value)
    session = StreamingSession(
        session_id=fields.an_id(m, "sessionId"),
        state=fields.text(m, "state"),
        status_code=fields.text(m, "statusCode"),
        status_message=fields.text(m, "statusMessage"),
        arn=fields.raw(m, "arn"),
        launch_profile_id=fields.raw(m, "launchProfileId"),
        streaming_image_id=fields.raw(m, "streamingImageId"),
        ec2_instance_type=fields.text(m, "ec2InstanceType"),
        owned_by=fields.raw(m, "ownedBy"),
        created_at=_time(m, "createdAt"),
        created_by=fields.raw(m, "createdBy"),
        started_at=_time(m, "startedAt"),
        started_by=fields.raw(m, "startedBy"),
        stopped_at=_time(m, "stoppedAt"),
        stopped_by=fields.raw(m, "stoppedBy"),
        updated_at=_time(m, "updatedAt"),
        updated_by=fields.raw(m, "updatedBy"),
        stop_at=_time(m, "stopAt"),
        terminate_at=_time(m, "terminateAt"),
        session_persistence_mode=fields.text(m, "sessionPersistenceMode"),
        automatic_termination_mode=fields.text(m, "automaticTerminationMode"),
        backup_mode=fields.text(m, "backupMode"),
        max_backups_to_retain=fields.integer(m, "maxBackupsToRetain"),
        started_from_backup_id=fields.raw(m, "startedFromBackupId"),
        volume_configuration=_volume(m),
        volume_retention_mode=fields.text(m, "volumeRetentionMode"),
        unread_times=_unread_times(m),
        tags=read_tags(m),
        members=packed.pack(m),
    )
    known = _IN_USE.get(session.session_id)
    if known == session and known.members == session.members:
        return known
    _IN_USE[session.session_id] = session
    return session


_IN_USE: WeakValueDictionary[str, StreamingSession] = WeakValueDictionary()


def read_launch_profile(value: object) -> LaunchProfile:
    """Read a LaunchProfile; ValueError when it is none or has no launchProfileId."""
    m = fields.structure(value)
    results, _ = read_all(_validation_result, fields.entries(m, "validationResults"))
    return LaunchProfile(
        launch_profile_id=fields.an_id(m, "launchProfileId"),
        name=fields.text(m, "name"),
        description=fields.text(m, "description"),
        state=fields.text(m, "state"),
        status_code=fields.text(m, "statusCode"),
        status_message=fields.text(m, "statusMessage"),
        arn=fields.raw(m, "arn"),
        created_at=_time(m, "createdAt"),
        created_by=fields.raw(m, "createdBy"),
        updated_at=_time(m, "updatedAt"),
        updated_by=fields.raw(m, "updatedBy"),
        ec2_subnet_ids=fields.texts(m, "ec2SubnetIds"),
        studio_component_ids=fields.texts(m, "studioComponentIds"),
        stream_configuration=_stream_configuration(fields.inner(m, "streamConfiguration")),
        tags=read_tags(m),
        validation_results=results,
        members=packed.pack(m),
    )


def read_launch_profile_details(value: object) -> LaunchProfileDetails:
    """Read a GetLaunchProfileDetailsResponse; ValueError when it holds no launch profile."""
    m = fields.structure(value)
    images, unread = read_all(read_streaming_image, fields.entries(m, "streamingImages"))
    components, _ = read_all(_component_summary, fields.entries(m, "studioComponentSummaries"))
    launch_profile = read_launch_profile(m.get("launchProfile"))
    return LaunchProfileDetails(launch_profile, images, components, unread)


def read_streaming_image(value: object) -> StreamingImage:
    """Read a StreamingImage; ValueError when it is none or has no streamingImageId."""
    m = fields.structure(value)
    return StreamingImage(
        streaming_image_id=fields.an_id(m, "streamingImageId"),
        name=fields.text(m, "name"),
        description=fields.text(m, "description"),
        platform=fields.text(m, "platform"),
        state=fields.text(m, "state"),
        owner=fields.text(m, "owner"),
        eula_ids=fields.texts(m, "eulaIds"),
        members=m,
    )


def read_studio(value: object) -> Studio:
    """Read a Studio; ValueError when it is none or has no studioId."""
    m = fields.structure(value)
    return Studio(
        studio_id=fields.an_id(m, "studioId"),
        display_name=fields.text(m, "displayName"),
        studio_name=fields.text(m, "studioName"),
        home_region=fields.text(m, "homeRegion"),
        state=fields.text(m, "state"),
    )


def read_time(value: object) -> datetime | None:
    """Read an ISO 8601 text, epoch seconds or a datetime as an aware UTC time; else None.

    The first and the last year there is count as none: they may not exist in a local time zone.
    """
    if isinstance(value, str):
        return _read_text(value) if len(value) <= _LONGEST_TIME else None
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = datetime.fromtimestamp(value, UTC)
        if not isinstance(value, datetime):
            return None
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        at = aware.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return at if MINYEAR < at.year < MAXYEAR else None


@lru_cache(maxsize=256)  # much happens at the same time
def _read_text(value: str) -> datetime | None:
    try:
        return read_time(datetime.fromisoformat(value))
    except ValueError:
        return None


def read_tags(m: fields.Members) -> Mapping[str, str]:
    """Return the tags of a structure, safe to show."""
    pairs = list(fields.inner(m, "tags").items())[:_MOST_TAGS]
    tags = {
        fields.clean(k): fields.clean(v)
        for k, v in pairs
        if isinstance(k, str) and isinstance(v, str)
    }
    return MappingProxyType(tags) if tags else _NO_TAGS


def _stream_configuration(m: fields.Members) -> StreamConfiguration:
    backup = fields.inner(m, "sessionBackup")
    storage = fields.inner(m, "sessionStorage")
    root = fields.inner(storage, "root")
    return StreamConfiguration(
        clipboard_mode=fields.text(m, "clipboardMode"),
        ec2_instance_types=fields.texts(m, "ec2InstanceTypes"),
        streaming_image_ids=fields.texts(m, "streamingImageIds"),
        max_session_length_in_minutes=fields.integer(m, "maxSessionLengthInMinutes"),
        max_stopped_session_length_in_minutes=fields.integer(m, "maxStoppedSessionLengthInMinutes"),
        session_persistence_mode=fields.text(m, "sessionPersistenceMode"),
        automatic_termination_mode=fields.text(m, "automaticTerminationMode"),
        session_storage_mode=fields.texts(storage, "mode"),
        session_storage_root_linux=fields.text(root, "linux"),
        session_storage_root_windows=fields.text(root, "windows"),
        session_backup_mode=fields.text(backup, "mode"),
        max_backups_to_retain=fields.integer(backup, "maxBackupsToRetain"),
        volume_configuration=_volume(m),
    )


def _component_summary(value: object) -> StudioComponentSummary:
    m = fields.structure(value)
    return StudioComponentSummary(
        studio_component_id=fields.an_id(m, "studioComponentId"),
        name=fields.text(m, "name"),
        description=fields.text(m, "description"),
        type=fields.text(m, "type"),
        subtype=fields.text(m, "subtype"),
        members=m,
    )


def _validation_result(value: object) -> ValidationResult:
    m = fields.structure(value)
    return ValidationResult(
        type=fields.text(m, "type") or "",
        state=fields.text(m, "state") or "",
        status_code=fields.text(m, "statusCode") or "",
        status_message=fields.text(m, "statusMessage") or "",
    )


def _volume(m: fields.Members) -> VolumeConfiguration | None:
    inner = fields.inner(m, "volumeConfiguration")
    if not inner:
        return None
    return _shared_volume(*(fields.integer(inner, name) for name in ("size", "iops", "throughput")))


_shared_volume = lru_cache(maxsize=64)(VolumeConfiguration)


def _unread_times(m: fields.Members) -> tuple[str, ...]:
    sent = (name for name in SESSION_TIMES if m.get(name) is not None)
    return tuple(name for name in sent if _time(m, name) is None)


def _time(m: fields.Members, name: str) -> datetime | None:
    return read_time(m.get(name))
