"""What the screens and the command line work against, and how it fails.

Everything here may block on the network or a keyring: call it in a worker, never on the thread
that answers keys.
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
"""What its name begins with where it is seen as somebody else who is in it, such as an admin."""

DEMOS = (DEMO, f"{DEMO_AS}admin", f"{DEMO_AS}operator")
"""The names under which it is offered."""


def is_demo(name: str) -> bool:
    """Return whether a studio of this name is the demo, whoever it is seen as."""
    return name == DEMO or name.startswith(DEMO_AS)


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

    def detached(self) -> StudioError:
        """Return the same error off the frames that it was raised in."""
        return StudioError(self.kind, self.message, retry_after=self.retry_after)


class UnconfirmedStartError(StudioError):
    """A start that was not sent: no stop may be possible after it, and that was not confirmed.

    `launch_profile` is the workstation's as it was just read, None where it cannot be read.
    """

    def __init__(self, launch_profile: LaunchProfile | None) -> None:
        super().__init__(
            ErrorKind.REFUSED,
            "Once started, it may not be possible to stop it again, only to delete it; nothing was "
            "sent. Confirm that first.",
        )
        self.launch_profile = launch_profile

    def detached(self) -> UnconfirmedStartError:
        """Return the same error off the frames that it was raised in."""
        return UnconfirmedStartError(self.launch_profile)


@dataclass(frozen=True, slots=True)
class StudioInfo:
    """A studio as the settings know it, before anything is asked of it.

    `name` is its name in the settings (or DEMO), `display_name` the person's own name as shown,
    `principal_id` who that person is to the studio, `host` where its endpoint is. `stream_hosts`
    are further hosts that workstations' screens may be at (`*.example` means all below it),
    `aws_profile` is the AWS profile that signs, empty where keys from an invite do.
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
    """A sign-in that worked: the studio's name in the settings, and what the artist should know."""

    name: str
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of a request that an earlier run, or a lost reply, left unresolved.

    `text` is a sentence for the artist; `is_resolved` says that nothing is left to do about it by
    the app, `good` that it ended as it was meant.
    """

    text: str
    session_id: str | None = None
    is_resolved: bool = True
    good: bool = True


class StudioService(Protocol):
    """One studio, seen by one person; every method raises StudioError and nothing else."""

    @property
    def info(self) -> StudioInfo:
        """Which studio and who."""
        ...

    @property
    def people(self) -> PeopleService:
        """Who else is in it; asks nobody yet."""
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

    def act(
        self,
        action: SessionAction,
        session_id: str,
        *,
        backup_id: str | None = None,
        volume_retention_mode: str | None = None,
        client_token: str | None = None,
        may_not_stop: bool = False,
    ) -> StreamingSession:
        """Do one confirmed action, once: look, check the rules, send, retry with the same token.

        `backup_id` is what to start from, `volume_retention_mode` (RETAIN or DELETE) what a stop
        does with the disk; `may_not_stop` says that a start was confirmed after which no stop may
        be possible. Without a `client_token` (1 to 64 characters) a new one is made, and with one
        that was used for the same before, nothing is done again. Returns the workstation as the
        studio answered. REFUSED when a rule forbids it, as UnconfirmedStartError for a start that
        lacks `may_not_stop`; UNCERTAIN when the reply was lost and reading back did not tell.
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
        """Make one workstation and no more, whatever gets lost; tokens are as for `act`.

        `is_new` says that nobody used this token before: nothing made under it is looked for. One
        that is not `is_reported` stays unresolved until `report_launch` is called for it.
        """
        ...

    def unresolved_launches(
        self, listing: Listing[StreamingSession]
    ) -> tuple[UnresolvedLaunch, ...]:
        """Return the launches whose outcome was never reported, the newest first.

        `listing` are the workstations as just listed; the studio is not asked.
        """
        ...

    def report_launch(self, client_token: str, session_id: str) -> None:
        """Note that the person was shown the workstation that a launch made."""
        ...

    def keep(self, session_id: str) -> StreamingSession:
        """Put off the deletion of a stopped workstation: start it, and stop it once it is READY.

        The stop is up to `reconcile`, in this run or the next.
        """
        ...

    def keeping(self) -> frozenset[str]:
        """Return the ids of the workstations that Keep has still to stop; asks nobody."""
        ...

    def resume_keep(self, session_id: str) -> tuple[Finding, ...]:
        """Carry on now with keeping a workstation, whichever process began it.

        Each finding is given to `report_keep` once the person was shown it.
        """
        ...

    def report_keep(self, finding: Finding) -> None:
        """Note that the person was shown how keeping a workstation ended."""
        ...

    def rename(self, session_id: str, name: str) -> StreamingSession:
        """Give a workstation another `Name` tag; an empty name takes the tag away."""
        ...

    def connect(
        self, session_id: str, *, expiration_in_seconds: int | None = None
    ) -> StreamingSessionStream:
        """Return a READY stream of a workstation, whose url may be opened: it was checked.

        `expiration_in_seconds` is 60 to 3600. REFUSED when the workstation is not READY, DENIED
        when the url leads where the settings do not allow.
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
        """Return which licences the studio accepted."""
        ...

    def accept_eulas(self, eula_ids: Sequence[str]) -> tuple[EulaAcceptance, ...]:
        """Accept licences for the whole studio; DENIED to all but admins."""
        ...

    def history(self, since: datetime) -> tuple[Event, ...]:
        """Return what this computer remembers of this person's workstations, oldest first."""
        ...

    def has_unresolved(self) -> bool:
        """Return whether there is anything for `reconcile` to resolve; asks nobody."""
        ...

    def reconcile(
        self, sessions: Iterable[StreamingSession], *, spare: Collection[str] = ()
    ) -> tuple[Finding, ...]:
        """Resolve what is unresolved, given the workstations as just listed; report each once.

        Nothing is sent again: the studio is read, and repeating a request is up to the person.
        Only a stop that `keep` still owes is sent, while the workstation's last start is Keep's
        own and no stream of it was opened since; never to those in `spare`, by id, which the person
        is about to act on.
        """
        ...

    def has_unresolved_people(self) -> bool:
        """Return whether there is anything for `reconcile_people` to read; no call is made."""
        ...

    def reconcile_people(self) -> tuple[Finding, ...]:
        """Read back the changes of people whose outcome is not known, and report each once.

        Nothing is sent again. What cannot be read now is left for the next time.
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

    def keys_changed(self, name: str) -> bool:
        """Return whether the AWS profile's files changed since the studio was opened; no waiting.

        Never for keys from an invite.
        """
        ...

    def sign_in(self, invite: Invite) -> SignedIn:
        """Check the keys against the studio, then keep them and its settings."""
        ...

    def sign_out(self, name: str) -> None:
        """Forget the studio's keys and the lists kept from it."""
        ...
