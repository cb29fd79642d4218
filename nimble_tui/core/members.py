"""The API's members read into our types, believing nothing: any may be missing or of another type.

Replies (from boto3) and the cache (from JSON) both come this way. A thing without an id cannot be
told from another: reading it raises ValueError, and whoever reads a list counts and skips it.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from types import MappingProxyType
from typing import TypeVar

from nimble_tui.core.backups import StreamingSessionBackup
from nimble_tui.core.eulas import Eula, EulaAcceptance
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
from nimble_tui.core.streams import StreamingSessionStream
from nimble_tui.core.text import clean

Members = Mapping[str, object]
T = TypeVar("T")

_LONGEST_ID = 1024
_LONGEST_URL = 4096
_MOST_TAGS = 200
# The API's Integer shape has 32 bits; more would overflow where time is added up.
_INTEGER_END = 2**31


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
    """Read a StreamingSession; ValueError when it is none or has no sessionId."""
    m = _members(value)
    return StreamingSession(
        session_id=_id(m, "sessionId"),
        state=_text(m, "state"),
        status_code=_text(m, "statusCode"),
        status_message=_text(m, "statusMessage"),
        arn=_raw(m, "arn"),
        launch_profile_id=_raw(m, "launchProfileId"),
        streaming_image_id=_raw(m, "streamingImageId"),
        ec2_instance_type=_text(m, "ec2InstanceType"),
        owned_by=_raw(m, "ownedBy"),
        created_at=_time(m, "createdAt"),
        created_by=_raw(m, "createdBy"),
        started_at=_time(m, "startedAt"),
        started_by=_raw(m, "startedBy"),
        stopped_at=_time(m, "stoppedAt"),
        stopped_by=_raw(m, "stoppedBy"),
        updated_at=_time(m, "updatedAt"),
        updated_by=_raw(m, "updatedBy"),
        stop_at=_time(m, "stopAt"),
        terminate_at=_time(m, "terminateAt"),
        session_persistence_mode=_text(m, "sessionPersistenceMode"),
        automatic_termination_mode=_text(m, "automaticTerminationMode"),
        backup_mode=_text(m, "backupMode"),
        max_backups_to_retain=_integer(m, "maxBackupsToRetain"),
        started_from_backup_id=_raw(m, "startedFromBackupId"),
        volume_configuration=_volume(m),
        volume_retention_mode=_text(m, "volumeRetentionMode"),
        tags=_tags(m),
        members=m,
    )


def read_launch_profile(value: object) -> LaunchProfile:
    """Read a LaunchProfile; ValueError when it is none or has no launchProfileId."""
    m = _members(value)
    results, _ = read_all(_validation_result, _list(m, "validationResults"))
    return LaunchProfile(
        launch_profile_id=_id(m, "launchProfileId"),
        name=_text(m, "name"),
        description=_text(m, "description"),
        state=_text(m, "state"),
        status_code=_text(m, "statusCode"),
        status_message=_text(m, "statusMessage"),
        arn=_raw(m, "arn"),
        created_at=_time(m, "createdAt"),
        created_by=_raw(m, "createdBy"),
        updated_at=_time(m, "updatedAt"),
        updated_by=_raw(m, "updatedBy"),
        ec2_subnet_ids=_texts(m, "ec2SubnetIds"),
        studio_component_ids=_texts(m, "studioComponentIds"),
        stream_configuration=_stream_configuration(_inner(m, "streamConfiguration")),
        tags=_tags(m),
        validation_results=results,
        members=m,
    )


def read_launch_profile_details(value: object) -> LaunchProfileDetails:
    """Read a GetLaunchProfileDetailsResponse; ValueError when it holds no launch profile."""
    m = _members(value)
    images, _ = read_all(read_streaming_image, _list(m, "streamingImages"))
    components, _ = read_all(_component_summary, _list(m, "studioComponentSummaries"))
    return LaunchProfileDetails(read_launch_profile(m.get("launchProfile")), images, components)


def read_streaming_image(value: object) -> StreamingImage:
    """Read a StreamingImage; ValueError when it is none or has no streamingImageId."""
    m = _members(value)
    return StreamingImage(
        streaming_image_id=_id(m, "streamingImageId"),
        name=_text(m, "name"),
        description=_text(m, "description"),
        platform=_text(m, "platform"),
        state=_text(m, "state"),
        owner=_text(m, "owner"),
        eula_ids=_texts(m, "eulaIds"),
        members=m,
    )


def read_stream(value: object) -> StreamingSessionStream:
    """Read a StreamingSessionStream; ValueError when it is none or has no streamId."""
    m = _members(value)
    return StreamingSessionStream(
        stream_id=_id(m, "streamId"),
        state=_text(m, "state"),
        status_code=_text(m, "statusCode"),
        url=_raw(m, "url", _LONGEST_URL),
        created_at=_time(m, "createdAt"),
        created_by=_raw(m, "createdBy"),
        expires_at=_time(m, "expiresAt"),
        owned_by=_raw(m, "ownedBy"),
    )


def read_backup(value: object) -> StreamingSessionBackup:
    """Read a StreamingSessionBackup; ValueError when it is none or has no backupId."""
    m = _members(value)
    return StreamingSessionBackup(
        backup_id=_id(m, "backupId"),
        session_id=_raw(m, "sessionId"),
        launch_profile_id=_raw(m, "launchProfileId"),
        owned_by=_raw(m, "ownedBy"),
        state=_text(m, "state"),
        status_code=_text(m, "statusCode"),
        status_message=_text(m, "statusMessage"),
        arn=_raw(m, "arn"),
        created_at=_time(m, "createdAt"),
        tags=_tags(m),
        members=m,
    )


def read_eula(value: object) -> Eula:
    """Read a Eula; ValueError when it is none or has no eulaId."""
    m = _members(value)
    return Eula(
        eula_id=_id(m, "eulaId"),
        name=_text(m, "name"),
        content=_text(m, "content"),
        created_at=_time(m, "createdAt"),
        updated_at=_time(m, "updatedAt"),
    )


def read_eula_acceptance(value: object) -> EulaAcceptance:
    """Read a EulaAcceptance; ValueError when it is none or has no eulaId."""
    m = _members(value)
    return EulaAcceptance(
        eula_id=_id(m, "eulaId"),
        eula_acceptance_id=_raw(m, "eulaAcceptanceId"),
        accepted_at=_time(m, "acceptedAt"),
        accepted_by=_raw(m, "acceptedBy"),
        acceptee_id=_raw(m, "accepteeId"),
    )


def read_studio(value: object) -> Studio:
    """Read a Studio; ValueError when it is none or has no studioId."""
    m = _members(value)
    return Studio(
        studio_id=_id(m, "studioId"),
        display_name=_text(m, "displayName"),
        studio_name=_text(m, "studioName"),
        home_region=_text(m, "homeRegion"),
        state=_text(m, "state"),
    )


def read_time(value: object) -> datetime | None:
    """Read an ISO 8601 text, epoch seconds or a datetime as an aware UTC time; else None.

    The first and the last year there is count as none: they may not exist in a local time zone.
    """
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            value = datetime.fromtimestamp(value, UTC)
        if not isinstance(value, datetime):
            return None
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        at = aware.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return at if MINYEAR < at.year < MAXYEAR else None


def _stream_configuration(m: Members) -> StreamConfiguration:
    backup = _inner(m, "sessionBackup")
    storage = _inner(m, "sessionStorage")
    root = _inner(storage, "root")
    return StreamConfiguration(
        clipboard_mode=_text(m, "clipboardMode"),
        ec2_instance_types=_texts(m, "ec2InstanceTypes"),
        streaming_image_ids=_texts(m, "streamingImageIds"),
        max_session_length_in_minutes=_integer(m, "maxSessionLengthInMinutes"),
        max_stopped_session_length_in_minutes=_integer(m, "maxStoppedSessionLengthInMinutes"),
        session_persistence_mode=_text(m, "sessionPersistenceMode"),
        automatic_termination_mode=_text(m, "automaticTerminationMode"),
        session_storage_mode=_texts(storage, "mode"),
        session_storage_root_linux=_text(root, "linux"),
        session_storage_root_windows=_text(root, "windows"),
        session_backup_mode=_text(backup, "mode"),
        max_backups_to_retain=_integer(backup, "maxBackupsToRetain"),
        volume_configuration=_volume(m),
    )


def _component_summary(value: object) -> StudioComponentSummary:
    m = _members(value)
    return StudioComponentSummary(
        studio_component_id=_id(m, "studioComponentId"),
        name=_text(m, "name"),
        description=_text(m, "description"),
        type=_text(m, "type"),
        subtype=_text(m, "subtype"),
    )


def _validation_result(value: object) -> ValidationResult:
    m = _members(value)
    return ValidationResult(
        type=_text(m, "type") or "",
        state=_text(m, "state") or "",
        status_code=_text(m, "statusCode") or "",
        status_message=_text(m, "statusMessage") or "",
    )


def _volume(m: Members) -> VolumeConfiguration | None:
    inner = _inner(m, "volumeConfiguration")
    if not inner:
        return None
    return VolumeConfiguration(
        size=_integer(inner, "size"),
        iops=_integer(inner, "iops"),
        throughput=_integer(inner, "throughput"),
    )


def _members(value: object) -> Members:
    if not isinstance(value, Mapping):
        raise ValueError("not a structure")
    return MappingProxyType({key: item for key, item in value.items() if isinstance(key, str)})


def _inner(m: Members, name: str) -> Members:
    value = m.get(name)
    return value if isinstance(value, Mapping) else {}


def _list(m: Members, name: str) -> list[object]:
    value = m.get(name)
    return value if isinstance(value, list) else []


def _id(m: Members, name: str) -> str:
    value = _raw(m, name)
    if not value:
        raise ValueError(f"no {name}")
    return value


def _raw(m: Members, name: str, longest: int = _LONGEST_ID) -> str | None:
    value = m.get(name)
    return value if isinstance(value, str) and len(value) <= longest else None


def _text(m: Members, name: str) -> str | None:
    value = m.get(name)
    return clean(value) if isinstance(value, str) else None


def _texts(m: Members, name: str) -> tuple[str, ...]:
    return tuple(clean(value) for value in _list(m, name) if isinstance(value, str))


def _integer(m: Members, name: str) -> int | None:
    value = m.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if abs(value) < _INTEGER_END else None


def _time(m: Members, name: str) -> datetime | None:
    return read_time(m.get(name))


def _tags(m: Members) -> Mapping[str, str]:
    pairs = list(_inner(m, "tags").items())[:_MOST_TAGS]
    return MappingProxyType(
        {clean(k): clean(v) for k, v in pairs if isinstance(k, str) and isinstance(v, str)}
    )
