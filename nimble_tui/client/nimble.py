"""A studio over `boto3.client("nimble")`, as the screens and the command line want it."""

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from nimble_tui.client.acting import Intent, perform, session_of
from nimble_tui.client.calls import Calls
from nimble_tui.client.endpoint import Endpoint
from nimble_tui.client.faults import Peer, not_understood, unusable
from nimble_tui.client.listing import Entries, Page, gather
from nimble_tui.client.session import new_client
from nimble_tui.client.transport import Limits, Transport
from nimble_tui.client.wire import Wire
from nimble_tui.core.clock import Clock, SystemClock
from nimble_tui.core.keys import Keys
from nimble_tui.core.members import (
    read_launch_profile,
    read_launch_profile_details,
    read_streaming_session,
    read_studio,
)
from nimble_tui.core.model import (
    LaunchProfile,
    LaunchProfileDetails,
    SessionAction,
    StreamingSession,
    Studio,
)
from nimble_tui.core.rules import Refused, verdict
from nimble_tui.core.service import ErrorKind, Listing, StudioError, StudioInfo
from nimble_tui.core.text import clean_id

if TYPE_CHECKING:
    from mypy_boto3_nimble.client import NimbleStudioClient

P = ParamSpec("P")
T = TypeVar("T")

_SYSTEM_CLOCK = SystemClock()
_LIMITS = Limits()


_LAUNCH_PROFILES = Entries("launchProfiles", read_launch_profile, lambda one: one.launch_profile_id)
_SESSIONS = Entries("sessions", read_streaming_session, lambda one: one.session_id)


