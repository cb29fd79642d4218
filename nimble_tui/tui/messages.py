"""What workers tell the screen that started them; the screen alone changes what is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from datetime import datetime

    from nimble_tui.core.model import (
        LaunchProfile,
        LaunchProfileDetails,
        SessionAction,
        StreamingSession,
    )
    from nimble_tui.core.service import SignedIn, StudioError, StudioInfo, StudioService
    from nimble_tui.tui.entries import Entry


@dataclass
class Opened(Message):
    """The studio's service is there."""

    service: StudioService


@dataclass
class OpenFailed(Message):
    """The studio could not be opened."""

    error: StudioError


@dataclass
class Looked(Message):
    """The lists as the studio answered them to look number `request`.

    `launch_profiles` is None when they were not asked for; `notice` tells what is incomplete.
    """

    request: int
    at: datetime
    sessions: tuple[StreamingSession, ...]
    launch_profiles: tuple[LaunchProfile, ...] | None
    entries: tuple[Entry, ...]
    notice: str | None


@dataclass
class LookFailed(Message):
    """Look number `request` did not work."""

    request: int
    error: StudioError


@dataclass
class Named(Message):
    """The studio said what it is called."""

    display_name: str


@dataclass
class Acted(Message):
    """The studio took an action; this is the workstation as it answered."""

    action: SessionAction
    session: StreamingSession


@dataclass
class ActFailed(Message):
    """An action did not work, or nobody knows."""

    action: SessionAction
    session_id: str
    error: StudioError


@dataclass
class DetailsSeen(Message):
    """A launch profile's images; None when they could not be read."""

    launch_profile_id: str
    details: LaunchProfileDetails | None


@dataclass
class CacheFailed(Message):
    """The lists could not be kept on this computer."""


@dataclass
class FieldsWanted(Message):
    """The artist has no invite and will type everything."""

    info: StudioInfo | None


@dataclass
class SignInDone(Message):
    """The keys were good and are kept."""

    signed_in: SignedIn


@dataclass
class SignInFailed(Message):
    """The keys were not taken."""

    error: StudioError


@dataclass
class SignedOut(Message):
    """The keys of a studio are forgotten, or not: then `error` says why."""

    name: str
    error: StudioError | None = None
