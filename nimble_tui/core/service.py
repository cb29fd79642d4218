"""The studio service interface, and its errors.

Every method may block on the network or a keyring: call it in a worker, never on the event loop.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from nimble_tui.core.backups import StreamingSessionBackup
    from nimble_tui.core.eulas import Eula, EulaAcceptance
    from nimble_tui.core.history import Event
    from nimble_tui.core.invite import Invite
    from nimble_tui.core.launching import LaunchRequest, UnresolvedLaunch
    from nimble_tui.core.listing import Listing
    from nimble_tui.core.model import (
        LaunchProfile,
        LaunchProfileDetails,
        SessionAction,
        StreamingSession,
        Studio,
    )
    from nimble_tui.core.people.service import PeopleService
    from nimble_tui.core.streams import StreamingSessionStream


DEMO = "demo"
"""The name of the demo studio, which every installation has without any settings."""

DEMO_AS = f"{DEMO} as "
"""The prefix of its name when it is opened as another of its members, such as an admin."""

DEMOS = (DEMO, f"{DEMO_AS}admin", f"{DEMO_AS}operator")
"""The names of the demo that are offered."""


def is_demo(name: str) -> bool:
    """Return whether a studio of this name is the demo, opened as any of its members."""
    return name == DEMO or name.startswith(DEMO_AS)


class ErrorKind(StrEnum):
    """The kind of an error: it decides what the caller can do next."""

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
    """A failed call, as one sentence for an artist: what happened and what to do.

    `retry_after` is the wait that the studio requires, in seconds, 0 if it gave none.
    """

    def __init__(self, kind: ErrorKind, message: str, *, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.retry_after = retry_after

    def detached(self) -> StudioError:
        """Return the same error off the frames that it was raised in."""
        return StudioError(self.kind, self.message, retry_after=self.retry_after)


class UnconfirmedStartError(StudioError):
    """A start that was not sent: a stop might not be possible after it, and was not confirmed.

    `launch_profile` is the workstation's as it was just read, None if it cannot be read.
    """

    def __init__(self, launch_profile: LaunchProfile | None) -> None:
        super().__init__(
            ErrorKind.REFUSED,
            "Not started: once it runs, it might not be possible to stop it again, only to delete "
            "it. Confirm this first.",
        )
        self.launch_profile = launch_profile

    def detached(self) -> UnconfirmedStartError:
        """Return the same error off the frames that it was raised in."""
        return UnconfirmedStartError(self.launch_profile)


@dataclass(frozen=True, slots=True)
class StudioInfo:
    """A studio as the settings describe it, before any request to it.

    `name` is its name in the settings (or DEMO), `display_name` the person's name as shown,
    `principal_id` the person's id in the studio, `host` the host of its endpoint. `stream_hosts`
    are further hosts allowed for workstations' desktops (`*.example` means all below it),
    `aws_profile` is the AWS profile that signs, empty if keys from an invite sign.
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
    stream_hosts: tuple[str, ...] = ()
    aws_profile: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A successful sign-in: the studio's name in the settings, and notes for the artist."""

    name: str
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of a request whose reply was lost or whose run ended early.

    `text` is a sentence for the artist; `is_resolved` says that the app has nothing left to do
    about it, `good` that it ended as expected.
    """

    text: str
    session_id: str | None = None
    is_resolved: bool = True
    good: bool = True


class StudioService(Protocol):
    """One studio, for one signed-in person; methods raise StudioError only."""

    @property
    def info(self) -> StudioInfo:
        """The studio and the signed-in person."""
        ...

    @property
    def people(self) -> PeopleService:
        """The service for the studio's members; makes no call yet."""
        ...

    def get_studio(self) -> Studio:
        """Return the studio's description of itself."""
        ...

    def list_launch_profiles(self) -> Listing[LaunchProfile]:
        """Return the launch profiles that this person can use."""
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

    def act(
        self,
        action: SessionAction,
        session_id: str,
        *,
        backup_id: str | None = None,
        volume_retention_mode: str | None = None,
        client_token: str | None = None,
        may_not_stop: bool = False,
        gives_up: bool = False,
    ) -> StreamingSession:
        """Execute one confirmed action exactly once: read, check the rules, send, retry.

        `backup_id` is the backup to start from, `volume_retention_mode` (RETAIN or DELETE) what a
        stop does with the disk; `may_not_stop` says that the person confirmed a start after which
        a stop might not be possible, `gives_up` that they confirmed a delete which only gives up
        an unclear step: a delete is refused where it would do the other thing. Without a
        `client_token` (1 to 64 characters) a new one is made; repeating a request with its token
        has no further effect. Returns the workstation as the studio answered. REFUSED if a rule
        forbids it, as UnconfirmedStartError for a start that lacks `may_not_stop`; UNCERTAIN if
        the reply was lost and reading back did not help.
        """
        ...

    def launch(
        self,
        request: LaunchRequest,
        *,
        client_token: str | None = None,
        is_new: bool = False,
        is_reported: bool = True,
    ) -> StreamingSession:
        """Launch exactly one workstation, even if the reply is lost; tokens are as for `act`.

        `is_new` says that the token was never used: no workstation is searched for it. A launch
        that is not `is_reported` stays unresolved until `report_launch` is called for it.
        """
        ...

    def unresolved_launches(
        self, listing: Listing[StreamingSession]
    ) -> tuple[UnresolvedLaunch, ...]:
        """Return the launches whose outcome was never reported, the newest first.

        `listing` are the workstations as just listed; no call is made.
        """
        ...

    def report_launch(self, client_token: str, session_id: str) -> None:
        """Record that the person was shown the workstation that a launch created."""
        ...

    def keep(self, session_id: str) -> StreamingSession:
        """Postpone the deletion of a stopped workstation: start it, and stop it once it is READY.

        The stop is up to `reconcile`, in this run or the next.
        """
        ...

    def keeping(self) -> frozenset[str]:
        """Return the ids of the workstations that Keep has still to stop; no call is made."""
        ...

    def resume_keep(self, session_id: str) -> tuple[Finding, ...]:
        """Resume Keep for a workstation, whichever process began it.

        Pass each finding to `report_keep` once the person was shown it.
        """
        ...

    def report_keep(self, finding: Finding) -> None:
        """Record that the person was shown the outcome of Keep."""
        ...

    def rename(self, session_id: str, name: str) -> StreamingSession:
        """Set a workstation's `Name` tag; an empty name removes it."""
        ...

    def connect(
        self, session_id: str, *, expiration_in_seconds: int | None = None
    ) -> StreamingSessionStream:
        """Return a READY stream of a workstation; its url was checked and is safe to open.

        `expiration_in_seconds` is 60 to 3600. REFUSED if the workstation is not READY, DENIED if
        the settings do not allow the url's host.
        """
        ...

    def list_streaming_session_backups(self) -> Listing[StreamingSessionBackup]:
        """Return the backups of all workstations that this person owns."""
        ...

    def get_eula(self, eula_id: str) -> Eula:
        """Return one licence with its text."""
        ...

    def list_eulas(self, eula_ids: Sequence[str]) -> Listing[Eula]:
        """Return the licences of these ids."""
        ...

    def list_eula_acceptances(self) -> Listing[EulaAcceptance]:
        """Return the studio's acceptances of licences."""
        ...

    def accept_eulas(self, eula_ids: Sequence[str]) -> tuple[EulaAcceptance, ...]:
        """Accept licences for the whole studio; DENIED to all but admins."""
        ...

    def history(self, since: datetime) -> tuple[Event, ...]:
        """Return the recorded events of this person's workstations, oldest first."""
        ...

    def has_unresolved(self) -> bool:
        """Return whether unresolved requests exist; no call is made."""
        ...

    def reconcile(
        self, sessions: Iterable[StreamingSession], *, spare: Collection[str] = ()
    ) -> tuple[Finding, ...]:
        """Resolve unresolved requests, given the workstations as just listed; report each once.

        Nothing is sent again: the studio is read, and only a person repeats a request.
        The only request sent is Keep's outstanding stop, if the workstation's last start is Keep's
        own and no stream of it was opened since; never to those in `spare`, by id, which the person
        is about to act on.
        """
        ...

    def has_unresolved_people(self) -> bool:
        """Return whether unresolved changes of people exist; no call is made."""
        ...

    def reconcile_people(self) -> tuple[Finding, ...]:
        """Read back the changes of people with unknown outcome, and report each once.

        Nothing is sent again. What cannot be read now is left for the next time.
        """
        ...

    def close(self) -> None:
        """Close the connections; pending calls fail."""
        ...


class Studios(Protocol):
    """The studios of this person, by name."""

    def names(self) -> Sequence[str]:
        """Return the names in the settings, in their order, without DEMO."""
        ...

    def info(self, name: str) -> StudioInfo:
        """Return a studio's description from the settings, or DEMO's; never blocks."""
        ...

    def open(self, name: str) -> StudioService:
        """Return the studio's service, signed in; DEMO starts the demo studio."""
        ...

    def keys_changed(self, name: str) -> bool:
        """Return whether the AWS profile's files changed since the studio was opened; no blocking.

        Never for keys from an invite.
        """
        ...

    def sign_in(self, invite: Invite) -> SignedIn:
        """Check the keys with the studio, then store them and its settings."""
        ...

    def sign_out(self, name: str) -> None:
        """Remove the studio's keys and its cached lists."""
        ...
