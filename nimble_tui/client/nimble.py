"""A studio over `boto3.client("nimble")`, as a StudioService."""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import Event as Flag
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from typing_extensions import override

from nimble_tui.api import SERVICE
from nimble_tui.client.api_client import ApiClient
from nimble_tui.client.aws_profile import AwsProfile, Prompt
from nimble_tui.client.call_log import CallLog
from nimble_tui.client.certificates import own_authority
from nimble_tui.client.connect import ClientOptions, Signer, open_api_client
from nimble_tui.client.errors import strip_frames
from nimble_tui.client.executor import Executor
from nimble_tui.client.history import history
from nimble_tui.client.intent import action_intent
from nimble_tui.client.journal.journal import Journal, Pages
from nimble_tui.client.keep import close as close_plan
from nimble_tui.client.keep import keep, leave_running
from nimble_tui.client.launching import launch, report
from nimble_tui.client.licences import accept
from nimble_tui.client.queries import StudioReader
from nimble_tui.client.reconciliation import reconcile, resume
from nimble_tui.client.session_actions import act
from nimble_tui.client.streaming import connect as connect_to
from nimble_tui.client.tagging import rename
from nimble_tui.client.transport import Limits
from nimble_tui.client.unresolved import unresolved_launches
from nimble_tui.core.clock import Clock, SystemClock
from nimble_tui.core.eulas import EulaAcceptance
from nimble_tui.core.history import Event
from nimble_tui.core.keys import Keys
from nimble_tui.core.launching import LaunchRequest, UnresolvedLaunch
from nimble_tui.core.listing import Listing
from nimble_tui.core.model import SessionAction, StreamingSession, Studio
from nimble_tui.core.people.settings import PeopleSettings
from nimble_tui.core.service import ErrorKind, Finding, StudioError, StudioInfo
from nimble_tui.core.streams import StreamingSessionStream
from nimble_tui.core.text import clean_id

if TYPE_CHECKING:
    from nimble_tui.client.people.service import NimblePeople

T = TypeVar("T")

_SYSTEM_CLOCK = SystemClock()
_LIMITS = Limits()
_NO_PEOPLE_SETTINGS = PeopleSettings()


class NimbleService(StudioReader):
    """One studio for one person; thread-safe, raises StudioError only."""

    def __init__(
        self,
        info: StudioInfo,
        api: ApiClient,
        pages: Pages,
        people: "Callable[[], NimblePeople]",
        *,
        limits: Limits,
        clock: Clock,
        own_journal: Journal | None = None,
    ) -> None:
        super().__init__(info, api, limits, clock)
        self._pages = pages
        self._own_journal = own_journal
        self._new_people = people
        self._people: NimblePeople | None = None
        self._people_lock = Lock()
        self._executor = Executor(self, api, self._pages, limits, clock)
        self._ended = Flag()
        self._findings: deque[Finding] = deque()
        self._unresolved, self._unresolved_people = self._pages.unresolved()

    def __repr__(self) -> str:
        return f"NimbleService({self._info.name!r})"

    @property
    @override
    def people(self) -> "NimblePeople":
        with self._people_lock:
            if self._people is None:
                self._people = self._new_people()
                if self._ended.is_set():
                    self._people.close()
            return self._people

    @override
    @strip_frames
    def list_streaming_sessions(self) -> Listing[StreamingSession]:
        listing = super().list_streaming_sessions()
        with suppress(StudioError):
            now = self._clock.now()
            self._pages.observed.see(listing.items, now, whole=listing.complete)
            self._update_unresolved()
        return listing

    @override
    @strip_frames
    def get_streaming_session(self, session_id: str) -> StreamingSession:
        return self._seen(super().get_streaming_session(session_id))

    @override
    @strip_frames
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
        intent = action_intent(
            action,
            session_id,
            backup_id=backup_id,
            volume_retention_mode=volume_retention_mode,
            client_token=client_token,
        )
        before = self._executor.earlier(intent) if client_token is not None else None
        with self._updating_unresolved():
            session = self._seen(
                act(
                    self._executor,
                    intent,
                    before,
                    may_not_stop=may_not_stop,
                    gives_up=gives_up,
                )
            )
            with suppress(StudioError):
                # A user's own action cancels a later stop by Keep.
                self._pages.keep_plans.drop(session_id)
        return session

    @override
    @strip_frames
    def launch(
        self,
        request: LaunchRequest,
        *,
        client_token: str | None = None,
        is_new: bool = False,
        is_reported: bool = True,
    ) -> StreamingSession:
        with self._updating_unresolved():
            return self._seen(
                launch(
                    self._executor, request, client_token, is_new=is_new, is_reported=is_reported
                )
            )

    @override
    @strip_frames
    def unresolved_launches(
        self, listing: Listing[StreamingSession]
    ) -> tuple[UnresolvedLaunch, ...]:
        return unresolved_launches(self._executor, listing)

    @override
    @strip_frames
    def report_launch(self, client_token: str, session_id: str) -> None:
        with self._updating_unresolved():
            report(self._executor, client_token, session_id)

    @override
    @strip_frames
    def keep(self, session_id: str) -> StreamingSession:
        with self._updating_unresolved():
            return self._seen(keep(self._executor, session_id))

    @override
    @strip_frames
    def keeping(self) -> frozenset[str]:
        return frozenset(one.session_id for one in self._pages.keep_plans.all())

    @override
    @strip_frames
    def resume_keep(self, session_id: str) -> tuple[Finding, ...]:
        with self._updating_unresolved():
            return resume(self._executor, session_id)

    @override
    @strip_frames
    def report_keep(self, finding: Finding) -> None:
        with self._updating_unresolved():
            close_plan(self._executor, finding)

    @override
    @strip_frames
    def rename(self, session_id: str, name: str) -> StreamingSession:
        with self._updating_unresolved():
            return rename(self._executor, session_id, name)

    @override
    @strip_frames
    def connect(
        self, session_id: str, *, expiration_in_seconds: int | None = None
    ) -> StreamingSessionStream:
        stream = connect_to(self._executor, session_id, expiration_in_seconds, self._ended.wait)
        with suppress(StudioError):
            finding = leave_running(self._executor, session_id)
            if finding is not None:
                self._findings.append(finding)
                self._unresolved = True
        return stream

    @override
    @strip_frames
    def accept_eulas(self, eula_ids: Sequence[str]) -> tuple[EulaAcceptance, ...]:
        with self._updating_unresolved():
            return accept(self._executor, eula_ids)

    @override
    @strip_frames
    def history(self, since: datetime) -> tuple[Event, ...]:
        return history(self._pages, since)

    @override
    def has_unresolved(self) -> bool:
        return self._unresolved

    @override
    @strip_frames
    def reconcile(
        self, sessions: Iterable[StreamingSession], *, spare: Collection[str] = ()
    ) -> tuple[Finding, ...]:
        reported_here = [self._findings.popleft() for _ in range(len(self._findings))]
        with self._updating_unresolved():
            return (*reported_here, *reconcile(self._executor, sessions, spare))

    @override
    def has_unresolved_people(self) -> bool:
        return self._unresolved_people

    @override
    @strip_frames
    def reconcile_people(self) -> tuple[Finding, ...]:
        with self._updating_unresolved():
            return self.people.reconcile(self._title_of_profile)

    @override
    def close(self) -> None:
        self._ended.set()
        self._api.close()
        with self._people_lock:
            if self._people is not None:
                self._people.close()
        if self._own_journal is not None:
            self._own_journal.close()

    def _seen(self, session: StreamingSession) -> StreamingSession:
        with suppress(StudioError):
            self._pages.observed.see([session], self._clock.now())
        return session

    @contextmanager
    def _updating_unresolved(self) -> Iterator[None]:
        try:
            yield
        finally:
            with suppress(StudioError):
                self._update_unresolved()

    def _update_unresolved(self) -> None:
        unresolved = self._pages.unresolved()
        self._unresolved = unresolved.sessions or bool(self._findings)
        self._unresolved_people = unresolved.people

    def _title_of_profile(self, launch_profile_id: str) -> str:
        try:
            return self.get_launch_profile(launch_profile_id).title
        except StudioError:
            known = self.last_seen_profile(launch_profile_id)
        return known.title if known else clean_id(launch_profile_id)


