"""The lists that a command fetches, and the workstation that it is about."""

from argparse import Namespace
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from nimble_tui.cli import exit_codes
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.lookup import find_session
from nimble_tui.config import cache
from nimble_tui.core.clock import SystemClock
from nimble_tui.core.last_seen import last_seen, unlisted
from nimble_tui.core.listing import Listing
from nimble_tui.core.model import LaunchProfile, StreamingSession
from nimble_tui.core.rules import are_times_unread, deadline
from nimble_tui.core.service import ErrorKind, StudioError, StudioInfo, StudioService
from nimble_tui.core.text import is_plain_id

# Shorter ones are a beginning, or the end that people call a workstation by.
_WHOLE_ID = 20
_UNREADABLE = frozenset({ErrorKind.NOT_FOUND, ErrorKind.DENIED, ErrorKind.INVALID})

# A fault of this list alone; any other would be one of the next call, too.
_PROFILES_ALONE = frozenset(
    {
        ErrorKind.DENIED,
        ErrorKind.NOT_FOUND,
        ErrorKind.INVALID,
        ErrorKind.TROUBLE,
        ErrorKind.THROTTLED,
        ErrorKind.NOT_UNDERSTOOD,
    }
)


@dataclass(frozen=True)
class Lists:
    """A person's workstations and launch profiles, as the studio reported them.

    `last_seen` are launch profiles that were listed before and have workstations still,
    `updated_at` is None where the lists are not to be stored.
    """

    sessions: Listing[StreamingSession]
    launch_profiles: Listing[LaunchProfile]
    last_seen: tuple[LaunchProfile, ...] = ()
    updated_at: datetime | None = None

    @property
    def known_profiles(self) -> tuple[LaunchProfile, ...]:
        """All launch profiles that are known, those that were listed now and others."""
        return (*self.launch_profiles.items, *self.last_seen)

    @cached_property
    def _by_id(self) -> dict[str, LaunchProfile]:
        return {one.launch_profile_id: one for one in self.known_profiles}

    def profile_of(self, session: StreamingSession) -> LaunchProfile | None:
        """Return a workstation's launch profile, None where it was never listed."""
        return self._by_id.get(session.launch_profile_id or "")

    def title(self, session: StreamingSession) -> str:
        """Return a workstation's title."""
        return session.title(self.profile_of(session))


def fetch_lists(service: StudioService) -> Lists:
    """Fetch both lists, and store them for completion and for the app's next start."""
    sessions = service.list_streaming_sessions()
    return with_last_seen(service.info, sessions, profiles_of(service))


def profiles_of(service: StudioService) -> Listing[LaunchProfile]:
    """Fetch the launch profiles; a failure hides no workstation."""
    try:
        return service.list_launch_profiles()
    except StudioError as error:
        if error.kind not in _PROFILES_ALONE:
            raise
        return Listing((), partial=True, problem=error.message)


def with_last_seen(
    info: StudioInfo, sessions: Listing[StreamingSession], profiles: Listing[LaunchProfile]
) -> Lists:
    """Return both lists, with launch profiles listed earlier that workstations refer to.

    They are stored if they are complete; an incomplete list never replaces a stored one.
    """
    wanted = unlisted(sessions.items, profiles.items)
    before = last_seen(wanted, cache.read_launch_profiles(info)) if wanted else ()
    lists = Lists(sessions, profiles, before, SystemClock().now())
    _store(info, lists)
    return lists


def store_change(
    info: StudioInfo,
    lists: Lists,
    latest: StreamingSession,
    *,
    is_launched: bool = False,
    is_gone: bool = False,
) -> None:
    """Store the lists with a workstation as it is after a change.

    One that is not among them is another person's unless it `is_launched`; one that is `is_gone` is
    left out.
    """
    sessions = {one.session_id: one for one in lists.sessions.items}
    if is_launched or latest.session_id in sessions:
        sessions[latest.session_id] = latest
    if is_gone:
        sessions.pop(latest.session_id, None)
    _store(info, replace(lists, sessions=replace(lists.sessions, items=tuple(sessions.values()))))


def _store(info: StudioInfo, lists: Lists) -> None:
    sessions, profiles = lists.sessions, lists.launch_profiles
    if lists.updated_at is not None and sessions.complete and profiles.complete:
        cache.write(info, profiles.items, sessions.items, lists.updated_at, lists.last_seen)


def fetch_to_act(
    service: StudioService, choose: Callable[[Lists], StreamingSession]
) -> tuple[Lists, StreamingSession]:
    """Fetch both lists and choose the workstation to act on.

    What an earlier run left unresolved is resolved first and reported; that workstation is left
    as it is.
    """
    lists = fetch_lists(service)
    session = choose(lists)
    if resolve(service, lists, spare={session.session_id}):
        lists = fetch_lists(service)
        session = choose(lists)
    if are_times_unread(session, deadline(session, lists.profile_of(session))):
        say(
            f"{lists.title(session)}: its times could not be read, so its deadline is unknown; ask "
            "your admin."
        )
    return lists, session


def resolve(service: StudioService, lists: Lists, *, spare: Collection[str] = ()) -> bool:
    """Reconcile unresolved requests and report them; return whether there were any.

    In an incomplete list, missing workstations would seem deleted: then nothing is done. `spare`
    are the ids of workstations that nothing is sent to.
    """
    if not (lists.sessions.complete and service.has_unresolved()):
        return False
    try:
        findings = service.reconcile(lists.sessions.items, spare=spare)
    except StudioError as error:
        say(error.message)
        return False
    say(*(finding.text for finding in findings))
    return True


def choose_anyones(args: Namespace, service: StudioService, lists: Lists) -> StreamingSession:
    """Return the workstation named by SESSION; a full id can be another person's."""
    known = any(one.session_id == args.session for one in lists.sessions.items)
    if not known and len(args.session) >= _WHOLE_ID and is_plain_id(args.session):
        try:
            return service.get_streaming_session(args.session)
        except StudioError as error:
            if error.kind not in _UNREADABLE:
                raise
    return choose(args, lists)


def choose(args: Namespace, lists: Lists) -> StreamingSession:
    """Return the workstation named by SESSION; Stop if there is no match or more than one."""
    sessions = lists.sessions
    by_id = any(one.session_id == args.session for one in sessions.items)
    if sessions.partial and not by_id:
        raise Stop(
            exit_codes.FAILED,
            sessions.problem or "The studio's list is incomplete.",
            "The name could be ambiguous. Use the full id, or try again.",
        )
    try:
        return find_session(args.session, sessions.items, lists.title)
    except Stop as stop:
        if sessions.problem is None:
            raise
        # It may be in what could not be read.
        raise Stop(stop.code, sessions.problem, *stop.sentences) from None
