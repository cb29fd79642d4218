"""A studio over `boto3.client("nimble")`, as the screens and the command line want it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from threading import Event as Flag
from typing import TYPE_CHECKING, TypeVar

from nimble_tui.client.acting import perform
from nimble_tui.client.calls import Calls
from nimble_tui.client.endpoint import Endpoint
from nimble_tui.client.faults import Peer, told, unusable
from nimble_tui.client.intent import Intent, Verb, ask, launch_intent, new_token
from nimble_tui.client.launching import check_name, check_request, send_launch
from nimble_tui.client.reading import StudioReader
from nimble_tui.client.session import new_client
from nimble_tui.client.streaming import open_stream
from nimble_tui.client.transport import Limits, Transport
from nimble_tui.client.wire import Wire
from nimble_tui.core.clock import Clock, SystemClock
from nimble_tui.core.eulas import EulaAcceptance
from nimble_tui.core.history import Event
from nimble_tui.core.keys import Keys
from nimble_tui.core.launching import LaunchRequest
from nimble_tui.core.members import read_all, read_eula_acceptance
from nimble_tui.core.model import LaunchProfile, SessionAction, StreamingSession, Studio
from nimble_tui.core.offers import can_connect, can_keep, can_rename, can_start_from
from nimble_tui.core.rules import Allowed, Refused, verdict
from nimble_tui.core.service import ErrorKind, Finding, StudioError, StudioInfo
from nimble_tui.core.stream_urls import stream_url_problem
from nimble_tui.core.streams import StreamingSessionStream
from nimble_tui.core.text import clean_id

if TYPE_CHECKING:
    from mypy_boto3_nimble.client import NimbleStudioClient

T = TypeVar("T")

_SYSTEM_CLOCK = SystemClock()
_LIMITS = Limits()


class NimbleService(StudioReader):
    """One studio, seen by one person; any thread may call it, and it raises StudioError alone."""

    def __init__(self, info: StudioInfo, wire: Wire, limits: Limits, clock: Clock) -> None:
        super().__init__(info, wire, limits, clock)
        self._closed = Flag()

    def __repr__(self) -> str:
        return f"NimbleService({self._info.name!r})"

    @told
    def act(
        self,
        action: SessionAction,
        session_id: str,
        *,
        backup_id: str | None = None,
        volume_retention_mode: str | None = None,
        client_token: str | None = None,
    ) -> StreamingSession:
        """Do one confirmed action, once: look, check the rules, send, retry with the same token.

        `backup_id` is what to start from, `volume_retention_mode` (RETAIN or DELETE) what a stop
        does with the disk; without a `client_token` (1 to 64 characters) a new one is made.
        Returns the workstation as the studio answered. REFUSED when a rule forbids it, UNCERTAIN
        when the reply was lost and reading back did not tell.
        """
        named = {"backup_id": backup_id, "volume_retention_mode": volume_retention_mode}
        parameters = {name: value for name, value in named.items() if value}
        intent = Intent(Verb(action), session_id, parameters, client_token or new_token())
        session = self.get_streaming_session(session_id)
        launch_profile = None
        if action == SessionAction.STOP:
            launch_profile = self._launch_profile_of(session)
        _allow(verdict(action, session, launch_profile, read_only=self._info.read_only))
        if backup_id:
            backup = self.get_streaming_session_backup(backup_id)
            _allow(can_start_from(backup, session, read_only=self._info.read_only))
        studio_id = self._info.studio_id
        return perform(self._wire, studio_id, intent, session, self.get_streaming_session)

    @told
    def launch(
        self, request: LaunchRequest, *, client_token: str | None = None
    ) -> StreamingSession:
        """Make one workstation and no more, whatever gets lost; tokens are as for `act`."""
        check_request(request, self)
        return send_launch(self._wire, launch_intent(request, client_token), self)

    @told
    def keep(self, session_id: str) -> StreamingSession:
        """Put off the deletion of a stopped workstation: start it, and stop it once it is READY.

        The stop is up to `reconcile`, in this run or the next.
        """
        session = self.get_streaming_session(session_id)
        launch_profile = self._launch_profile_of(session)
        _allow(can_keep(session, launch_profile, read_only=self._info.read_only))
        intent = Intent(Verb.KEEP, session_id)
        studio_id = self._info.studio_id
        return perform(self._wire, studio_id, intent, session, self.get_streaming_session)

    @told
    def rename(self, session_id: str, name: str) -> StreamingSession:
        """Give a workstation another `Name` tag; an empty name takes the tag away."""
        check_name(name)
        session = self.get_streaming_session(session_id)
        _allow(can_rename(session, read_only=self._info.read_only))
        parameters = {"arn": session.arn or "", **({"name": name} if name else {})}
        intent = Intent(Verb.RENAME, session_id, parameters)
        studio_id = self._info.studio_id
        self._wire.call(lambda client: ask(client, studio_id, intent))
        return self.get_streaming_session(session_id)

    @told
    def connect(
        self, session_id: str, *, expiration_in_seconds: int | None = None
    ) -> StreamingSessionStream:
        """Return a READY stream of a workstation, whose url may be opened: it was checked.

        `expiration_in_seconds` is 60 to 3600. REFUSED when the workstation is not READY, DENIED
        when the url leads where the settings do not allow.
        """
        session = self.get_streaming_session(session_id)
        _allow(can_connect(session, read_only=self._info.read_only))
        seconds = expiration_in_seconds
        parameters = {} if seconds is None else {"expiration_in_seconds": str(seconds)}
        intent = Intent(Verb.CONNECT, session_id, parameters)
        studio_id = self._info.studio_id
        stream = open_stream(
            self._wire,
            studio_id,
            intent,
            limits=self._limits,
            clock=self._clock,
            pause=self._closed.wait,
        )
        problem = stream_url_problem(
            stream.url or "",
            endpoint_url=self._wire.endpoint_url,
            stream_hosts=self._info.stream_hosts,
        )
        if problem is not None:
            raise StudioError(ErrorKind.DENIED, problem)
        return stream

    @told
    def accept_eulas(self, eula_ids: Sequence[str]) -> tuple[EulaAcceptance, ...]:
        """Accept licences for the whole studio; DENIED to all but admins."""
        if not eula_ids:
            return ()
        intent = Intent(Verb.ACCEPT, "", {"eula_ids": ",".join(dict.fromkeys(eula_ids))})
        studio_id = self._info.studio_id
        reply = self._wire.call(lambda client: ask(client, studio_id, intent))
        return read_all(read_eula_acceptance, reply["eulaAcceptances"])[0]

    def history(self, since: datetime) -> tuple[Event, ...]:
        """Return what this computer remembers of this person's workstations, oldest first."""
        return ()

    def is_unsettled(self) -> bool:
        """Return whether there is anything for `reconcile` to go on with; asks nobody."""
        return False

    @told
    def reconcile(self, sessions: Iterable[StreamingSession]) -> tuple[Finding, ...]:
        """Go on with what was left open, given the workstations as just listed."""
        return ()

    def close(self) -> None:
        """Let go of connections; calls under way fail soon after."""
        self._closed.set()
        self._wire.close()

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


def _allow(answer: Allowed | Refused) -> None:
    if isinstance(answer, Refused):
        raise StudioError(ErrorKind.REFUSED, answer.reason)


@told
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