@strip_frames
def connect(
    info: StudioInfo,
    *,
    endpoint_url: str,
    keys: Keys | None,
    aws_profile: str | None = None,
    clock: Clock = _SYSTEM_CLOCK,
    limits: Limits = _LIMITS,
    journal: Journal | None = None,
    people: PeopleSettings = _NO_PEOPLE_SETTINGS,
    prompt: Prompt | None = None,
    log: CallLog | None = None,
    ca_file: str = "",
) -> NimbleService:
    """Return a studio's service; sends no request yet.

    `keys` sign, or else the AWS profile of that name does; `prompt` is who answers what a profile
    needs to know. `log` records every call. Without a `journal`, an in-memory one is used. `people`
    says where names and DataZone profiles are looked up. `ca_file` names an additional certificate
    authority for this address, "" for none. Raises StudioError: SETTINGS when the
    address or a proxy cannot be used, NOT_SIGNED_IN when there is nothing to sign with.
    """
    signer = Signer(keys, AwsProfile(aws_profile, prompt=prompt) if aws_profile else None)
    theirs = signer
    if people.aws_profile:
        theirs = Signer(None, AwsProfile(people.aws_profile, "people_profile", prompt))
    authority = own_authority(ca_file)
    options = ClientOptions(info.read_only, limits, clock, log or CallLog(), authority)
    api = open_api_client(SERVICE, info.region, endpoint_url, signer, options)
    kept = Journal() if journal is None else journal
    pages = kept.of(info)

    def open_service(service: str) -> ApiClient:
        if not people.aws_profile:
            return open_api_client(service, info.region, endpoint_url, signer, options)
        return open_api_client(service, people.region or info.region, None, theirs, options)

    def new_people() -> "NimblePeople":
        # Most runs need no people, and the import is slow.
        from nimble_tui.client.people.service import NimblePeople  # noqa: PLC0415

        return NimblePeople(info, api, pages, people, open_service, limits=limits, clock=clock)

    own = kept if journal is None else None
    return NimbleService(info, api, pages, new_people, limits=limits, clock=clock, own_journal=own)


def check(
    info: StudioInfo,
    *,
    endpoint_url: str,
    keys: Keys,
    log: CallLog | None = None,
    ca_file: str = "",
) -> Studio:
    """Return the studio when the keys work there for the person they are said to be.

    Raises StudioError. A person who may not see the studio's description gets a Studio with
    nothing but its id.
    """
    service = connect(info, endpoint_url=endpoint_url, keys=keys, log=log, ca_file=ca_file)
    try:
        studio = _or_denied(service.get_studio) or Studio(info.studio_id)
        if _or_denied(service.list_launch_profiles) is None:
            raise StudioError(
                ErrorKind.INVALID,
                f"These keys are not for {clean_id(info.principal_id)}; ask for a new invite.",
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
