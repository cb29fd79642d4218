"""The domain model, as the Nimble Studio API 2020-08-01 describes it.

Every member but the id may be missing (None). Text from people is already sanitised; ids are
unchanged, for use in requests. States are plain text, since a studio may have states that we do
not know; known ones compare equal to the enums below.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Annotated
from weakref import WeakValueDictionary

from nimble_tui.core import structures, text
from nimble_tui.core.structures import NOT_SENT, AllMembers, At, From, Id, Members


def no_members() -> Mapping[str, object]:
    """Return an empty mapping of members, for a structure that was not read from a reply."""
    return MappingProxyType({})


def no_tags() -> Mapping[str, str]:
    """Return an empty mapping of tags."""
    return MappingProxyType({})


class SessionState(StrEnum):
    """Source: the AWS API reference, StreamingSession, member state."""

    CREATE_IN_PROGRESS = "CREATE_IN_PROGRESS"
    DELETE_IN_PROGRESS = "DELETE_IN_PROGRESS"
    READY = "READY"
    DELETED = "DELETED"
    CREATE_FAILED = "CREATE_FAILED"
    DELETE_FAILED = "DELETE_FAILED"
    STOP_IN_PROGRESS = "STOP_IN_PROGRESS"
    START_IN_PROGRESS = "START_IN_PROGRESS"
    STOPPED = "STOPPED"
    STOP_FAILED = "STOP_FAILED"
    START_FAILED = "START_FAILED"


FAILED_STATES = frozenset(state for state in SessionState if state.endswith("_FAILED"))


class LaunchProfileState(StrEnum):
    """Source: the AWS API reference, LaunchProfile, member state."""

    CREATE_IN_PROGRESS = "CREATE_IN_PROGRESS"
    READY = "READY"
    UPDATE_IN_PROGRESS = "UPDATE_IN_PROGRESS"
    DELETE_IN_PROGRESS = "DELETE_IN_PROGRESS"
    DELETED = "DELETED"
    DELETE_FAILED = "DELETE_FAILED"
    CREATE_FAILED = "CREATE_FAILED"
    UPDATE_FAILED = "UPDATE_FAILED"


class Mode(StrEnum):
    """The two values of SessionPersistenceMode and AutomaticTerminationMode."""

    ACTIVATED = "ACTIVATED"
    DEACTIVATED = "DEACTIVATED"


class SessionAction(StrEnum):
    """The actions on a workstation that change its state."""

    STOP = "stop"
    START = "start"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class VolumeConfiguration:
    """A workstation's disk: size in GiB, throughput in MiB/s, I/O operations a second."""

    size: int | None = None
    iops: int | None = None
    throughput: int | None = None


@dataclass(frozen=True, slots=True)
class StreamConfiguration:
    """The configuration of a launch profile's workstations; durations in minutes."""

    clipboard_mode: str | None = None
    ec2_instance_types: tuple[str, ...] = ()
    streaming_image_ids: tuple[str, ...] = ()
    max_session_length_in_minutes: int | None = None
    max_stopped_session_length_in_minutes: int | None = None
    session_persistence_mode: str | None = None
    automatic_termination_mode: str | None = None
    session_storage_mode: Annotated[tuple[str, ...], At("sessionStorage.mode")] = ()
    session_storage_root_linux: Annotated[str | None, At("sessionStorage.root.linux")] = None
    session_storage_root_windows: Annotated[str | None, At("sessionStorage.root.windows")] = None
    session_backup_mode: Annotated[str | None, At("sessionBackup.mode")] = None
    max_backups_to_retain: Annotated[int | None, At("sessionBackup.maxBackupsToRetain")] = None
    volume_configuration: VolumeConfiguration | None = None


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """The result of one of the studio's checks of a launch profile."""

    type: str
    state: str
    status_code: str
    status_message: str


@dataclass(frozen=True, slots=True)
class LaunchProfile:
    """A template from which an artist launches workstations.

    `is_last_seen` says that the studio no longer lists it for this person, though they have
    workstations from it: this is its state when it was last read.
    """

    launch_profile_id: Id
    name: str | None = None
    description: str | None = None
    state: str | None = None
    status_code: str | None = None
    status_message: str | None = None
    arn: Id | None = None
    created_at: datetime | None = None
    created_by: Id | None = None
    updated_at: datetime | None = None
    updated_by: Id | None = None
    ec2_subnet_ids: tuple[str, ...] = ()
    studio_component_ids: tuple[str, ...] = ()
    stream_configuration: StreamConfiguration = field(default_factory=StreamConfiguration)
    tags: Mapping[str, str] = field(default_factory=no_tags, hash=False)
    validation_results: tuple[ValidationResult, ...] = ()
    is_last_seen: Annotated[bool, NOT_SENT] = False
    # The reply's own members, for output that must match the API to the letter.
    members: AllMembers = field(default_factory=no_members, repr=False, compare=False, hash=False)

    @property
    def title(self) -> str:
        """Its name, else its id."""
        return self.name or text.clean_id(self.launch_profile_id)

    @property
    def is_render_worker(self) -> bool:
        """True if it is for render machines, not for people (StudioBuilder's naming)."""
        return (self.name or "").startswith("RenderWorker")


