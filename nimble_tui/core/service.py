"""What the screens and the command line work against, and how it fails.

Everything here may block on the network or a keyring: call it in a worker, never on the thread
that answers keys.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from nimble_tui.core.invite import Invite
from nimble_tui.core.model import (
    LaunchProfile,
    LaunchProfileDetails,
    SessionAction,
    StreamingSession,
    Studio,
)

T = TypeVar("T")

DEMO = "demo"
"""The name of the demo studio, which every installation has without any settings."""


class ErrorKind(StrEnum):
    """What went wrong, as far as what to do next depends on it."""

    NOT_SIGNED_IN = "not signed in"
    UNREACHABLE = "unreachable"
    REFUSED = "refused by a rule"
    DENIED = "denied"
    NOT_FOUND = "not found"
    CONFLICT = "conflict"
    QUOTA = "quota"
    THROTTLED = "throttled"
    INVALID = "invalid"
    CLOCK = "clock"
    NOT_UNDERSTOOD = "not understood"
    TROUBLE = "trouble"
    UNCERTAIN = "uncertain"
    SETTINGS = "settings"


class StudioError(Exception):
    """A call that did not work, as one sentence for an artist: what happened and what to do.

    `retry_after` is how many seconds the studio asked to wait, 0 when it did not say.
    """

    def __init__(self, kind: ErrorKind, message: str, *, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class StudioInfo:
    """A studio as the settings know it, before anything is asked of it.

    `name` is its name in the settings (or DEMO), `display_name` the person's own name as shown,
    `principal_id` who that person is to the studio, `host` where its endpoint is.
    """

    name: str
    studio_id: str
    region: str
    principal_id: str
    display_name: str = ""
    host: str = ""
    read_only: bool = False
    accent: str | None = None
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """A list as a studio gave it.

    `partial` when pages are missing (what is not in it may still exist), `skipped` how many
    entries could not be read, `problem` one sentence about either.
    """

    items: tuple[T, ...]
    partial: bool = False
    skipped: int = 0
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in that worked: the studio's name in the settings, and what the artist should know."""

    name: str
    notes: tuple[str, ...] = field(default=())


class StudioService(Protocol):
    """One studio, seen by one person; every method raises StudioError and nothing else."""

    @property
    def info(self) -> StudioInfo:
        """Which studio and who."""
        ...

    def get_studio(self) -> Studio:
        """Return the studio's own description."""
        ...

    def list_launch_profiles(self) -> Listing[LaunchProfile]:
        """Return the launch profiles that this person may use."""
        ...

    def list_streaming_sessions(self) -> Listing[StreamingSession]:
        """Return the workstations that this person owns, DELETED ones included."""
        ...

    def get_launch_profile_details(self, launch_profile_id: str) -> LaunchProfileDetails:
        """Return a launch profile with its images."""
        ...

    def get_streaming_session(self, session_id: str) -> StreamingSession:
        """Return one workstation as it is now."""
        ...

    def act(self, action: SessionAction, session_id: str) -> StreamingSession:
        """Do one confirmed action, once: look, check the rules, send, retry with the same token.

        Returns the workstation as the studio answered. REFUSED when a rule forbids it, UNCERTAIN
        when the reply was lost and reading back did not tell.
        """
        ...

    def close(self) -> None:
        """Let go of connections; calls under way fail soon after."""
        ...


class Studios(Protocol):
    """The studios of this person, by name."""

    def names(self) -> Sequence[str]:
        """Return the names in the settings, in their order, without DEMO."""
        ...

    def info(self, name: str) -> StudioInfo:
        """Return what is known without asking anybody; never blocks. Knows DEMO too."""
        ...

    def open(self, name: str) -> StudioService:
        """Return the studio's service, signed in; DEMO starts the demo studio."""
        ...

    def sign_in(self, invite: Invite) -> SignedIn:
        """Check the keys against the studio, then keep them and its settings."""
        ...

    def sign_out(self, name: str) -> None:
        """Forget the studio's keys and the lists kept from it."""
        ...