def _told(method: Callable[P, T]) -> Callable[P, T]:
    """Let a method raise its StudioError anew, off the frames that hold the signed request."""

    @functools.wraps(method)
    def told(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(*args, **kwargs)
        except StudioError as error:
            anew = StudioError(error.kind, error.message, retry_after=error.retry_after)
        raise anew

    return told


class NimbleService:
    """One studio, seen by one person; any thread may call it, and it raises StudioError alone."""

    def __init__(self, info: StudioInfo, wire: Wire, limits: Limits, clock: Clock) -> None:
        self._info = info
        self._wire = wire
        self._limits = limits
        self._clock = clock

    def __repr__(self) -> str:
        return f"NimbleService({self._info.name!r})"

    @property
    def info(self) -> StudioInfo:
        """Which studio and who."""
        return self._info

    @_told
    def get_studio(self) -> Studio:
        """Return the studio's own description."""
        studio_id = self._info.studio_id
        reply = self._wire.call(lambda client: client.get_studio(studioId=studio_id))
        studio = _read(read_studio, reply.get("studio"))
        return _same(studio, studio.studio_id, studio_id)

    @_told
    def list_launch_profiles(self) -> Listing[LaunchProfile]:
        """Return the launch profiles that this person may use."""
        page = self._page("list_launch_profiles", principalId=self._info.principal_id)
        return gather(page, _LAUNCH_PROFILES, self._limits, self._clock)

    @_told
    def list_streaming_sessions(self) -> Listing[StreamingSession]:
        """Return the workstations that this person owns, DELETED ones included."""
        page = self._page("list_streaming_sessions", ownedBy=self._info.principal_id)
        return gather(page, _SESSIONS, self._limits, self._clock)

    @_told
    def get_launch_profile(self, launch_profile_id: str) -> LaunchProfile:
        """Return a launch profile."""
        studio_id = self._info.studio_id
        reply = self._wire.call(
            lambda client: client.get_launch_profile(
                studioId=studio_id, launchProfileId=launch_profile_id
            )
        )
        launch_profile = _read(read_launch_profile, reply.get("launchProfile"))
        return _same(launch_profile, launch_profile.launch_profile_id, launch_profile_id)

    @_told
    def get_launch_profile_details(self, launch_profile_id: str) -> LaunchProfileDetails:
        """Return a launch profile with its images."""
        studio_id = self._info.studio_id
        reply = self._wire.call(
            lambda client: client.get_launch_profile_details(
                studioId=studio_id, launchProfileId=launch_profile_id
            )
        )
        details = _read(read_launch_profile_details, reply)
        return _same(details, details.launch_profile.launch_profile_id, launch_profile_id)

    @_told
    def get_streaming_session(self, session_id: str) -> StreamingSession:
        """Return one workstation as it is now."""
        studio_id = self._info.studio_id
        reply = self._wire.call(
            lambda client: client.get_streaming_session(studioId=studio_id, sessionId=session_id)
        )
        return session_of(reply, session_id)

    @_told
    def act(self, action: SessionAction, session_id: str) -> StreamingSession:
        """Do one confirmed action, once: look, check the rules, send, retry with the same token.

        Returns the workstation as the studio answered. REFUSED when a rule forbids it, UNCERTAIN
        when the reply was lost and reading back did not tell.
        """
        session = self.get_streaming_session(session_id)
        launch_profile = None
        if action == SessionAction.STOP:
            launch_profile = self._launch_profile_of(session)
        answer = verdict(action, session, launch_profile, read_only=self._info.read_only)
        if isinstance(answer, Refused):
            raise StudioError(ErrorKind.REFUSED, answer.reason)
        intent = Intent(action, self._info.studio_id, session_id)
        return perform(self._wire, intent, session, self.get_streaming_session)

    def close(self) -> None:
        """Let go of connections; calls under way fail soon after."""
        self._wire.close()

    def _page(self, operation: str, **whose: str) -> Page:
        def page(token: str, seconds: float) -> Mapping[str, Any]:
            parameters = {"studioId": self._info.studio_id, **whose}
            if token:
                parameters["nextToken"] = token
            return self._wire.call(lambda client: getattr(client, operation)(**parameters), seconds)

        return page

    def _launch_profile_of(self, session: StreamingSession) -> LaunchProfile | None:
        """Return its launch profile; None when it cannot be read, now or ever."""
        if session.launch_profile_id is None:
            return None
        try:
            return self.get_launch_profile(session.launch_profile_id)
        except StudioError as error:
            if error.kind in {ErrorKind.NOT_FOUND, ErrorKind.DENIED, ErrorKind.NOT_UNDERSTOOD}:
                return None
            raise


@_told
def connect(
    info: StudioInfo,
    *,
    endpoint_url: str,
    keys: Keys | None,
    aws_profile: str | None = None,
    clock: Clock = _SYSTEM_CLOCK,
    limits: Limits = _LIMITS,
) -> NimbleService:
    """Return a studio's service; nothing is asked of the studio yet.

    `keys` sign, or else the AWS profile of that name does. Raises StudioError: SETTINGS when the
    address or a proxy cannot be used, NOT_SIGNED_IN when there is nothing to sign with.
    """
    endpoint = Endpoint.parse(endpoint_url)
    if keys is None and aws_profile is None:
        raise StudioError(
            ErrorKind.NOT_SIGNED_IN, "There are no keys for this studio; sign in first."
        )
    proxy = endpoint.proxy()
    peer = Peer(endpoint.host, proxy.setting if proxy else None, None if keys else aws_profile)

    def sign_in() -> "NimbleStudioClient":
        try:
            return new_client(info.region, endpoint.url, keys, aws_profile)
        except Exception as error:  # noqa: BLE001 - an AWS config can break botocore in any way
            raise unusable(error, peer) from None

    if keys is None:
        # An AWS profile may ask a program or a server for keys.
        there = Peer(f"AWS profile {aws_profile}")
        client = Calls(there, clock).run(sign_in, limits.sign_in)
    else:
        client = sign_in()
    transport = Transport(endpoint, proxy, limits)
    wire = Wire(client, transport, peer, read_only=info.read_only, limits=limits, clock=clock)
    return NimbleService(info, wire, limits, clock)


def check(info: StudioInfo, *, endpoint_url: str, keys: Keys) -> Studio:
    """Return the studio when the keys work there for the person they are said to be.

    Raises StudioError. A person who may not see the studio's description gets a Studio with
    nothing but its id.
    """
    service = connect(info, endpoint_url=endpoint_url, keys=keys)
    try:
        studio = _or_denied(service.get_studio) or Studio(info.studio_id)
        if _or_denied(service.list_launch_profiles) is None:
            raise StudioError(
                ErrorKind.DENIED,
                f"These keys are not those of {clean_id(info.principal_id)}; ask for a new invite.",
            )
        return studio
    finally:
        service.close()


def _or_denied(ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except StudioError as error:
        if error.kind != ErrorKind.DENIED:
            raise
    return None


def _read(read: Callable[[object], T], value: object) -> T:
    try:
        return read(value)
    except ValueError:
        raise not_understood() from None


def _same(value: T, got: str, asked: str) -> T:
    if got != asked:
        raise not_understood("The studio's answer is about something else")
    return value
