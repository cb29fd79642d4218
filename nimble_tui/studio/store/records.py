"""The records of the store: people, machines, and resources as the API's own JSON documents."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NoReturn

Document = dict[str, Any]
"""A resource by the API's member names, as it goes over the wire; times are ISO 8601 in UTC."""


class Kind(StrEnum):
    """A kind of resource, as its ARN names it; the last four have none."""

    STUDIO = "studio"
    LAUNCH_PROFILE = "launch-profile"
    STREAMING_IMAGE = "streaming-image"
    STUDIO_COMPONENT = "studio-component"
    STREAMING_SESSION = "streaming-session"
    STREAMING_SESSION_BACKUP = "streaming-session-backup"
    STREAMING_SESSION_STREAM = "streaming-session-stream"
    EULA = "eula"
    EULA_ACCEPTANCE = "eula-acceptance"
    USER_PROFILE = "user-profile"


class Role(StrEnum):
    """A person's role in the studio."""

    ARTIST = "artist"
    ADMIN = "admin"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Failure:
    """The failure of a step: a status code of the API, and a sentence."""

    status_code: str
    message: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step whose end is known beforehand: when it ends, and how, if it is to fail."""

    due_at: datetime
    failure: Failure | None = None


class Verb(StrEnum):
    """The kind of a request to a machine's backend."""

    LAUNCH = "launch"
    START = "start"
    STOP = "stop"
    TERMINATE = "terminate"


@dataclass(slots=True)
class MachineRecord:
    """The machine of a streaming session, as far as the studio knows about it.

    `id` is what the machine carries: the id of the request that launched it. `about` is a JSON
    object, frozen then. `handle` is the backend's name for it, "" until it gave one.
    `last_request` is the number of the last request, `requested_at` when the last accepted one was
    issued. `look_at` is when to look at it again, apart from the patrols. `gone` is whether its
    disk is known to be gone. It was missing from `missing_looks` looks since `missing_since`. A
    deadline is enforced where both versions are the same; `enforce_at` is when to try that again.
    It is stored until some days after `ended_at`.
    """

    id: str
    session_id: str
    about: str = field(repr=False)
    handle: str = ""
    address: str = ""
    last_request: int = 0
    requested_at: datetime | None = None
    look_at: datetime | None = None
    gone: bool = False
    missing_since: datetime | None = None
    missing_looks: int = 0
    deadline_version: int = 0
    enforced_version: int = 0
    enforced_by: str = ""
    enforce_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(slots=True)
class RequestRecord:
    """The request of a step under way; there is at most one for a machine.

    It is sent at `next_try_at`, by the holder of its lease: `claimed_by` until `claimed_until`.
    `unclear_since` is when it first got no clear answer. Numbers only grow, over all machines. One
    that is `read_back` is never sent: another store may have sent it, and others since.
    """

    number: int
    machine_id: str
    session_id: str
    verb: Verb
    parameters: Document = field(repr=False)
    issued_at: datetime
    next_try_at: datetime
    accepted_at: datetime | None = None
    claimed_by: str = ""
    claimed_until: datetime | None = None
    tries: int = 0
    unclear_since: datetime | None = None
    read_back: bool = False

    @property
    def token(self) -> str:
        """The client token, the same however often the request is sent."""
        return f"{self.session_id}-{self.number}"


@dataclass(slots=True)
class Resource:
    """One thing of the studio.

    `due_at` is when something next happens to it by itself: the end of its `step`, a deadline,
    or that it is forgotten.
    """

    kind: Kind
    id: str
    document: Document = field(repr=False)  # scripts and names are the studio's own
    step: Step | None = None
    due_at: datetime | None = None
    number: int | None = None

    @property
    def state(self) -> str:
        """Its state, by the API's name; empty for what has none."""
        state: str = self.document.get("state", "")
        return state

    @property
    def in_transition(self) -> bool:
        """True if a step is under way."""
        return self.state.endswith("_IN_PROGRESS")


@dataclass(frozen=True, slots=True)
class Due:
    """The kind and the id of a resource to which something happens by itself, and when."""

    kind: str
    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the studio, and their keys.

    `granted_sessions` is how many live sessions they may have beyond the studio's quota. `sid`
    is their security identifier in its Active Directory. `active` is whether their keys work,
    `number` their place among those who came.
    """

    principal_id: str
    role: Role
    name: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    granted_sessions: int = 0
    user_name: str = ""
    email: str = ""
    sid: str | None = None
    active: bool = True
    number: int | None = None

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied to anywhere."""
        raise TypeError("Keys stay in the store.")


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a launch profile, known to the studio or not."""

    principal_id: str
    sid: str | None
    number: int


@dataclass(frozen=True, slots=True)
class ClientToken:
    """A client token that was used: for which request, and what that request made or changed."""

    principal_id: str
    token: str
    request: str
    kind: Kind
    resource_id: str
    used_at: datetime


def stamp(at: datetime) -> str:
    """Return a time as documents hold it: to the second, so that deadlines fall on seconds."""
    return at.astimezone(UTC).replace(microsecond=0).isoformat()


def time_of(document: Document, name: str) -> datetime | None:
    """Return the time that a document holds under `name`, if any."""
    value: str | None = document.get(name)
    return datetime.fromisoformat(value) if value else None


def shift(document: Document, by: timedelta) -> None:
    """Move every time of a document by whole seconds."""
    for name in document:
        if name.endswith("At"):
            document[name] = stamp(datetime.fromisoformat(document[name]) + by)
