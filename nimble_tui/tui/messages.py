"""What workers tell the screen that started them; the screen alone changes what is shown.

Each is told once and compared with no other, so it is made without what that would need.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from nimble_tui.core.eulas import Eula, EulaAcceptance
    from nimble_tui.core.launching import LaunchRequest, UnresolvedLaunch
    from nimble_tui.core.model import (
        LaunchProfile,
        LaunchProfileDetails,
        StreamingSession,
    )
    from nimble_tui.core.service import (
        Finding,
        SignedIn,
        StudioError,
        StudioInfo,
        StudioService,
    )
    from nimble_tui.core.streams import StreamingSessionStream
    from nimble_tui.core.usual import Change
    from nimble_tui.view.session_rows import SessionRow
    from nimble_tui.view.sorting import Order
    from nimble_tui.view.timeline import Past

MISTAKE = "Something went wrong inside the app; it goes on. Press refresh, and tell your admin."


@dataclass(eq=False, repr=False)
class Opened(Message):
    """The studio's service is there."""

    service: StudioService


@dataclass(eq=False, repr=False)
class OpenFailed(Message):
    """The studio could not be opened."""

    error: StudioError


@dataclass(eq=False, repr=False)
class Looked(Message):
    """The lists as the studio answered them to look number `request`.

    `launch_profiles` is None when they were not asked for; `notice` tells what is not `complete`.
    `gaps` says that workstations are missing, and `unread` names those from before that may be
    among them. `at` is the time of day when the look began, `began` the same by the other clock;
    `last_seen` are launch profiles of workstations that are no longer listed.
    """

    request: int
    at: datetime
    sessions: tuple[StreamingSession, ...]
    launch_profiles: tuple[LaunchProfile, ...] | None
    entries: tuple[SessionRow, ...]
    order: Order
    notice: str | None
    unread: frozenset[str] = frozenset()
    gaps: bool = False
    complete: bool = True
    began: float = 0.0
    last_seen: tuple[LaunchProfile, ...] = ()


@dataclass(eq=False, repr=False)
class LookFailed(Message):
    """Look number `request` did not work."""

    request: int
    error: StudioError


@dataclass(eq=False, repr=False)
class LaunchesUnresolved(Message):
    """The launches whose outcome was never reported, as of look number `request`."""

    request: int
    launches: tuple[UnresolvedLaunch, ...]


@dataclass(eq=False, repr=False)
class Reconciled(Message):
    """What came, at look number `request`, of what was left open.

    `unsettled` says that there is more to do, `keeping` which workstations are to be stopped again.
    """

    request: int
    findings: tuple[Finding, ...]
    unsettled: bool
    keeping: frozenset[str]


@dataclass(eq=False, repr=False)
class Named(Message):
    """The studio said what it is called."""

    display_name: str


@dataclass(eq=False, repr=False)
class Acted(Message):
    """The studio took an action; this is the workstation as it answered."""

    action: str
    session: StreamingSession


@dataclass(eq=False, repr=False)
class ActFailed(Message):
    """An action did not work, or nobody knows."""

    action: str
    session_id: str
    error: StudioError


@dataclass(eq=False, repr=False)
class DetailsSeen(Message):
    """A launch profile's images; None when they could not be read."""

    launch_profile_id: str
    details: LaunchProfileDetails | None


@dataclass(eq=False, repr=False)
class CacheFailed(Message):
    """The lists could not be kept on this computer."""


@dataclass(eq=False, repr=False)
class LogFailed(Message):
    """Calls cannot be logged; the sentence says why."""

    problem: str


@dataclass(eq=False, repr=False)
class FieldsWanted(Message):
    """The artist has no invite and will type everything."""

    info: StudioInfo | None


@dataclass(eq=False, repr=False)
class SignInDone(Message):
    """The keys were good and are kept."""

    signed_in: SignedIn


@dataclass(eq=False, repr=False)
class SignInFailed(Message):
    """The keys were not taken."""

    error: StudioError


@dataclass(eq=False, repr=False)
class SignedOut(Message):
    """The keys of a studio are forgotten, or not: then `error` says why."""

    name: str
    error: StudioError | None = None


@dataclass(eq=False, repr=False)
class Launched(Message):
    """The studio took a launch; this is the workstation as it answered."""

    client_token: str
    session: StreamingSession


@dataclass(eq=False, repr=False)
class LaunchFailed(Message):
    """A launch did not work, or nobody knows."""

    client_token: str
    request: LaunchRequest
    error: StudioError


@dataclass(eq=False, repr=False)
class Remembered(Message):
    """What this computer remembers, and how long changes took; None when that was not read."""

    past: Past
    changes: tuple[Change, ...] | None


@dataclass(eq=False, repr=False)
class LicencesSeen(Message):
    """Licences, what the studio accepted, and which images need each, by its id.

    `admins` are the names of whom to ask where something is missing and it is not up to the
    artist, `names` those of people by id; `problem` tells what could not be seen.
    """

    eulas: tuple[Eula, ...]
    acceptances: tuple[EulaAcceptance, ...]
    images: Mapping[str, tuple[str, ...]]
    admins: tuple[str, ...]
    names: Mapping[str, str]
    problem: str = ""


@dataclass(eq=False, repr=False)
class LicencesFailed(Message):
    """Licences could not be read or accepted."""

    error: StudioError


@dataclass(eq=False, repr=False)
class LicencesAccepted(Message):
    """The studio accepted licences."""

    acceptances: tuple[EulaAcceptance, ...]


@dataclass(eq=False, repr=False)
class StreamSeen(Message):
    """A workstation's screen can be opened; the address is in no repr."""

    stream: StreamingSessionStream


@dataclass(eq=False, repr=False)
class StreamFailed(Message):
    """A workstation's screen cannot be opened."""

    error: StudioError


@dataclass(eq=False, repr=False)
class HandedOver(Message):
    """An address went to the desktop, or `problem` says what to do instead."""

    problem: str | None