@dataclass(frozen=True, slots=True)
class StreamingImage:
    """The image that a workstation's disk is created from."""

    streaming_image_id: Id
    name: str | None = None
    description: str | None = None
    platform: str | None = None
    state: str | None = None
    owner: str | None = None
    eula_ids: tuple[str, ...] = ()
    members: AllMembers = field(default_factory=no_members, repr=False, compare=False, hash=False)


@dataclass(frozen=True, slots=True)
class StudioComponentSummary:
    """A studio component that workstations connect to, such as storage or a licence server."""

    studio_component_id: Id
    name: str | None = None
    description: str | None = None
    type: str | None = None
    subtype: str | None = None
    members: AllMembers = field(default_factory=no_members, repr=False, compare=False, hash=False)


@dataclass(frozen=True, slots=True)
class LaunchProfileDetails:
    """A launch profile with its images and studio components.

    `unread_images` is how many images could not be read.
    """

    launch_profile: LaunchProfile
    streaming_images: tuple[StreamingImage, ...] = ()
    studio_component_summaries: tuple[StudioComponentSummary, ...] = ()
    unread_images: Annotated[int, NOT_SENT] = 0

    def image(self, streaming_image_id: str | None) -> StreamingImage | None:
        """Return the image with this id, if it is among those that could be read."""
        same = (
            one for one in self.streaming_images if one.streaming_image_id == streaming_image_id
        )
        return next(same, None)


def _unread_times(members: Members) -> tuple[str, ...]:
    sent = (name for name in SESSION_TIMES if members.get(name) is not None)
    return tuple(name for name in sent if structures.read_time(members[name]) is None)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class StreamingSession:
    """A workstation: one streaming session and the machine behind it.

    `unread_times` are the names of members with a time that could not be read.
    """

    session_id: Id
    state: str | None = None
    status_code: str | None = None
    status_message: str | None = None
    arn: Id | None = None
    launch_profile_id: Id | None = None
    streaming_image_id: Id | None = None
    ec2_instance_type: str | None = None
    owned_by: Id | None = None
    created_at: datetime | None = None
    created_by: Id | None = None
    started_at: datetime | None = None
    started_by: Id | None = None
    stopped_at: datetime | None = None
    stopped_by: Id | None = None
    updated_at: datetime | None = None
    updated_by: Id | None = None
    stop_at: datetime | None = None
    terminate_at: datetime | None = None
    session_persistence_mode: str | None = None
    automatic_termination_mode: str | None = None
    backup_mode: str | None = None
    max_backups_to_retain: int | None = None
    started_from_backup_id: Id | None = None
    volume_configuration: VolumeConfiguration | None = None
    volume_retention_mode: str | None = None
    unread_times: Annotated[tuple[str, ...], From(_unread_times)] = ()
    tags: Mapping[str, str] = field(default_factory=no_tags, hash=False)
    members: AllMembers = field(default_factory=no_members, repr=False, compare=False, hash=False)

    @property
    def short_id(self) -> str:
        """The last four characters of its id, for display and for confirmation."""
        return text.clean_id(self.session_id)[-4:]

    @property
    def in_transition(self) -> bool:
        """True while the studio is changing its state."""
        return (self.state or "").endswith("_IN_PROGRESS")

    def title(self, launch_profile: LaunchProfile | None) -> str:
        """Its `Name` tag, else its launch profile's name and the last four of its id."""
        name = self.tags.get("Name")
        if name:
            return name
        kind = launch_profile.title if launch_profile else "Workstation"
        return f"{kind} · {self.short_id}"


@dataclass(frozen=True, slots=True)
class Studio:
    """A studio, as GetStudio describes it."""

    studio_id: Id
    display_name: str | None = None
    studio_name: str | None = None
    home_region: str | None = None
    state: str | None = None


SESSION_TIMES = structures.names_of(StreamingSession, datetime | None)
"""The members of a StreamingSession that hold a time."""

read_launch_profile = partial(structures.read, LaunchProfile)
read_streaming_image = partial(structures.read, StreamingImage)
read_studio = partial(structures.read, Studio)


def read_launch_profile_details(value: object) -> LaunchProfileDetails:
    """Read a GetLaunchProfileDetailsResponse; raises ValueError without a launch profile."""
    details = structures.read(LaunchProfileDetails, value)
    sent = structures.entries(structures.inner(value).get("streamingImages"))
    return replace(details, unread_images=len(sent) - len(details.streaming_images))


def read_streaming_session(value: object) -> StreamingSession:
    """Read a StreamingSession; raises ValueError if it is not one or has no sessionId.

    Equal sessions are the same object while one of them is in use.
    """
    session = structures.read(StreamingSession, value)
    known = _IN_USE.get(session.session_id)
    if known == session and known.members == session.members:
        return known
    _IN_USE[session.session_id] = session
    return session


_IN_USE: WeakValueDictionary[str, StreamingSession] = WeakValueDictionary()
