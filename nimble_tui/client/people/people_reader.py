"""Take a snapshot of the people, as far as the services report and the user may see."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from nimble_tui.client.api_client import ApiClient
from nimble_tui.client.listing import Entries, Parts, gather, pages
from nimble_tui.client.people.directory import Directory
from nimble_tui.client.people.membership import Membership
from nimble_tui.client.people.user_profiles import UserProfiles
from nimble_tui.client.session_pages import SessionPages
from nimble_tui.client.transport import Limits
from nimble_tui.core.clock import Clock
from nimble_tui.core.listing import Listing
from nimble_tui.core.model import (
    LaunchProfile,
    LaunchProfileState,
    StreamingSession,
    read_launch_profile,
)
from nimble_tui.core.people.joining import ADMINS, USER_PROFILES, PeopleLists
from nimble_tui.core.people.model import Identity, Member, Role, UserProfile
from nimble_tui.core.service import ErrorKind, StudioError, StudioInfo
from nimble_tui.core.text import clean

T = TypeVar("T")

_LAUNCH_PROFILES = Entries("launchProfiles", read_launch_profile, lambda one: one.launch_profile_id)
# Then there is nothing to see at all.
_HOPELESS: Final = frozenset(
    {ErrorKind.NOT_SIGNED_IN, ErrorKind.UNREACHABLE, ErrorKind.CLOCK, ErrorKind.SETTINGS}
)


class LastLists:
    """The last complete version of each list, for one that comes with gaps; thread-safe."""

    def __init__(self) -> None:
        self._lists: dict[str, Sequence[Any]] = {}

    def filled(self, name: str, listing: Listing[T], id_of: Callable[[T], str]) -> Sequence[T]:
        """Return a list, completed by earlier entries where it has gaps."""
        if listing.complete:
            self._lists[name] = listing.items
            return listing.items
        listed = {id_of(one) for one in listing.items}
        before: Sequence[T] = self._lists.get(name, ())
        return (*listing.items, *(one for one in before if id_of(one) not in listed))


class PeopleReader:
    """Takes one snapshot of the people; failures become notices."""

    def __init__(
        self,
        info: StudioInfo,
        api: ApiClient,
        membership: Membership,
        limits: Limits,
        clock: Clock,
        *,
        last: LastLists,
    ) -> None:
        self._last = last
        self._info = info
        self._api = api
        self._membership = membership
        self._limits = limits
        self._clock = clock
        self._notices: list[str] = []
        self._partial: set[str] = set()

    def read(
        self, directory: Directory, user_profiles: UserProfiles | None, *, fresh: bool
    ) -> PeopleLists:
        """Return all lists; raises StudioError if the studio itself is unavailable."""
        is_artist, launch_profiles = self._launch_profiles()
        admins = self._members("the admins", ADMINS, self._membership.list_studio_members)
        members = {
            one.launch_profile_id: self._members_of(one, is_artist=is_artist)
            for one in launch_profiles
        }
        sessions = self._sessions(is_artist=is_artist)
        with_directory = not is_artist
        if with_directory:
            names = directory.list_all(fresh=fresh)
        else:
            ids = {one.principal_id for some in (admins, *members.values()) for one in some or ()}
            names = directory.identities(sorted({*ids, self._info.principal_id}), fresh=fresh)
        identities = self._identities(names)
        profiles = None
        if user_profiles is not None and with_directory:
            profiles = self._user_profiles(user_profiles, fresh=fresh)
        changes_admins = self._changes_admins(admins, is_artist=is_artist)
        role = Role.OPERATOR if changes_admins else Role.ARTIST if is_artist else Role.ADMIN
        return PeopleLists(
            me=self._info.principal_id,
            role=role,
            changes_admins=changes_admins,
            launch_profiles=launch_profiles,
            admins=admins,
            members=members,
            sessions=sessions,
            sessions_are_mine=is_artist,
            identities=identities,
            user_profiles=profiles,
            has_user_profiles=user_profiles is not None and with_directory,
            partial=frozenset(self._partial),
            with_directory=with_directory,
            notices=tuple(dict.fromkeys(self._notices)),
            my_name=clean(self._info.display_name),
        )

    def _launch_profiles(self) -> tuple[bool, Sequence[LaunchProfile]]:
        """Return whether only the user's own launch profiles are visible, and the list."""
        try:
            listing = self._list("list_launch_profiles", _LAUNCH_PROFILES)
            is_artist = False
        except StudioError as error:
            if error.kind != ErrorKind.DENIED:
                raise
            who = self._info.principal_id
            listing = self._list("list_launch_profiles", _LAUNCH_PROFILES, principalId=who)
            is_artist = True
        found = self._filled("launch profiles", listing, lambda one: one.launch_profile_id)
        there = [one for one in found if one.state != LaunchProfileState.DELETED]
        return is_artist, there

    def _members_of(self, one: LaunchProfile, *, is_artist: bool) -> Sequence[Member] | None:
        where = one.launch_profile_id
        return self._members(
            f"the members of {one.title}",
            where,
            lambda: self._membership.list_launch_profile_members(where),
            denied_is_known=is_artist,
        )

    def _members(
        self,
        whose: str,
        key: str,
        ask: Callable[[], Listing[Member]],
        *,
        denied_is_known: bool = False,
    ) -> Sequence[Member] | None:
        try:
            listing = ask()
        except StudioError as error:
            if error.kind in _HOPELESS:
                raise
            if not (denied_is_known and error.kind == ErrorKind.DENIED):
                self._note(f"Can't list {whose}. {error.message}")
            return None
        return self._filled(key, listing, lambda one: one.principal_id)

    def _sessions(self, *, is_artist: bool) -> Sequence[StreamingSession] | None:
        whose = {"ownedBy": self._info.principal_id} if is_artist else {}
        try:
            listing = self._list("list_streaming_sessions", SessionPages({}), **whose)
        except StudioError as error:
            if error.kind in _HOPELESS:
                raise
            self._note(f"Can't count workstations. {error.message}")
            return None
        return self._filled("workstations", listing, lambda one: one.session_id)

    def _identities(self, names: Listing[Identity]) -> Sequence[Identity] | None:
        self._note(names.problem)
        if names.skipped:
            self._partial.add("names")
        return names.items if names.items or names.problem is None else None

    def _user_profiles(
        self, user_profiles: UserProfiles, *, fresh: bool
    ) -> Sequence[UserProfile] | None:
        if user_profiles.is_resting and not fresh:
            self._note(
                "DataZone profiles are shown as unknown. Amazon DataZone failed a moment ago; the "
                "next try is in 30 seconds."
            )
            return None
        try:
            listing = user_profiles.search_user_profiles()
        except StudioError as error:
            self._note(f"DataZone profiles are shown as unknown. {error.message}")
            return None
        return self._filled(USER_PROFILES, listing, lambda one: one.user_id)

    def _changes_admins(self, admins: Sequence[Member] | None, *, is_artist: bool) -> bool | None:
        if is_artist:
            return False
        me = self._info.principal_id
        whole = admins is not None and ADMINS not in self._partial
        if whole and all(one.principal_id != me for one in admins or ()):
            # Who sees everything and is no admin can only be the operator.
            return True
        return self._membership.changes_admins

    def _list(self, operation: str, entries: Parts[T], **whose: str) -> Listing[T]:
        page = pages(self._api, operation, studioId=self._info.studio_id, **whose)
        return gather(page, entries, self._limits, self._clock)

    def _filled(self, name: str, listing: Listing[T], id_of: Callable[[T], str]) -> Sequence[T]:
        self._note(listing.problem)
        if not listing.complete:
            self._partial.add(name)
        return self._last.filled(name, listing, id_of)

    def _note(self, problem: str | None) -> None:
        if problem is not None:
            self._notices.append(problem)
